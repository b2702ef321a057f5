"""What comes of the lines of a staff list, beside what is on record: as values, with no database."""

from datetime import date

import pytest

from training.domain.days import Span
from training.domain.people_import import (
    Become,
    Begin,
    Choices,
    End,
    House,
    Known,
    KnownJob,
    Names,
    Outcome,
    Place,
    Rename,
    too_many_leave,
)
from training.domain.people_planning import make_plan
from training.domain.people_rows import Wanted, read_rows
from training.domain.row_reading import Read
from training.domain.upload import CellUnreadable, Line, Table

TODAY = date(2026, 3, 2)
JANUARY, FEBRUARY = date(2026, 1, 5), date(2026, 2, 1)
CARER, NURSE = Place("t1", "Carer"), Place("t2", "Nurse")
NORTH, SOUTH = Place("s1", "North"), Place("s2", "South")


def job(title=CARER, site=NORTH, from_=JANUARY, until=None, id_="j1"):
    return KnownJob(id_, title, site, Span(from_, until))


def known(*jobs, **more):
    return Known(**{"id": "p1", "name": "Ann", "staff_number": "7", "email": "", "jobs": jobs, **more})


def wanted(title="Carer", site="North", number="7", name="Ann", **more):
    return Wanted(number, name, title, site, **more)


def plan(*rows, people=(), choices=None, sites=(NORTH, SOUTH), me=""):
    house = House(people=people, titles=Names.of([CARER, NURSE]), sites=Names.of(sites), me=me)
    read = [Read(number, row) for number, row in enumerate(rows, start=2)]
    return make_plan(read, house=house, choices=choices or Choices(from_day=TODAY), today=TODAY)


def only(*rows, **more):
    (row,) = plan(*rows, **more).rows
    return row


def test_somebody_new_begins_on_the_day_given_or_else_the_one_chosen():
    assert only(wanted(starts_on=JANUARY)).acts == (Begin("Carer", "North", Span(JANUARY)),)
    assert only(wanted()).acts == (Begin("Carer", "North", Span(TODAY)),)
    assert only(wanted(starts_on=JANUARY, ends_on=date(2026, 6, 1))).acts[0].days == Span(JANUARY, date(2026, 6, 1))


def test_somebody_new_who_has_left_already_is_left_alone():
    row = only(wanted(starts_on=JANUARY, ends_on=FEBRUARY))
    assert (row.outcome, row.acts) == (Outcome.SAME, ())
    assert row.says == "They are not known here, and the file's last day is 1 Feb 2026: left alone."


def test_the_same_job_is_left_alone_whatever_the_capitals():
    row = only(wanted("CARER", "north", name="ANN"), people=[known(job())])
    assert (row.outcome, row.says, row.acts) == (Outcome.SAME, "As it is.", ())


def test_another_start_date_of_the_same_job_is_told_and_left():
    row = only(wanted(starts_on=FEBRUARY), people=[known(job())])
    assert row.says == "As it is. The file says from 1 Feb 2026, the record from 5 Jan 2026: left as it is."


@pytest.mark.parametrize(("given", "from_"), [(FEBRUARY, FEBRUARY), (JANUARY, TODAY), (None, TODAY)])
def test_another_job_changes_from_the_day_given_where_that_comes_after_the_first(given, from_):
    row = only(wanted("Nurse", starts_on=given), people=[known(job())])
    assert row.acts == (Become(job(), "Nurse", "North", from_),)
    assert row.outcome is Outcome.CHANGE


def test_a_change_of_title_and_site_keeps_the_last_day_of_the_job():
    ending = job(until=date(2026, 6, 1))
    row = only(wanted("Nurse", "South"), people=[known(ending)])
    assert row.says == "From 2 Mar 2026 Nurse, South; until then Carer, North."


@pytest.mark.parametrize(
    "of", [job(from_=TODAY), job(from_=date(2026, 4, 1)), job(until=TODAY, from_=date(2026, 3, 2))]
)
def test_a_job_that_has_not_begun_before_the_day_cannot_change_on_it(of):
    row = only(wanted("Nurse"), people=[known(of)])
    assert row.outcome is Outcome.FAULT
    assert "cannot change on 2 Mar 2026" in row.says


def test_a_last_day_ends_the_job_and_only_once():
    row = only(wanted(ends_on=TODAY), people=[known(job())])
    assert row.acts == (End(job(), TODAY),)
    assert only(wanted(ends_on=TODAY), people=[known(job(until=TODAY))]).outcome is Outcome.SAME
    assert "before the job's first" in only(wanted(ends_on=date(2026, 1, 4)), people=[known(job())]).says


def test_a_last_day_of_a_job_that_they_do_not_have_is_wrong():
    assert "ends a job that they do not have" in only(wanted("Nurse", ends_on=FEBRUARY), people=[known(job())]).says
    both = only(wanted("Nurse", ends_on=date(2026, 6, 1)), people=[known(job())])
    assert "changes a job and ends it as well" in both.says


def test_a_leaver_who_is_in_the_file_again_comes_back_after_the_old_job():
    left = known(job(until=FEBRUARY))
    assert only(wanted(starts_on=JANUARY), people=[left]).acts == (Begin("Carer", "North", Span(TODAY)),)
    back = date(2026, 2, 20)
    assert only(wanted(starts_on=back), people=[left]).acts == (Begin("Carer", "North", Span(back)),)


def test_days_on_which_they_had_the_job_already_are_wrong():
    left = known(job(until=date(2026, 3, 1)), job(NURSE, from_=JANUARY, until=date(2026, 2, 20), id_="j2"))
    chosen = Choices(from_day=date(2026, 2, 10))
    row = only(wanted(starts_on=JANUARY), people=[left], choices=chosen)
    assert "They have this job from 5 Jan 2026 until 1 Mar 2026 already." in row.says


def test_rows_of_one_person_are_jobs_and_one_that_is_spare_becomes_the_one_that_is_missing():
    two = known(job(), job(NURSE, SOUTH, id_="j2"))
    same, change = plan(wanted(), wanted("Nurse", "North"), people=[two]).rows
    assert (same.outcome, change.acts) == (Outcome.SAME, (Become(two.jobs[1], "Nurse", "North", TODAY),))
    added = plan(wanted(), wanted("Nurse"), people=[known(job())]).rows
    assert added[1].acts == (Begin("Nurse", "North", Span(TODAY)),)
    assert only(wanted(), people=[two]).outcome is Outcome.SAME, "the other job is not in the file and stays"


def test_which_job_a_row_changes_is_never_guessed():
    two = known(job(), job(NURSE, SOUTH, id_="j2"))
    assert "not clear which of them this row changes" in only(wanted("Nurse", "North"), people=[two]).says


def test_what_the_file_leaves_empty_is_never_erased():
    there = known(job(until=date(2026, 6, 1)), email="ann@x.example")
    assert only(wanted(), people=[there]).acts == ()


def test_a_name_and_an_address_that_differ_are_changes_and_capitals_are_none():
    row = only(wanted(name="Anna", email="anna@x.example"), people=[known(job())])
    assert row.acts == (Rename("Anna", "anna@x.example"),)
    assert row.says == "Name becomes Anna; it was Ann. E-mail address becomes anna@x.example."
    elsewhere = only(wanted(name="Anna"), people=[known(job(), wholly=False)])
    assert (elsewhere.outcome, elsewhere.acts) == (Outcome.SAME, ())


def test_jobs_at_sites_of_others_are_not_touched():
    theirs = Place("s2", "South", yours=False)
    row = only(wanted(), people=[known(job(NURSE, theirs), wholly=False)], sites=(NORTH, theirs))
    assert row.acts == (Begin("Carer", "North", Span(TODAY)),)


def test_whoever_is_not_named_leaves_where_that_was_chosen():
    people = [
        known(job()),
        known(job(id_="j2"), id="p2", staff_number="8", name="Bo"),
        known(job(id_="j3"), id="p3", staff_number="", name="No number"),
        known(job(id_="j4"), id="me", staff_number="9", name="Me"),
        known(job(id_="j5", until=FEBRUARY), id="p5", staff_number="10", name="Gone"),
        known(job(id_="j6", until=TODAY), id="p6", staff_number="11", name="Going"),
    ]
    choices = Choices(from_day=TODAY, leavers=True, last_day=TODAY)
    found = plan(wanted(), people=people, choices=choices, me="me")
    assert [(row.line, row.wanted.name, row.acts) for row in found.rows if row.outcome is Outcome.LEAVES] == [
        (None, "Bo", (End(people[1].jobs[0], TODAY),))
    ]
    assert (found.on_file, found.without_number, found.must_type) == (5, 1, True)
    assert Outcome.LEAVES not in {row.outcome for row in plan(wanted(), people=people, me="me").rows}
    zeros = plan(wanted(), wanted(number="08", name="Bo"), people=people, choices=choices, me="me")
    assert zeros.counts[Outcome.LEAVES] == 0, "a number without its zeros is a fault and no leaver"


@pytest.mark.parametrize(
    ("leavers", "on_file", "many"), [(0, 0, False), (5, 100, False), (6, 100, True), (1, 19, True)]
)
def test_more_than_five_in_a_hundred_are_many(leavers, on_file, many):
    assert too_many_leave(leavers, on_file=on_file) is many


def test_names_that_differ_in_capitals_alone_are_found_by_the_very_name():
    names = Names.of([Place("1", "North"), Place("2", "NORTH"), Place("3", "Alder House")])
    assert [names.find(name) for name in ("North", "north")] == [Place("1", "North"), None]
    assert names.find("alder house") == Place("3", "Alder House")
    assert (names.nearest("Adler House"), names.nearest("Elsewhere")) == ("Alder House", "")


def test_unknown_names_are_counted_as_they_were_first_written():
    found = plan(wanted(site="Mill"), wanted(number="8", site="MILL"), wanted("Wizard", number="9"))
    assert (found.unknown_sites, found.unknown_titles) == ({"Mill": 2}, {"Wizard": 1})


def test_names_in_two_columns_are_joined_and_some_column_must_hold_them():
    columns = {"staff_number": 0, "job_title": 1, "site": 2, "first_name": 3, "last_name": 4}
    table = Table(columns, {}, (), (Line(2, ("7.0", "Carer", "North", " Ann", "Lee ")),))
    (read,) = read_rows(table, today=TODAY)
    assert (read.wanted.staff_number, read.wanted.name) == ("7", "Ann Lee")
    with pytest.raises(CellUnreadable, match="No column is called “Name”"):
        read_rows(Table({"staff_number": 0}, {}, (), ()), today=TODAY)


def test_what_is_kept_of_a_line_is_read_back_as_it_was():
    one = wanted(starts_on=JANUARY, ends_on=TODAY, email="a@x.example")
    assert Wanted.of(one.stored()) == one
    assert Wanted.of(wanted().stored()) == wanted()
