"""Revoked passes: seen before it is done, worked out again, never deleted, and said wherever the pass is shown."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from tests.conftest import NOW
from tests.factories import learn, make_organisation, make_person
from tests.services.standing_of import ITEM, morning, reason, standing, status
from tests.services.stored import all_at_once, how_many, rows
from training.db import EVERYWHERE
from training.domain.status import Status
from training.models import Revocation, StandingRow
from training.services import certificates, progress, records, revocations, standing_checks, timelines
from training.services.certificates import CertificateRevoked
from training.services.organisations import NotAllowed, NotFound
from training.services.revocations import AlreadyRevoked
from training.services.signoffs import WordsRefused

WHY = "Somebody else answered."
TODAY = date(2026, 12, 7)
AFTER = morning(TODAY)


@pytest.fixture
def early(database, catalog):
    """An organisation since 2 Jan 2026."""
    return make_organisation(database, catalog=catalog, now=morning(date(2026, 1, 2)), slug="early")


@pytest.fixture
def renewed(database, catalog, early):
    """Somebody who passed on 14 Jan 2026 and again, in the window, on 5 Dec 2026."""
    person = make_person(database, early, now=morning(date(2026, 1, 2)))
    days = (date(2026, 1, 14), date(2026, 12, 5))
    return person, [learn(database, person, catalog=catalog, now=morning(day)) for day in days]


def revoke(database, home, person, receipt, *, viewer=None, why=WHY, now=AFTER):
    known = {"person_id": person.person_id, "attempt_id": receipt.attempt_id}
    revocations.revoke(database, viewer=viewer or home.viewer, why=why, now=now, **known)


def test_without_the_january_pass_the_december_one_runs_to_4_dec_2027(database, early, renewed):
    person, (january, _) = renewed
    assert standing(database, person, TODAY).valid_until == date(2028, 1, 13)
    revoke(database, early, person, january)
    assert standing(database, person, TODAY).valid_until == date(2027, 12, 4)
    said = "In date until 4 Dec 2027: passed on 5 Dec 2026, and it lasts 12 months."
    assert reason(database, person, TODAY) == said
    assert status(database, person, date(2027, 12, 4)) is Status.EXPIRING_SOON
    assert status(database, person, date(2027, 12, 5)) is Status.EXPIRED
    assert standing_checks.verify(database, now=AFTER) == []


def test_the_only_pass_revoked_leaves_the_person_overdue_after_the_first_due_day(database, catalog, home, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW)
    revoke(database, home, learner, receipt, now=NOW)
    assert status(database, learner, date(2026, 4, 1)) is Status.NOT_YET_DUE
    assert status(database, learner, date(2026, 4, 2)) is Status.OVERDUE
    shown = progress.home(database, viewer=learner, catalog=catalog, today=NOW.date()).lines
    assert {line.slug: line.passed_on for line in shown}[ITEM] is None


def test_the_preview_says_what_will_be_and_changes_nothing(database, catalog, early, renewed):
    person, (january, december) = renewed
    stored = sorted(row.valid_until or date.max for row in rows(database, StandingRow))
    known = {"viewer": early.viewer, "person_id": person.person_id, "attempt_id": january.attempt_id}
    effect = revocations.preview_revocation(database, catalog=catalog, now=AFTER, **known)
    (today,) = effect.days
    (line,) = today.changed
    assert (line.before.status, line.after.status) == (Status.UP_TO_DATE, Status.UP_TO_DATE)
    assert line.before.reason.startswith("In date until 13 Jan 2028")
    assert line.after.reason.startswith("In date until 4 Dec 2027")
    assert (len(today.changed), today.unchanged) == (1, 2)
    assert [(one.attempt_id, one.before, one.after) for one in effect.passes] == [
        (january.attempt_id, "In date until 13 Jan 2027", "Revoked: it does not count"),
        (december.attempt_id, "In date until 13 Jan 2028", "In date until 4 Dec 2027"),
    ]
    assert how_many(database, Revocation) == 0
    assert sorted(row.valid_until or date.max for row in rows(database, StandingRow)) == stored
    revoke(database, early, person, january)
    assert reason(database, person, TODAY) == line.after.reason


def test_a_pass_is_revoked_once_and_the_second_is_told_by_whom_and_when(database, early, renewed):
    person, (january, _) = renewed
    revoke(database, early, person, january)
    with pytest.raises(AlreadyRevoked, match=f"on 7 Dec 2026 by {early.viewer.name}"):
        revoke(database, early, person, january, why="Another reason")
    assert [row.why for row in rows(database, Revocation)] == [WHY]


def test_four_managers_at_once_revoke_it_once(database, early, renewed):
    person, (january, _) = renewed
    outcomes = all_at_once(*[lambda: revoke(database, early, person, january)] * 4)
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyRevoked"] * 3 + ["NoneType"]
    assert how_many(database, Revocation) == 1


def test_only_a_manager_of_the_whole_organisation_revokes_with_a_reason(database, early, neighbour, renewed):
    person, (january, _) = renewed
    site_manager = replace(early.viewer, manages_all=False, site_ids=frozenset({early.site_id}))
    for viewer, why, refusal in (
        (site_manager, WHY, NotAllowed),
        (person, WHY, NotAllowed),
        (neighbour.viewer, WHY, NotFound),
        (early.viewer, " ", WordsRefused),
    ):
        with pytest.raises(refusal):
            revoke(database, early, person, january, viewer=viewer, why=why)
    with pytest.raises(NotFound):
        revoke(database, early, person, replace(january, attempt_id=uuid.uuid4()))
    assert how_many(database, Revocation) == 0


def test_a_revocation_cannot_be_changed_or_taken_back(database, early, renewed):
    person, (january, _) = renewed
    revoke(database, early, person, january)
    for act in (update(Revocation).values(why="Never mind"), delete(Revocation)):
        with pytest.raises(DatabaseError, match="append-only"), database.write(EVERYWHERE) as session:
            session.execute(act)
    assert [row.why for row in rows(database, Revocation)] == [WHY]


def test_the_record_and_the_code_say_that_it_does_not_count(database, catalog, early, renewed):
    person, (january, december) = renewed
    revoke(database, early, person, january)
    shown = records.record(database, viewer=person, catalog=catalog, today=TODAY)
    (line,) = [line for line in shown if line.tries]
    assert [(one.until_words, one.is_revoked) for one in line.earned] == [
        ("In date until 4 Dec 2027", False),
        ("Revoked: it does not count", True),
    ]
    assert line.earned[1].reason == f"revoked: {WHY}"
    checked = certificates.check_code(database, code=january.code, now=AFTER)
    assert (checked.earned.until_words, checked.is_past) == ("Revoked: it does not count", False)
    assert checked.superseded_code == december.code
    assert certificates.certificate(database, viewer=person, attempt_id=december.attempt_id)
    with pytest.raises(CertificateRevoked, match="Somebody else answered"):
        certificates.certificate(database, viewer=person, attempt_id=january.attempt_id)


def test_a_revoked_renewal_supersedes_nothing(database, early, renewed):
    person, (january, december) = renewed
    revoke(database, early, person, december)
    assert certificates.check_code(database, code=january.code, now=AFTER).superseded_on is None
    assert standing(database, person, TODAY).valid_until == date(2027, 1, 13)


def test_the_story_of_the_person_says_who_revoked_it_and_why(database, catalog, early, renewed):
    person, (january, _) = renewed
    revoke(database, early, person, january)
    known = {"viewer": early.viewer, "person_id": person.person_id, "catalog": catalog}
    latest = timelines.person_file(database, today=TODAY, **known).entries[0]
    assert (latest.at, latest.title) == (AFTER, "Pass revoked")
    assert f"Revoked by {early.viewer.name}: Somebody else answered." in latest.detail
