"""A sheet's pages and columns, and text that a spreadsheet would run."""

from datetime import date

import pytest

from training.domain.sheet import Part, PartKind, Phrase, Piece, Sheet
from training.domain.sheet_text import begins_a_formula


def part(heading, kind=PartKind.LIST, *, new_page=False):
    return Part(kind, heading, Phrase(), (), new_page=new_page)


def pages(*parts, landscape=False):
    day = date(2026, 3, 2)
    sheet = Sheet("s", "S", "s", landscape, (), parts, "1.0", (), day, day)
    return [["".join(each.heading for each in column) for column in page] for page in sheet.pages]


def test_parts_stay_on_a_page_until_one_begins_another():
    assert pages(part("a"), part("b")) == [["ab"]]
    assert pages(part("a"), part("b", new_page=True), part("c")) == [["a"], ["bc"]]
    assert pages(part("a"), part("b", new_page=True), part("c", new_page=True)) == [["a"], ["b"], ["c"]]


def test_the_first_part_begins_no_page_before_itself():
    assert pages(part("a", new_page=True), part("b", new_page=True)) == [["a"], ["b"]]


def test_a_page_on_its_side_has_two_columns_and_the_first_is_the_longer():
    assert pages(part("a"), part("b"), landscape=True) == [["a", "b"]]
    assert pages(part("a"), part("b"), part("c"), landscape=True) == [["ab", "c"]]
    assert pages(part("a"), landscape=True) == [["a"]]


def test_a_week_takes_the_whole_width_of_its_page():
    week = part("w", PartKind.WEEK)
    assert pages(part("a"), week, part("b", new_page=True), part("c"), landscape=True) == [["aw"], ["b", "c"]]


def test_a_phrase_is_its_pieces_without_their_sources():
    assert Phrase((Piece("Drink ", (1,)), Piece("water."))).words == "Drink water."
    assert Phrase().words == ""


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", " =1", "\t=1", "\u200b=1", "\u034f=1", "\uff1d1", "\ufe621"])
def test_a_cell_that_would_be_run_is_known_whatever_stands_before_it(text):
    assert begins_a_formula(text)


@pytest.mark.parametrize("text", ["", " ", "1=1", "a", "'=1", "\u0301=1"])
def test_a_cell_that_would_not_be_run_is_left_alone(text):
    assert not begins_a_formula(text)
