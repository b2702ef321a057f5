"""What somebody chose of how pages look, as it is kept and read again."""

from itertools import product

import pytest

from training.domain.looks import Colours, Looks, TextSize, read_looks

EVERY = [
    Looks(text=text, colours=colours, is_calm=calm) for text, colours, calm in product(TextSize, Colours, (False, True))
]


@pytest.mark.parametrize("looks", EVERY, ids=str)
def test_what_was_kept_is_read_again(looks):
    assert read_looks(looks.kept) == looks
    assert len(looks.kept) <= 30, "the column's length"


def test_what_everybody_gets_is_kept_as_nothing():
    assert Looks().kept == ""


def test_all_at_once_is_a_few_letters():
    assert Looks(text=TextSize.LARGEST, colours=Colours.DARK, is_calm=True).kept == "largest.dark.calm"


@pytest.mark.parametrize("kept", ["", "huge", "LARGEST", "..", "calmer", "larger dark"])
def test_what_nobody_could_have_chosen_counts_for_nothing(kept):
    assert read_looks(kept) == Looks()
