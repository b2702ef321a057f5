"""Codes on slips: read however they are typed, and never with a letter that looks like another."""

from datetime import UTC, datetime, timedelta

import pytest

from training.domain.slip import ALPHABET, LENGTH, MISREAD, CodeUnreadable, SlipState, grouped, read_code, state_of

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CODE = "K7MX4PQR9T"


@pytest.mark.parametrize(
    "typed",
    ["K7MX4-PQR9T", "k7mx4pqr9t", " K7MX4 PQR9T ", "k7-mx-4p-qr-9t", "K7MX4–PQR9T", "K7MX4\u00a0PQR9T", "k7mx4.pqr9t"],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert read_code(typed) == CODE


def test_a_letter_that_looks_like_a_number_is_read_as_the_number():
    assert read_code("ZSGB4-PQR9T") == "25684PQR9T"


def test_nothing_in_the_alphabet_looks_like_something_else_in_it():
    assert len(set(ALPHABET)) == len(ALPHABET) == 23
    assert not set(ALPHABET) & (set("AEIOUYL01") | set(map(chr, MISREAD)))
    assert len(ALPHABET) ** LENGTH > 2**45


@pytest.mark.parametrize(
    ("typed", "says"), [("K7MX4-PQR9O", "never has “O”"), ("K7MX4", "has 10 .* has 5"), ("", "has 0")]
)
def test_what_is_no_code_is_refused_in_words(typed, says):
    with pytest.raises(CodeUnreadable, match=says):
        read_code(typed)


def test_a_code_is_printed_in_two_groups():
    assert grouped(CODE) == "K7MX4-PQR9T"


@pytest.mark.parametrize(
    ("expires", "used", "withdrawn", "state"),
    [
        (None, False, False, SlipState.NONE),
        (1, False, False, SlipState.OUT),
        (0, False, False, SlipState.EXPIRED),
        (-1, True, False, SlipState.USED),
        (-1, False, True, SlipState.WITHDRAWN),
    ],
)
def test_a_slip_stands_as_its_instants_say(expires, used, withdrawn, state):
    expires_at = None if expires is None else NOW + timedelta(seconds=expires)
    used_at, withdrawn_at = (NOW if used else None), (NOW if withdrawn else None)
    assert state_of(expires_at=expires_at, used_at=used_at, withdrawn_at=withdrawn_at, now=NOW) is state
