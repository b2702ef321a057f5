"""Names as short as a list that anybody in the room can read may have them, and still told apart."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# What stands before a name and is none.
STYLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir", "dame", "revd", "rev"})


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody in a list: the whole name, and what else tells apart those who have the same one, best first."""

    name: str
    hints: tuple[str, ...] = ()


def short_names(people: Sequence[Named]) -> list[str]:
    """Return what each of some people is called in a list, in their order: the first name and an initial.

    Those who would be called alike get more letters of the surname, then all of it, then a hint.
    """
    every = [tuple(forms(one)) for one in people]
    chosen = [0] * len(people)
    while True:
        called = [each[at] for each, at in zip(every, chosen, strict=True)]
        counts = Counter(as_seen(word) for word in called)
        alike = [
            number
            for number, word in enumerate(called)
            if counts[as_seen(word)] > 1 and chosen[number] + 1 < len(every[number])
        ]
        if not alike:
            return called
        for number in alike:
            chosen[number] += 1


def as_seen(word: str) -> str:
    """Return what is read of a name at a glance: no case, accent or full stop tells two apart."""
    return folded(word.rstrip("."))


def folded(text: str) -> str:
    """Return a text without case and accents, as people look for names."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def forms(one: Named) -> list[str]:
    """Return what somebody may be called, shortest first."""
    first, last = parts(one.name)
    letters = [f"{first} {last[:size]}." for size in range(1, len(last))]
    whole = f"{first} {last}".strip()
    hinted = [f"{one.name}, {', '.join(one.hints[:size])}" for size in range(1, len(one.hints) + 1)]
    return list(dict.fromkeys([*letters, whole, one.name, *hinted]))


def parts(name: str) -> tuple[str, str]:
    """Return the first name and the last, without Dr or Mrs; somebody with one name has no last."""
    words = name.split()
    bare = [word for word in words if word.casefold().rstrip(".") not in STYLES] or words
    return (bare[0], bare[-1]) if len(bare) > 1 else (bare[0] if bare else "", "")
