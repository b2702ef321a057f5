"""What may be read of a file that somebody sends: its kind, its size, and a workbook unpacked within limits."""

import zipfile
from io import BytesIO
from pathlib import PurePath
from typing import Final
from xml.parsers import expat

from training.domain.language import N_, _
from training.domain.numbers import number_words
from training.uploads.zeros import with_zeros

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_UNPACKED: Final = 120 * 1024 * 1024
MOST_PARTS: Final = 2_000
MOST_LINES: Final = 50_000
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 1_000_000
MOST_TEXT: Final = 60_000_000
PIECE: Final = 256 * 1024

TEXT_NAMES: Final = frozenset({".csv", ".tsv", ".txt"})
WORKBOOK_NAME: Final = ".xlsx"
ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Office keeps a workbook with a password in a part of this name.
LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")
NEEDED: Final = ("[Content_Types].xml", "_rels/", "xl/workbook.xml", "xl/_rels/", "xl/worksheets/", "xl/styles.xml")
STRINGS: Final = "xl/sharedStrings.xml"

ACCEPTED: Final = N_("Send an Excel workbook (.xlsx) or comma-separated values (.csv).")
TOO_MUCH: Final = N_("It holds more than can be read at once. Leave out columns that are not needed, or split it.")
BROKEN: Final = N_("The workbook is damaged and cannot be read. Open it in Excel and save it again.")
LOCKED_AWAY: Final = N_("The workbook is protected by a password. Save it without one.")
MACROS: Final = N_("It is a workbook with macros, which are never opened. Save it as %(ending)s.")


class UploadRefused(Exception):
    """A file cannot be read because it is not what it should be, or holds too much."""


def too_big() -> str:
    """Say that a file has too many bytes."""
    words = N_("The file is larger than %(most)s MB. Leave out columns and sheets that are not needed, or split it.")
    return _(words, most=MOST_BYTES // 1024 // 1024)


def too_long() -> str:
    """Say that a file has too many rows."""
    words = N_("It has more than %(most)s rows. Split it and import the parts one after the other.")
    return _(words, most=number_words(MOST_LINES))


def too_wide() -> str:
    """Say that a file has too many columns."""
    return _("It has more than %(most)s columns. Leave out those that are not needed.", most=MOST_COLUMNS)


def other_kind(words: str) -> "UploadRefused":
    """Return the refusal of a file of another kind, with the kinds that can be read."""
    return UploadRefused(f"{words} {_(ACCEPTED)}")


def refuse_strange_file(data: bytes, *, name: str) -> bool:
    """Refuse a file by its size, its name and its first bytes; return whether it is a workbook.

    Raises:
        UploadRefused: in words, before any of it is unpacked.
    """
    if len(data) > MOST_BYTES:
        raise UploadRefused(too_big())
    if not data.strip():
        raise UploadRefused(_("The file is empty."))
    ending = PurePath(name.strip()).suffix.lower()
    if ending == ".xlsm":
        raise UploadRefused(_(MACROS, ending=WORKBOOK_NAME))
    if data.startswith(COMPOUND):
        raise UploadRefused(words_about_compound(data))
    refuse_other_kinds(data)
    is_workbook = data.startswith(ZIP)
    if ending not in TEXT_NAMES | {WORKBOOK_NAME}:
        named = ending[:20] or _("nothing")
        raise other_kind(_("Files that end in “%(ending)s” cannot be read.", ending=named))
    if is_workbook != (ending == WORKBOOK_NAME):
        packed = N_("The name ends in %(ending)s, but inside it is a packed file such as a workbook.")
        plain = N_("The name ends in %(ending)s, but inside it is plain text.")
        raise other_kind(_(packed if is_workbook else plain, ending=ending))
    return is_workbook


def words_about_compound(data: bytes) -> str:
    """Say what to do with a file in the old format of Office, in which newer ones with a password come too."""
    if LOCKED in data:
        return _(LOCKED_AWAY)
    return _("It is in Excel's old format. Open it in Excel and save it as %(ending)s.", ending=WORKBOOK_NAME)


def refuse_other_kinds(data: bytes) -> None:
    """Refuse pictures, PDF and web pages, whatever they are called."""
    start = data[:512].lstrip()
    if start.startswith(PICTURES):
        raise other_kind(_("It is a picture, whatever its name says."))
    if start.startswith(b"%PDF"):
        raise other_kind(_("It is a PDF, whatever its name says."))
    if start.lower().startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        words = N_("It is a web page, whatever its name says. Open it in Excel and save it as %(ending)s.")
        raise UploadRefused(_(words, ending=WORKBOOK_NAME))


def unpack_workbook(data: bytes) -> bytes:
    """Return a workbook packed anew with nothing but the parts that hold cells, each looked at within limits.

    What is read afterwards is what was looked at here, whatever the directory of the file claimed.

    Raises:
        UploadRefused: for macros, a password, another kind of file, or more than the limits.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts = parts_of(packed)
            return pack(with_zeros(look_at({name: unpack(packed, info) for name, info in parts.items()})))
    except (zipfile.BadZipFile, expat.ExpatError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UploadRefused(_(BROKEN)) from error


def parts_of(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the parts of a workbook that hold cells, by name."""
    every = {info.filename: info for info in packed.infolist()}
    if len(packed.infolist()) > MOST_PARTS or sum(info.file_size for info in every.values()) > MOST_UNPACKED:
        raise UploadRefused(_(TOO_MUCH))
    if any(info.flag_bits & 1 for info in every.values()):
        raise UploadRefused(_("The file is protected by a password. Save it without one."))
    if any("vbaproject" in name.lower() or "/macrosheets/" in name.lower() for name in every):
        raise UploadRefused(_(MACROS, ending=WORKBOOK_NAME))
    if "xl/workbook.xml" not in every:
        raise other_kind(_("It is not an Excel workbook, whatever its name says."))
    return {name: info for name, info in every.items() if name.startswith(NEEDED) or name == STRINGS}


def unpack(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return one part, never more of it than the limit."""
    pieces, total = [], 0
    with packed.open(info) as part:
        while piece := part.read(PIECE):
            total += len(piece)
            if total > MOST_UNPACKED:
                raise UploadRefused(_(TOO_MUCH))
            pieces.append(piece)
    return b"".join(pieces)


def pack(parts: dict[str, bytes]) -> bytes:
    """Return parts as a workbook."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for name, part in parts.items():
            packed.writestr(zipfile.ZipInfo(name), part)
    return file.getvalue()


def look_at(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts, once their cells and the text in these are known to be within limits."""
    lengths = Strings().lengths_in(parts[STRINGS]) if STRINGS in parts else []
    for name, part in parts.items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            Cells(lengths).count(part)
        elif name != STRINGS:
            parse(part, expat.ParserCreate())
    return parts


def parse(part: bytes, parser: expat.XMLParserType) -> None:
    """Parse a part that declares nothing of its own: such declarations are how XML is made to explode."""

    def refuse(*_about: object) -> None:
        raise UploadRefused(_(BROKEN))

    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(part, True)


class Strings:
    """The texts that cells of a workbook refer to by number, of which only the lengths are kept."""

    def __init__(self) -> None:
        self._lengths: list[int] = []

    def lengths_in(self, part: bytes) -> list[int]:
        """Return the length of each text."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.CharacterDataHandler = self._add
        parse(part, parser)
        return self._lengths

    def _begin(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "si":
            self._lengths.append(0)

    def _add(self, text: str) -> None:
        if self._lengths:
            self._lengths[-1] += len(text)


class Cells:
    """Counts the cells of one sheet that hold something: how far down and across they go, and how much text they have.

    A sheet is read as one block from its first cell to its last, so one cell far away would fill the memory.
    """

    def __init__(self, lengths: list[int]) -> None:
        self._lengths = lengths
        self._row = self._column = self._count = self._text = 0
        self._in_value = self._is_shared = False
        self._value = ""

    def count(self, part: bytes) -> None:
        """Look at a sheet.

        Raises:
            UploadRefused: where it holds more than the limits.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._add
        parse(part, parser)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif tag == "c":
            self._is_shared = attributes.get("t") == "s"
            self._column = column_of(attributes["r"]) if "r" in attributes else self._column + 1
            if "r" in attributes:
                self._row = int(attributes["r"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        elif tag in {"v", "t"}:
            self._in_value, self._value = True, ""

    def _add(self, text: str) -> None:
        if self._in_value:
            self._value += text

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] not in {"v", "t"} or not self._in_value:
            return
        self._in_value = False
        self._count += 1
        shared = self._is_shared and self._value.isdecimal() and int(self._value) < len(self._lengths)
        self._text += self._lengths[int(self._value)] if shared else len(self._value)
        if self._row > MOST_LINES:
            raise UploadRefused(too_long())
        if self._column > MOST_COLUMNS:
            raise UploadRefused(too_wide())
        if self._count > MOST_CELLS or self._text > MOST_TEXT:
            raise UploadRefused(_(TOO_MUCH))


def column_of(reference: str) -> int:
    """Return the number of a cell's column: 1 of A7, 28 of AB3."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number
