"""What is wrong with a line of a staff list: in which column, with which value, and in which words."""

from datetime import date

import pytest

from training.domain.days import Span
from training.domain.people_import import Choices, House, Known, KnownJob, Names, Outcome, Place
from training.domain.people_planning import MOST_GUESSES, make_plan
from training.domain.people_rows import Wanted
from training.domain.row_reading import Read
from training.domain.upload import Fault

TODAY = date(2026, 3, 2)
CARER, NORTH, SOUTH = Place("t1", "Carer"), Place("s1", "North"), Place("s2", "South", yours=False)
JOB = KnownJob("j1", CARER, NORTH, Span(date(2026, 1, 5)))
BO = Known(id="p2", name="Bo", staff_number="8", email="bo@x.example", jobs=(JOB,))


def wanted(number="7", name="Ann", title="Carer", site="North", **more):
    return Wanted(number, name, title, site, **more)


def plan(*rows, people=(), choices=None):
    house = House(people=people, titles=Names.of([CARER]), sites=Names.of([NORTH, SOUTH]))
    read = [Read(number, row) for number, row in enumerate(rows, start=2)]
    return make_plan(read, house=house, choices=choices or Choices(from_day=TODAY), today=TODAY)


def faults(*rows, **more):
    return [row.faults for row in plan(*rows, **more).rows]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            wanted(site="Nroth"),
            Fault(
                "Site",
                "Nroth",
                "There is no site called Nroth. Did you mean North? Mend it in the file, or have it made.",
            ),
        ),
        (
            wanted(title="Wizard"),
            Fault(
                "Job title",
                "Wizard",
                "There is no job title called Wizard. Mend it in the file, or have it made.",
            ),
        ),
        (
            wanted(site="South"),
            Fault("Site", "South", "You manage other sites. Leave this row to a manager of the whole organisation."),
        ),
        (wanted(email="bo@x.example"), Fault("E-mail", "bo@x.example", "Somebody else here has this address.")),
        (
            wanted(number="08"),
            Fault(
                "Staff number",
                "08",
                "Somebody here has the staff number 8. If it is the same person, write it just so, as text.",
            ),
        ),
    ],
)
def test_a_line_is_told_what_is_wrong_where_and_what_to_do(row, fault):
    (planned,) = plan(row, people=[BO]).rows
    assert (planned.line, planned.wanted, planned.outcome) == (2, row, Outcome.FAULT)
    assert (planned.faults, planned.says) == ((fault,), fault.words)


def test_somebody_at_other_sites_is_left_to_others():
    theirs = Known(id="p2", name="Bo", staff_number="8", email="", jobs=(), yours=False)
    words = "This number belongs to somebody at other sites. Ask a manager of the whole organisation."
    assert faults(wanted(number="8", name="Bo"), people=[theirs]) == [(Fault("Staff number", "8", words),)]


def test_the_same_number_written_in_two_ways_is_told():
    words = "Another row has 7. If it is the same person, write both alike, as text."
    assert faults(wanted(), wanted(number="07", name="Ann"))[1] == (Fault("Staff number", "07", words),)


def test_two_lines_of_one_person_may_not_differ_in_name_nor_say_one_job_twice():
    assert faults(wanted(), wanted(name="Eve", title="carer")) == [
        (Fault("Staff number", "7", "Row 3 is about the same person and has a fault."),),
        (
            Fault("Name", "Eve", "Row 2 has the same staff number and another name."),
            Fault("Staff number", "7", "Row 2 says the same job again."),
        ),
    ]
    both = plan(wanted(), wanted(name="Eve")).rows[1]
    assert both.says == "Row 2 has the same staff number and another name. Row 2 says the same job again."


def test_one_address_for_two_people_is_told_and_ones_own_is_none():
    first, second = wanted(email="a@x.example"), wanted(number="9", name="Cy", email="a@x.example")
    words = "Row 2 gives the same address to somebody else."
    assert faults(first, second) == [(), (Fault("E-mail", "a@x.example", words),)]
    assert faults(wanted(number="8", name="Bo", email="bo@x.example"), people=[BO]) == [()]


def test_only_so_many_names_are_compared_with_those_that_are_there():
    rows = [wanted(number=str(100 + number), site=f"North{number}") for number in range(MOST_GUESSES + 1)]
    guessed = ["Did you mean North?" in found[0].words for found in faults(*rows)]
    assert (guessed[0], guessed[MOST_GUESSES - 1], guessed[MOST_GUESSES]) == (True, True, False)


def test_whoever_leaves_is_told_with_every_job_and_the_day():
    second = KnownJob("j2", Place("t2", "Nurse"), NORTH, Span(date(2026, 1, 5)))
    bo = Known(id="p2", name="Bo", staff_number="8", email="", jobs=(JOB, second))
    choices = Choices(from_day=TODAY, leavers=True, last_day=date(2026, 3, 1))
    row = plan(wanted(), people=[bo], choices=choices).rows[-1]
    assert (row.line, row.wanted, row.person_id) == (None, wanted("8", "Bo"), "p2")
    assert row.says == "Not in the file. Last day 1 Mar 2026: Carer, North; Nurse, North."
