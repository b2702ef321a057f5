"""What comes of the lines of past completions, beside what is on record and our own rule: with no database."""

from datetime import date

import pytest

from training.domain.certification import Pass, certify_all
from training.domain.completion_import import PassPlanner, Rule, Shelf
from training.domain.completion_rows import WantedPass, read_passes
from training.domain.people_import import House, Known, Names, Outcome
from training.domain.requirement import Terms
from training.domain.row_reading import Read
from training.domain.upload import Line, Table

TODAY = date(2026, 3, 2)
PASSED = date(2026, 2, 1)
TITLES = {"basics": "The basics", "prn": "Medicines when needed"}
OURS = [["Staff number"], ["Training"], [], ["Expiry date"]]
ANN = Known("p1", "Ann", "7", "", ())


def plan(*rows, people=(ANN,), on_record=(), required=True, meant=None, called=None):
    def by_rule(_person, _item, passes):
        periods = certify_all(passes, terms_on=lambda _day: Terms(valid_months=12))
        return Rule(periods[-1], "Everyone") if required else None

    planner = PassPlanner(
        house=House(people=people, titles=Names.of([]), sites=Names.of([])),
        shelf=Shelf(TITLES, meant or {}),
        on_record=lambda _person, _item: on_record,
        by_rule=by_rule,
        called=called or {},
    )
    return planner.plan([Read(number, row) for number, row in enumerate(rows, start=2)])


def wanted(item="basics", passed_on=PASSED, given_until=None, number="7"):
    return WantedPass(number, item, passed_on, given_until)


def only(*rows, **more):
    (row,) = plan(*rows, **more).rows
    return row


@pytest.mark.parametrize("name", ["basics", "The basics", "THE BASICS!", "the-basics"])
def test_an_item_is_meant_by_its_slug_or_title_whatever_the_dots_and_capitals(name):
    assert only(wanted(name)).item == "basics"


def test_a_name_of_theirs_means_what_was_said_and_only_what_there_is():
    assert only(wanted("STOMP 1"), meant={"STOMP 1": "prn"}).item == "prn"
    assert only(wanted("STOMP 1"), meant={"STOMP 1": "gone"}).outcome is Outcome.FAULT
    assert plan(wanted("STOMP 1"), wanted("STOMP 1")).unknown_items == {"STOMP 1": 2}


def test_our_rule_gives_the_expiry_where_none_is_given_and_an_equal_one_is_no_difference():
    says = "Ann: The basics, passed on 1 Feb 2026. In date until 31 Jan 2027 by our rule (Everyone)."
    for given in (None, date(2027, 1, 31)):
        row = only(wanted(given_until=given))
        assert (row.outcome, row.says, row.person_id) == (Outcome.CREATE, says, "p1")


def test_an_expiry_that_our_rule_would_not_give_is_listed():
    row = only(wanted(given_until=date(2028, 1, 31)))
    assert (row.outcome, row.says) == (
        Outcome.DIFFERS,
        "Ann: The basics, passed on 1 Feb 2026. Expiry given 31 Jan 2028; our rule gives 31 Jan 2027 (Everyone).",
    )


def test_earlier_passes_on_record_and_in_the_file_count_for_what_our_rule_gives():
    before = (Pass(date(2025, 3, 10)),)
    assert only(wanted(given_until=date(2027, 3, 9)), on_record=before).outcome is Outcome.CREATE
    later, earlier = plan(wanted(given_until=date(2027, 3, 9)), wanted(passed_on=date(2025, 3, 10))).rows
    assert (later.outcome, earlier.outcome) == (Outcome.CREATE, Outcome.CREATE)


def test_what_nobody_requires_is_kept_with_no_expiry_of_ours():
    row = only(wanted(given_until=date(2027, 1, 1)), required=False)
    assert row.outcome is Outcome.CREATE
    assert "expiry given 1 Jan 2027. No requirement asks for it" in row.says


def test_a_pass_on_record_is_left_alone_and_one_with_another_expiry_is_wrong():
    assert only(wanted(), on_record=(Pass(PASSED),)).outcome is Outcome.SAME
    there = (Pass(PASSED, given_until=date(2027, 1, 1)),)
    assert only(wanted(given_until=date(2027, 1, 1)), on_record=there).outcome is Outcome.SAME
    wrong = only(wanted(given_until=date(2027, 6, 1)), on_record=there)
    assert (wrong.outcome, wrong.faults[0].value) == (Outcome.FAULT, "1 Jun 2027")
    assert "with the expiry 1 Jan 2027" in wrong.says
    bare = only(wanted(given_until=date(2027, 6, 1)), on_record=(Pass(PASSED),))
    assert "with no expiry given and 31 Jan 2027 by our rule" in bare.says


def test_a_pass_on_record_with_the_expiry_that_our_rule_gives_it_is_here_already():
    before = (Pass(date(2025, 3, 10)), Pass(PASSED))
    assert only(wanted(given_until=date(2027, 3, 9)), on_record=before).outcome is Outcome.SAME
    assert only(wanted(given_until=date(2027, 1, 31)), on_record=before).outcome is Outcome.FAULT
    unasked = only(wanted(given_until=date(2027, 1, 31)), on_record=(Pass(PASSED),), required=False)
    assert (unasked.outcome, "with no expiry given." in unasked.says) == (Outcome.FAULT, True)


def test_a_row_that_is_there_twice_counts_once():
    first, same, other = plan(wanted(), wanted(), wanted(given_until=date(2027, 6, 1))).rows
    assert [first.outcome, same.outcome, other.outcome] == [Outcome.CREATE, Outcome.SAME, Outcome.FAULT]
    assert same.says == "Ann: Row 2 says the same pass."
    assert "Row 2 says the same pass with another expiry." in other.says


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ((), "Nobody here has this staff number."),
        ((Known("p1", "Ann", "07", "", ()),), "Somebody here has the staff number 07."),
        ((Known("p1", "Ann", "07", "", (), yours=False),), "Nobody here has this staff number."),
        ((Known("p1", "Ann", "7", "", (), yours=False),), "works at other sites"),
        ((Known("p1", "Ann", "7", "", (), wholly=False),), "works at other sites"),
    ],
)
def test_a_number_that_is_not_the_viewers_is_wrong(people, words):
    assert words in only(wanted(), people=people).says


def test_cells_are_read_and_kept_and_read_back():
    columns = {"staff_number": 0, "item": 1, "passed_on": 2, "given_until": 3}
    cells = ("7.0", " Basics ", "1/2/26", date(2027, 1, 31))
    (read,) = read_passes(Table(columns, {}, (), (Line(2, cells),)), today=TODAY)
    assert read.wanted == WantedPass("7", "Basics", PASSED, date(2027, 1, 31))
    assert WantedPass.of(read.wanted.stored()) == read.wanted
    assert WantedPass.of(wanted().stored()) == wanted()


def test_faults_are_named_as_the_file_calls_its_columns_and_else_as_we_do():
    theirs = {"staff_number": "Employee", "item": "Course", "given_until": "Ends"}
    wrong = [wanted(number="8"), wanted("gone"), wanted(), wanted(given_until=date(2027, 1, 1))]
    for called, names in ((theirs, [["Employee"], ["Course"], [], ["Ends"]]), (None, OURS)):
        assert [[fault.column for fault in row.faults] for row in plan(*wrong, called=called).rows] == names
