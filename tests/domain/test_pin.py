"""PINs: which will do, and for how long wrong tries lock one."""

from datetime import timedelta

import pytest

from training.domain.pin import (
    PinRefused,
    is_easy,
    locked_words,
    long,
    ordinal,
    pause_after,
    read_new_pin,
    read_pin,
    wrong_words,
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("7293", "7293"), (" 72 93 ", "7293"), ("٧٢٩٣", "7293"), ("72930518", "72930518"), ("७२९३", "7293")],
)
def test_digits_are_read_in_any_script_and_without_their_spaces(typed, read):
    assert read_pin(typed) == read


@pytest.mark.parametrize("typed", ["", "729", "729305184", "72a3", "7.93", "½729", "²729", "-729"])
def test_what_cannot_be_a_pin_is_refused(typed):
    with pytest.raises(PinRefused, match="A PIN has 4 to 8 digits, and nothing else"):
        read_pin(typed)


@pytest.mark.parametrize(
    "pin",
    [
        *("0000", "99999999", "1234", "4321", "7890", "0987", "56789", "8901", "1212", "123123", "72937293", "1122"),
        *("111222", "2580", "0852", "1984", "2026"),
    ],
)
def test_what_others_would_try_first_is_refused(pin):
    assert is_easy(pin)
    with pytest.raises(PinRefused, match="Others would soon guess that PIN"):
        read_new_pin(pin)


@pytest.mark.parametrize("pin", ["7293", "1235", "1357", "9021", "72930518", "198407", "1221", "12123", "2581"])
def test_any_other_will_do(pin):
    assert read_new_pin(pin) == pin


def test_a_staff_number_is_no_pin():
    with pytest.raises(PinRefused, match="your staff number"):
        read_new_pin("7293", staff_number="AH-7293")
    assert read_new_pin("7293", staff_number="72930") == "7293"


def test_few_wrong_tries_lock_nothing_and_each_after_them_locks_for_longer():
    pauses = [pause_after(wrong) for wrong in range(11)]
    assert pauses[:5] == [None] * 5
    assert pauses[5:10] == [timedelta(minutes=5), timedelta(minutes=15), *(timedelta(hours=n) for n in (1, 4, 24))]
    assert pauses[10] == timedelta(hours=24)


def test_every_wrong_try_says_what_comes_of_it():
    assert wrong_words(1) == "That PIN is wrong. 4 more tries, and then it is locked for 5 minutes."
    assert wrong_words(4) == "That PIN is wrong. One more try, and then it is locked for 5 minutes."
    assert wrong_words(5) == "That PIN is wrong, for the 5th time. It is locked for 5 minutes."
    assert wrong_words(21) == "That PIN is wrong, for the 21st time. It is locked for 24 hours."


def test_a_time_is_never_said_shorter_than_it_is():
    assert locked_words(timedelta(seconds=61)) == "This PIN was wrong too often, and is locked for 2 minutes more."
    assert [long(timedelta(minutes=n)) for n in (1, 60, 120, 121, 240)] == [
        *("1 minute", "60 minutes", "120 minutes", "3 hours", "4 hours")
    ]


def test_places_in_a_row_are_said_as_people_say_them():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 22, 23, 101, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "22nd", "23rd", "101st", "111th")
    ]
