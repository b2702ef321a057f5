"""Files as Excel and other systems save them, and as somebody who means ill would."""

import io
import zipfile
from datetime import date

import openpyxl
import xlsxwriter

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADINGS = ("Staff number", "Name", "Job title", "Site", "Start date")
ROWS = (("00123", "Zoë Müller", "Nurse", "North", date(2026, 3, 1)), ("7", "Li, Wei", "Carer", "South", "01/02/2026"))


def workbook(*rows, sheets=("People",), **options) -> bytes:
    """Return a workbook with these rows in each sheet."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, **options})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name in sheets:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows or (HEADINGS, *ROWS)):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                else:
                    sheet.write(number, column, value)
    book.close()
    return file.getvalue()


def saved_by_openpyxl(*, epoch_1904: bool = False) -> bytes:
    """Return a workbook as another library saves it, counting days from 1904 as old Macs do where asked for."""
    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (HEADINGS, *ROWS):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_parts(data: bytes, **parts: bytes) -> bytes:
    """Return a workbook with some parts replaced or added; `__` stands for a slash, and `_dot_` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in named:
                new.writestr(info, old.read(info))
        for name, part in named.items():
            new.writestr(name, part)
    return file.getvalue()


def text(separator: str = ",", *, day: str = "%d/%m/%Y", newline: str = "\r\n") -> str:
    """Return the same table as text, quoted where it must be."""
    rows = [HEADINGS, *((*row[:-1], row[-1].strftime(day) if isinstance(row[-1], date) else row[-1]) for row in ROWS)]
    cells = ([f'"{cell}"' if separator in cell or "," in cell else cell for cell in row] for row in rows)
    return newline.join(separator.join(row) for row in cells) + newline
