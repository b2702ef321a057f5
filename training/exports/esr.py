"""Rows of a mapping in, the file for ESR out: comma-separated values without a mark and without anything above them.

What a person typed as a name or a title cannot become a formula: such a cell gets an apostrophe, as in every other
file. Staff numbers and competences, which ESR compares, are refused before they come here.
"""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence

from training.exports.csv import encode_csv


def encode_esr(*, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Encode rows below their headings, a few hundred at a time."""
    pieces = encode_csv(header=headings, rows=rows)
    yield next(pieces).removeprefix(BOM_UTF8)
    yield from pieces
