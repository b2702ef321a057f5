"""An Easy Read twin: what a module teaches, told in short sentences with a picture each."""

from dataclasses import dataclass
from datetime import date

from training.domain.module import SignOff, Source


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture and the one or two short sentences that it goes with; `sentences` are HTML."""

    picture: str
    alt: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EasyReadPart:
    """A few pairs about one thing, under a heading of their own."""

    slug: str
    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class EasyRead:
    """The twin of a module, whose slug it has.

    `module_version` is the version of the module that it was written from. `checked_by_people` names the people with a
    learning disability who read it and said what to change, and the day.
    """

    slug: str
    title: str
    summary: str
    version: str
    module_version: str
    sources: tuple[Source, ...]
    written_on: date
    review_by: date
    parts: tuple[EasyReadPart, ...]
    clinical_signoff: SignOff | None = None
    checked_by_people: SignOff | None = None

    @property
    def cover(self) -> Pair:
        """The pair whose picture stands for the whole: the first."""
        return self.parts[0].pairs[0]
