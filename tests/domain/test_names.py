"""Names and addresses as people type them, and as they are kept."""

import pytest

from training.domain.names import NameRefused, initials, read_email, read_name, tidy_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann   Lee ", "Ann Lee"),
        ("Ann\tB\r\nLee", "Ann B Lee"),
        ("Ann\u2028Lee\x85X\vY\fZ\u2029W", "Ann Lee X Y Z W"),
        ("An\u202en \u2066L\u200fee\ufeff\u061c", "Ann Lee"),
        ("Ann\x00\x07", "Ann"),
        ("Ann\ud800\u0378", "Ann"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("\u0645\u06cc\u200c\u0646\u0627", "\u0645\u06cc\u200c\u0646\u0627"),
    ],
)
def test_text_is_kept_readable_and_on_one_line(typed, kept):
    assert tidy_text(typed) == kept


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF])
def test_no_mark_that_turns_what_follows_is_kept(code):
    assert tidy_text(f"A{chr(code)}B") == "AB"


@pytest.mark.parametrize("typed", ["Ann", "7", "?", "+", "\u674e", "a" * 255])
def test_anything_that_can_be_seen_is_a_name(typed):
    assert read_name(typed) == typed


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\u0301"])
def test_a_name_with_nothing_to_see_is_refused_by_what_it_is(typed):
    with pytest.raises(NameRefused) as refused:
        read_name(typed, what="reference")
    assert str(refused.value) == "Enter a reference."
    with pytest.raises(NameRefused) as refused:
        read_name(typed)
    assert str(refused.value) == "Enter a name."


def test_a_name_that_is_too_long_is_refused_by_what_it_is():
    with pytest.raises(NameRefused) as refused:
        read_name("a" * 256, what="reference")
    assert str(refused.value) == "The reference is longer than 255 characters. Shorten it."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ann.Lee@Example.ORG ", "ann.lee@example.org"),
        ("a@b.c", "a@b.c"),
        ("a" * 308 + "@example.org", "a" * 308 + "@example.org"),
    ],
)
def test_an_address_is_kept_in_lower_case(typed, kept):
    assert read_email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "ann", "ann@example", "@example.org", "a b@example.org", "a@b@c.org", "a" * 309 + "@example.org"]
)
def test_what_cannot_be_an_address_is_refused_with_an_example(typed):
    with pytest.raises(NameRefused) as refused:
        read_email(typed)
    assert str(refused.value) == "Enter an e-mail address such as name@example.org."


def test_initials_are_the_first_characters_of_three_words_at_most():
    assert [initials(name) for name in ("ann lee", "Ann", "ann b c d", "")] == ["AL", "A", "ABC", ""]
