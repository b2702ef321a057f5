"""Items that replace others: a pass of the older counts until its own expiry, and renewal is the newer, in full."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from tests.catalog.sample_content import BODY, module_text, write
from tests.conftest import NOW
from tests.factories import learn, make_organisation, make_person
from tests.services.standing_of import reason, standing, status
from tests.services.stored import all_at_once, rows
from tests.web.content import CARE, EVERY_KIND, TRACKS, write_content
from training.answering import module_answers
from training.catalog.library import load_catalog
from training.db import EVERYWHERE
from training.domain.refresher import Owed
from training.domain.requirement import Reach
from training.domain.roles import Role
from training.domain.standing import reason_on, status_on
from training.domain.status import Status
from training.models import WHOLE_ID, CaughtUp, Employment, Replacement
from training.services import (
    catching_up,
    certificates,
    content_decisions,
    counters,
    employments,
    learning,
    new_versions,
    past_records,
    progress,
    records,
    reports,
    revocations,
    standing_checks,
    standings,
    versions,
)
from training.services.content_decisions import Opened
from training.services.learning import RefresherNotOffered
from training.services.requirement_plans import Choice
from training.services.staff import AsOf

OLD, NEW, NEWEST = "every-kind", "newer", "newest"
# Passed on 2 Mar 2026, in date until 1 Mar 2027; the window opens on 1 Dec 2026.
UNTIL = date(2027, 3, 1)
IN_WINDOW = datetime(2027, 2, 1, 10, tzinfo=UTC)
# In May, somebody who never passed is overdue.
CAME = datetime(2026, 5, 1, 10, tzinfo=UTC)
PAIR = {(NEW, OLD)}


def made(folder, *, core=NEW, without=(), **replaces):
    """Return the small library with two modules more, each of which may replace another."""
    write_content(folder)
    for slug, body in ((NEW, EVERY_KIND), (NEWEST, BODY)):
        front = {"replaces": replaces[slug]} if slug in replaces else {}
        write(folder, module_text(body, title=slug.title(), roles=CARE, **front), f"modules/{slug}.md")
    write(folder, TRACKS.replace("[every-kind,", f"[{core},"), "tracks.yaml")
    for slug in without:
        (folder / "modules" / f"{slug}.md").unlink()
        (folder / "easy-read" / f"{slug}.md").unlink(missing_ok=True)
    return load_catalog(folder)


@pytest.fixture(scope="session")
def apart(tmp_path_factory):
    """The newer item is there and required, and replaces nothing yet."""
    return made(tmp_path_factory.mktemp("apart"))


@pytest.fixture(scope="session")
def later(tmp_path_factory):
    """The newer item replaces the older, which is offered still."""
    return made(tmp_path_factory.mktemp("later"), newer=OLD)


@pytest.fixture(scope="session")
def both(tmp_path_factory):
    """The same with both required."""
    return made(tmp_path_factory.mktemp("both"), core=f"{OLD}, {NEW}", newer=OLD)


@pytest.fixture(scope="session")
def chain(tmp_path_factory):
    """The newest replaces the newer, which replaces the old one; the newest alone is required."""
    return made(tmp_path_factory.mktemp("chain"), core=NEWEST, newer=OLD, newest=NEW)


def at_work(database, catalog, **known):
    """Return an organisation that requires what the catalogue has as core, and somebody who works there."""
    versions.keep_versions(database, catalog=catalog, now=NOW)
    home = make_organisation(database, catalog=catalog, now=NOW, **known)
    return home, make_person(database, home, now=NOW)


@pytest.fixture
def passed(database, later):
    """Somebody of whom the newer item is required and who passed the older."""
    _, person = at_work(database, later)
    learn(database, person, catalog=later, slug=OLD, now=NOW)
    return person


def is_borne_out(database, now):
    """Say whether every standing and every counter is what the facts come to."""
    return (standing_checks.verify(database, now=now), counters.verify(database)) == ([], [])


def replaced_in(database):
    return {(row.item, row.older) for row in rows(database, Replacement)}


def from_facts(database, person, day, *, known_at, item=NEW):
    with database.read(person.organisation_id) as session:
        lines = standings.work_out_lines(session, person_ids=[person.person_id], today=day, known_at=known_at)
        return next(line.standing for line in lines if line.item == item)


# What counts, and until when


def test_a_pass_of_the_older_counts_for_the_newer_until_its_own_expiry(database, passed):
    assert status(database, passed, NOW.date(), NEW) is Status.UP_TO_DATE
    assert reason(database, passed, NOW.date(), NEW) == (
        "In date until 1 Mar 2027: passed on 2 Mar 2026, and it lasts 12 months; "
        "that was the training which this one replaced."
    )
    assert status(database, passed, UNTIL, NEW) is Status.EXPIRING_SOON
    assert status(database, passed, UNTIL + timedelta(days=1), NEW) is Status.EXPIRED
    assert is_borne_out(database, NOW)


def test_the_newer_renews_it_in_the_window_and_loses_no_days(database, later, passed):
    learn(database, passed, catalog=later, slug=NEW, now=IN_WINDOW)
    assert reason(database, passed, IN_WINDOW.date(), NEW) == (
        "In date until 1 Mar 2028: renewed early on 1 Feb 2027, so it runs on from 1 Mar 2027."
    )
    assert is_borne_out(database, IN_WINDOW)


def owed(database, catalog, person, now, item=NEW):
    page = progress.item_page(database, viewer=person, slug=item, kind="module", catalog=catalog, today=now.date())
    return page.offer.owing


def begin_refresher(database, catalog, person, now, item=NEW):
    return learning.begin(
        database,
        viewer=person,
        attempt_id=uuid.uuid4(),
        slug=item,
        role=Role.SOCIAL_CARE,
        catalog=catalog,
        now=now,
        as_refresher=True,
    )


def refresh(database, catalog, person, now, item=NEW):
    """Take a refresher and pass it."""
    begin_refresher(database, catalog, person, now, item)
    attempt = learning.open_attempt(database, viewer=person, slug=item)
    answers = module_answers(attempt.item, attempt.role, right=True)
    for question in [question for card in attempt.cards for question in card.questions]:
        learning.save_answer(
            database,
            viewer=person,
            attempt_id=attempt.attempt_id,
            question_id=question.id,
            answer=tuple(answers[question.id]),
            now=now,
        )
    return learning.finish(database, viewer=person, attempt_id=attempt.attempt_id, now=now)


def test_whoever_passed_only_the_older_owes_the_newer_in_full(database, later, passed):
    owing = owed(database, later, passed, IN_WINDOW)
    assert (owing.owed, owing.reason) == (
        Owed.IN_FULL,
        "The full module is owed: in date until 1 Mar 2027, and no version of it was passed here.",
    )
    with pytest.raises(RefresherNotOffered, match="no version of it was passed here"):
        begin_refresher(database, later, passed, IN_WINDOW)
    learn(database, passed, catalog=later, slug=NEW, now=IN_WINDOW)
    assert owed(database, later, passed, IN_WINDOW + timedelta(days=365)).owed is Owed.REFRESHER


def test_a_refresher_of_the_older_counts_as_it_does_there(database, both):
    _, person = at_work(database, both)
    learn(database, person, catalog=both, slug=OLD, now=NOW)
    assert refresh(database, both, person, IN_WINDOW, OLD).passed
    for item in (OLD, NEW):
        assert standing(database, person, IN_WINDOW.date(), item).valid_until == date(2028, 3, 1)
    assert is_borne_out(database, IN_WINDOW)


def test_a_refresher_of_the_newer_rests_on_no_pass_of_the_older(database, later):
    home, person = at_work(database, later)
    learn(database, person, catalog=later, slug=OLD, now=NOW)
    whole = learn(database, person, catalog=later, slug=NEW, now=IN_WINDOW)
    next_window = IN_WINDOW + timedelta(days=365)
    refresh(database, later, person, next_window)
    assert standing(database, person, next_window.date(), NEW).valid_until == date(2029, 3, 1)
    revoke(database, home, person, whole, now=next_window)
    assert standing(database, person, next_window.date(), NEW).valid_until == UNTIL
    (earned, _) = line_of(record_of(database, person, later, next_window), NEW).earned
    assert earned.reason == records.RESTED
    assert is_borne_out(database, next_window)


def revoke(database, home, person, receipt, *, now):
    known = {"person_id": person.person_id, "attempt_id": receipt.attempt_id, "now": now}
    revocations.revoke(database, viewer=home.viewer, why="Somebody else answered.", **known)


def test_a_revoked_pass_of_the_older_counts_for_neither(database, both):
    home, person = at_work(database, both)
    receipt = learn(database, person, catalog=both, slug=OLD, now=NOW)
    known = {"person_id": person.person_id, "attempt_id": receipt.attempt_id, "catalog": both, "now": CAME}
    effect = revocations.preview_revocation(database, viewer=home.viewer, **known)
    assert [line.title for line in effect.days[0].changed] == ["Every kind of question", "Newer"]
    revoke(database, home, person, receipt, now=CAME)
    for item in (OLD, NEW):
        assert status(database, person, CAME.date(), item) is Status.OVERDUE
    before = CAME - timedelta(seconds=1)
    assert from_facts(database, person, CAME.date(), known_at=before).valid_until == UNTIL
    assert is_borne_out(database, CAME)


def test_a_pass_of_the_first_of_a_chain_counts_for_the_last(database, chain):
    _, person = at_work(database, chain)
    assert replaced_in(database) == {(NEW, OLD), (NEWEST, NEW), (NEWEST, OLD)}
    learn(database, person, catalog=chain, slug=OLD, now=NOW)
    assert standing(database, person, NOW.date(), NEWEST).valid_until == UNTIL
    learn(database, person, catalog=chain, slug=NEW, now=IN_WINDOW)
    assert standing(database, person, IN_WINDOW.date(), NEWEST).valid_until == date(2028, 3, 1)
    assert is_borne_out(database, IN_WINDOW)


# The record, certificates and codes


def record_of(database, person, catalog, now):
    return records.record(database, viewer=person, catalog=catalog, today=now.date())


def line_of(record, item):
    return next(line for line in record if line.shown.slug == item)


def dates(record, item):
    return [(one.passed_on, one.until) for one in line_of(record, item).earned]


def test_each_pass_shows_its_own_dates_where_both_are_required(database, both):
    _, person = at_work(database, both)
    first = learn(database, person, catalog=both, slug=OLD, now=NOW)
    second = learn(database, person, catalog=both, slug=NEW, now=IN_WINDOW)
    third = learn(database, person, catalog=both, slug=OLD, now=IN_WINDOW)
    record = record_of(database, person, both, IN_WINDOW)
    day = IN_WINDOW.date()
    assert dates(record, OLD) == [(day, date(2028, 3, 1)), (NOW.date(), UNTIL)]
    assert dates(record, NEW) == [(day, date(2028, 3, 1))]
    for receipt, until in ((first, UNTIL), (second, date(2028, 3, 1)), (third, date(2028, 3, 1))):
        assert certificates.check_code(database, code=receipt.code, now=IN_WINDOW).earned.until == until
        assert certificates.certificate(database, viewer=person, attempt_id=receipt.attempt_id).earned.until == until


def test_a_pass_of_the_older_shows_what_it_gives_the_newer_where_that_alone_is_required(database, later, passed):
    renewed = learn(database, passed, catalog=later, slug=NEW, now=IN_WINDOW)
    record = record_of(database, passed, later, IN_WINDOW)
    assert dates(record, OLD) == [(NOW.date(), UNTIL)]
    assert dates(record, NEW) == [(IN_WINDOW.date(), date(2028, 3, 1))]
    (earned,) = line_of(record, OLD).earned
    assert earned.reason == (
        "passed on 2 Mar 2026, and it lasts 12 months; it counts for the training that replaced this"
    )
    shown = records.result(database, viewer=passed, attempt_id=renewed.attempt_id).earned
    assert (shown.item, shown.reason) == (NEW, "renewed early on 1 Feb 2027, so it runs on from 1 Mar 2027")


def test_passes_of_both_on_one_day_each_keep_what_they_gave(database, later, passed):
    learn(database, passed, catalog=later, slug=NEW, now=NOW)
    learn(database, passed, catalog=later, slug=NEW, now=NOW + timedelta(minutes=1))
    record = record_of(database, passed, later, NOW)
    assert dates(record, NEW) == [(NOW.date(), UNTIL)] * 2
    assert dates(record, OLD) == [(NOW.date(), UNTIL)]
    assert sorted("moved nothing" in one.reason for item in (OLD, NEW) for one in line_of(record, item).earned) == [
        False,
        True,
        True,
    ]


def test_the_page_of_another_day_is_worked_out_alike(database, both):
    home, person = at_work(database, both)
    learn(database, person, catalog=both, slug=OLD, now=NOW)
    learn(database, person, catalog=both, slug=NEW, now=IN_WINDOW)
    today = IN_WINDOW.date()
    known = {"viewer": home.viewer, "person_id": person.person_id, "catalog": both}
    page = reports.person(database, today=today, **known)
    found = past_records.person_as_of(database, as_of=AsOf(today, today=today, known_at=IN_WINDOW), **known)
    assert [line.earned for line in found.record] == [line.earned for line in page.record]
    then = past_records.person_as_of(database, as_of=AsOf(date(2026, 12, 31), today=today), **known).record
    assert (dates(then, OLD), dates(then, NEW)) == ([(NOW.date(), UNTIL)], [])
    assert line_of(then, NEW).shown.reason.startswith("In date until 1 Mar 2027: passed on 2 Mar 2026")


# What is recorded, and when


def test_what_was_replaced_is_recorded_once_and_stays_when_the_line_is_dropped(database, apart, later):
    for catalog in (later, later, apart):
        versions.keep_versions(database, catalog=catalog, now=NOW)
        assert replaced_in(database) == PAIR


def test_a_chain_goes_on_where_the_middle_is_offered_no_more(database, later, tmp_path):
    versions.keep_versions(database, catalog=later, now=NOW)
    last = made(tmp_path, core=NEWEST, without=(NEW, OLD), newest=NEW)
    versions.keep_versions(database, catalog=last, now=CAME)
    assert replaced_in(database) == {(NEW, OLD), (NEWEST, NEW), (NEWEST, OLD)}


def test_items_that_once_replaced_each_other_never_replace_themselves(database, later, tmp_path):
    versions.keep_versions(database, catalog=later, now=NOW)
    with database.write(EVERYWHERE) as session:
        session.add(Replacement(item=OLD, older=NEW, recorded_at=NOW))
    versions.keep_versions(database, catalog=made(tmp_path, newest=OLD), now=CAME)
    assert replaced_in(database) == {(NEW, OLD), (OLD, NEW), (NEWEST, OLD), (NEWEST, NEW)}


def test_as_known_before_it_was_recorded_the_newer_is_not_done(database, apart, later):
    home, person = at_work(database, apart)
    learn(database, person, catalog=apart, slug=OLD, now=NOW)
    versions.keep_versions(database, catalog=later, now=CAME)
    eve, day = CAME - timedelta(days=1), CAME.date()
    before, after = (from_facts(database, person, day, known_at=at) for at in (eve, CAME))
    assert (status_on(before, day), status_on(after, day)) == (Status.OVERDUE, Status.UP_TO_DATE)
    assert reason_on(before, day).endswith("and not passed yet.")
    as_of = AsOf(day, today=day, known_at=eve)
    known = {"viewer": home.viewer, "person_id": person.person_id, "catalog": later}
    record = past_records.person_as_of(database, as_of=as_of, **known).record
    assert (line_of(record, NEW).shown.status, dates(record, OLD)) == (Status.OVERDUE, [(NOW.date(), None)])


def test_what_replaces_what_cannot_be_changed_or_deleted(database, later):
    versions.keep_versions(database, catalog=later, now=NOW)
    for statement in (update(Replacement).values(older="other"), delete(Replacement)):
        with pytest.raises(DatabaseError, match="append-only"), database.write(EVERYWHERE) as session:
            session.execute(statement)
    assert replaced_in(database) == PAIR


# When it becomes known that an item was replaced


@pytest.fixture
def staff(database, apart):
    """Six of an organisation that requires the newer item already: who passed which, and one who left."""
    home, _ = at_work(database, apart)
    people = {name: make_person(database, home, now=NOW, name=name) for name in ("old", "new", "two", "none", "left")}
    for name in ("old", "two", "left"):
        learn(database, people[name], catalog=apart, slug=OLD, now=NOW)
    learn(database, people["new"], catalog=apart, slug=NEW, now=NOW)
    learn(database, people["two"], catalog=apart, slug=NEW, now=IN_WINDOW)
    (job,) = rows(database, Employment, person_id=people["left"].person_id)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=date(2026, 4, 1), now=CAME)
    return people


def counted(database, person):
    with database.read(person.organisation_id) as session:
        moves = counters.read(session, units=[WHOLE_ID])
    return {measure: moves[WHOLE_ID, NEW, measure] for measure in ("up_to_date", "expiring_soon", "overdue")}


def test_standings_and_counters_are_right_at_once(database, later, staff):
    day = IN_WINDOW.date()
    list(standing_checks.rebuild(database, now=IN_WINDOW))
    assert status(database, staff["old"], day, NEW) is Status.OVERDUE
    assert standing(database, staff["two"], day, NEW).valid_until == date(2028, 1, 31)
    before = counted(database, staff["old"])
    versions.keep_versions(database, catalog=later, now=IN_WINDOW)
    assert status(database, staff["old"], day, NEW) is Status.EXPIRING_SOON
    assert standing(database, staff["two"], day, NEW).valid_until == date(2028, 3, 1)
    assert standing(database, staff["none"], day, NEW).valid_until is None
    after = counted(database, staff["old"])
    assert {name: after[name] - before[name] for name in after} == {"up_to_date": 0, "expiring_soon": 1, "overdue": -1}
    assert is_borne_out(database, IN_WINDOW)


def test_every_organisation_catches_up(database, apart, later, staff):
    _, neighbour = at_work(database, apart, slug="neighbour")
    learn(database, neighbour, catalog=apart, slug=OLD, now=NOW)
    versions.keep_versions(database, catalog=later, now=CAME)
    for person in (staff["old"], neighbour):
        assert status(database, person, CAME.date(), NEW) is Status.UP_TO_DATE
    assert is_borne_out(database, CAME)


def test_a_start_that_was_cut_short_is_finished_by_the_next(database, later, staff, monkeypatch):
    monkeypatch.setattr(catching_up, "BATCH", 1)
    work_out, done, most = standings.bring_up_to_date, [], [2]

    def noted(session, **known):
        if len(done) == most[0]:
            raise KeyboardInterrupt
        work_out(session, **known)
        done.extend(known["person_ids"])

    monkeypatch.setattr(standings, "bring_up_to_date", noted)
    with pytest.raises(KeyboardInterrupt):
        versions.keep_versions(database, catalog=later, now=CAME)
    assert replaced_in(database) == PAIR
    assert not is_borne_out(database, CAME)
    most[0] = 9
    versions.keep_versions(database, catalog=later, now=CAME)
    assert sorted(done) == sorted(staff[name].person_id for name in ("old", "two", "left"))
    assert is_borne_out(database, CAME)


def test_a_later_start_has_nothing_left_to_do(database, later, staff, monkeypatch):  # noqa: ARG001 (somebody passed)
    versions.keep_versions(database, catalog=later, now=CAME)
    finished = {row.finished_at for row in rows(database, CaughtUp)}
    monkeypatch.delattr(standings, "bring_up_to_date")
    versions.keep_versions(database, catalog=later, now=IN_WINDOW)
    assert {row.finished_at for row in rows(database, CaughtUp)} == finished == {CAME}


def test_servers_that_start_at_once_share_the_work(database, later, staff, monkeypatch):
    monkeypatch.setattr(catching_up, "BATCH", 1)
    starts = [partial(versions.keep_versions, database, catalog=later, now=CAME) for _ in range(4)]
    assert all_at_once(*starts) == [None] * 4
    assert replaced_in(database) == PAIR
    assert status(database, staff["old"], CAME.date(), NEW) is Status.UP_TO_DATE
    assert is_borne_out(database, CAME)


def test_an_item_that_replaces_another_one_besides_catches_up_again(database, later, staff, tmp_path):
    versions.keep_versions(database, catalog=later, now=CAME)
    learn(database, staff["none"], catalog=later, slug=NEWEST, now=CAME)
    assert status(database, staff["none"], CAME.date(), NEW) is Status.OVERDUE
    versions.keep_versions(database, catalog=made(tmp_path, newer=NEWEST), now=CAME)
    assert status(database, staff["none"], CAME.date(), NEW) is Status.UP_TO_DATE
    assert is_borne_out(database, CAME)


def has_stopped(database, act):
    """Say whether something in another thread is done, or waits for somebody else's lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with database.engine.connect() as connection:
        return act.done() or connection.exec_driver_sql(waiting).scalar() > 0


def test_a_pass_made_while_it_becomes_known_is_not_lost(database, apart, later, staff, monkeypatch):
    list(standing_checks.rebuild(database, now=CAME))
    with ThreadPoolExecutor(1) as pool:
        starts = []

        def with_replacing(session, items):
            """Find out what the pass moves a moment before another server finds out that the item was replaced."""
            found = versions.with_replacing(session, items)
            starts.append(pool.submit(versions.keep_versions, database, catalog=later, now=CAME))
            # On SQLite the other server cannot even begin before the pass is written.
            while database.engine.dialect.name == "postgresql" and not has_stopped(database, starts[0]):
                pass
            return found

        monkeypatch.setattr(learning, "with_replacing", with_replacing)
        learn(database, staff["none"], catalog=apart, slug=OLD, now=CAME)
        starts[0].result(timeout=300)
    assert status(database, staff["none"], CAME.date(), NEW) is Status.UP_TO_DATE
    assert is_borne_out(database, CAME)


# Everyone again


def decide(database, home, catalog, item, *, now):
    """Let everyone pass the latest version of an item again."""
    known = {"viewer": home.viewer, "item": item, "catalog": catalog}
    page = new_versions.show_version(database, today=now.date(), **known)
    opened = Opened(item, page.content_hash, page.decision_id)
    choice = Choice(Reach.EVERYONE_AGAIN, AGAIN_BY)
    impact = content_decisions.preview_decision(database, again_by=AGAIN_BY, now=now, **known)[choice.reach]
    content_decisions.decide(database, viewer=home.viewer, opened=opened, choice=choice, catalog=catalog, now=now)
    return {title for _, titles in impact.changing[0].shifts for title in titles}


def newer_version(catalog, item):
    """Return the same library with another version of one item."""
    old = catalog.item(item)
    again = replace(old, version="2.0", material=True, content_hash=old.content_hash[::-1])
    return replace(catalog, **{f"{old.kind}s": {**getattr(catalog, f"{old.kind}s"), item: again}})


AGAIN_BY = date(2026, 9, 30)


def test_where_everyone_passes_the_newer_again_a_pass_of_the_older_counts_no_longer_either(database, later):
    home, person = at_work(database, later)
    second = newer_version(later, NEW)
    versions.keep_versions(database, catalog=second, now=CAME)
    # The older item had new words after that, which are older than any of the newer all the same.
    mended = newer_version(second, OLD)
    versions.keep_versions(database, catalog=mended, now=CAME + timedelta(hours=1))
    learn(database, person, catalog=mended, slug=OLD, now=CAME + timedelta(hours=2))
    assert decide(database, home, mended, NEW, now=CAME + timedelta(hours=3)) == {"Newer"}
    assert standing(database, person, CAME.date(), NEW).valid_until == AGAIN_BY
    learn(database, person, catalog=second, slug=NEW, now=CAME + timedelta(hours=4))
    assert standing(database, person, CAME.date(), NEW).valid_until > AGAIN_BY
    assert is_borne_out(database, CAME + timedelta(hours=4))


def test_where_everyone_passed_the_older_again_what_it_counts_for_ends_by_the_same_day(database, both):
    home, person = at_work(database, both)
    learn(database, person, catalog=both, slug=OLD, now=NOW)
    second = newer_version(both, OLD)
    versions.keep_versions(database, catalog=second, now=CAME)
    assert decide(database, home, second, OLD, now=CAME) == {"Every kind of question", "Newer"}
    for item in (OLD, NEW):
        assert standing(database, person, CAME.date(), item).valid_until == AGAIN_BY
    learn(database, person, catalog=second, slug=OLD, now=CAME)
    for item in (OLD, NEW):
        assert standing(database, person, CAME.date(), item).valid_until > UNTIL
    assert is_borne_out(database, CAME)
