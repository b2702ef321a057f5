"""Every page in a made-up language from right to left: what stays Latin on it was typed by somebody, or is content."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from justhtml import Element
from sqlalchemy import String, select

from tests.web.conftest import ON_SQLITE
from tests.web.house import pages_of
from training.db import EVERYWHERE, Base
from training.domain.asc_wds_categories import CATEGORIES
from training.domain.pseudo_language import KEPT, disguise

SAID = ("aria-label", "alt", "title", "placeholder")
TEXTS = {".md", ".yaml", ".yml", ".toml", ".json", ".svg"}
SILENT = {"script", "style", "code", "svg"}
LATIN = re.compile(r"[A-Za-z]{2,}")
# Names of things that are called the same everywhere.
NAMES = {
    *("STOMP", "STAMP", "Training", "CSV", "PDF", "XLSX", "JSON", "ZIP", "ICS", "NHS", "ESR", "ASC", "WDS", "CQC"),
    *("LOCALESTID", "UNIQUEWORKERID", "SHA", "GOV", "UK", "QR", "PIN", "Excel", "Easy", "Read", "WCAG", "AA"),
    *("Cymraeg", "Polski", "English", "GMT"),
}
# What stands in files of others, and codes: days as written there, heads of columns, kinds in the log, initials.
IN_FILES = {
    *("DD", "MM", "YYYY", "Jan", "Mar", "xlsx", "Job", "title", "Name", "Site", "Competence", "Passed", "on", "LOCAL"),
    *("Basics", "Staff", "number", "esr", "everybody", "overview", "completions", "MK"),
}
MARKS = re.compile(r"<[^>]*>|\b[0-9a-f-]{8,}\b|\b[0-9A-Z]{4}-[0-9A-Z-]+")


def spoken(element: Element) -> Iterator[str]:
    """Yield what a page says, in words and to a screen reader, without what is content and marked as English."""
    for child in element.children or ():
        if child.name == "#text":
            yield child.data
        elif not child.name.startswith(("#", "!")) and child.name not in SILENT and not is_english(child):
            yield from (child.attrs[name] or "" for name in SAID if name in child.attrs)
            yield from spoken(child)


def is_english(element: Element) -> bool:
    return element.attrs.get("lang", "").startswith("en")


def ours(words: str, typed: list[str], content: set[str]) -> str:
    """Return what is Latin in some words and neither typed by anybody, nor content, nor a name."""
    words = MARKS.sub(" ", words)
    for text in typed:
        words = words.replace(text, " ")
    left = [word for word in LATIN.findall(words) if word not in NAMES | IN_FILES]
    return "" if content.issuperset(left) else " ".join(left)


@pytest.fixture
def spoken_by_nobody(app):
    """Have every page in the made-up language."""
    rooms = app.extensions["training"]
    rooms.config = replace(rooms.config, pseudo_language="yes")


@pytest.fixture
def typed(database, house) -> list[str]:  # noqa: ARG001 (everything it made was typed by somebody)
    """Return every text of the database, the longest first."""
    found = set()
    with database.read(EVERYWHERE) as session:
        for table_ in Base.metadata.sorted_tables:
            texts = [column for column in table_.c if isinstance(column.type, String)]
            for row in session.execute(select(*texts)) if texts else ():
                found |= {text for text in row if isinstance(text, str) and LATIN.search(text)}
    return sorted(found, key=len, reverse=True)


@pytest.fixture
def words_of_content(content) -> set[str]:
    """Return every word of the content, and of the categories that others have named."""
    files = " ".join(path.read_text(encoding="utf-8") for path in content.rglob("*.*") if path.suffix in TEXTS)
    return {*LATIN.findall(files), *LATIN.findall(" ".join(CATEGORIES.values()))}


def test_only_values_tags_and_entities_of_a_sentence_stay_as_they_are():
    said = disguise('See <a href="%(url)s">it &amp; more</a>: 5%%')
    assert LATIN.findall(KEPT.sub("", said)) == []
    assert KEPT.findall(said) == ['<a href="%(url)s">', "&amp;", "</a>", "%%"]


@ON_SQLITE
@pytest.mark.usefixtures("spoken_by_nobody")
def test_no_page_holds_a_sentence_that_cannot_be_translated(app, house, typed, words_of_content):
    left = {}
    for rule, _, loaded in pages_of(app, house):
        assert loaded.one("html").attrs["dir"] == "rtl"
        latin = {found for words in spoken(loaded.one("html")) if (found := ours(words, typed, words_of_content))}
        if latin:
            left.setdefault(rule, set()).update(latin)
    assert left == {}, "\n".join(f"{rule}: {sorted(words)}" for rule, words in sorted(left.items()))
