"""A document is set here where it is small, and else by a process of its own: the same bytes, and no memory kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from training.exports import pdf, typesetting
from training.exports.typesetting import NotTypeset, on_paper, typeset

TEMPLATE = Path(pdf.__file__).with_name("paper.typ")
DATED = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def words():
    title = on_paper("A title, محمد")
    empty = {"said": [], "sections": [], "incomplete": False}
    return {"document_title": "A title", "document_author": "Home", "title": title, "organisation": title, **empty}


def test_a_large_document_is_set_by_another_process_to_the_same_bytes(words, monkeypatch):
    here = typeset(TEMPLATE, words, dated=DATED)
    monkeypatch.setattr(typesetting, "SET_HERE", 0)
    monkeypatch.delattr(typesetting, "set_here")
    assert typeset(TEMPLATE, words, dated=DATED) == here


def test_a_process_that_ends_early_says_so(words, monkeypatch):
    monkeypatch.setattr(typesetting, "SET_HERE", 0)
    monkeypatch.setattr(typesetting, "_APART", ("false",))
    with pytest.raises(NotTypeset, match="ended with 1"):
        typeset(TEMPLATE, words, dated=DATED)


def test_words_of_one_font_alone_are_text_and_others_come_in_pieces():
    assert on_paper("Ann") == "Ann"
    assert on_paper("محمد")["right_to_left"]
    assert typesetting.has_box([on_paper("Ann"), {"rows": [[on_paper("\U000e0fff")]]}])
