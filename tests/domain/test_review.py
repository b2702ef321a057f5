"""Reviewing: how far sign-offs reach, and which cards two roles read word for word."""

from dataclasses import replace
from datetime import date

from training.domain.module import Card, Module, Part
from training.domain.review import CardRead, SignOffState, cards_read, signoff_state
from training.domain.roles import Role

SHARED = Card("shared", "Shared", (Part("<p>For all.</p>"),))
OWN = Card("own", "Own", (Part("<p>Yours.</p>"),))
MODULE = Module(
    slug="a",
    title="A",
    summary="",
    roles=(Role.PRESCRIBER, Role.SOCIAL_CARE, Role.FAMILY_CARER),
    minutes=3,
    version="1.0",
    material=False,
    pass_mark=80,
    outcomes=(),
    capability="",
    sources=(),
    written_on=date(2026, 1, 1),
    review_by=date(2027, 1, 1),
    cards={
        Role.PRESCRIBER: (SHARED,),
        Role.SOCIAL_CARE: (replace(SHARED, title="Told otherwise"), OWN),
        Role.FAMILY_CARER: (OWN, SHARED),
    },
    content_hash="1" * 64,
)


def test_a_sign_off_of_the_present_version_counts_whatever_else_was_signed():
    assert signoff_state({"old", "new"}, present="new") is SignOffState.SIGNED
    assert signoff_state({"new"}, present="new") is SignOffState.SIGNED


def test_a_sign_off_of_another_version_is_of_an_older_one_and_none_is_none():
    assert signoff_state({"old"}, present="new") is SignOffState.OLDER
    assert signoff_state(set(), present="new") is SignOffState.NONE


def test_every_state_has_words():
    assert len({state.label for state in SignOffState}) == len(SignOffState)


def test_a_card_in_other_words_is_read_again_and_one_word_for_word_leads_back():
    assert cards_read(MODULE, Role.PRESCRIBER) == (CardRead(SHARED),)
    assert [one.same_as for one in cards_read(MODULE, Role.SOCIAL_CARE)] == [None, None]
    assert cards_read(MODULE, Role.FAMILY_CARER) == (
        CardRead(OWN, Role.SOCIAL_CARE),
        CardRead(SHARED, Role.PRESCRIBER),
    )
