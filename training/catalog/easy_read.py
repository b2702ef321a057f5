"""Easy Read twins as files: for a module a sequence of pictures, each with one or two short sentences."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from training.catalog.blocks import Heading
from training.catalog.faults import Fault, Faults
from training.catalog.front_matter import Document, EasyReadFront, read_document, sign_off, sources_of
from training.catalog.passages import check_heading
from training.catalog.prose import IMAGE, PICTURE, count_words
from training.catalog.source_text import read_source
from training.domain.easy_read import EasyRead, EasyReadPart, Pair

FOLDER = "easy-read"
PICTURES = "pictures"
MOST_WORDS = 25
MOST_SENTENCES = 2
HEADING = re.compile(r"##[ \t]+(\S.*)")
BOLD = re.compile(r"\*\*([^\s*](?:[^*]*[^\s*])?)\*\*")
# Words and bold are all that stands in a sentence: a link or a citation is one more thing to understand.
MARKS = re.compile(r"[\[\]<>{}`*_#|\\]|://|^[-+] ", re.MULTILINE)
ENDED = re.compile(r"[.!?][\"”’')]*(?:\*\*)?$")
BETWEEN = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’')])|(?<=[.!?]\*\*))\s+")


@dataclass(slots=True)
class PairDraft:
    """A picture as the author wrote it, and the lines below it."""

    line: int
    alt: str
    picture: str
    lines: list[tuple[int, str]] = field(default_factory=list)

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Yield each sentence with the line it begins on."""
        text = "\n".join(words for _, words in self.lines)
        ends = list(accumulate(len(words) + 1 for _, words in self.lines))
        at = 0
        for sentence in filter(None, BETWEEN.split(text)):
            at = text.index(sentence, at)
            yield self.lines[bisect_right(ends, at)][0], " ".join(sentence.split())
            at += len(sentence)


@dataclass(slots=True)
class PartDraft:
    """A heading and the pairs below it."""

    heading: Heading
    pairs: list[PairDraft] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The part's address within its page, made of its heading."""
        return "-".join(re.findall(r"[a-z0-9]+", self.heading.title.lower().replace("'", ""))) or "part"


def easy_read_files(path: Path) -> list[Path]:
    """Return the twins of a content folder, those of a folder of twins, or the one file, if it is a twin."""
    if path.is_dir():
        return sorted((path if path.absolute().name == FOLDER else path / FOLDER).glob("*.md"))
    return [path] if path.suffix == ".md" and path.absolute().parent.name == FOLDER else []


def read_easy_reads(path: Path) -> tuple[dict[str, EasyRead], list[Fault]]:
    """Return the twins of `easy_read_files` by slug, and every fault in them."""
    twins: dict[str, EasyRead] = {}
    found: list[Fault] = []
    for file in easy_read_files(path):
        faults = Faults(str(file))
        text = read_source(file, faults)
        twin = read_easy_read(file, text, faults) if text is not None else None
        if twin:
            twins[twin.slug] = twin
        found.extend(faults.found)
    return twins, found


def read_easy_read(path: Path, text: str, faults: Faults) -> EasyRead | None:
    """Return the twin of a normalised source text, or None when it has faults."""
    if not module_of(path).is_file():
        faults.add(1, f"there is no module `{path.stem}`: name the file after a file of content/modules")
    document = read_document(text, EasyReadFront, faults)
    if document is None:
        return None
    drafts = parts_of(document, faults)
    _check_parts(drafts, faults)
    _check_pairs([pair for draft in drafts for pair in draft.pairs], path.parent / PICTURES, faults)
    return None if len(faults) else _built(path.stem, document.front, drafts)


def module_of(path: Path) -> Path:
    """Return the file of the module that a twin belongs to."""
    return path.absolute().parent.parent / "modules" / path.name


def parts_of(document: Document, faults: Faults) -> list[PartDraft]:
    """Return a body's headings, pictures and lines in order; what stands where it cannot is a fault."""
    parts: list[PartDraft] = []
    for line, words in enumerate(document.body.split("\n"), document.body_line):
        plain = words.strip()
        if heading := HEADING.fullmatch(plain):
            parts.append(PartDraft(Heading(line, heading[1])))
        elif plain.startswith("#"):
            faults.add(line, "only ## is a heading here: write `## What this part is about`")
        elif plain and not parts:
            faults.add(line, "this stands in no part: put a `## Heading` above it")
        elif plain:
            _add(parts[-1], line, plain, faults)
    if not parts:
        faults.add(document.body_line, "there are no parts: write `## A heading`, a picture and a sentence")
    return parts


def _add(part: PartDraft, line: int, words: str, faults: Faults) -> None:
    if image := IMAGE.fullmatch(words):
        part.pairs.append(PairDraft(line, image[1].strip(), image[2].strip()))
    elif "![" in words:
        faults.add(line, "a picture stands on a line by itself: write ![what it shows](name.svg), and words below it")
    elif part.pairs:
        part.pairs[-1].lines.append((line, words))
    else:
        faults.add(line, "the words have no picture: put ![what it shows](name.svg) on a line above them")


def _check_parts(parts: list[PartDraft], faults: Faults) -> None:
    taken: dict[str, int] = {}
    for part in parts:
        line = part.heading.line
        check_heading(part.heading, faults)
        if not part.pairs:
            faults.add(line, "the part is empty: put a picture and a sentence under its heading, or take it out")
        if taken.setdefault(part.slug, line) != line:
            faults.add(line, f"the heading is the same as that of line {taken[part.slug]}: change one")


def _check_pairs(pairs: list[PairDraft], pictures: Path, faults: Faults) -> None:
    told: dict[tuple[str, ...], int] = {}
    for pair in pairs:
        _check_picture(pair, pictures, faults)
        sentences = list(pair.sentences())
        if not sentences:
            faults.add(pair.line, "the picture has no words: write one or two short sentences under it")
        if len(sentences) > MOST_SENTENCES:
            line, _ = sentences[MOST_SENTENCES]
            faults.add(line, "a picture has one or two sentences: give this one a picture of its own")
        for line, sentence in sentences:
            _check_sentence(line, sentence, faults)
        first = told.setdefault((pair.picture, *(words.casefold() for _, words in sentences)), pair.line)
        if first != pair.line:
            faults.add(pair.line, f"this picture and its words stand on line {first} already: keep one")


def _check_picture(pair: PairDraft, pictures: Path, faults: Faults) -> None:
    if not pair.alt:
        faults.add(pair.line, "the picture has no alt text: say what it shows, ![here](name.svg)")
    if not PICTURE.fullmatch(pair.picture):
        faults.add(pair.line, f"`{pair.picture}` is no picture of {FOLDER}/{PICTURES}: write a name such as doctor.svg")
    elif not (pictures / pair.picture).is_file():
        faults.add(pair.line, f"the picture `{pair.picture}` is missing: put it into {FOLDER}/{PICTURES}")


def _check_sentence(line: int, sentence: str, faults: Faults) -> None:
    count = count_words(sentence)
    if count > MOST_WORDS:
        faults.add(line, f"the sentence has {count} words: make it two, of 15 words at most")
    if MARKS.search(BOLD.sub(r"\1", sentence)):
        faults.add(line, "a sentence is words, some of them **bold**: take out links, citations, lists and other marks")
    elif not ENDED.search(sentence):
        faults.add(line, "the sentence has no end: put a full stop or a question mark")


def _built(slug: str, front: EasyReadFront, drafts: list[PartDraft]) -> EasyRead:
    return EasyRead(
        slug=slug,
        **{name: getattr(front, name) for name in ("title", "summary", "version", "module_version")},
        **{name: getattr(front, name) for name in ("written_on", "review_by")},
        sources=sources_of(front),
        parts=tuple(EasyReadPart(draft.slug, draft.heading.title, tuple(map(_pair, draft.pairs))) for draft in drafts),
        clinical_signoff=sign_off(front.clinical_signoff),
        checked_by_people=sign_off(front.checked_by_people),
    )


def _pair(draft: PairDraft) -> Pair:
    return Pair(draft.picture, draft.alt, tuple(_html(sentence) for _, sentence in draft.sentences()))


def _html(sentence: str) -> str:
    return BOLD.sub(r"<strong>\1</strong>", html.escape(sentence, quote=False))


def sentences_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a normalised source text, each with the line it begins on."""
    ignored = Faults("")
    document = read_document(text, EasyReadFront, ignored)
    for draft in parts_of(document, ignored) if document else []:
        for pair in draft.pairs:
            yield from pair.sentences()
