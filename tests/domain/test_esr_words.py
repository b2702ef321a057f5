"""What a mapping for ESR, or a file in which it finds nothing, is told in words."""

from dataclasses import replace
from datetime import date

import pytest

from training.domain.esr import (
    Column,
    DayForm,
    EsrMapping,
    Holds,
    MappingRefused,
    NothingMapped,
    alike,
    formula_words,
    hand_over,
    nothing_words,
    tidy,
)
from training.domain.upload import Line, Table, read_table

COLUMNS = (Column(Holds.STAFF_NUMBER, "No."), Column(Holds.COMPETENCE, "Competence"), Column(Holds.PASSED_ON, "Day"))
MAPPING = EsrMapping("Ours", COLUMNS, {"basics": "STOMP"})
FIXED = Column(Holds.FIXED, "VPD", "457")


def holding(**changes):
    return replace(MAPPING, columns=(*COLUMNS, replace(FIXED, **changes)))


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (replace(MAPPING, name=""), "Enter a name."),
        (replace(MAPPING, name="x" * 256), "The name is longer than 255 characters."),
        (
            replace(MAPPING, columns=COLUMNS[1:]),
            "Write what the column with the staff number is called: no row means anything without.",
        ),
        (holding(heading=""), "Enter a heading."),
        (holding(heading="x" * 256), "The heading is longer than 255 characters."),
        (holding(text="x" * 256), "The text is longer than 255 characters."),
        (holding(text="+457"), "It begins with +, which a spreadsheet takes for a formula."),
        (holding(heading=" DAY"), "Two columns are called “Day”."),
        (replace(MAPPING, competences={}), "Name the competence of at least one item."),
        (
            replace(MAPPING, competences={"basics": "x" * 256}),
            "The name of the competence is longer than 255 characters.",
        ),
        (
            replace(MAPPING, competences={"basics": "STOMP", "story": "stomp|"}),
            "Two items have the competence “STOMP”, so nobody could tell which is meant.",
        ),
    ],
)
def test_a_mapping_that_would_not_work_is_told_what_to_change(mapping, words):
    with pytest.raises(MappingRefused) as refused:
        tidy(mapping)
    assert str(refused.value) == words


def test_the_longest_texts_are_kept_and_so_is_the_form_of_days():
    longest = replace(holding(text="x" * 255), name="n" * 255, day_form=DayForm.ISO)
    assert tidy(longest) == longest


def test_a_heading_is_found_by_what_its_column_holds():
    assert (MAPPING.heading_of(Holds.PASSED_ON), MAPPING.heading_of(Holds.UNTIL)) == ("Day", "")


def test_names_are_alike_without_bars_capitals_and_spaces_too_many():
    assert alike(" STOMP  Basics| |") == "stomp basics"
    assert alike("STOMP X") == "stomp x"


def test_the_first_thing_to_be_seen_is_what_it_begins_with():
    assert formula_words("  =1+") == "It begins with =, which a spreadsheet takes for a formula."


def test_competences_that_mean_nothing_are_named_as_far_as_five():
    nothing = "No row of the file has a competence that stands for an item in this mapping."
    assert nothing_words([]) == nothing
    assert nothing_words(["a", "b"]) == f"{nothing} It has “a”, “b”."
    assert nothing_words(list("abcdefg")) == f"{nothing} It has “a”, “b”, “c”, “d”, “e”."
    table = Table({Holds.COMPETENCE: 0}, {}, (), (Line(5, ("Fire",)),))
    with pytest.raises(NothingMapped) as refused:
        hand_over(table, MAPPING)
    assert str(refused.value) == f"{nothing} It has “Fire”."


def test_what_is_handed_over_has_the_headings_of_the_file_and_is_found_by_them():
    columns = {Holds.COMPETENCE: 0, Holds.STAFF_NUMBER: 1, Holds.PASSED_ON: 2}
    called = {Holds.COMPETENCE: "competence:", Holds.STAFF_NUMBER: "No", Holds.PASSED_ON: "DAY"}
    found = hand_over(Table(columns, called, (), (Line(5, ("Stomp", "7", "1/2/2026")),)), MAPPING)
    headings, line = found.lines
    assert headings == Line(4, ("No", "competence:", "DAY"))
    assert line == Line(5, ("7", "basics", "1/2/2026"))
    table = read_table(found.lines, found.fields)
    assert table.headings == {"staff_number": "No", "item": "competence:", "passed_on": "DAY"}
    assert table.ignored == ()


def test_an_expiry_is_handed_over_where_the_file_has_one():
    columns = {Holds.COMPETENCE: 0, Holds.STAFF_NUMBER: 1, Holds.PASSED_ON: 2, Holds.UNTIL: 3}
    called = {Holds.COMPETENCE: "C", Holds.STAFF_NUMBER: "N", Holds.PASSED_ON: "D", Holds.UNTIL: "Until"}
    found = hand_over(Table(columns, called, (), (Line(5, ("Stomp", "7", "1/2/2026", "1/2/2027")),)), MAPPING)
    assert found.lines[1].cells == ("7", "basics", "1/2/2026", "1/2/2027")
    assert read_table(found.lines, found.fields).headings["given_until"] == "Until"


def test_days_are_written_as_they_were_chosen():
    assert DayForm.ISO.written(date(2026, 3, 2)) == "2026-03-02"
