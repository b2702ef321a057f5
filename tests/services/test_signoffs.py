"""An organisation's sign-off of content: kept, withdrawn once, never rewritten, and for one version only."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from tests.conftest import NOW
from tests.factories import make_person
from tests.services.stored import all_at_once, how_many, rows
from tests.services.test_query_counts import run
from training.db import EVERYWHERE, Database
from training.domain.names import NameRefused
from training.domain.review import SignOffState
from training.models import ContentSignoff, SignoffWithdrawal
from training.services import permissions, progress, signoffs, versions
from training.services.organisations import NotAllowed, NotFound
from training.services.signoffs import AlreadyWithdrawn, ContentChanged, WordsRefused

TODAY = NOW.date()
SLUG = "every-kind"


@pytest.fixture
def sign(database, catalog, home):
    """Sign an item off as the manager, or with something changed; return the sign-off's id."""

    def sign_off(**changed):
        known = {"viewer": home.viewer, "catalog": catalog, "slug": SLUG, "now": NOW, **changed}
        known.setdefault("content_hash", known["catalog"].item(SLUG).content_hash)
        return signoffs.sign_off(database, **{"profession": "Consultant psychiatrist", **known})

    return sign_off


@pytest.fixture
def withdraw(database, home):
    """Withdraw a sign-off as the manager, or with something changed."""

    def undo(signoff_id, **changed):
        known = {"viewer": home.viewer, "reason": "A source has changed", "now": NOW, **changed}
        signoffs.withdraw(database, signoff_id=signoff_id, **known)

    return undo


@pytest.fixture
def show(database, catalog, home):
    """Return an item as a reviewer sees it."""

    def shown(**changed):
        known = {"viewer": home.viewer, "catalog": catalog, "slug": SLUG, "today": TODAY, **changed}
        return signoffs.show_reviewed(database, **known)

    return shown


@pytest.fixture
def changed(database, catalog):
    """The library after one module has changed, kept as the application keeps it."""
    module = replace(catalog.item(SLUG), content_hash="c" * 64, version="1.1")
    after = replace(catalog, modules={**catalog.modules, SLUG: module})
    versions.keep_versions(database, catalog=after, now=NOW)
    return after


@pytest.fixture
def second(database, home):
    """Another manager of the whole organisation."""
    person = make_person(database, home, now=NOW, name="Ann Second")
    permissions.give(database, viewer=home.viewer, person_id=person.person_id, site_id=None, now=NOW)
    return replace(person, manages_all=True)


@pytest.fixture
def site_manager(database, home):
    person = make_person(database, home, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=person.person_id, site_id=home.site_id, now=NOW)
    return replace(person, site_ids=frozenset({home.site_id}))


def test_a_sign_off_keeps_who_as_what_when_and_which_version(catalog, home, sign, show):
    assert show().state is SignOffState.NONE
    kept = sign(note="  Read with\nour pharmacist ", now=NOW.replace(hour=23, minute=30, month=7))
    (one,) = show().every
    assert (one.id, one.who, one.profession) == (kept, home.viewer.name, "Consultant psychiatrist")
    assert (one.content_hash, one.version) == (catalog.item(SLUG).content_hash, "1.0")
    assert one.note == "Read with our pharmacist"
    assert one.on == TODAY.replace(month=7, day=3), "half past midnight in London"
    assert one.withdrawn is None
    assert show().state is SignOffState.SIGNED
    assert show(slug="for-everyone").every == ()


def test_a_sign_off_is_for_one_version_and_stays_known_after_a_change(sign, show, changed):
    old = sign()
    assert show(catalog=changed).state is SignOffState.OLDER
    assert show(catalog=changed).latest.version == "1.0"
    new = sign(catalog=changed)
    assert show(catalog=changed).state is SignOffState.SIGNED
    assert {one.id for one in show(catalog=changed).every} == {old, new}


def test_the_sign_off_shown_is_of_this_version_even_where_an_older_one_was_signed_later(sign, show, changed):
    sign(profession="Pharmacist", catalog=changed)
    sign(profession="Nurse", now=NOW + timedelta(days=1))
    assert show(catalog=changed).latest.profession == "Pharmacist"
    assert show().latest.profession == "Nurse"


def test_what_is_not_the_present_version_cannot_be_signed_off(database, catalog, sign, changed):
    for content_hash in (changed.item(SLUG).content_hash, catalog.item("for-everyone").content_hash, "", "x" * 5000):
        with pytest.raises(ContentChanged, match=r"^The content has changed since you opened this page\.$"):
            sign(content_hash=content_hash)
    with pytest.raises(ContentChanged):
        sign(catalog=changed, content_hash=catalog.item(SLUG).content_hash)
    with pytest.raises(NotFound):
        sign(slug="no-such-item", content_hash="x")
    assert how_many(database, ContentSignoff) == 0


def test_only_a_manager_of_the_whole_organisation_signs_off_and_withdraws(
    database, learner, site_manager, sign, withdraw
):
    kept = sign()
    for viewer in (learner, site_manager):
        with pytest.raises(NotAllowed):
            sign(viewer=viewer)
        with pytest.raises(NotAllowed):
            withdraw(kept, viewer=viewer)
    assert (how_many(database, ContentSignoff), how_many(database, SignoffWithdrawal)) == (1, 0)


@pytest.mark.parametrize("profession", ["", "   ", "\u202e", "\x07", "x" * 256])
def test_a_professional_role_that_says_nothing_or_too_much_is_refused(database, sign, profession):
    with pytest.raises(NameRefused, match="professional role"):
        sign(profession=profession)
    assert how_many(database, ContentSignoff) == 0


def test_a_note_may_be_long_but_not_endless(database, sign, show):
    with pytest.raises(WordsRefused, match="2,000"):
        sign(note="x" * 2001)
    sign(note="x" * 2000)
    assert len(show().every[0].note) == 2000
    assert how_many(database, ContentSignoff) == 1


def test_two_who_sign_at_once_are_both_kept(second, sign, show):
    signed = all_at_once(sign, lambda: sign(viewer=second, profession="Pharmacist"), sign)
    assert {one.id for one in show().standing} == set(signed)
    assert len(set(signed)) == 3
    assert show().state is SignOffState.SIGNED


def test_another_manager_withdraws_and_the_signing_stays_in_the_list(second, sign, withdraw, show):
    kept = sign()
    withdraw(kept, viewer=second, reason=" A  dose\nhas changed ", now=NOW + timedelta(days=2))
    (one,) = show().every
    assert (one.withdrawn.who, one.withdrawn.reason) == ("Ann Second", "A dose has changed")
    assert one.withdrawn.on == TODAY + timedelta(days=2)
    assert show().standing == ()
    assert (show().state, show().latest) == (SignOffState.NONE, None)
    again = sign(now=NOW + timedelta(days=3))
    assert [one.id for one in show().every] == [again, kept]
    assert show().state is SignOffState.SIGNED


def test_withdrawing_one_of_two_leaves_the_other_standing(second, sign, withdraw, show):
    first, other = sign(), sign(viewer=second)
    withdraw(first)
    assert [one.id for one in show().standing] == [other]
    assert show().state is SignOffState.SIGNED


def test_a_sign_off_is_withdrawn_once_also_by_two_at_once(database, second, sign, withdraw):
    kept = sign()
    answers = all_at_once(lambda: withdraw(kept), lambda: withdraw(kept, viewer=second))
    assert sorted(type(answer) for answer in answers if answer is not None) == [AlreadyWithdrawn]
    with pytest.raises(AlreadyWithdrawn):
        withdraw(kept)
    assert how_many(database, SignoffWithdrawal) == 1


def test_a_withdrawal_needs_a_reason_and_a_sign_off_of_the_organisation(database, neighbour, sign, withdraw):
    kept, theirs = sign(), sign(viewer=neighbour.viewer)
    for reason in ("", " ", "\u202e", "x" * 2001):
        with pytest.raises(WordsRefused):
            withdraw(kept, reason=reason)
    for nothing in (theirs, uuid.uuid4(), None):
        with pytest.raises(NotFound):
            withdraw(nothing)
    assert how_many(database, SignoffWithdrawal) == 0


def test_a_neighbour_signs_for_itself_alone(neighbour, sign, show):
    sign(viewer=neighbour.viewer)
    assert show().every == ()
    assert len(show(viewer=neighbour.viewer).every) == 1


def test_the_list_has_every_item_in_order_with_its_own_sign_offs(database, catalog, home, sign, show):
    kept = sign()
    listed = signoffs.list_reviewed(database, viewer=home.viewer, catalog=catalog, today=TODAY)
    assert [one.item.slug for one in listed] == ["every-kind", "for-everyone", "the-story"]
    assert [[each.id for each in one.every] for one in listed] == [[kept], [], []]
    assert listed[0] == show()
    assert {one.oldest_source_on.isoformat() for one in listed} == {"2026-11-22"}


def test_a_review_is_overdue_from_the_day_after_it_was_to_be_done_by(catalog, show):
    last = catalog.item(SLUG).review_by
    assert not show(today=last).is_overdue
    assert show(today=last + timedelta(days=1)).is_overdue


def test_a_list_asks_as_often_for_many_sign_offs_as_for_one(database, catalog, home, sign, withdraw):
    def listed():
        return signoffs.list_reviewed(database, viewer=home.viewer, catalog=catalog, today=TODAY)

    withdraw(sign())
    once = len(run(database, listed))
    for _ in range(8):
        withdraw(sign())
    assert len(run(database, listed)) == once == 1


def test_a_learner_is_shown_the_newest_sign_off_of_the_very_version(
    database, catalog, learner, neighbour, sign, withdraw, changed
):
    def shown(of=catalog):
        page = progress.item_page(database, viewer=learner, slug=SLUG, kind="module", catalog=of, today=TODAY)
        return page.signoff and page.signoff.id

    sign(viewer=neighbour.viewer)
    assert shown() is None
    first, newest = sign(), sign(now=NOW + timedelta(days=1))
    assert (shown(), shown(of=changed)) == (newest, None)
    withdraw(newest)
    assert shown() == first


@pytest.fixture
def _both_are_kept(sign, withdraw):
    withdraw(sign())


CHANGES = [(ContentSignoff, {"note": "Planted"}), (SignoffWithdrawal, {"reason": "Planted"})]


@pytest.mark.usefixtures("_both_are_kept")
@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_neither_signing_nor_withdrawal_can_be_changed_or_deleted(database, table, change):
    name = table.__tablename__
    for statement in (
        update(table).values(**change),
        delete(table),
        text(f"UPDATE {name} SET recorded_at = recorded_at"),  # noqa: S608
        text(f"DELETE FROM {name}"),  # noqa: S608
    ):
        with pytest.raises(DatabaseError, match="append-only"), database.write(EVERYWHERE) as session:
            session.execute(statement)
    ((field, planted),) = change.items()
    assert [getattr(row, field) for row in rows(database, table)] != [planted]
    assert how_many(database, table) == 1


def test_postgresql_does_not_empty_the_sign_offs_either(postgresql_url):
    database = Database(postgresql_url)
    for table in ("content_signoff", "content_signoff_withdrawal"):
        with pytest.raises(DatabaseError, match="append-only"), database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {table} CASCADE"))
    database.close()
