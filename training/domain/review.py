"""Reviewing content: how far an organisation's sign-off reaches, and each role's cards without repetition."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from training.domain.language import N_, _
from training.domain.module import Card, Module
from training.domain.roles import Role


class SignOffState(StrEnum):
    """Whether an organisation has signed an item off."""

    SIGNED = "signed"
    OLDER = "older"
    NONE = "none"

    @property
    def label(self) -> str:
        """The state in words."""
        return _(LABELS[self])


LABELS = {
    SignOffState.SIGNED: N_("Signed off here"),
    SignOffState.OLDER: N_("Signed before a change"),
    SignOffState.NONE: N_("Not signed off here"),
}


@dataclass(frozen=True, slots=True)
class CardRead:
    """A card of one role; `same_as` is an earlier role that reads it word for word."""

    card: Card
    same_as: Role | None = None


def signoff_state(signed: Collection[str], *, present: str) -> SignOffState:
    """Return how far sign-offs reach, from the content hashes that they stand for and that of the present version."""
    if present in signed:
        return SignOffState.SIGNED
    return SignOffState.OLDER if signed else SignOffState.NONE


def cards_read(module: Module, role: Role) -> tuple[CardRead, ...]:
    """Return the cards of a role in reading order, noting those that a role before it in the module reads too."""
    earlier = module.roles[: module.roles.index(role)]
    return tuple(
        CardRead(card, next((other for other in earlier if card in module.cards[other]), None))
        for card in module.cards[role]
    )
