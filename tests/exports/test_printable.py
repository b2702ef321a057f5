"""What is left of a typed text when it is put on paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.exports.fonts import coverage
from training.exports.printable import BOX, Run, printable


def printed(text: str):
    return printable(text, fonts=coverage())


@pytest.mark.parametrize("text", ["Zoë O’Neil", "محمد", "শ্রীমতী রাবেয়া", "می‌خواهم", "👩‍🔬", "#[$x$] \\ \"'"])
def test_a_name_that_the_fonts_have_is_kept_whole(text):
    assert printed(text).text == text
    assert not printed(text).incomplete


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann\nLee\tSmith", "Ann Lee Smith"),
        ("  Ann \u2028 Lee  ", "Ann Lee"),
        ("A\x00n\x07n\x9b", "Ann"),
        ("Ann \u202eeeL\u202c", "Ann eeL"),
        ("\u2067Ann\u2069 \u200eLee\u200f\ufeff\u00ad", "Ann Lee"),
        ("A\ud800nn", "Ann"),
        ("Ann\ufe0f", "Ann"),
    ],
)
def test_what_cannot_be_seen_goes_without_a_word(text, expected):
    assert printed(text).text == expected
    assert not printed(text).incomplete


@pytest.mark.parametrize("text", ["Ann \U00010900", "Ann \ue000", "Ann \U0001ffff"])
def test_a_letter_that_no_font_has_becomes_a_box(text):
    assert printed(text).text == f"Ann {BOX}"
    assert printed(text).incomplete


def test_a_letter_in_fancy_dress_is_printed_plain():
    assert printed("𝓢𝓪𝓻𝓪𝓱").text == "Sarah"
    assert not printed("𝓢𝓪𝓻𝓪𝓱").incomplete


def test_a_mark_that_the_font_of_its_letter_lacks_is_left_out():
    assert printed("山\u0bcd x").text == "山 x"
    assert printed("山\u0bcd x").incomplete


def test_a_letter_is_set_in_the_font_that_has_its_marks_too():
    assert printed("ж\u0995\u0301 x").runs == (
        Run("ж", "Noto Sans"),
        Run("ক\u0301", "Noto Sans Bengali"),
        Run(" x", "Noto Sans"),
    )


def test_marks_without_end_are_cut():
    assert len(printed("a" + "\u0334" * 30 + "b").text) == 10
    assert printed("a" + "\u0334" * 30 + "b").incomplete


@pytest.mark.parametrize("text", ["\x00", "   ", "\u202e"])
def test_a_text_of_which_nothing_is_left_is_a_box(text):
    assert printed(text).text == BOX
    assert printed(text).incomplete


def test_an_empty_text_stays_empty():
    assert printed("").runs == ()
    assert not printed("").incomplete


@pytest.mark.parametrize(
    ("text", "way"), [("محمد Smith", True), ("(12) יעל", True), ("Smith محمد", False), ("12", False)]
)
def test_a_text_runs_the_way_of_its_first_letter(text, way):
    assert printed(text).right_to_left is way


def test_only_a_word_too_long_for_a_line_may_break_anywhere():
    assert "\u200b" not in printed("Wolfeschlegelsteinhausenbergerdorff Jr").text
    assert printed("W" * 255).text.replace("\u200b", "") == "W" * 255
    assert printed("W" * 255).text.count("\u200b") == 254


def test_letters_that_are_written_as_one_are_not_broken_apart():
    assert "\u200b" not in printed("ဒေါ်အောင်ဆန်း" * 3).text
    assert "\u0bcd\u200b" not in printed("கிருஷ்ணமூர்த்தி" * 10).text
    assert "\u200b" in printed("கிருஷ்ணமூர்த்தி" * 10).text


@given(st.text(max_size=60))
def test_every_run_holds_only_what_its_font_has(text):
    for run in printed(text).runs:
        assert {ord(character) for character in run.text} - {0x200B} <= coverage()[run.family]
