"""A content folder on its author's desk: each item at its last good state, and what is wrong with it now."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import RLock

from training.catalog.authored import item_files
from training.catalog.faults import Fault, Faults
from training.catalog.glossary import Glossary, read_glossary
from training.catalog.hints import Hint, hints_for
from training.catalog.library import GLOSSARY, check_content, read_item
from training.catalog.passages import Reading
from training.catalog.shelf import stamp
from training.domain.module import Module
from training.domain.scenario import Scenario

State = tuple[int | str, ...] | None


@dataclass(frozen=True, slots=True)
class Proof:
    """An item as its file stands: `item` is the last good one, if there ever was one, and `is_current` if it is now."""

    path: Path
    item: Module | Scenario | None
    is_current: bool
    faults: tuple[Fault, ...]

    @property
    def kind(self) -> str:
        """The kind of item, by the folder that the file lies in."""
        return self.path.parent.name.removesuffix("s")

    @property
    def slug(self) -> str:
        """The item's name."""
        return self.path.stem


class Desk:
    """Reads a file again only when it has changed, and remembers what it last was while it could be read."""

    def __init__(self, content_dir: Path) -> None:
        self.content_dir = content_dir
        self.glossary = Glossary({})
        self._readings: dict[Path, tuple[State, Reading | None, Faults]] = {}
        self._last: dict[Path, Module | Scenario] = {}
        self._faults: list[Fault] = []
        self._mark = ""
        self._turn = RLock()

    def mark(self) -> str:
        """Return what changes whenever a file of the folder does."""
        try:
            return hashlib.sha256(repr(stamp(self.content_dir)).encode()).hexdigest()[:16]
        except OSError:  # a file went away between being listed and being looked at
            return "changing"

    def proofs(self) -> list[Proof]:
        """Return every item of the folder, read again where it has changed."""
        with self._turn:
            self._refresh()
            return [self._proof(path) for path in item_files(self.content_dir)]

    def proof(self, kind: str, slug: str) -> Proof | None:
        """Return one item, or None where there is no such file."""
        return next((proof for proof in self.proofs() if (proof.kind, proof.slug) == (kind, slug)), None)

    def other_faults(self) -> list[Fault]:
        """Return the faults of the folder that lie in no module or scenario: tracks, glossary, resources."""
        with self._turn:
            self._refresh()
            items = set(map(str, item_files(self.content_dir)))
            return [fault for fault in self._faults if fault.file not in items]

    def hints(self, proof: Proof, *, today: date) -> list[Hint]:
        """Return the hints for an item; one with faults has none yet."""
        return hints_for(proof.path, glossary=self.glossary, today=today)

    def _refresh(self) -> None:
        mark = self.mark()
        if mark == self._mark:
            return
        self._mark = mark
        self.glossary = read_glossary(self.content_dir / GLOSSARY, Faults(GLOSSARY))
        self._faults = check_content(self.content_dir, read=self._read)

    def _read(self, path: Path) -> tuple[Reading | None, Faults]:
        state = _state_of(path)
        known = self._readings.get(path)
        if known is None or known[0] != state:
            reading, faults = read_item(path)
            known = self._readings[path] = (state, reading, faults)
            if reading:
                self._last[path] = reading.item
        again = Faults(str(path))
        again.found.extend(known[2].found)
        return known[1], again

    def _proof(self, path: Path) -> Proof:
        _, reading, _ = self._readings.get(path, (None, None, None))
        faults = tuple(fault for fault in self._faults if fault.file == str(path))
        return Proof(path, self._last.get(path), reading is not None, faults)


def _state_of(path: Path) -> State:
    """Return what tells whether a file has changed, or the pictures beside it, which it may show."""
    try:
        stat = path.stat()
        beside = sorted(file.name for file in path.parent.iterdir() if file.suffix != ".md")
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size, *beside)
