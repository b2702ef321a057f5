"""Files in, one ZIP out, as a stream: each file hashed on its way, and the manifest of all of them at the end.

Nothing in the file says when it was made: every date in it is midnight of the day that the pack is about.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from training.domain.pack import Written

# A ZIP knows no other years.
_FIRST_YEAR, _LAST_YEAR = 1980, 2107
_UNIX, _READABLE = 3, 0o100644 << 16


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file to be put in: its name, what it is, and its bytes in pieces of any size, read once."""

    name: str
    says: str
    pieces: Iterable[bytes]


Seal = Callable[[Sequence[Written]], Iterable[PackFile]]


def encode_pack(files: Iterable[PackFile], *, day: date, seal: Seal) -> Iterator[bytes]:
    """Encode files as a ZIP, piece by piece; `seal` is told what was written and gives the last files.

    The files come in their order, each is asked for its bytes when its turn has come, and none is held whole.

    Raises:
        ValueError: two files have one name.
    """
    sink: _Sink = _Sink()
    written: dict[str, Written] = {}
    pack = ZipFile(sink, "w", ZIP_DEFLATED)
    try:
        for file in files:
            yield from _add(pack, sink, file, day, written)
        for file in seal(tuple(written.values())):
            yield from _add(pack, sink, file, day, written)
    except BaseException:
        with suppress(ValueError):
            pack.close()
        raise
    pack.close()
    yield sink.take()


def _add(pack: ZipFile, sink: "_Sink", file: PackFile, day: date, written: dict[str, Written]) -> Iterator[bytes]:
    # Windows and the Mac take two names that differ in capitals alone for one.
    if file.name.casefold() in written:
        raise ValueError(f"two files of the pack are called {file.name}")
    digest, size = sha256(), 0
    with pack.open(_entry(file.name, day), "w") as entry:
        for piece in file.pieces:
            digest.update(piece)
            size += len(piece)
            entry.write(piece)
            yield sink.take()
    written[file.name.casefold()] = Written(file.name, file.says, size, digest.hexdigest())
    yield sink.take()


def _entry(name: str, day: date) -> ZipInfo:
    year = min(max(day.year, _FIRST_YEAR), _LAST_YEAR)
    entry = ZipInfo(name, date_time=(year, day.month, min(day.day, 28) if year != day.year else day.day, 0, 0, 0))
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, _UNIX, _READABLE
    return entry


class _Sink:
    """What a ZIP is written to: it only goes on, and gives away what it has."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        """Return what was written since it was last asked."""
        taken = bytes(self.waiting)
        self.waiting.clear()
        return taken
