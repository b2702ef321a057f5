"""Mappings for ESR: what may be kept, how rows look, and what is handed to the import of past training."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.esr import (
    COLUMN,
    ITEM,
    Column,
    DayForm,
    EsrMapping,
    Held,
    Holds,
    MappingRefused,
    NothingMapped,
    cells_of,
    hand_over,
    tidy,
)
from training.domain.upload import HeadingsMissing, Line, day_of, read_table

COLUMNS = (
    Column(Holds.STAFF_NUMBER, "Employee Number"),
    Column(Holds.COMPETENCE, "Competency Name"),
    Column(Holds.PASSED_ON, "Date Start"),
    Column(Holds.UNTIL, "Expiry Date"),
)
MAPPING = EsrMapping("Our trust", COLUMNS, {"basics": "457|LOCAL|STOMP basics|", "story": "457|LOCAL|A story|"})
HELD = Held("00123", "Ann", "basics", "The basics", date(2026, 3, 2), date(2027, 3, 1), "Ward", "Nurse")
HEAD = ("Competency Name", "Expiry Date", "Date Start", "Last Updated By", "Title", "VPD", "Employee Number")


def lines(*rows, head=HEAD):
    return [Line(4, head), *(Line(number, row) for number, row in enumerate(rows, start=5))]


def handed(*rows, mapping=MAPPING, head=HEAD):
    return hand_over(read_table(lines(*rows, head=head), mapping.fields), mapping)


def test_a_row_has_what_each_column_holds_in_the_order_of_the_columns():
    assert cells_of(HELD, MAPPING) == ("00123", "457|LOCAL|STOMP basics|", "02-Mar-2026", "01-Mar-2027")
    other = replace(MAPPING, columns=(*reversed(COLUMNS), Column(Holds.FIXED, "VPD", "457"), Column(Holds.NAME, "Who")))
    assert cells_of(replace(HELD, until=None), other) == (
        "",
        "02-Mar-2026",
        "457|LOCAL|STOMP basics|",
        "00123",
        "457",
        "Ann",
    )


@pytest.mark.parametrize(
    ("form", "written"),
    [(DayForm.MONTH_NAME, "30-Nov-2028"), (DayForm.SLASHES, "30/11/2028"), (DayForm.ISO, "2028-11-30")],
)
def test_days_are_written_in_the_form_that_was_chosen(form, written):
    assert form.written(date(2028, 11, 30)) == written


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)), st.sampled_from(DayForm))
def test_every_form_of_a_day_is_read_back_as_the_same_day(day, form):
    assert day_of(form.written(day)) == day


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from(DayForm), st.permutations(COLUMNS))
def test_what_is_exported_is_imported_with_the_same_mapping(day, form, columns):
    mapping = replace(MAPPING, columns=tuple(columns), day_form=form)
    cells = cells_of(replace(HELD, passed_on=day, until=None), mapping)
    (_, line) = handed(cells, mapping=mapping, head=mapping.headings).lines
    assert line.cells[:2] == ("00123", "basics")
    assert day_of(line.cells[2]) == day


def test_rows_of_other_competences_are_passed_over_and_counted():
    others = ("NHS|CSTF|Fire Safety - 2 Years|", "30-Nov-2028", "01-Dec-2026", "ADMIN", "Ms", "457", "00124")
    ours = (" 457|local|stomp Basics", "01-Mar-2027", "02-Mar-2026", "ADMIN", "Mr", "457", "00123")
    found = handed(others, ours, others)
    assert [line.number for line in found.lines] == [5, 6]
    assert found.lines[1].cells == ("00123", "basics", "02-Mar-2026", "01-Mar-2027")
    assert dict(found.others) == {"NHS|CSTF|Fire Safety - 2 Years|": 2}


def test_other_competences_are_counted_as_they_are_compared_and_named_as_the_file_has_them_first():
    ours = ("457|LOCAL|STOMP basics|", "", "02-Mar-2026", "", "", "", "00123")
    found = handed(("Fire|",), ours, ("FIRE",), ("x" * 100,))
    assert dict(found.others) == {"Fire|": 2, "x" * 80 + "…": 1}


def test_a_row_without_a_competence_is_handed_over_without_an_item():
    ours = ("457|LOCAL|STOMP basics|", "", "02-Mar-2026", "", "", "", "00123")
    found = handed(ours, (" ", "", "02-Mar-2026", "", "", "", "00124"))
    assert [line.cells[:2] for line in found.lines[1:]] == [("00123", "basics"), ("00124", "")]
    assert found.others == {}


def test_nothing_is_mapped_where_the_only_rows_have_no_competence():
    with pytest.raises(NothingMapped):
        handed((" ", "", "02-Mar-2026", "", "", "", "00124"))


def test_a_file_without_an_expiry_column_is_read_all_the_same():
    head = ("Employee Number", "Competency Name", "Date Start")
    (_, line) = handed(("00123", "457|LOCAL|STOMP basics|", "02-Mar-2026"), head=head).lines
    assert line.cells == ("00123", "basics", "02-Mar-2026")


def test_a_file_in_which_nothing_is_mapped_is_refused_with_what_it_has():
    with pytest.raises(NothingMapped, match="Fire Safety"):
        handed(("NHS|CSTF|Fire Safety - 2 Years|", "", "", "", "", "", "1"))


def test_a_file_without_a_needed_column_is_refused_with_its_name():
    with pytest.raises(HeadingsMissing, match="Employee Number"):
        handed(("x", "y"), head=("Competency Name", "Date Start"))


def with_heading(holds, heading):
    return tuple(replace(each, heading=heading) if each.holds is holds else each for each in COLUMNS)


WRONG = [
    (replace(MAPPING, name=" "), "name"),
    (replace(MAPPING, name="x" * 256), "name"),
    (replace(MAPPING, columns=COLUMNS[1:]), COLUMN + Holds.STAFF_NUMBER),
    (replace(MAPPING, columns=(*COLUMNS[:1], *COLUMNS[2:])), COLUMN + Holds.COMPETENCE),
    (replace(MAPPING, columns=(*COLUMNS[:2], *COLUMNS[3:])), COLUMN + Holds.PASSED_ON),
    (replace(MAPPING, columns=with_heading(Holds.UNTIL, "")), COLUMN + Holds.UNTIL),
    (replace(MAPPING, columns=with_heading(Holds.UNTIL, "=Expiry")), COLUMN + Holds.UNTIL),
    (replace(MAPPING, columns=with_heading(Holds.UNTIL, "date START ")), COLUMN + Holds.PASSED_ON),
    (replace(MAPPING, columns=(*COLUMNS, Column(Holds.FIXED, "VPD", "@457"))), COLUMN + Holds.FIXED),
    (replace(MAPPING, columns=(*COLUMNS, Column(Holds.FIXED, "VPD", "x" * 256))), COLUMN + Holds.FIXED),
    (replace(MAPPING, competences={}), "competences"),
    (replace(MAPPING, competences={"basics": " "}), "competences"),
    (replace(MAPPING, competences={"basics": "=x"}), ITEM + "basics"),
    (replace(MAPPING, competences={"basics": "x" * 256}), ITEM + "basics"),
    (replace(MAPPING, competences={"basics": "Same|", "story": "SAME"}), ITEM + "basics"),
]


@pytest.mark.parametrize(("mapping", "where"), WRONG)
def test_a_mapping_that_would_not_work_is_refused_where_it_is_wrong(mapping, where):
    with pytest.raises(MappingRefused) as refused:
        tidy(mapping)
    assert refused.value.field == where


def test_a_mapping_is_kept_tidy_and_without_items_that_nothing_stands_for():
    untidy = replace(MAPPING, name="  Our   trust ", competences={**MAPPING.competences, "third": "  "})
    assert tidy(untidy) == MAPPING
