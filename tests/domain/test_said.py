"""Reasons that are kept in English are said in the language that is spoken, clause by clause."""

from datetime import date

import pytest

from training.domain import language
from training.domain.days import english_day, format_day, read_day
from training.domain.pseudo_language import PSEUDO
from training.domain.said import CLAUSES, SENTENCES, said, said_sentence, until_words

DAY = "13 Jan 2027"
LASTS = "the first 31 Mar at least 9 months on"
VALUES = {"day": DAY, "until": DAY, "fixed": LASTS, "count": "2", "why": "١٢", "title": "١٢"}


def latin(text: str) -> str:
    """Return the letters that were left as they are in English."""
    return "".join(letter for letter in text if letter.isascii() and letter.isalpha())


@pytest.mark.parametrize("words", [*SENTENCES, *CLAUSES])
def test_every_sentence_and_clause_is_known_again_by_its_words(words: str) -> None:
    with language.spoken(PSEUDO):
        assert latin(said(words % VALUES)) == ""


@pytest.mark.parametrize(
    "reason",
    [
        "passed on 13 Jan 2027, and it lasts 12 months",
        "passed on 13 Jan 2027, and it lasts 1 month; that was the training which this one replaced",
        "renewed on 13 Jan 2027, before the window opened, so it runs to the first end of February at least 1 month on",
        "renewed on its last day, 13 Jan 2027, so it runs on from there",
        f"renewed early on {DAY}, so it runs on from {DAY} to {LASTS}; everyone passes again, and earlier passes count "
        f"no later than {DAY}",
        "30 days from 13 Jan 2027, when the need began, moved on by 1 day of leave",
        "1,200 days from 13 Jan 2027, after the exemption, moved on by 1,000 days of leave",
        "This is a safety question, you had this wrong on 13 Jan 2027 and its card has changed since you passed.",
    ],
)
def test_clauses_are_said_together(reason: str) -> None:
    with language.spoken(PSEUDO):
        assert latin(said(reason)) == ""


def test_a_reason_in_english_stays_letter_for_letter() -> None:
    assert (
        said("renewed on 13 Jan 2027, before the window opened") == "renewed on 13 Jan 2027, before the window opened"
    )


def test_words_of_somebody_else_stay_as_they_are() -> None:
    with language.spoken(PSEUDO):
        assert said("Because we say so, and that is that.") == "Because we say so, and that is that."


def test_a_reason_is_a_sentence_with_a_capital_and_a_full_stop() -> None:
    assert said_sentence("passed on 13 Jan 2027") == "Passed on 13 Jan 2027."


def test_a_pass_lasts_until_a_day_or_for_ever() -> None:
    assert until_words(date(2027, 1, 13)) == "In date until 13 Jan 2027"
    assert until_words(None) == "Does not expire"


def test_a_day_is_written_and_read_in_the_language_that_is_spoken() -> None:
    day = date(2027, 1, 13)
    with language.spoken(PSEUDO):
        written = format_day(day)
        assert latin(written) == ""
        assert read_day(written) == read_day(DAY) == day
        assert english_day(day) == DAY
    assert format_day(day) == DAY
