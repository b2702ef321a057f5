"""People imports: planned first, applied as a whole or not at all, and undone without deleting anything."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import let_in, make_organisation, make_person
from tests.services.importing import jobs_of, page, table
from tests.services.stored import all_at_once, rows
from tests.services.test_query_counts import run
from training.domain.people_import import Outcome
from training.domain.roles import Role
from training.domain.upload import HeadingsMissing
from training.models import Employment, ImportRow, ImportRun, Person, QuietStep, Site
from training.services import (
    absences,
    employments,
    import_runs,
    import_undoing,
    organisations,
    people,
    people_import_writing,
    people_imports,
    reminders,
    standing_checks,
)
from training.services.import_runs import ImportGone, Overtaken, PlanChanged
from training.services.import_undoing import CannotUndo
from training.services.organisations import AlreadyThere, NotAllowed, NotFound
from training.services.people import NewPerson
from training.services.people_import_writing import FaultsLeft, LeaversNotTyped

TODAY = NOW.date()
LATER = NOW + timedelta(hours=1)
CARE = Role.SOCIAL_CARE.label
NURSE = Role.NON_PRESCRIBER.label
SITE = "First site"


def plan(database, viewer, *people, now=LATER, **more):
    return people_imports.plan_file(
        database, viewer=viewer, lines=table(*people, **more), file_name="staff.xlsx", now=now
    )


def apply(database, viewer, import_id, now=LATER, **asked):
    people_import_writing.apply(database, viewer=viewer, import_id=import_id, now=now, **asked)


def imported(database, viewer, *people, now=LATER, **asked):
    import_id = plan(database, viewer, *people, now=now)
    apply(database, viewer, import_id, now=now, **asked)
    return import_id


def by_number(database, number):
    return next((row for row in rows(database, Person) if row.staff_number == number), None)


def test_a_plan_says_what_it_would_do_and_writes_nobody(database, home):
    viewer = home.viewer
    ann = make_person(database, home, now=NOW, name="Ann")
    number = by_name(database, "Ann").staff_number
    import_id = plan(
        database,
        viewer,
        ("00123", "Óscar Łuk", CARE, SITE, date(2026, 1, 5), "", ""),
        (number, "Ann", CARE, SITE, "", "", ""),
        ("", "Nobody", CARE, SITE, "31/02/2026", "", "x"),
    )
    shown = page(database, viewer, import_id, now=LATER)
    assert [row.outcome for row in shown.rows] == [Outcome.CREATE, Outcome.SAME, Outcome.FAULT]
    assert shown.rows[0].says == f"New here: {CARE}, {SITE}, from 5 Jan 2026."
    assert [(fault.column, fault.value) for fault in shown.rows[2].faults] == [
        ("Staff number", ""),
        ("Start date", "31/02/2026"),
        ("E-mail", "x"),
    ]
    assert by_number(database, "00123") is None
    assert ann.name == "Ann"


def by_name(database, name):
    return next(row for row in rows(database, Person) if row.name == name)


def test_applying_adds_people_with_their_jobs_and_what_they_need(database, home):
    imported(database, home.viewer, ("00123", "Óscar", CARE, SITE, date(2026, 1, 5), "", "o@home.example"))
    person = by_number(database, "00123")
    assert (person.name, person.email) == ("Óscar", "o@home.example")
    assert jobs_of(database, home.viewer, "00123") == [(CARE, SITE, date(2026, 1, 5), None)]
    assert standing_checks.verify(database, now=LATER) == []


def test_a_job_that_changes_is_a_change_from_a_day_and_the_old_one_stays_until_then(database, home):
    imported(database, home.viewer, ("7", "Ann", CARE, SITE, date(2026, 1, 5), "", ""))
    imported(database, home.viewer, ("7", "Ann", NURSE, SITE, date(2026, 1, 5), "", ""), now=NOW + timedelta(hours=2))
    assert jobs_of(database, home.viewer, "7") == [
        (CARE, SITE, date(2026, 1, 5), TODAY - timedelta(days=1)),
        (NURSE, SITE, TODAY, None),
    ]
    assert len(rows(database, Employment)) == 3, "the first one is withdrawn and kept"


def test_importing_the_same_file_again_changes_nothing(database, home):
    people = [("7", "Ann Lee", CARE, SITE, "5/1/2026", "", ""), ("8", "Bo", NURSE, SITE, "", "", "bo@x.example")]
    imported(database, home.viewer, *people)
    again = plan(database, home.viewer, *[(n, f" {name.upper()}\xa0 ", *rest) for n, name, *rest in people])
    shown = page(database, home.viewer, again, now=LATER)
    assert {row.outcome for row in shown.rows} == {Outcome.SAME}


def test_two_rows_of_one_person_are_two_jobs(database, home):
    imported(database, home.viewer, ("7", "Ann", CARE, SITE, "1/1/2026", "", ""), ("7", "Ann", NURSE, SITE, "", "", ""))
    assert [job[0] for job in jobs_of(database, home.viewer, "7")] == [CARE, NURSE]
    assert len([row for row in rows(database, Person) if row.staff_number == "7"]) == 1


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("007", "Ann", CARE, SITE, "", "", ""), "Staff number", "Somebody here has the staff number 7."),
        (("9", "Ann", CARE, "First  Sit", "", "", ""), "Site", "Did you mean First site?"),
        (("9", "Ann", "Wizard", SITE, "", "", ""), "Job title", "There is no job title called Wizard."),
        (("9", "Ann", CARE, SITE, "1/1/1890", "", ""), "Start date", "between 1950 and the end of next year"),
        (("9", "", CARE, SITE, "", "", ""), "Name", "Enter a name"),
        (("9", "A" * 256, CARE, SITE, "", "", ""), "Name", "longer than 255"),
        (("9" * 61, "Ann", CARE, SITE, "", "", ""), "Staff number", "at most 60"),
        (("9", "Ann", CARE, SITE, "", "", "ann@home.example"), "E-mail", "Somebody else here has this address."),
        ((date(2026, 2, 1), "Ann", CARE, SITE, "", "", ""), "Staff number", "holds a date"),
        (("9", "Ann", CARE, SITE, "2/2/2026", "1/2/2026", ""), "Last day", "before the first"),
    ],
)
def test_what_is_wrong_is_said_at_its_column_with_what_to_do(database, home, row, column, words):
    imported(database, home.viewer, ("7", "Ann Seven", CARE, SITE, "", "", "ann@home.example"))
    shown = page(database, home.viewer, plan(database, home.viewer, row), now=LATER)
    (fault,) = shown.rows[0].faults
    assert fault.column == column
    assert words in fault.words


def test_rows_that_contradict_each_other_are_wrong(database, home):
    import_id = plan(
        database,
        home.viewer,
        ("7", "Ann", CARE, SITE, "", "", "a@x.example"),
        ("7", "Bob", NURSE, SITE, "", "", ""),
        ("07", "Cy", CARE, SITE, "", "", ""),
        ("8", "Di", CARE, SITE, "", "", "a@x.example"),
        ("9", "Ed", CARE, SITE, "", "", ""),
        ("9", "Ed", CARE, SITE.upper(), "", "", ""),
    )
    said = [row.says for row in page(database, home.viewer, import_id, now=LATER).rows]
    assert said[0] == "Row 3 is about the same person and has a fault."
    assert said[1] == "Row 2 has the same staff number and another name."
    assert said[2].startswith("Another row has 7.")
    assert said[3] == "Row 2 gives the same address to somebody else."
    assert said[5] == "Row 6 says the same job again."


def test_rows_that_are_wrong_are_left_out_only_when_that_is_asked_for(database, home):
    import_id = plan(database, home.viewer, ("7", "Ann", CARE, SITE, "", "", ""), ("8", "", CARE, SITE, "", "", ""))
    with pytest.raises(FaultsLeft):
        apply(database, home.viewer, import_id)
    assert by_number(database, "7") is None
    apply(database, home.viewer, import_id, leave_out_faults=True)
    assert by_number(database, "7") is not None
    assert by_number(database, "8") is None


def choose(database, viewer, import_id, **chosen):
    people_imports.choose(database, viewer=viewer, import_id=import_id, **{"from_day": TODAY, "now": LATER, **chosen})


def test_unknown_sites_and_job_titles_are_made_only_when_ticked(database, home):
    import_id = plan(database, home.viewer, ("7", "Ann", "Night nurse", "The Mill", "", "", ""))
    shown = page(database, home.viewer, import_id, now=LATER)
    assert (shown.summary["unknown_sites"], shown.summary["unknown_titles"]) == ({"The Mill": 1}, {"Night nurse": 1})
    choose(database, home.viewer, import_id, new_sites=["The Mill", "Not in the file"])
    assert page(database, home.viewer, import_id, now=LATER).faults == 1
    titles = {"Night nurse": Role.NON_PRESCRIBER}
    choose(database, home.viewer, import_id, new_sites=["The Mill"], new_titles=titles)
    assert page(database, home.viewer, import_id, now=LATER).faults == 0
    apply(database, home.viewer, import_id)
    assert jobs_of(database, home.viewer, "7") == [("Night nurse", "The Mill", TODAY, None)]
    assert {row.name for row in rows(database, Site)} == {SITE, "The Mill"}
    found = {row.name: row.role for row in organisations.list_job_titles(database, viewer=home.viewer)}
    assert found["Night nurse"] is Role.NON_PRESCRIBER


def test_absence_from_the_file_means_leaving_only_when_ticked(database, home):
    people = [(str(n), f"Person {n}", CARE, SITE, "1/1/2026", "", "") for n in range(1, 31)]
    imported(database, home.viewer, *people)
    import_id = plan(database, home.viewer, *people[1:])
    assert page(database, home.viewer, import_id, now=LATER).count(Outcome.LEAVES) == 0
    choose(database, home.viewer, import_id, leavers=True, last_day=TODAY)
    shown = page(database, home.viewer, import_id, shown="leaves", now=LATER)
    assert [row.says for row in shown.rows] == [f"Not in the file. Last day 2 Mar 2026: {CARE}, {SITE}."]
    assert not shown.summary["must_type"], "one of thirty is under five in a hundred"
    apply(database, home.viewer, import_id)
    assert jobs_of(database, home.viewer, "1") == [(CARE, SITE, date(2026, 1, 1), TODAY)]


def test_more_than_five_in_a_hundred_leave_only_when_their_number_is_typed(database, home):
    people = [(str(n), f"Person {n}", CARE, SITE, "1/1/2026", "", "") for n in range(1, 31)]
    imported(database, home.viewer, *people)
    import_id = plan(database, home.viewer, *people[2:])
    choose(database, home.viewer, import_id, leavers=True, last_day=TODAY)
    for typed in (None, 1, 3):
        with pytest.raises(LeaversNotTyped, match="2 of 30 people would leave"):
            apply(database, home.viewer, import_id, typed_leavers=typed)
    apply(database, home.viewer, import_id, typed_leavers=2)
    assert jobs_of(database, home.viewer, "2")[0][3] == TODAY


def test_somebody_with_a_fault_in_the_file_does_not_leave(database, home):
    imported(database, home.viewer, ("7", "Ann", CARE, SITE, "1/1/2026", "", ""))
    import_id = plan(database, home.viewer, ("7", "", CARE, SITE, "", "", ""))
    choose(database, home.viewer, import_id, leavers=True, last_day=TODAY)
    assert page(database, home.viewer, import_id, now=LATER).count(Outcome.LEAVES) == 0


def test_a_plan_that_has_been_overtaken_is_shown_anew_and_nothing_is_done(database, home):
    import_id = plan(database, home.viewer, ("7", "Ann", CARE, SITE, "", "", ""), ("8", "Bo", CARE, SITE, "", "", ""))
    make_person(database, home, now=LATER, name="Quicker")
    with database.write(home.viewer.organisation_id) as session:
        session.execute(update(Person).where(Person.name == "Quicker").values(staff_number="8"))
    with pytest.raises(PlanChanged, match="1 row comes out differently now"):
        apply(database, home.viewer, import_id)
    assert by_number(database, "7") is None
    shown = page(database, home.viewer, import_id, now=LATER)
    assert shown.rows[1].says == "Name becomes Bo; it was Quicker."
    apply(database, home.viewer, import_id)
    assert by_number(database, "8").name == "Bo"


def test_an_import_is_applied_once_and_not_after_its_time(database, home):
    import_id = imported(database, home.viewer, ("7", "Ann", CARE, SITE, "", "", ""))
    with pytest.raises(ImportGone, match="applied already"):
        apply(database, home.viewer, import_id)
    other = plan(database, home.viewer, ("8", "Bo", CARE, SITE, "", "", ""))
    with pytest.raises(ImportGone, match="expired"):
        apply(database, home.viewer, other, now=LATER + import_runs.EXPIRES)
    plan(database, home.viewer, ("8", "Bo", CARE, SITE, "", "", ""), now=LATER + import_runs.EXPIRES)
    assert other not in {row.id for row in rows(database, ImportRun)}, "what has expired is cleared away"
    assert other not in {row.import_id for row in rows(database, ImportRow)}


def test_a_plan_belongs_to_whoever_made_it(database, home, catalog):
    import_id = plan(database, home.viewer, ("7", "Ann", CARE, SITE, "", "", ""))
    away = make_organisation(database, catalog=catalog, now=NOW, slug="away")
    other = make_person(database, home, now=NOW)
    for stranger in (away.viewer, replace(other, manages_all=True)):
        with pytest.raises(NotFound):
            page(database, stranger, import_id, now=LATER)
        with pytest.raises(NotFound):
            apply(database, stranger, import_id)


def test_a_site_manager_imports_people_of_their_sites_alone(database, home):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    boss = replace(make_person(database, home, now=NOW), site_ids=frozenset({home.site_id}))
    there = make_person(database, home, now=NOW, name="Ryan", site_id=second)
    number = by_name(database, "Ryan").staff_number
    import_id = plan(
        database,
        boss,
        ("70", "Ann", CARE, SITE, "", "", ""),
        ("71", "Bo", CARE, "Second site", "", "", ""),
        (number, "Someone else", CARE, SITE, "", "", ""),
        ("72", "Cy", "Wizard", SITE, "", "", ""),
    )
    shown = page(database, boss, import_id, now=LATER)
    assert [row.outcome for row in shown.rows] == [Outcome.CREATE, *[Outcome.FAULT] * 3]
    assert "You manage other sites" in shown.rows[1].says
    assert "somebody at other sites" in shown.rows[2].says
    assert "Ryan" not in repr(shown)
    with pytest.raises(NotAllowed):
        choose(database, boss, import_id, new_titles={"Wizard": Role.PRESCRIBER})
    apply(database, boss, import_id, leave_out_faults=True)
    assert jobs_of(database, home.viewer, "70")[0][1] == SITE
    assert there.name == "Ryan"


def test_an_auditor_imports_nothing(database, home):
    auditor = replace(home.viewer, reads_only=True)
    with pytest.raises(NotAllowed):
        plan(database, auditor, ("7", "Ann", CARE, SITE, "", "", ""))


def test_headings_may_stand_lower_in_another_order_with_others_between(database, home):
    lines = table(
        ("Staff list", ""),
        ("SURNAME", "Colour", "Forename", "Location", "Employee No.", "Position"),
        ("Lee ", "red", " Ann", SITE, "7", CARE),
        headings=("", ""),
    )
    import_id = people_imports.plan_file(database, viewer=home.viewer, lines=lines, file_name="x.csv", now=LATER)
    shown = page(database, home.viewer, import_id, now=LATER)
    assert shown.rows[0].wanted["name"] == "Ann Lee"
    assert shown.rows[0].line == 4
    assert shown.summary["ignored"] == ["Colour"]
    with pytest.raises(HeadingsMissing, match="No column is called “Staff number”"):
        plan(database, home.viewer, ("Ann", CARE, SITE), headings=("Name", "Job title", "Site"))


def test_undoing_withdraws_what_was_written_and_keeps_anew_what_was_taken_away(database, home):
    imported(database, home.viewer, ("7", "Ann", CARE, SITE, "1/1/2026", "", ""))
    second = imported(
        database,
        home.viewer,
        ("7", "Anna", NURSE, SITE, "", "", "anna@x.example"),
        ("8", "Bo", CARE, SITE, "1/1/2026", "", ""),
        now=LATER + timedelta(hours=1),
    )
    before = len(rows(database, Employment))
    import_undoing.undo(database, viewer=home.viewer, import_id=second, now=LATER + timedelta(hours=2))
    assert jobs_of(database, home.viewer, "7") == [(CARE, SITE, date(2026, 1, 1), None)]
    assert jobs_of(database, home.viewer, "8") == []
    assert (by_number(database, "7").name, by_number(database, "7").email) == ("Ann", None)
    assert len(rows(database, Employment)) == before + 1, "nothing is deleted"
    assert standing_checks.verify(database, now=LATER + timedelta(hours=2)) == []


def test_after_an_undo_the_mended_file_can_be_imported(database, home):
    boss = replace(make_person(database, home, now=NOW), site_ids=frozenset({home.site_id}))
    first = imported(database, boss, ("7", "Ann", CARE, SITE, "1/1/2026", "", ""))
    import_undoing.undo(database, viewer=boss, import_id=first, now=LATER + timedelta(hours=1))
    imported(database, boss, ("7", "Anna", CARE, SITE, "2/1/2026", "", ""), now=LATER + timedelta(hours=2))
    assert by_number(database, "7").name == "Anna"
    assert jobs_of(database, home.viewer, "7") == [(CARE, SITE, date(2026, 1, 2), None)]


def test_only_the_last_import_is_undone(database, home):
    first = imported(database, home.viewer, ("7", "Ann", CARE, SITE, "", "", ""))
    second = imported(database, home.viewer, ("8", "Bo", CARE, SITE, "", "", ""), now=LATER + timedelta(hours=1))
    later = LATER + timedelta(hours=2)
    with pytest.raises(CannotUndo, match="not the last"):
        import_undoing.undo(database, viewer=home.viewer, import_id=first, now=later)
    import_undoing.undo(database, viewer=home.viewer, import_id=second, now=later)
    with pytest.raises(CannotUndo, match="undone already"):
        import_undoing.undo(database, viewer=home.viewer, import_id=second, now=later)
    import_undoing.undo(database, viewer=home.viewer, import_id=first, now=later)


def test_an_import_says_why_it_cannot_be_undone(database, home):
    first = imported(database, home.viewer, ("7", "Ann", CARE, SITE, "", "", ""))

    def says(now=LATER):
        shown = page(database, home.viewer, first, now=now)
        assert shown.may_undo == (shown.why_not_undone == "")
        return shown.why_not_undone

    assert says(LATER + timedelta(days=30) - timedelta(seconds=1)) == ""
    assert says(LATER + timedelta(days=30)).startswith("It was applied more than 30 days ago.")
    second = imported(database, home.viewer, ("8", "Bo", CARE, SITE, "", "", ""), now=LATER + timedelta(hours=1))
    assert says().startswith("Only the last import can be undone")
    for import_id in (second, first):
        import_undoing.undo(database, viewer=home.viewer, import_id=import_id, now=LATER + timedelta(hours=2))
    assert says() == "This import has been undone already."


def test_a_plan_cannot_be_undone(database, home):
    import_id = plan(database, home.viewer, ("7", "Ann", CARE, SITE, "", "", ""))
    assert not page(database, home.viewer, import_id, now=LATER).may_undo


@pytest.mark.parametrize("what", ["leave", "sign-in", "job", "too long ago"])
def test_an_import_is_not_undone_where_something_later_rests_on_it(database, home, what):
    import_id = imported(database, home.viewer, ("7", "Ann", CARE, SITE, "1/1/2026", "", ""))
    person_id, later = by_number(database, "7").id, LATER + timedelta(hours=1)
    if what == "leave":
        days = {"starts_on": TODAY, "ends_on": None}
        absences.add_absence(database, viewer=home.viewer, person_id=person_id, now=later, **days)
    elif what == "sign-in":
        let_in(database, home, replace(home.viewer, person_id=person_id), now=later)
    elif what == "job":
        (job,) = [row for row in rows(database, Employment) if row.person_id == person_id]
        employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=TODAY, now=later)
    else:
        later += import_runs.UNDO_WITHIN
    with pytest.raises(CannotUndo, match="more than 30 days" if what == "too long ago" else "Ann "):
        import_undoing.undo(database, viewer=home.viewer, import_id=import_id, now=later)
    assert len(jobs_of(database, home.viewer, "7")) == 1


def test_an_import_tells_nobody_of_what_was_due_already(database, home):
    people = [(str(n), f"Person {n}", CARE, SITE, "1/1/2026", "", f"p{n}@x.example") for n in range(1, 4)]
    told_before = {name for one in reminders.plan(database, now=LATER) for name, _ in one.reminders}
    imported(database, home.viewer, *people)
    told = {name for one in reminders.plan(database, now=LATER) for name, _ in one.reminders}
    assert told == told_before
    assert rows(database, QuietStep)
    later = reminders.plan(database, now=LATER, on=TODAY + timedelta(days=30))
    assert {"Person 1", "Person 2", "Person 3"} <= {name for one in later for name, _ in one.reminders}


def test_names_in_any_script_arrive_as_they_are(database, home):
    names = ["محمد علي", "李小龍", "Zoë 🦊 O'Neil", "=cmd|' /C calc'!A0", "A" * 255, 'Ágnes, "Ági"', "שרה\u200f לוי"]
    imported(database, home.viewer, *[(f"n{i}", name, CARE, SITE, "", "", "") for i, name in enumerate(names)])
    found = [by_number(database, f"n{i}").name for i in range(len(names))]
    assert found == [name.replace("\u200f", "") for name in names]


def test_numbers_on_record_that_differ_in_zeros_alone_are_two_people(database, home):
    imported(database, home.viewer, ("7", "Ann", CARE, SITE, "", "", ""))
    with database.write(home.viewer.organisation_id) as session:
        session.execute(update(Person).where(Person.name == "manager").values(staff_number="007"))
    import_id = plan(
        database, home.viewer, ("7", "Ann", CARE, SITE, "", "", ""), ("007", "manager", CARE, SITE, "", "", "")
    )
    shown = page(database, home.viewer, import_id, now=LATER)
    assert [row.outcome for row in shown.rows] == [Outcome.SAME, Outcome.CHANGE]


def test_two_who_apply_at_once_do_it_once(database, home):
    import_id = plan(database, home.viewer, *[(str(n), f"P {n}", CARE, SITE, "", "", "") for n in range(1, 6)])
    came = all_at_once(*[partial(apply, database, home.viewer, import_id)] * 2)
    assert sorted(type(one) for one in came if one is not None) == [ImportGone]
    assert len(rows(database, Employment)) == 5


def test_somebody_added_in_the_same_moment_is_never_there_twice(database, home):
    import_id = plan(database, home.viewer, ("n1", "Ann", CARE, SITE, "", "", ""))
    new = NewPerson("Ann", "", "n1", home.titles[Role.SOCIAL_CARE], home.site_id, TODAY)
    add = partial(people.add_person, database, viewer=home.viewer, new=new, now=LATER)
    came = all_at_once(partial(apply, database, home.viewer, import_id), add)
    assert [row.name for row in rows(database, Person) if row.staff_number == "n1"] == ["Ann"]
    refused = [one for one in came if isinstance(one, Exception)]
    assert [type(one) for one in refused] in ([PlanChanged], [Overtaken], [AlreadyThere])


def test_a_plan_takes_as_many_queries_for_sixty_rows_as_for_ten(database, home):
    counts = set()
    for many in (10, 60):
        import_id = plan(database, home.viewer, *[(f"q{n}", f"P {n}", CARE, SITE, "", "", "") for n in range(many)])
        statements = run(database, partial(page, database, home.viewer, import_id, now=LATER))
        counts.add(len(statements))
    assert len(counts) == 1
    assert max(counts) <= 8
