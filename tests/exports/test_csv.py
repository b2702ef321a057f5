"""What a CSV export looks like to a spreadsheet and to a script."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.exports.csv import CellNotWritable, encode_csv


def encoded(*rows, header=("Name",), preamble=()) -> str:
    return b"".join(encode_csv(header=header, rows=rows, preamble=preamble)).decode("utf-8")


def cell(value: object) -> str:
    """Return the one cell of a file as a CSV reader sees it."""
    rows = list(csv.reader(io.StringIO(encoded((value, "end")).removeprefix("\ufeff"), newline="")))
    assert rows[0] == ["Name"]
    assert rows[1][1:] == ["end"]
    return rows[1][0]


def test_a_file_is_utf8_with_a_byte_order_mark_and_crlf():
    pieces = b"".join(encode_csv(header=("Name", "Site"), rows=[("Zoë", "Hill, the")]))
    assert pieces == b'\xef\xbb\xbfName,Site\r\nZo\xc3\xab,"Hill, the"\r\n'


def test_the_preamble_stands_above_the_header():
    text = encoded(("Zoë",), preamble=(("Overdue", "as at 13 Jan 2027"), ()))
    assert text == "\ufeffOverdue,as at 13 Jan 2027\r\n\r\nName\r\nZoë\r\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2027, 1, 13), "2027-01-13"),
        (datetime(2027, 1, 13, 9, 5, 1, 250, tzinfo=UTC), "2027-01-13T09:05:01+00:00"),
        (None, ""),
        ("", ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (-5, "-5"),
        (Decimal("-0.50"), "-0.50"),
        (Decimal("1E+3"), "1000"),
        (97.5, "97.5"),
        (Enum("Status", {"OVERDUE": "overdue"}, type=str).OVERDUE, "overdue"),
    ],
)
def test_each_kind_of_value_has_one_way_to_look(value, expected):
    assert cell(value) == expected


@pytest.mark.parametrize("first", "=+-@＝＋－＠\t\r\n")
def test_text_that_a_spreadsheet_would_run_stays_text(first):
    assert cell(first + "1+1").startswith("'")


@pytest.mark.parametrize(
    "before", [" ", "   ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u202e", "\x00", "\x1b", "\u2028"]
)
def test_a_formula_is_found_behind_what_cannot_be_seen(before):
    assert cell(before + "=HYPERLINK(1)").startswith("'")


@pytest.mark.parametrize(
    "text", ["O'Neil", "Anne-Marie", "a=b", "'=1", "5 + 5", "care@home", " spaced ", "مرحبا", "😀"]
)
def test_ordinary_text_is_left_as_it_was_typed(text):
    assert cell(text) == text


def test_a_heading_is_neutralised_like_any_other_text():
    assert encoded(header=("=cmd",), preamble=(("@site",),)) == "\ufeff'@site\r\n'=cmd\r\n"


def test_control_characters_go_and_line_ends_stay_inside_quotes():
    assert cell("a\x00b\x07c\x7fd\x9be") == "abcde"
    assert cell("one\ttwo") == "one two"
    assert cell("one\r\ntwo\rthree\u2028four") == "one\ntwo\nthree\nfour"
    assert '"one\ntwo"' in encoded(("one\r\ntwo",))


def test_half_of_a_surrogate_pair_does_not_stop_an_export():
    assert cell("a\ud800b") == "a?b"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_comes_back_as_one_cell_that_no_spreadsheet_runs(text):
    read = cell(text)
    assert not read.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert "\x00" not in read


def test_a_value_of_no_known_kind_is_refused():
    with pytest.raises(CellNotWritable, match="object"):
        encoded((object(),))


def test_rows_are_asked_for_only_as_the_file_is_read():
    asked = []

    def rows() -> Iterator[tuple[int]]:
        for number in range(100_000):
            asked.append(number)
            yield (number,)

    pieces = encode_csv(header=("Number",), rows=rows())
    assert next(pieces) == b"\xef\xbb\xbfNumber\r\n"
    assert asked == []
    next(pieces)
    assert len(asked) < 2_000
