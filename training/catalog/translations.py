"""Translations as files: `modules/pl/<module>.md` says in Polish what that module says, and changes nothing else."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import zip_longest
from pathlib import Path

from training.catalog.blocks import Node, parse_blocks
from training.catalog.cards import Draft, cards_of, drafts_of, read_piece
from training.catalog.faults import Fault, Faults
from training.catalog.front_matter import Document, TranslationFront, read_document, sign_off
from training.catalog.label_words import IN_OTHER_LANGUAGES
from training.catalog.passages import Reading, check_heading
from training.catalog.plain_markdown import CITATION
from training.catalog.prose import ADDRESS, Page
from training.catalog.rendering import Renderer
from training.catalog.source_text import read_source
from training.catalog.stretches import END, Stretch, stretches
from training.domain.module import Module
from training.domain.translation import TranslatedModule, Translation, Words, translated

FOLDER = "modules"
LANGUAGE = re.compile(r"[a-z]{2,3}")
Translations = Mapping[str, Mapping[str, TranslatedModule]]
# Gives the reading of a module's file, or None where it has faults of its own.
ReadOriginal = Callable[[Path], Reading | None]


def translation_files(path: Path) -> list[Path]:
    """Return the translations of a content folder, of its folder of modules, of one language, or the one file."""
    whole = path.absolute()
    if not path.is_dir():
        return [path] if path.suffix == ".md" and _is_language(whole.parent) else []
    if _is_language(whole):
        return sorted(path.glob("*.md"))
    folder = path if whole.name == FOLDER else path / FOLDER
    return sorted(file for file in folder.glob("*/*.md") if _is_language(file.absolute().parent))


def _is_language(folder: Path) -> bool:
    return folder.parent.name == FOLDER and bool(LANGUAGE.fullmatch(folder.name))


def is_of_translations(path: Path) -> bool:
    """Say whether a path is the folder of one language, or a file in it."""
    whole = path.absolute()
    return _is_language(whole if path.is_dir() else whole.parent)


def original_of(path: Path) -> Path:
    """Return the file of the module that a translation belongs to."""
    return path.parent.parent / path.name


def read_translations(path: Path, read_original: ReadOriginal) -> tuple[Translations, list[Fault]]:
    """Return the translations of `translation_files` by language and slug, and every fault in them.

    One that was made from other words than the original has now is left out, and is no fault.
    """
    found: dict[str, dict[str, TranslatedModule]] = {}
    every: list[Fault] = []
    for file in translation_files(path):
        faults = Faults(str(file))
        text = read_source(file, faults)
        made = _read(file, text, read_original, faults) if text is not None else None
        if made:
            found.setdefault(made.translation.language, {})[made.slug] = made
        every.extend(faults.found)
    return found, every


def _read(path: Path, text: str, read_original: ReadOriginal, faults: Faults) -> TranslatedModule | None:
    document = read_front(path, text, faults)
    if document is None or not original_of(path).is_file():
        return None
    original = read_original(original_of(path))
    if original is None or is_stale(document.front, original.item, original.nodes):
        return None
    return read_translation(document, original, faults)


def read_front(path: Path, text: str, faults: Faults) -> Document | None:
    """Return a translation's two halves, or None when its front matter or its place among the files is at fault."""
    if not original_of(path).is_file():
        faults.add(1, f"there is no module `{path.stem}`: name the file after a file of content/{FOLDER}")
    document = read_document(text, TranslationFront, faults)
    if document is None:
        return None
    language, folder = document.front.language, path.absolute().parent.name
    if language != folder:
        faults.add(document.lines["language"], f"the file lies in `{folder}` and says `{language}`: let both be one")
    elif language not in IN_OTHER_LANGUAGES:
        known = ", ".join(IN_OTHER_LANGUAGES)
        faults.add(document.lines["language"], f"blocks have no labels in `{language}` yet; languages known: {known}")
    return None if len(faults) else document


def words_hash(item: Module, nodes: tuple[Node, ...]) -> str:
    """Return what tells whether a module's words are those that a translation was made from.

    Days, sources and minutes are no words: they may change, and the translation stands.
    """
    body = (f"{each.mark}\n{each.text}" for each in stretches(nodes))
    said = "\n".join([item.version, item.title, item.summary, *item.outcomes, *body])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def is_stale(front: TranslationFront, item: Module, nodes: tuple[Node, ...]) -> bool:
    """Say whether a translation was made from other words than the original has now."""
    return (front.original_version, front.original_words) != (item.version, words_hash(item, nodes))


def read_translation(document: Document, original: Reading, faults: Faults) -> TranslatedModule | None:
    """Return the module in the words of a translation, or None when they do not fit it card for card."""
    nodes = parse_blocks(document.body, document.body_line, faults)
    if not len(faults):
        _check_outcomes(document, original.item, faults)
        _check_shape(list(stretches(original.nodes)), list(stretches(nodes)), original.path.name, faults)
    if len(faults):
        return None
    drafts = _drafts(nodes, document.front.language, original, faults)
    if len(faults):
        return None
    front = document.front
    words = Words(
        title=front.title,
        summary=front.summary,
        outcomes=front.outcomes,
        cards={role: tuple(cards_of(drafts, role)) for role in original.item.roles},
    )
    about = Translation(front.language, front.translator, front.translated_on, sign_off(front.reviewed))
    return translated(original.item, words, about)


def _drafts(nodes: tuple[Node, ...], language: str, original: Reading, faults: Faults) -> list[Draft]:
    item = original.item
    page = Page(faults, dict.fromkeys((source.key for source in item.sources), 0), original.path.parent)
    renderer = Renderer(page, IN_OTHER_LANGUAGES[language])
    drafts = drafts_of(nodes, item.roles, faults)
    for draft, first in zip(drafts, drafts_of(original.nodes, item.roles, faults), strict=True):
        check_heading(draft.heading, faults)
        draft.address = first.slug
        draft.pieces = [made for roles, node in draft.nodes if (made := read_piece(roles, node, page, renderer))]
    return drafts


def _check_outcomes(document: Document, item: Module, faults: Faults) -> None:
    if len(document.front.outcomes) != len(item.outcomes):
        faults.add(
            document.lines["outcomes"],
            f"there are {len(document.front.outcomes)} `outcomes`, and the original has {len(item.outcomes)}: "
            "translate each, in the same order",
        )


def _check_shape(original: list[Stretch], here: list[Stretch], name: str, faults: Faults) -> None:
    """Record the first place where a translation has not what the original has, and every text that cites otherwise."""
    partners: dict[tuple[str, str], str] = {}
    for first, other in zip_longest(original, here):
        if first is None or other is None or first.mark != other.mark:
            faults.add(
                (other or here[-1]).line,
                f"{name} has {_said(first)} here, and this file has {other.mark if other else END}: a translation has "
                "the same cards, blocks, questions and options in the same order",
            )
            return
        _check_pointers(first, other, faults)
        if first.mark == "what is asked":
            partners.clear()
        if first.mark == "the right of a pair":
            _check_partner(first, other, partners, faults)


def _said(first: Stretch | None) -> str:
    return f"{first.mark} (its line {first.line})" if first else END


def _check_pointers(first: Stretch, other: Stretch, faults: Faults) -> None:
    lost = Counter(CITATION.findall(first.text)) - Counter(CITATION.findall(other.text))
    added = Counter(CITATION.findall(other.text)) - Counter(CITATION.findall(first.text))
    for key in lost:
        faults.add(other.line, f"the original cites `{key}` here: add [^{key}]")
    for key in added:
        faults.add(other.line, f"the original does not cite `{key}` here: take out [^{key}]")
    if sorted(ADDRESS.findall(first.text)) != sorted(ADDRESS.findall(other.text)):
        faults.add(other.line, "these are other links than the original's: translate their words, not their addresses")


def _check_partner(first: Stretch, other: Stretch, partners: dict[tuple[str, str], str], faults: Faults) -> None:
    """Record words of a menu that are one answer in the original and two here, or the other way about."""
    said = partners.setdefault(("from", first.text), other.text)
    meant = partners.setdefault(("into", other.text), first.text)
    if (said, meant) != (other.text, first.text):
        faults.add(other.line, f"“{first.text}” is not one answer in both: say the same each time, and nothing else so")
