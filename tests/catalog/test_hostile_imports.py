"""Files made to break an import give a message or a report, at once, and never a traceback."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing_files import READERS, bring_in

from training.catalog.importing import MOST_BYTES_READ, CannotImport, read_foreign
from training.catalog.library import check_content

SECONDS = 4
ROOM = MOST_BYTES_READ - 100
GIFT_PIECES = [
    "{",
    "}",
    "{}",
    "=",
    "~",
    "\\",
    "::",
    "{####",
    "{~%",
    "//\n",
    "<a",
    "&amp;",
    "{=a->b",
    "\n\n{T}",
    "\n\nx",
]
TWEE_PIECES = [
    *("[[", "]]", "[[a]]", "[[a->", "<<", "<<a>>", "/*", "$a ", "(set:", "<a", "[img[", "{", "''", "//a", "- ", "\n"),
    *("\n::", "\n:: a", "\n:: a [", "\n:: a{", "::", " \t", "&lt;", "\\", "\n9. "),
]
BROKEN = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "Latin": "Größe {=a ~b}".encode("latin-1"),
    "UTF-16": "What? {=a ~b}".encode("utf-16"),
    "a null": b"What\x00 {=a ~b}",
    "a private character": "What \ue000 {=a ~b}".encode(),
    "too large": b"a" * (MOST_BYTES_READ + 1),
}


def outcome(folder, text: str | bytes, kind: str) -> str:
    """Import a text within the time there is; return the refusal, or nothing."""
    began = time.process_time()
    try:
        bring_in(folder, text, kind)
    except CannotImport as refusal:
        return str(refusal)
    finally:
        assert time.process_time() - began < SECONDS
    return ""


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_text_is_refused_with_a_message(tmp_path, name, kind):
    assert outcome(tmp_path, BROKEN[name], kind)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("piece", GIFT_PIECES)
def test_a_quiz_of_nothing_but_marks_is_over_in_no_time(tmp_path, piece):
    outcome(tmp_path, f"What? {{=a ~b}}\n\n{piece * (ROOM // len(piece))}", "gift")


@pytest.mark.parametrize("piece", TWEE_PIECES)
def test_a_story_of_nothing_but_marks_is_over_in_no_time(tmp_path, piece):
    outcome(tmp_path, f":: Start\n{piece * (ROOM // len(piece))}", "twee")


@pytest.mark.parametrize("piece", ["[[a]]", "[[Start]]\n", "*", "\n\n`a", "- a\n", "| a |\n"])
def test_marks_that_fit_into_a_content_file_are_over_in_no_time(tmp_path, piece):
    outcome(tmp_path, f":: Start\n{piece * (60_000 // len(piece))}", "twee")


def test_a_text_too_long_to_be_one_item_is_carried_and_said_to_be_so(tmp_path):
    long = bring_in(tmp_path, ":: Start\n" + "Words.\n\n" * 10_000, "twee")
    assert long.to_do[-1].message == "the text is too long for one item: split it, and run `training content check`"
    (tmp_path / "b").mkdir()
    wide = bring_in(tmp_path / "b", ":: Start\n" + "Words. " * 1_000, "twee")
    assert [fault.message for fault in wide.to_do] == ["the line has over 4000 characters: break it into several"]


def test_story_data_nested_out_of_sight_is_no_json(tmp_path):
    report = bring_in(tmp_path, ":: StoryData\n" + "[" * 100_000 + "\n\n:: One\nWords.\n", "twee")
    assert "StoryData, which is not valid JSON" in report.left[0].message
    (tmp_path / "b").mkdir()
    report = bring_in(tmp_path / "b", ':: StoryData\n{"start": "\\ud800"}\n\n:: One\nWords.\n', "twee")
    assert str(report.left[0]).encode()


@pytest.mark.parametrize("kind", READERS)
def test_characters_that_rendering_keeps_for_itself_cannot_be_spelt_as_entities(tmp_path, kind):
    spelt = "&#xE000;99&#xE001;&#0;&#8232;&#xD800;"
    text = {"gift": f"::{spelt}:: {spelt} {{={spelt}#{spelt} ~b#c}}", "twee": f":: {spelt}\n{spelt} [[{spelt}]]"}[kind]
    report = bring_in(tmp_path, text, kind)
    assert not any("invisible" in fault.message for fault in (*report.to_do, *check_content(report.path)))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CannotImport, match="cannot be read"):
        read_foreign(tmp_path / "gone.gift")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CannotImport, match="cannot be written"):
        bring_in(tmp_path, "What? {T}", "gift")


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*GIFT_PIECES, *TWEE_PIECES, "a", "# ", "1. ", "-> ", "T", "\r\n", ":::", "{#a}"])))
def test_whatever_marks_are_put_together_there_is_an_answer(tmp_path_factory, kind, pieces):
    folder = tmp_path_factory.mktemp("import")
    text = {"gift": "What? {=a ~b}\n\n", "twee": ":: Start\n"}[kind] + "".join(pieces)
    outcome(folder, text, kind)
    assert all(path.read_text(encoding="utf-8") for path in (folder / "out").glob("*"))
