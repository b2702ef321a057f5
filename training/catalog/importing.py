"""Bringing in what others wrote in other formats: reading it safely, writing it as ours, and saying what is missing."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from training.catalog.faults import Fault, Faults
from training.catalog.modules import read_module
from training.catalog.scenarios import read_scenario
from training.catalog.source_text import FORBIDDEN, normalised, read_source

MOST_BYTES_READ = 256 * 1024
MOST_TO_CHECK = 64 * 1024
MOST_IN_AN_ADDRESS, MOST_IN_A_TITLE = 60, 200
READERS = {"module": read_module, "scenario": read_scenario}

# What only a person can fill in: what it says until then, and what stands in for it while the rest is checked.
TO_FILL_IN = {
    "summary": ("", "Stand-in", "one sentence that says what the learner gets out of it"),
    "roles": ("[]", "[social-care]", "who it is for, such as [social-care, family-carer]"),
    "outcomes": ("[]", "[Stand-in]", "what the learner can do afterwards"),
    "capability": ("", "Stand-in", "the published capability or standard that this maps to"),
    "sources": (
        "{}",
        "{stand-in: {title: Stand-in, publisher: Stand-in, url: https://www.example.org, checked_on: 2000-01-01}}",
        "where its claims come from: title, publisher, url and checked_on of each",
    ),
    "review_by": ("", "9999-12-31", "the day of its next review"),
}
MARKS = str.maketrans({"\\": "\\\\", "`": "\\`", "|": "\\|", "&": "&amp;", "<": "&lt;", "[": "&#91;", "]": "&#93;"})
EMPHASIS = str.maketrans({"*": "\\*", "_": "\\_"})
LINE_MARK = re.compile(r"^(?=[#>+=-]|\*[ \t])|(?<=^\d)(?=[.)])|(?<=^\d\d)(?=[.)])|(?<=^\d\d\d)(?=[.)])")
NOT_IN_A_HEADING = re.compile(r"[\[\]*`<>{}]")


class CannotImport(Exception):
    """The file cannot be brought in because it is not what it should be."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was read from another format: a body in ours, how much it holds, and what had to stay behind, by line."""

    kind: str
    title: str
    minutes: float
    body: str
    amount: str
    left: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """How an import went: the file written, what did not come along, and what still has to be done to the file."""

    path: Path
    amount: str
    left: tuple[Fault, ...]
    to_do: tuple[Fault, ...]


@dataclass(slots=True)
class Addresses:
    """Gives each name an address of its own."""

    taken: Counter[str] = field(default_factory=Counter)

    def give(self, name: str, otherwise: str) -> str:
        """Return an address made of a name, or of what else to use where the name has no letters."""
        slug = address_of(name) or otherwise
        self.taken[slug] += 1
        while self.taken[slug] > 1:
            slug = f"{slug}-{self.taken[slug]}"
            self.taken[slug] += 1
        return slug


def address_of(name: str) -> str:
    """Return a name as an address; empty where it has no letters or figures."""
    words = "-".join(re.findall(r"[a-z0-9]+", name[:MOST_IN_A_TITLE].lower().replace("'", "")))
    return words[:MOST_IN_AN_ADDRESS].strip("-")


def read_foreign(path: Path) -> str:
    """Return the text of a file that others made, its line ends as ours.

    Raises: CannotImport.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES_READ + 1)
    except OSError as error:
        raise CannotImport(f"{path}:1: the file cannot be read ({error.strerror}).") from error
    if len(raw) > MOST_BYTES_READ:
        raise CannotImport(f"{path}:1: the file is over {MOST_BYTES_READ // 1024} KB: split it.")
    try:
        text = normalised(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CannotImport(f"{path}:{line}: this is not UTF-8: export it again as UTF-8 text.") from error
    if bad := FORBIDDEN.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise CannotImport(f"{path}:{line}: an invisible character (U+{ord(bad[0]):04X}) is not allowed: delete it.")
    return text


def markdown_of(words: str, *, keep_emphasis: bool = False) -> str:
    """Return one line of words as Markdown that shows just these words."""
    marked = " ".join(FORBIDDEN.sub("", words).split()).translate(MARKS)
    marked = marked if keep_emphasis else marked.translate(EMPHASIS)
    marked = marked.replace(":::", "&#58;::") if marked.startswith(":::") else marked
    # A file that holds {# is taken for a scenario wherever its folder does not say what it is.
    return LINE_MARK.sub(r"\\", marked).replace("{#", "&#123;#")


def heading_of(words: str, otherwise: str) -> str:
    """Return words as a heading, without the marks that may not stand in one."""
    return " ".join(NOT_IN_A_HEADING.sub(" ", FORBIDDEN.sub("", words)).split())[:MOST_IN_A_TITLE] or otherwise


def write_import(carried: Carried, *, source: Path, folder: Path, today: date) -> Report:
    """Write what was carried into a folder, under the name of the file it came from.

    Raises: CannotImport, where a file of that name is there already or cannot be written.
    """
    path = folder / f"{address_of(source.stem) or carried.kind}.md"
    if path.exists():
        raise CannotImport(f"{path} is there already: move it, or choose another folder.")
    text = _file_text(carried, today, {key: empty for key, (empty, _, _) in TO_FILL_IN.items()})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotImport(f"{path} cannot be written ({error.strerror}).") from error
    left = (Fault(str(source), line, f"not carried: {what}") for line, what in sorted(set(carried.left)))
    return Report(path, carried.amount, tuple(left), tuple(_to_do(carried, path, today)))


def _file_text(carried: Carried, today: date, values: Mapping[str, str]) -> str:
    front = {
        "title": json.dumps(" ".join(carried.title.split())[:MOST_IN_A_TITLE] or "Imported", ensure_ascii=False),
        "summary": values["summary"],
        "roles": values["roles"],
        "minutes": str(round(carried.minutes)),
        "version": '"0.1"',
        "material": "false",
        **{key: values[key] for key in ("outcomes", "capability", "sources")},
        "written_on": today.isoformat(),
        "review_by": values["review_by"],
    }
    lines = (f"{key}: {value}".rstrip() for key, value in front.items())
    return "\n".join(["---", *lines, "---", "", carried.body.strip(), ""])


def _to_do(carried: Carried, path: Path, today: date) -> Iterable[Fault]:
    """Yield what is missing in front, and every fault of the rest, found as if the front were filled in."""
    faults = Faults(str(path))
    text = read_source(path, faults)
    if text is None:
        yield from faults.found
        return
    lines = text.split("\n")
    for key, (_, _, what) in TO_FILL_IN.items():
        line = next(number for number, words in enumerate(lines, 1) if words.startswith(f"{key}:"))
        yield Fault(str(path), line, f"`{key}` is to be filled in: {what}")
    if len(text) > MOST_TO_CHECK:
        yield Fault(str(path), 1, "the text is too long for one item: split it, and run `training content check`")
        return
    filled_in = _file_text(carried, today, {key: value for key, (_, value, _) in TO_FILL_IN.items()})
    READERS[carried.kind](path, filled_in, faults)
    yield from sorted(set(faults.found))
