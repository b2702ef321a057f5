"""Reading a content file: bytes to text that is safe to parse, and its hash."""

import hashlib
import re
from pathlib import Path

from training.catalog.faults import Faults

MOST_BYTES = 128 * 1024
LONGEST_LINE = 4_000
# NUL and other control characters, and the private-use marks that rendering puts in for citations.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ue000-\uf8ff]")


def normalised(text: str) -> str:
    """Take off a byte order mark and write every line end as one LF."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def content_hash(text: str) -> str:
    """Return the SHA-256, in hex, of a source text; an editor's byte order mark or line ends do not change it."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()


def read_source(path: Path, faults: Faults) -> str | None:
    """Return the normalised text of a content file, or None when it cannot be read as text."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        faults.add(1, f"the file cannot be read ({error.strerror}): check that it is there and may be read")
        return None
    if len(raw) > MOST_BYTES:
        faults.add(1, f"the file is over {MOST_BYTES // 1024} KB: split it")
        return None
    return _decoded(raw, faults)


def _decoded(raw: bytes, faults: Faults) -> str | None:
    try:
        text = normalised(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        faults.add(raw.count(b"\n", 0, error.start) + 1, "this is not UTF-8: save the file as UTF-8 text")
        return None
    if bad := FORBIDDEN.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        faults.add(line, f"an invisible character (U+{ord(bad[0]):04X}) is not allowed: delete it")
        return None
    lengths = [len(line) for line in text.split("\n")]
    if max(lengths) > LONGEST_LINE:
        number = next(number for number, length in enumerate(lengths, 1) if length > LONGEST_LINE)
        faults.add(number, f"the line has over {LONGEST_LINE} characters: break it into several")
        return None
    if not text.strip():
        faults.add(1, "the file is empty: start from the example in docs/authoring.md")
        return None
    return text
