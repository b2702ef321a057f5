"""The glossary: words explained in plain English, on a page of their own and where they first stand in a text."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

from training.catalog.faults import Faults
from training.catalog.source_text import read_source
from training.catalog.strict_yaml import Flag, Line, StrictReader, YamlUnfit, parse_yaml

TAG = re.compile(r"(<[^>]+>)")
# Inside these a word is a heading, a link or a label already, or somebody has to press it.
CLOSED_TO_TERMS = ("a", "h3", "sup", "th", "button", "label")

MOST_CHARACTERS = 256 * 1024


@dataclass(frozen=True, slots=True)
class Term:
    """A word, the other forms in which it may stand in a text, and what it means.

    `inline` is whether it is explained where it stands, too; words that are everywhere are explained on the page only.
    """

    slug: str
    term: str
    also: tuple[str, ...]
    meaning: str
    inline: bool


class TermEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A term as `glossary.yaml` writes it, under its slug."""

    term: Line
    meaning: Line
    also: tuple[Line, ...] = ()
    inline: Flag = True


@dataclass(frozen=True)
class Glossary:
    """Every term by slug, in order of the word."""

    terms: Mapping[str, Term]

    @property
    def forms(self) -> dict[str, Term]:
        """Each form of each term that is explained where it stands, in small letters."""
        shown = (term for term in self.terms.values() if term.inline)
        return {form.lower(): term for term in shown for form in (term.term, *term.also)}

    def explain(self, text: str) -> str:
        """Return HTML in which the first standing of each term leads to its meaning."""
        return explained(text, tuple(self.forms.items()))


@lru_cache(maxsize=4096)
def explained(text: str, forms: tuple[tuple[str, Term], ...]) -> str:
    """Return HTML with terms made into links; cached, because the same cards are shown again and again."""
    if not forms:
        return text
    known = dict(forms)
    pattern = re.compile(rf"\b({'|'.join(sorted(map(re.escape, known), key=len, reverse=True))})\b", re.IGNORECASE)
    done: set[str] = set()
    closed: list[str] = []
    out = []
    for piece in TAG.split(text):
        if piece.startswith("<"):
            note_tag(piece, closed)
        elif not closed:
            piece = pattern.sub(lambda found: link(found[0], known[found[0].lower()], done), piece)
        out.append(piece)
    return "".join(out)


def note_tag(tag: str, closed: list[str]) -> None:
    """Keep the stack of open elements that terms are left alone in."""
    name = re.match(r"</?([a-z0-9]+)", tag)
    if name is None or name[1] not in CLOSED_TO_TERMS:
        return
    if tag.startswith("</"):
        closed.pop()
    else:
        closed.append(name[1])


def link(words: str, term: Term, done: set[str]) -> str:
    """Return the words as a link to their meaning, the first time; as they are after that."""
    if term.slug in done:
        return words
    done.add(term.slug)
    meaning = html.escape(term.meaning)
    return (
        f'<a class="app-term" data-module="term" data-meaning="{meaning}" href="/glossary#term-{term.slug}">{words}</a>'
    )


def read_glossary(path: Path, faults: Faults) -> Glossary:
    """Return the glossary of a file; a content folder without one has no terms."""
    if not path.is_file():
        return Glossary({})
    text = read_source(path, faults)
    node = parse_yaml(text, faults, most=MOST_CHARACTERS) if text is not None else None
    if node is None:
        return Glossary({})
    reader = StrictReader(faults)
    terms: dict[str, Term] = {}
    forms: dict[str, str] = {}
    try:
        entries = reader.mapping(node, "")
    except YamlUnfit:
        return Glossary({})
    for slug, (line, value) in entries.items():
        try:
            entry = reader.struct(value, TermEntry, f"{slug}.")
        except YamlUnfit:
            continue
        for form in (entry.term, *entry.also):
            if forms.setdefault(form.lower(), slug) != slug:
                faults.add(line, f"`{form}` is explained under `{forms[form.lower()]}` already: keep one")
        terms[slug] = Term(slug, entry.term, entry.also, entry.meaning, entry.inline)
    return Glossary(dict(sorted(terms.items(), key=lambda item: item[1].term.lower())))
