"""The words beside an author's own: labels over blocks, what a citation is, and the notice over a translation."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from training.catalog.blocks import LABELS


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader is told of a translation, in its own language."""

    awaits_review: str
    english_counts: str
    read_english: str
    read_translation: str


@dataclass(frozen=True, slots=True)
class LabelWords:
    """The labels of blocks by name, and the word that is read out before the number of a source.

    `notice` is for translations alone.
    """

    labels: Mapping[str, str]
    source: str
    notice: Notice | None = None


ENGLISH = LabelWords(MappingProxyType(LABELS), "Source")
POLISH = LabelWords(
    MappingProxyType(
        {
            "myth": "Mit",
            "fact": "Fakt",
            "good-practice": "Dobra praktyka",
            "say": "Można powiedzieć tak",
            "key": "Najważniejsze",
            "reflect": "Do przemyślenia",
            "try": "Do wypróbowania",
        }
    ),
    "Źródło",
    Notice(
        awaits_review="To tłumaczenie czeka na sprawdzenie.",
        english_counts="Wiążąca jest wersja angielska.",
        read_english="Przeczytaj po angielsku",
        read_translation="Przeczytaj po polsku",
    ),
)
# A language in which content may be translated has its words here.
IN_OTHER_LANGUAGES: Mapping[str, LabelWords] = MappingProxyType({"pl": POLISH})
