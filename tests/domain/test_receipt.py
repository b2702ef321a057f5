"""Codes that stand for a record and survive being typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.receipt import ALPHABET, CodeUnreadable, read_code, receipt_code

RECORD = {
    "attempt_id": "2f1c6e0e-8d0b-4f5e-9a53-0c6a2a1a7d11",
    "person_id": "p-41",
    "content_hash": "a" * 64,
    "passed_on": date(2026, 1, 14),
}
CODES = st.text(ALPHABET, min_size=15, max_size=15).map(lambda text: "-".join((text[:5], text[5:10], text[10:])))


def test_the_code_of_a_record_stays_the_same_for_ever():
    assert receipt_code(**RECORD) == "A8RZZ-ZGKN8-4F2BF"


@pytest.mark.parametrize(
    "change",
    [
        {"attempt_id": "2f1c6e0e-8d0b-4f5e-9a53-0c6a2a1a7d12"},
        {"person_id": "p-42"},
        {"content_hash": "b" * 64},
        {"passed_on": date(2026, 1, 15)},
        {"attempt_id": RECORD["attempt_id"] + "p", "person_id": "-41"},
    ],
)
def test_any_change_of_the_record_changes_the_code(change):
    assert receipt_code(**RECORD | change) != receipt_code(**RECORD)


@given(st.uuids(), st.text(max_size=20))
def test_a_code_is_three_groups_of_five_plain_characters(attempt_id, person_id):
    code = receipt_code(**RECORD | {"attempt_id": str(attempt_id), "person_id": person_id})
    assert [len(group) for group in code.split("-")] == [5, 5, 5]
    assert set(code) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")
    assert read_code(code) == code


def test_codes_use_the_whole_alphabet():
    codes = "".join(receipt_code(**RECORD | {"person_id": str(number)}) for number in range(100))
    assert set(codes) == set(ALPHABET) | {"-"}
    assert all(len({receipt_code(**RECORD | {"person_id": str(n)})[i] for n in range(100)}) > 1 for i in (0, 16))


@given(CODES, st.sampled_from(["", " ", "-", " – ", "\t"]), st.booleans())
def test_a_code_is_read_however_it_is_typed(code, separator, lower):
    typed = code.replace("0", "O").replace("1", "l").replace("-", separator)
    assert read_code(f" {typed.lower() if lower else typed}\n") == code


def test_i_and_l_are_read_as_one_and_o_as_zero():
    assert read_code("oOiIlL0011ABCDE") == "00111-10011-ABCDE"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "15 letters and numbers; this one has 0"),
        ("ABCDE-FGHJK", "this one has 10"),
        ("ABCDE-FGHJK-MNPQR-S", "this one has 16"),
        ("ABCDE-FGHJK-MNPQU", "never has “U” in it"),
        ("ABCDE-FGHJK-MNPQ!", "never has “!” in it"),
    ],
)
def test_what_cannot_be_a_code_is_refused_plainly(typed, words):
    with pytest.raises(CodeUnreadable, match=words):
        read_code(typed)
