"""Excel workbooks: the cells of a sheet as lines of text and days."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO

from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook

from training.domain.language import _
from training.domain.upload import Cell, Line
from training.uploads.safety import BROKEN, UploadRefused, unpack_workbook


def read_workbook(data: bytes, *, fits: Callable[[Sequence[Line]], bool]) -> list[Line]:
    """Return the lines of the first sheet that fits, or of the first sheet that can be seen.

    A formula is read as the value that was saved with it; a cell with an error is empty.

    Raises:
        UploadRefused: in words.
    """
    try:
        book = load_workbook(BytesIO(unpack_workbook(data)))
        shown = [
            about.name
            for about in book.sheets_metadata
            if about.visible is SheetVisibleEnum.Visible and about.typ is SheetTypeEnum.WorkSheet
        ]
        sheets = [list(lines_of(book.get_sheet_by_name(name))) for name in shown]
    except CalamineError as error:
        raise UploadRefused(_(BROKEN)) from error
    filled = [lines for lines in sheets if lines]
    if not filled:
        raise UploadRefused(_("Nothing is written in the workbook."))
    return next((lines for lines in filled if fits(lines)), filled[0])


def lines_of(sheet: CalamineSheet) -> Iterator[Line]:
    """Yield the lines of a sheet that hold something, by the numbers that Excel shows."""
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = tuple(cell_of(value) for value in row)
        if any(not isinstance(cell, str) or cell.strip() for cell in cells):
            yield Line(number, cells)


def cell_of(value: object) -> Cell:
    """Return a cell as text or a day: 123.0 is 123, and a time of day is left out."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
