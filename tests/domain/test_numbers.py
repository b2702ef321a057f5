"""Numbers in each language."""

from decimal import Decimal

import pytest

from training.domain.language import Language, spoken
from training.domain.numbers import number_words
from training.speeches import speech_of


@pytest.mark.parametrize(
    ("number", "english", "polish"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1_234, "1,234", "1234"),
        (-1_234, "-1,234", "-1234"),
        (10_000, "10,000", "10\u00a0000"),
        (1_000_000, "1,000,000", "1\u00a0000\u00a0000"),
        (Decimal("60.6"), "60.6", "60,6"),
        (Decimal("100.0"), "100.0", "100,0"),
        (Decimal("12345.5"), "12,345.5", "12\u00a0345,5"),
    ],
)
def test_a_number_is_written_as_its_readers_write_it(number, english, polish):
    assert number_words(number) == english
    for language, written in ((Language.ENGLISH, english), (Language.WELSH, english), (Language.POLISH, polish)):
        with spoken(speech_of(language)):
            assert number_words(number) == written
