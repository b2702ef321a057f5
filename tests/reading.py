"""Reports read back from what was made of them, each cell in the words that people see, without regard to spaces."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from pypdf import PageObject, PdfReader
from python_calamine import CalamineWorkbook

from tests.web.client import Loaded
from tests.web.inspector import words
from training.domain.days import format_day

Rows = list[list[str]]


@dataclass(frozen=True)
class ReadBack:
    """What a form says of itself, and its tables by title: the header first, then every row."""

    head: dict[str, list[str]]
    tables: dict[str, Rows]


def plain(text: str) -> str:
    """Return text without spaces, breaks and what cannot be seen, which forms put where they need them."""
    return "".join(text.replace("\u200b", "").split())


def read_csv(data: bytes) -> ReadBack:
    """Read a CSV as a spreadsheet in English would show it; the apostrophe that keeps text from running is not seen."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    gap = rows.index([])
    header, *body = rows[gap + 1 :]
    # Digits that are no number cannot be told from one in a CSV; of all columns, staff numbers alone are such.
    in_text = [name == "Staff number" for name in header]
    bare = [[cell.removeprefix("'") for cell in row] for row in body]
    shown = [[plain(cell if text else in_words(cell)) for cell, text in zip(row, in_text, strict=True)] for row in bare]
    return ReadBack(head_of(rows[:gap]), {"": [list(map(plain, header)), *shown]})


def in_words(text: str) -> str:
    """Return a day in ISO form in words, a number with its commas, and other text as it is."""
    try:
        number = int(text) if len(text) != 10 else None
        return (
            format_day(date.fromisoformat(text)) if number is None else f"{number:,}" if str(number) == text else text
        )
    except ValueError:
        return text


def read_xlsx(data: bytes) -> ReadBack:
    """Read a workbook as Excel would show it."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    head = head_of(sheets.pop("About"))
    return ReadBack(head, {name: [shown_row(rows[0], row) for row in rows] for name, rows in sheets.items()})


def shown_row(header: list[Any], row: list[Any]) -> list[str]:
    return [plain(shown(cell, column=str(name))) for name, cell in zip(header, row, strict=True)]


def shown(cell: Any, *, column: str = "") -> str:
    match cell:
        case date() | datetime():
            return format_day(cell)
        case float() if column == "Percent":
            return f"{cell * 100:.1f} %"
        case float() if column == "Hours":
            return f"{cell:.1f}"
        case float():
            return f"{int(cell):,}" if cell.is_integer() else str(cell)
        case None:
            return ""
    return str(cell)


def read_json(data: bytes) -> ReadBack:
    """Read JSON, with days, numbers and per cents in the words that people see."""
    found = json.loads(data)
    tables = {}
    for table in found["tables"]:
        columns = table["columns"]
        rows = [[plain(json_words(row[column["key"]], column["kind"])) for column in columns] for row in table["rows"]]
        assert all(list(row) == [column["key"] for column in columns] for row in table["rows"])
        tables[table["title"]] = [[plain(column["name"]) for column in columns], *rows]
    said = found["head"]
    pairs = [("Report", said["title"]), ("Organisation", said["organisation"]), ("Shows", said["shows"])]
    pairs += [("Denominator", said["denominator"]), ("Covers", said["covers"])]
    pairs += [("Compliant", said["compliant"])] if said["compliant"] else []
    pairs += [("Note", note) for note in said["notes"]]
    return ReadBack(head_of(pairs), tables)


def json_words(value: Any, kind: str) -> str:
    match kind:
        case "percent":
            return "Nobody is counted" if value is None else f"{value:.1f} %"
        case "day":
            return format_day(date.fromisoformat(value)) if value else ""
        case "number":
            return "" if value is None else f"{value:,}"
    return value or ""


def read_page(page: Loaded) -> ReadBack:
    """Read a page of the website."""
    pairs = [[words(part) for part in row.query("dt, dd")] for row in page.all(".app-said__row")]
    tables = {}
    for table in page.all("main table"):
        rows = [[plain(words(cell)) for cell in row.query("th, td")] for row in table.query("tr")]
        tables[words(table.query_one("caption"))] = rows
    return ReadBack(head_of(pairs), tables)


def read_pdf(data: bytes) -> ReadBack:
    """Read a PDF by its tags, as a screen reader does."""
    reader = PdfReader(io.BytesIO(data))
    texts: dict[int, dict[int, str]] = {}
    for page in reader.pages:
        texts[page.indirect_reference.idnum] = marked_texts(page)
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    elements = list(elements_in(root))
    tables: dict[str, Rows] = {}
    for each in elements:
        if each["/S"] == "/H2":
            tables[plain(text_of(each, texts))] = []
        elif each["/S"] == "/Table":
            tables[next(reversed(tables))] = rows_of(each, texts)
    said = [[text_of(part, texts) for part in kids(each)] for each in elements if each["/S"] == "/LI"]
    pairs = [(name.removesuffix(":"), words) for name, words in said]
    return ReadBack(head_of(pairs), tables)


def head_of(pairs: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in takewhile(bool, pairs):
        found.setdefault(plain(name), []).append(plain(str(text).removeprefix("'")))
    return found


def kids(element: Any) -> list[Any]:
    found = element.get("/K", [])
    found = found if isinstance(found, list) else [found]
    return [each.get_object() if hasattr(each, "get_object") else each for each in found]


def elements_in(element: Any) -> Iterator[Any]:
    for each in kids(element):
        if isinstance(each, dict) and "/S" in each:
            yield each
            yield from elements_in(each)


def rows_of(table: Any, texts: dict[int, dict[int, str]]) -> Rows:
    rows = [each for each in elements_in(table) if each["/S"] == "/TR"]
    return [[plain(text_of(cell, texts)) for cell in kids(row)] for row in rows]


def text_of(element: Any, texts: dict[int, dict[int, str]], page: int = 0) -> str:
    """Return the words within an element; a number is the mark of a text on the page that the element names."""
    page = element.raw_get("/Pg").idnum if "/Pg" in element else page
    found = []
    for each in kids(element):
        if isinstance(each, dict):
            is_mark = each.get("/Type") == "/MCR"
            on = each.raw_get("/Pg").idnum if "/Pg" in each else page
            found.append(texts[on].get(each["/MCID"], "") if is_mark else text_of(each, texts, page))
        else:
            found.append(texts[page].get(int(each), ""))
    return "".join(found)


def marked_texts(page: PageObject) -> dict[int, str]:
    """Return the texts of a page by their marks."""
    found: dict[int, str] = {}
    marks: list[int | None] = []

    def before(operator: bytes, operands: Any, *_: Any) -> None:
        if operator == b"BDC":
            given = operands[1]
            marks.append(given.get("/MCID") if isinstance(given, dict) else None)
        elif operator == b"BMC":
            marks.append(None)
        elif operator == b"EMC":
            marks.pop()

    def text(said: str, *_: Any) -> None:
        inside = [mark for mark in marks if mark is not None]
        if inside:
            found[inside[-1]] = found.get(inside[-1], "") + said

    page.extract_text(visitor_operand_before=before, visitor_text=text)
    return found
