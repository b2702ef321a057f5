"""Templates of imports: an empty table with the headings that are understood, as a workbook or as text."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from training.domain.upload import Field
from training.exports.csv import encode_csv

TEXT, DAY = "@", "dd/mm/yyyy"
WIDE = 24
ROWS = 2_000


def workbook(*, title: str, fields: Sequence[tuple[Field, str, bool]]) -> bytes:
    """Return an empty table for each field with its words and whether it is a day, and a sheet that says what each is.

    Cells are formatted as text, so that a staff number keeps its zeros, or as days.
    """
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    for at, (field, _words, is_day) in enumerate(fields):
        sheet.set_column(at, at, WIDE, book.add_format({"num_format": DAY if is_day else TEXT}))
        sheet.write_string(0, at, field.heading, bold)
    about = book.add_worksheet("How to fill it in")
    about.set_column(0, 0, WIDE)
    about.set_column(1, 1, 90, wrapped)
    for row, (field, words, _is_day) in enumerate(fields):
        about.write_string(row, 0, f"{field.heading}{'' if field.needed else ' (optional)'}", bold)
        about.write_string(row, 1, words)
    book.close()
    return file.getvalue()


def text(*, fields: Sequence[tuple[Field, str, bool]]) -> bytes:
    """Return the headings alone, as comma-separated values."""
    return b"".join(encode_csv(header=[field.heading for field, _, _ in fields], rows=()))
