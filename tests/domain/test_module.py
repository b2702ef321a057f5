"""What a card and a module ask, and a message's key."""

from datetime import date

import pytest

from training.domain.mail import KeyRefused, Message
from training.domain.module import Card, Module, Part, Question, QuestionKind
from training.domain.roles import Role

FIRST, SECOND, THIRD = (Question(each, QuestionKind.SINGLE, "<p>?</p>", ()) for each in ("first", "second", "third"))
CARD = Card("look", "Look", (Part("<p>a</p>"), Part(question=FIRST), Part("<p>b</p>"), Part(question=SECOND)))
OTHER = Card("act", "Act", (Part(question=THIRD),))


def test_a_card_asks_its_questions_in_reading_order():
    assert CARD.questions == (FIRST, SECOND)


def test_a_card_that_asks_less_keeps_its_words():
    asking = CARD.asking({"second", "third"})
    assert (asking.slug, asking.parts) == ("look", (CARD.parts[0], CARD.parts[2], CARD.parts[3]))
    assert CARD.asking(()).parts == (CARD.parts[0], CARD.parts[2])


def test_a_module_asks_each_role_its_own_questions():
    day = date(2026, 3, 2)
    cards = {Role.PRESCRIBER: (CARD, OTHER), Role.SOCIAL_CARE: (OTHER,)}
    module = Module("m", "M", "m", tuple(cards), 5, "1.0", False, 80, (), "", (), day, day, cards, "hash")
    assert list(module.questions(Role.PRESCRIBER)) == [FIRST, SECOND, THIRD]
    assert list(module.questions(Role.SOCIAL_CARE)) == [THIRD]


def message(key):
    return Message(key=key, to_address="a@example.org", to_name="A", subject="s", text="t", html="h")


@pytest.mark.parametrize("key", ["a", "7", "digest-7.2026_03", "a" * 100])
def test_a_key_of_letters_digits_and_marks_is_taken(key):
    assert message(key).key == key


@pytest.mark.parametrize("key", ["", "-a", "a b", "a@b", "a" * 101, "a\n"])
def test_another_key_is_refused_by_name(key):
    with pytest.raises(KeyRefused) as refused:
        message(key)
    assert str(refused.value) == f"{key!r} is no key for a message"
