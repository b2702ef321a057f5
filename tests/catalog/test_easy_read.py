"""Easy Read twins are read strictly, belong to a module, and are written as Easy Read is."""

import re
from datetime import date
from pathlib import Path

import pytest
from sample_content import (
    EASY_READ_BODY,
    TRACKS,
    easy_read_text,
    line_of,
    module_text,
    write,
    write_easy_read,
)

from training.catalog.easy_read import MOST_WORDS, easy_read_files
from training.catalog.easy_read_hints import easy_read_hints
from training.catalog.faults import ContentFaulty
from training.catalog.library import check_content, load_catalog
from training.domain.easy_read import EasyReadPart, Pair
from training.domain.module import SignOff

SHIPPED = Path(__file__).parents[2] / "content"
GUIDE = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
TWINS = {"what-stomp-and-stamp-are", "spotting-side-effects", "the-medication-review", "rights-and-consent"}
TODAY = date(2026, 12, 1)


@pytest.fixture
def content(tmp_path) -> Path:
    folder = tmp_path / "content"
    write(folder, module_text(), "modules/first.md")
    write(folder, TRACKS, "tracks.yaml")
    write_easy_read(folder, easy_read_text())
    return folder


def faults(folder: Path, text: str | bytes, slug: str = "first") -> list[str]:
    """Check one text as a twin, alone and with the whole folder; return its faults as `line: message`."""
    path = write_easy_read(folder, text, slug)
    found = check_content(path)
    assert check_content(folder) == check_content(path.parent) == found
    return [f"{fault.line}: {fault.message}" for fault in found]


def hints(folder: Path) -> list[tuple[int, str]]:
    return [(line, words) for _, line, words in easy_read_hints(folder, TODAY)]


def test_a_twin_holds_its_parts_pairs_and_sentences(content):
    twin = load_catalog(content).easy_reads["first"]
    tablets = Pair(
        "tablets.svg",
        "A person with some tablets",
        ("A <strong>side effect</strong> is something bad that a medicine does.", "You can tell someone."),
    )
    talking = Pair("talking.svg", "Two people talking", ("Do you feel ill?",))
    assert twin.parts == (
        EasyReadPart("your-medicine", "Your medicine", (tablets, talking)),
        EasyReadPart("get-help", "Get help", (Pair("phone.svg", "A phone", ("Ring 999 in an emergency.",)),)),
    )
    assert twin.cover == tablets
    assert (twin.slug, twin.version, twin.module_version, twin.review_by) == ("first", "1.0", "1.0", date(2027, 11, 22))
    assert [source.key for source in twin.sources] == ["mar"]
    assert (twin.clinical_signoff, twin.checked_by_people) == (None, None)


def test_a_twin_keeps_who_checked_it(content):
    signed = easy_read_text(
        clinical_signoff="{who: Dr A Name, on: 2026-12-01}",
        checked_by_people="{who: The Tuesday group, on: 2026-12-02}",
    )
    write_easy_read(content, signed)
    twin = load_catalog(content).easy_reads["first"]
    assert twin.clinical_signoff == SignOff("Dr A Name", date(2026, 12, 1))
    assert twin.checked_by_people == SignOff("The Tuesday group", date(2026, 12, 2))


def test_sentences_may_be_wrapped_and_keep_quotations_together(content):
    body = "## Ask\n\n![A phone](phone.svg)\nYou can\nask: “Why?”\n**Then wait.** \n"
    assert faults(content, easy_read_text(body)) == []
    (pair,) = load_catalog(content).easy_reads["first"].parts[0].pairs
    assert pair.sentences == ("You can ask: “Why?”", "<strong>Then wait.</strong>")


def test_what_looks_like_html_is_shown_as_it_is_written(content):
    body = EASY_READ_BODY.replace("Do you feel ill?", "You & I can ask.")
    write_easy_read(content, easy_read_text(body))
    assert load_catalog(content).easy_reads["first"].parts[0].pairs[1].sentences == ("You &amp; I can ask.",)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_an_editors_marks_and_line_ends_change_nothing(content, mark, end):
    before = load_catalog(content).easy_reads
    assert faults(content, mark + easy_read_text().encode().replace(b"\n", end)) == []
    assert load_catalog(content).easy_reads == before


SPOILT = [
    ("![A phone](phone.svg)", "![ ](phone.svg)", "the picture has no alt text"),
    ("![A phone](phone.svg)", "![A phone](gone.svg)", "the picture `gone.svg` is missing"),
    ("![A phone](phone.svg)", "![A phone](../phone.svg)", "`../phone.svg` is no picture of easy-read/pictures"),
    ("![A phone](phone.svg)", "![A phone](phone.gif)", "`phone.gif` is no picture of easy-read/pictures"),
    ("![A phone](phone.svg)", "See ![A phone](phone.svg)", "a picture stands on a line by itself"),
    ("![A phone](phone.svg)", "![A phone](phone.svg", "a picture stands on a line by itself"),
    ("Ring 999 in an emergency.", "Ring 999 in an emergency", "the sentence has no end"),
    ("Ring 999 in an emergency.", "Ring [999](tel:999) in an emergency.", "a sentence is words"),
    ("Ring 999 in an emergency.", "Ring 999.[^mar]", "a sentence is words"),
    ("Ring 999 in an emergency.", "- Ring 999.", "a sentence is words"),
    ("Ring 999 in an emergency.", "Ring **999.", "a sentence is words"),
    ("Ring 999 in an emergency.", "Ring <b>999</b>.", "a sentence is words"),
    ("Ring 999 in an emergency.", f"Ring {'now ' * MOST_WORDS}.", f"the sentence has {MOST_WORDS + 1} words"),
    ("## Get help", "### Get help", "only ## is a heading here"),
    ("## Get help", "## Get **help**", "a heading is plain words"),
    ("## Get help", "## Your Medicine!", "the heading is the same as that of line"),
]


@pytest.mark.parametrize(("right", "wrong", "message"), SPOILT)
def test_what_is_wrong_is_named_with_its_line(content, right, wrong, message):
    text = easy_read_text(EASY_READ_BODY.replace(right, wrong))
    assert f"{line_of(text, wrong)}: {message}" in " | ".join(faults(content, text))


def test_a_sentence_may_have_twenty_five_words_and_a_hint_says_that_it_is_long(content):
    long = f"Ring {'now ' * (MOST_WORDS - 1)}."
    text = easy_read_text(EASY_READ_BODY.replace("Ring 999 in an emergency.", long))
    assert faults(content, text) == []
    assert hints(content) == [
        (line_of(text, "Ring now"), "the sentence has 25 words, over 15: shorten it, or make two")
    ]


def test_a_sentence_of_fifteen_words_brings_no_hint(content):
    write_easy_read(content, easy_read_text(EASY_READ_BODY.replace("Do you feel ill?", f"Do {'you ' * 14}?")))
    assert hints(content) == []


def test_the_line_of_a_second_sentence_is_its_own(content):
    text = easy_read_text(EASY_READ_BODY.replace("You can tell someone.", f"You can tell {'them ' * 30}."))
    assert faults(content, text)[0].startswith(f"{line_of(text, 'You can tell')}: the sentence has 33 words")


def test_a_picture_has_one_or_two_sentences(content):
    text = easy_read_text(EASY_READ_BODY.replace("Do you feel ill?", "You feel ill. Tell us.\nRest now."))
    assert faults(content, text) == [
        f"{line_of(text, 'Rest now')}: a picture has one or two sentences: give this one a picture of its own"
    ]
    text = easy_read_text(EASY_READ_BODY.replace("Do you feel ill?\n", ""))
    line = line_of(text, "talking.svg")
    assert faults(content, text) == [f"{line}: the picture has no words: write one or two short sentences under it"]


def test_words_need_a_picture_and_a_part(content):
    text = easy_read_text(f"Stray words.\n\n{EASY_READ_BODY}\n## More\n\nNo picture.\n")
    assert [fault.split(":")[0] for fault in faults(content, text)] == [
        str(line_of(text, "Stray words")),
        str(line_of(text, "## More")),
        str(line_of(text, "No picture")),
    ]
    assert "there are no parts" in faults(content, easy_read_text(""))[0]


def test_the_same_pair_twice_is_a_fault_and_the_same_words_under_another_picture_are_not(content):
    text = easy_read_text(f"{EASY_READ_BODY}\n![A phone](phone.svg)\nRing 999 in an emergency.\n")
    assert "this picture and its words stand on line" in faults(content, text)[0]
    text = easy_read_text(f"{EASY_READ_BODY}\n![Two people](talking.svg)\nRing 999 in an emergency.\n")
    assert faults(content, text) == []


def test_a_twin_of_no_module_is_a_fault_of_its_file(content):
    assert faults(content, easy_read_text(), slug="gone") == [
        "1: there is no module `gone`: name the file after a file of content/modules"
    ]
    with pytest.raises(ContentFaulty, match="no module `gone`"):
        load_catalog(content)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": "1.0"}, "`version` is read as a number"),
        ({"module_version": None}, "missing key `module_version`"),
        ({"minutes": "3"}, "unknown key `minutes`"),
        ({"sources": "{}"}, "`sources` is empty"),
        ({"review_by": "2026-11-22"}, "`review_by` is not after `written_on`"),
        ({"title": "[1"}, "this is not valid YAML"),
        ({"title": "&a x"}, "anchors (&) and aliases (*) are not used here"),
    ],
)
def test_front_matter_is_read_strictly(content, changes, message):
    assert any(message in fault for fault in faults(content, easy_read_text(**changes)))


def test_a_key_that_stands_twice_is_a_fault(content):
    text = easy_read_text().replace("---\n", "---\ntitle: Again\n", 1)
    assert "`title` is here twice (first on line 2)" in faults(content, text)[0]


def test_a_module_that_has_moved_on_and_a_late_review_bring_hints(content):
    text = easy_read_text(module_version='"0.9"', written_on="2025-01-01", review_by="2026-01-01")
    write_easy_read(content, text)
    assert hints(content) == [
        (line_of(text, "review_by"), "the review was due by 2026-01-01: review it, and set the next day"),
        (line_of(text, "module_version"), "the module is at version 1.0: read it again, and write its version here"),
    ]


def test_files_elsewhere_are_no_twins(content):
    assert easy_read_files(content / "modules" / "first.md") == []
    assert easy_read_files(content / "modules") == []
    assert len(easy_read_files(content)) == len(easy_read_files(content / "easy-read")) == 1


def test_the_shipped_twins_are_written_as_easy_read_is():
    twins = load_catalog(SHIPPED).easy_reads
    assert set(twins) >= TWINS
    assert list(easy_read_hints(SHIPPED, TODAY)) == []
    for twin in twins.values():
        pairs = [pair for part in twin.parts for pair in part.pairs]
        assert 18 <= len(pairs) <= 26
        words = " ".join(sentence for pair in pairs for sentence in pair.sentences)
        assert "999" in words
        assert re.search(r"by yourself", words), f"{twin.slug} does not say that nobody stops a medicine alone"


def test_the_example_of_the_authoring_guide_is_right(content):
    (example,) = re.findall(r"```markdown\n(## [^\n]+\n\n!\[.*?)```", GUIDE, re.DOTALL)
    for name in re.findall(r"\(([a-z0-9-]+\.svg)\)", example):
        write(content, "<svg/>", f"easy-read/pictures/{name}")
        assert (SHIPPED / "easy-read" / "pictures" / name).is_file()
    assert faults(content, easy_read_text(example)) == []
