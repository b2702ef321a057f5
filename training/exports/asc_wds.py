"""Records in, the training file of ASC-WDS bulk upload out: UTF-8 without a mark, lines that end in CRLF.

No cell is ever altered here, as the upload compares text letter by letter. What a spreadsheet would take for a formula,
and all else that breaks a rule of the columns, is refused instead.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from training.domain.asc_wds import Layout, Record, cells_of
from training.domain.asc_wds_rules import Fault, check_cells

_BATCH = 500


class RecordRefused(ValueError):
    """A record cannot be written because it breaks a rule of the columns."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.column}: {fault.words}")
        self.fault = fault


def encode_asc_wds(records: Iterable[Record], layout: Layout, *, today: date) -> Iterator[bytes]:
    """Encode records in a layout, a few hundred at a time, so that memory stays flat however many there are.

    Raises:
        RecordRefused: where a record breaks a rule; nothing of the few hundred that it is among has been given out.
    """
    yield _encode([layout.columns])
    remaining = iter(records)
    while batch := list(islice(remaining, _BATCH)):
        yield _encode([_row(record, layout, today=today) for record in batch])


def _row(record: Record, layout: Layout, *, today: date) -> Sequence[str]:
    cells = cells_of(record, layout)
    for fault in check_cells(cells, layout, today=today):
        raise RecordRefused(fault)
    return cells


def _encode(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8")
