"""Imports of past completions: kept as given, beside our own rule, with their source, and taken back if need be."""

import re
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.importing import page, table
from tests.services.stored import rows
from training.domain.certification import Pass
from training.domain.days import end_of_day
from training.domain.names import NameRefused
from training.domain.people_import import Outcome
from training.domain.person_record import ContentChange, caps_on
from training.domain.refresher import Owed
from training.domain.roles import Role
from training.domain.status import Status
from training.models import Attempt, ImportedPass, Person, QuietStep
from training.services import (
    completion_imports,
    import_undoing,
    organisations,
    past_records,
    records,
    refreshers,
    reminders,
    standing_checks,
    timelines,
)
from training.services.import_runs import PlanChanged
from training.services.import_undoing import CannotUndo
from training.services.people_import_writing import FaultsLeft
from training.services.report_person import imported_cells
from training.services.staff import AsOf

MODULE = "every-kind"
HEADINGS = ("Staff number", "Training", "Passed on", "Expiry date")
TODAY = NOW.date()
LATER = NOW + timedelta(hours=1)
SOURCE = "NHS ESR export of 1 Mar 2026"


@pytest.fixture
def number(database, learner):
    """The staff number of the learner."""
    return next(row.staff_number for row in rows(database, Person) if row.id == learner.person_id)


def plan(database, home, catalog, *passes, viewer=None, now=LATER):
    return completion_imports.plan_file(
        database,
        viewer=viewer or home.viewer,
        catalog=catalog,
        lines=table(*passes, headings=HEADINGS),
        file_name="esr.csv",
        evidence=SOURCE,
        now=now,
    )


def imported(database, home, catalog, *passes, now=LATER):
    import_id = plan(database, home, catalog, *passes, now=now)
    completion_imports.apply(database, viewer=home.viewer, catalog=catalog, import_id=import_id, now=now)
    return import_id


def said(database, home, import_id, now=LATER):
    shown = page(database, home.viewer, import_id, now=now).rows
    assert all(row.faults or re.match(r"Person \d+: ", row.says) for row in shown)
    return [(row.outcome, re.sub(r"^Person \d+: ", "", row.says)) for row in shown]


def line_of(database, catalog, learner, *, today=TODAY):
    found = records.record(database, viewer=learner, catalog=catalog, today=today)
    return next(line for line in found if line.shown.slug == MODULE)


def test_an_expiry_given_is_kept_and_listed_where_our_rule_would_give_another(database, home, catalog, number, learner):
    import_id = plan(
        database,
        home,
        catalog,
        (number, MODULE, "3/2/2026", "2/2/2027"),
        (number, catalog.title("for-everyone"), date(2026, 1, 15), ""),
        (number, "THE STORY", "2025-12-31", "30/06/2026"),
    )
    label = Role.SOCIAL_CARE.label
    assert said(database, home, import_id) == [
        (
            Outcome.CREATE,
            f"Every kind of question, passed on 3 Feb 2026. In date until 2 Feb 2027 by our rule ({label}).",
        ),
        (Outcome.CREATE, f"For everyone, passed on 15 Jan 2026. In date until 14 Jan 2027 by our rule ({label})."),
        (
            Outcome.DIFFERS,
            f"The story, passed on 31 Dec 2025. Expiry given 30 Jun 2026; our rule gives 30 Dec 2026 ({label}).",
        ),
    ]
    completion_imports.apply(database, viewer=home.viewer, catalog=catalog, import_id=import_id, now=LATER)
    found = {line.shown.slug: line for line in records.record(database, viewer=learner, catalog=catalog, today=TODAY)}
    (kept,) = found["the-story"].imported
    assert (kept.until, kept.evidence) == (date(2026, 6, 30), SOURCE)
    assert found["the-story"].shown.status is Status.UP_TO_DATE
    assert "as imported, from a pass on 31 Dec 2025" in kept.reason
    assert found[MODULE].imported[0].until == date(2027, 2, 2)
    assert standing_checks.verify(database, now=LATER) == []


def test_a_renewal_runs_on_from_the_expiry_given(database, home, catalog, number, learner):
    imported(database, home, catalog, (number, MODULE, "1/6/2025", "20/3/2026"))
    learn(database, learner, catalog=catalog, slug=MODULE, now=NOW + timedelta(days=2))
    line = line_of(database, catalog, learner, today=TODAY + timedelta(days=2))
    assert line.earned[0].until == date(2027, 3, 20)
    assert line.imported[0].until == date(2026, 3, 20)


def test_earlier_passes_of_the_file_count_for_what_our_rule_gives_the_later(database, home, catalog, number):
    import_id = plan(
        database,
        home,
        catalog,
        (number, MODULE, "10/2/2026", "28/2/2027"),
        (number, MODULE, "1/3/2025", "28/2/2026"),
    )
    assert [outcome for outcome, _ in said(database, home, import_id)] == [Outcome.CREATE] * 2


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("nobody", MODULE, "1/2/2026", ""), "Staff number", "Nobody here has this staff number."),
        (("", MODULE, "1/2/2026", ""), "Staff number", "Enter a staff number"),
        (("{}", "Juggling", "1/2/2026", ""), "Training", "No training here is called Juggling."),
        (("{}", "", "1/2/2026", ""), "Training", "Enter which training"),
        (("{}", MODULE, "", ""), "Passed on", "Enter the day"),
        (("{}", MODULE, "3/3/2026", ""), "Passed on", "cannot be in the future"),
        (("{}", MODULE, "31/12/1949", ""), "Passed on", "cannot be before 1950"),
        (("{}", MODULE, "1/2/2026", "1/2/2026"), "Expiry date", "must come after the pass"),
        (("{}", MODULE, "1/2/2026", "31/12/9999"), "Expiry date", "So far ahead is no expiry."),
        (("0{}", MODULE, "1/2/2026", ""), "Staff number", "write it just so"),
    ],
)
def test_what_is_wrong_is_said_at_its_column(database, home, catalog, number, row, column, words):
    import_id = plan(database, home, catalog, (row[0].format(number), *row[1:]))
    (shown,) = page(database, home.viewer, import_id, now=LATER).rows
    assert (shown.outcome, shown.faults[0].column) == (Outcome.FAULT, column)
    assert words in shown.faults[0].words
    with pytest.raises(FaultsLeft):
        completion_imports.apply(database, viewer=home.viewer, catalog=catalog, import_id=import_id, now=LATER)


def test_a_file_without_a_source_of_evidence_is_refused(database, home, catalog):
    with pytest.raises(NameRefused, match="source of evidence"):
        completion_imports.plan_file(
            database, viewer=home.viewer, catalog=catalog, lines=[], file_name="", evidence=" ", now=NOW
        )


def test_a_name_of_theirs_is_said_to_mean_one_of_ours(database, home, catalog, number):
    import_id = plan(database, home, catalog, (number, "STOMP Lvl 1", "1/2/2026", ""))
    assert page(database, home.viewer, import_id, now=LATER).summary["unknown_items"] == {"STOMP Lvl 1": 1}
    completion_imports.choose(
        database,
        viewer=home.viewer,
        catalog=catalog,
        import_id=import_id,
        items={"STOMP Lvl 1": MODULE, "Not in it": MODULE},
        now=LATER,
    )
    assert [outcome for outcome, _ in said(database, home, import_id)] == [Outcome.CREATE]


def test_what_is_on_record_already_is_left_alone_and_never_doubled(database, home, catalog, number, learner):
    learn(database, learner, catalog=catalog, slug="for-everyone", now=NOW)
    row = (number, MODULE, "1/2/2026", "31/1/2027")
    imported(database, home, catalog, row)
    import_id = plan(
        database,
        home,
        catalog,
        row,
        (number, MODULE, "1/2/2026", "1/1/2028"),
        (number, "for-everyone", TODAY, ""),
        (number, "the-story", "1/2/2026", ""),
        (number, "the-story", "1/2/2026", ""),
    )
    assert [outcome for outcome, _ in said(database, home, import_id)] == [
        Outcome.SAME,
        Outcome.FAULT,
        Outcome.SAME,
        Outcome.CREATE,
        Outcome.SAME,
    ]


def test_a_plan_that_has_been_overtaken_is_shown_anew(database, home, catalog, number, learner):
    import_id = plan(database, home, catalog, (number, MODULE, TODAY, ""))
    learn(database, learner, catalog=catalog, slug=MODULE, now=LATER)
    with pytest.raises(PlanChanged):
        completion_imports.apply(database, viewer=home.viewer, catalog=catalog, import_id=import_id, now=LATER)
    assert rows(database, ImportedPass) == []
    assert said(database, home, import_id)[0][0] is Outcome.SAME


def test_after_an_import_the_whole_module_is_owed_at_renewal_and_no_refresher(database, home, catalog, number, learner):
    imported(database, home, catalog, (number, MODULE, "1/6/2025", "20/3/2026"))
    with database.read(learner.organisation_id) as session:
        offer = refreshers.offer(session, viewer=learner, item=catalog.item(MODULE), role=Role.SOCIAL_CARE, day=TODAY)
    assert offer.owing.owed is Owed.IN_FULL
    assert "no version of it was passed here" in offer.owing.reason


def test_a_back_dated_import_sends_nothing_for_the_past_and_what_comes_later_is_sent(database, home, catalog, number):
    with_address(database, number)
    before = told(database, TODAY)
    imported(database, home, catalog, (number, MODULE, "1/3/2025", "9/3/2026"), (number, "the-story", "1/1/2024", ""))
    assert rows(database, QuietStep)
    assert told(database, TODAY) <= before
    assert MODULE in told(database, date(2026, 3, 9)), "on the day it runs out"


def with_address(database, number):
    person = next(row for row in rows(database, Person) if row.staff_number == number)
    with database.write(person.organisation_id) as session:
        session.execute(update(Person).where(Person.id == person.id).values(email="worker@home.example"))


def told(database, day):
    found = reminders.plan(database, now=LATER, on=day)
    return {item for one in found for _, items in one.reminders for item in items}


def test_undoing_takes_the_passes_back_and_what_was_known_stays_known(database, home, catalog, number, learner):
    import_id = imported(database, home, catalog, (number, MODULE, "1/2/2026", ""))
    known_at, undone_at = LATER + timedelta(minutes=1), LATER + timedelta(hours=1)
    import_undoing.undo(database, viewer=home.viewer, import_id=import_id, now=undone_at)
    assert line_of(database, catalog, learner).shown.status is Status.NOT_YET_DUE
    assert line_of(database, catalog, learner).imported == ()
    as_of = AsOf(TODAY, today=TODAY, known_at=known_at)
    with database.read(home.viewer.organisation_id) as session:
        then = past_records.read_record(
            session, viewer=home.viewer, person_id=learner.person_id, catalog=catalog, as_of=as_of
        )
    assert next(line for line in then if line.shown.slug == MODULE).imported[0].until == date(2027, 1, 31)
    assert [row.withdrawn_at for row in rows(database, ImportedPass)] == [undone_at]
    assert standing_checks.verify(database, now=undone_at) == []


def test_an_import_in_april_changes_march_as_known_now_and_never_as_known_then(
    database, home, catalog, number, learner
):
    april = datetime(2026, 4, 10, 10, tzinfo=UTC)
    imported(database, home, catalog, (number, MODULE, "1/2/2026", ""), now=april)
    march = date(2026, 3, 2)

    def status(known_at):
        as_of = AsOf(march, today=april.date(), known_at=known_at)
        with database.read(home.viewer.organisation_id) as session:
            about = {"viewer": home.viewer, "person_id": learner.person_id, "catalog": catalog}
            lines = past_records.read_record(session, as_of=as_of, **about)
        return next(line.shown.status for line in lines if line.shown.slug == MODULE)

    assert status(None) is Status.UP_TO_DATE
    assert status(end_of_day(march, "Europe/London")) is Status.NOT_YET_DUE


def test_an_import_that_a_refresher_rests_on_is_not_undone(database, home, catalog, number, learner):
    import_id = imported(database, home, catalog, (number, MODULE, "1/2/2026", ""))
    receipt = learn(database, learner, catalog=catalog, slug=MODULE, now=LATER + timedelta(hours=1))
    # As if it had been a refresher: one is owed only to whoever passed a version of ours.
    (attempt,) = rows(database, Attempt, id=receipt.attempt_id)
    copied = {name: getattr(attempt, name) for name in Attempt.__table__.columns.keys()}  # noqa: SIM118 (a collection of columns)
    with database.write(learner.organisation_id) as session:
        session.add(Attempt(**{**copied, "id": uuid.uuid4(), "question_ids": ["single"]}))
    with pytest.raises(CannotUndo, match="has passed a refresher since"):
        import_undoing.undo(database, viewer=home.viewer, import_id=import_id, now=LATER + timedelta(hours=2))


def test_the_timeline_tells_where_a_pass_comes_from_and_that_it_was_taken_back(
    database, home, catalog, number, learner
):
    import_id = imported(database, home, catalog, (number, MODULE, "1/2/2026", "31/1/2027"))
    import_undoing.undo(database, viewer=home.viewer, import_id=import_id, now=LATER + timedelta(hours=1))
    file = timelines.person_file(
        database, viewer=home.viewer, person_id=learner.person_id, catalog=catalog, today=TODAY
    )
    what = f"Every kind of question, passed on 1 Feb 2026, expiry given 31 Jan 2027. From {SOURCE}."
    entries = [(entry.title, entry.detail) for entry in file.entries]
    assert ("Pass imported", what) in entries
    assert ("Import undone", f"It had been: {what}") in entries


def test_a_site_manager_imports_for_people_of_their_sites_alone(database, home, catalog, number):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    make_person(database, home, now=NOW, name="Ryan", site_id=second)
    elsewhere = next(row.staff_number for row in rows(database, Person) if row.name == "Ryan")
    boss = replace(make_person(database, home, now=NOW), site_ids=frozenset({home.site_id}))
    import_id = plan(
        database, home, catalog, (number, MODULE, "1/2/2026", ""), (elsewhere, MODULE, "1/2/2026", ""), viewer=boss
    )
    shown = page(database, boss, import_id, now=LATER)
    assert [row.outcome for row in shown.rows] == [Outcome.CREATE, Outcome.FAULT]


def test_an_imported_pass_lifts_no_day_by_which_a_new_version_is_asked_of_everyone():
    change = ContentChange(MODULE, again_by=date(2026, 6, 1), announced_on=date(2026, 3, 1), older=frozenset({"old"}))
    elsewhere = Pass(date(2026, 4, 1), content_hash="elsewhere", evidence=SOURCE)
    (cap,) = caps_on([elsewhere], [], [change])
    assert cap.lifted_on is None


def test_the_report_of_a_person_lists_what_was_passed_elsewhere(database, home, catalog, number, learner):
    imported(database, home, catalog, (number, MODULE, "1/2/2026", "31/1/2027"))
    (line,) = [one for one in records.record(database, viewer=learner, catalog=catalog, today=TODAY) if one.imported]
    assert imported_cells(line.shown.title, line.imported[0]) == (
        "Every kind of question",
        "",
        "Elsewhere",
        date(2026, 2, 1),
        date(2027, 1, 31),
        "",
        f"In date until 31 Jan 2027: as imported, from a pass on 1 Feb 2026. From {SOURCE}.",
    )
