"""Numbers as the language that is spoken writes them."""

from decimal import Decimal

from training.domain.language import Language, current

# Polish parts thousands by a space that no line breaks at, from five figures on.
SPACE = "\u00a0"
PARTED_FROM = 10_000


def number_words(number: int | Decimal) -> str:
    """Write a number: 12,345.6 in English and Welsh, 12 345,6 in Polish."""
    english = f"{number:,}"
    if current().code != Language.POLISH:
        return english
    return english.replace(",", SPACE if abs(number) >= PARTED_FROM else "").replace(".", ",")
