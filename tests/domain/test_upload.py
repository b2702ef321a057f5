"""A table that somebody sends: where its headings stand, what a cell holds, and what is refused in which words."""

from datetime import date

import pytest

from training.domain.upload import (
    CellUnreadable,
    Field,
    HeadingsMissing,
    HeadingTwice,
    Line,
    NothingBelow,
    Table,
    day_of,
    fits,
    plain,
    read_table,
    shown,
    text_of,
    words_in,
)

NUMBER = Field("number", "Staff number", ("Payroll no.",))
NAME = Field("name", "Name")
BASE = Field("base", "Base", ("Place",), needed=False)
FIELDS = (NUMBER, NAME, BASE)
DAY = date(2027, 1, 13)


def lines(*rows):
    return [Line(number, row) for number, row in enumerate(rows, start=1)]


def read(*rows):
    return read_table(lines(*rows), FIELDS)


def test_headings_are_found_wherever_they_stand_and_in_whatever_order():
    table = read(("Report",), (), ("Colour", "name", "STAFF NUMBER", ""), ("red", "Ann", "7", ""))
    assert (dict(table.columns), dict(table.headings)) == (
        {"number": 2, "name": 1},
        {"number": "STAFF NUMBER", "name": "name"},
    )
    assert (table.ignored, table.lines) == (("Colour",), (Line(4, ("red", "Ann", "7", "")),))


def test_a_cell_is_found_by_its_field_and_one_that_is_not_there_is_empty():
    table = Table({"number": 1, "name": 0, "base": 2}, {"name": "Who"}, (), ())
    line = Line(5, ("Ann", "7"))
    assert [table.cell(line, slug) for slug in ("name", "number", "base", "other")] == ["Ann", "7", "", ""]
    assert (table.heading("name"), table.heading("base")) == ("Who", "base")


def test_a_field_is_known_by_any_of_its_names():
    assert [NUMBER.is_called(each) for each in ("staff-number", "PayrollNo", "Number")] == [True, True, False]
    assert plain(" Staff No. ") == "staffno"
    table = read(("Place", "Name", "Payroll no"), ("a", "b", "c"))
    assert dict(table.headings) == {"base": "Place", "name": "Name", "number": "Payroll no"}


def test_a_table_fits_where_all_that_is_needed_stands_in_one_of_the_first_lines():
    good = ("Name", "Staff number")
    assert fits(lines(("x",), good), FIELDS)
    assert not fits(lines(("Name",), ("Staff number",)), FIELDS)
    assert fits(lines(*[("x",)] * 29, good), FIELDS)
    assert not fits(lines(*[("x",)] * 30, good), FIELDS)


def test_headings_below_the_first_thirty_lines_are_not_looked_for():
    good, row = ("Name", "Staff number"), ("Ann", "7")
    assert read(*[("x",)] * 29, good, row).lines == (Line(31, row),)
    with pytest.raises(HeadingsMissing):
        read(*[("x",)] * 30, good, row)


def test_headings_that_are_missing_are_named_beside_those_that_are_there():
    with pytest.raises(HeadingsMissing) as refused:
        read(("Report",), ("Name", "", DAY, "Colour"), ("Ann", "7", "", ""))
    assert str(refused.value) == (
        "No column is called “Staff number”. Row 2 has “Name”, “2027-01-13”, “Colour”. "
        "Rename your headings, or use our template."
    )
    with pytest.raises(HeadingsMissing, match=r"“Staff number”, “Name”\. Row 1 has “a”, “b”"):
        read(("a", "b"), ("c", "d"))


def test_of_a_wide_table_twelve_headings_are_named_and_none_at_length():
    with pytest.raises(HeadingsMissing) as refused:
        read(("x" * 100, *(f"h{number}" for number in range(20))))
    assert f"has “{'x' * 80}”, “h0”, " in str(refused.value)
    assert "“h10”. Rename" in str(refused.value)


def test_two_columns_that_could_be_the_same_are_refused_by_name():
    with pytest.raises(HeadingTwice) as refused:
        read(("Name", "Staff number", "Payroll no", "NAME"), ("a", "b", "c", "d"))
    assert str(refused.value) == (
        "“Staff number” and “Payroll no” in row 1 could both be “Staff number”. Leave one out."
    )


def test_headings_with_nothing_below_are_refused():
    with pytest.raises(NothingBelow) as refused:
        read(("x", "y"), ("Name", "Staff number"))
    assert str(refused.value) == "Nothing stands below the headings."


def test_a_cell_is_shown_no_longer_than_a_line():
    assert (shown("x" * 80), shown("x" * 81), shown(DAY)) == ("x" * 80, "x" * 80 + "…", "2027-01-13")
    assert text_of(" a  b ") == "a b"


def test_a_cell_of_words_that_became_a_date_is_refused():
    assert words_in(" 7  ") == "7"
    with pytest.raises(CellUnreadable) as refused:
        words_in(DAY)
    assert str(refused.value) == "The spreadsheet holds a date here. Format the cell as text and type it again."


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (DAY, DAY),
        ("13/01/2027", DAY),
        ("2027-01-13", DAY),
        ("2027-01-13T00:00:00", DAY),
        ("2027-01-13 9:30 am", DAY),
        ("13 Jan 27", DAY),
        ("13/1/27", DAY),
        ("13/1/68", date(2068, 1, 13)),
        ("13/1/69", date(1969, 1, 13)),
        ("13.1.99", date(1999, 1, 13)),
        ("", None),
        ("  ", None),
    ],
)
def test_a_day_is_read_with_its_century_and_without_its_hour(cell, day):
    assert day_of(cell) == day


@pytest.mark.parametrize("cell", ["soon", "1/13", "31/13/27", "46035", "2027-01"])
def test_what_is_no_day_is_refused_with_examples(cell):
    with pytest.raises(CellUnreadable) as refused:
        day_of(cell)
    assert str(refused.value) == "Write the day like 13/01/2027 (day first), 2027-01-13 or 13 Jan 2027."
