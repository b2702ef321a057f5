"""The catalogue in use: read at the start, and again in development when its files change."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from training.catalog.faults import ContentFaulty
from training.catalog.library import Catalog, load_catalog

log = logging.getLogger(__name__)


class Shelf:
    """Holds one good catalogue.

    `watch` looks at the files on every `refresh`. New content with a fault is reported once and left alone: the last
    good catalogue stays in use.

    Raises: ContentFaulty, when the content is faulty from the start.
    """

    def __init__(self, content_dir: Path, *, watch: bool, catalog: Catalog | None = None) -> None:
        self.content_dir = content_dir
        self.watch = watch
        self.seen = stamp(content_dir)
        self.catalog = catalog or load_catalog(content_dir)
        self._turn = Lock()

    def refresh(self, *, before_use: Callable[[Catalog], None]) -> None:
        """Read the content again if its files have changed; a new catalogue is handed over before anybody sees it."""
        if not self.watch:
            return
        with self._turn:
            now = stamp(self.content_dir)
            if now == self.seen:
                return
            self.seen = now
            try:
                found = load_catalog(self.content_dir)
            except ContentFaulty as faulty:
                log.error("new content is faulty, the last good content stays in use:\n%s", faulty)
                return
            before_use(found)
            self.catalog = found


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what tells whether any file has changed: every file's name, size and time."""
    found: list[tuple[str, int, int]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                found += stamp(Path(entry.path))
            else:
                stat = entry.stat()
                found.append((entry.path, stat.st_size, stat.st_mtime_ns))
    return tuple(sorted(found))
