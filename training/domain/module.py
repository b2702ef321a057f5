"""A module: cards of rendered text and questions, in the words of each role."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from training.domain.roles import Role


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    SEVERAL = "several"
    TRUE_FALSE = "true-false"
    ORDER = "order"
    MATCH = "match"


@dataclass(frozen=True, slots=True)
class Source:
    """A published source that a claim rests on."""

    key: str
    title: str
    publisher: str
    url: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class SignOff:
    """The publisher's clinical sign-off: who, and on which day."""

    who: str
    on: date


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen, placed or matched.

    `right` is whether it should be chosen (single, several, true-false). For an order question the options stand in the
    right order. For a match question `partner` holds the text that belongs with this option.
    """

    key: str
    html: str
    feedback_html: str
    right: bool = False
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a decision; `must` marks one that nobody may pass without."""

    id: str
    kind: QuestionKind
    prompt_html: str
    options: tuple[Option, ...]
    must: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a card: rendered text, or a question."""

    html: str = ""
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One idea, as one role reads it. `sources` are the keys it cites, in order of first mention."""

    slug: str
    title: str
    parts: tuple[Part, ...]
    sources: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions on this card, in reading order."""
        return tuple(part.question for part in self.parts if part.question)

    def asking(self, question_ids: Collection[str]) -> "Card":
        """Return the card with all its words, and of its questions these alone."""
        kept = (part for part in self.parts if not part.question or part.question.id in question_ids)
        return replace(self, parts=tuple(kept))


@dataclass(frozen=True, slots=True)
class Module:
    """A whole module at one version; `cards` holds the cards of every role it serves."""

    slug: str
    title: str
    summary: str
    roles: tuple[Role, ...]
    minutes: int
    version: str
    material: bool
    pass_mark: int
    outcomes: tuple[str, ...]
    capability: str
    sources: tuple[Source, ...]
    written_on: date
    review_by: date
    cards: Mapping[Role, tuple[Card, ...]]
    content_hash: str
    clinical_signoff: SignOff | None = None
    replaces: str = ""
    kind: str = field(default="module")

    def questions(self, role: Role) -> Iterator[Question]:
        """Yield the questions that a role is asked, in reading order."""
        for card in self.cards[role]:
            yield from card.questions
