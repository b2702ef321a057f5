"""Files that are not what they say, or hold too much: refused in words, before anything large is in memory."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from tests.uploads.making import COMPOUND, text, with_parts, workbook
from training.domain.upload import text_of
from training.uploads import safety
from training.uploads.reading import read_upload
from training.uploads.safety import UploadRefused

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
LOCKED = COMPOUND + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


def read(data, name="staff.xlsx"):
    return read_upload(data, name=name, fits=lambda _lines: True)


def with_sheet(body: bytes) -> bytes:
    return with_parts(workbook(), xl__worksheets__sheet1_dot_xml=SHEET % body)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (PNG, "staff.xlsx", "It is a picture, whatever its name says."),
        (PNG, "staff.csv", "It is a picture, whatever its name says."),
        (b"%PDF-1.7 ...", "staff.csv", "It is a PDF"),
        (b"<html><table></table></html>", "staff.csv", "It is a web page"),
        (COMPOUND + b"\0" * 600, "staff.xls", "Excel's old format"),
        (COMPOUND + b"\0" * 600, "staff.xlsx", "Excel's old format"),
        (LOCKED, "staff.xlsx", "protected by a password"),
        (workbook(), "staff.xlsm", "with macros"),
        (with_parts(workbook(), xl__vbaProject_dot_bin=b"x"), "staff.xlsx", "with macros"),
        (workbook(), "staff.csv", "inside it is a packed file"),
        (text().encode(), "staff.xlsx", "inside it is plain text"),
        (text().encode(), "staff.docx", "cannot be read. Send an Excel workbook"),
        (text().encode(), "staff", "“nothing” cannot be read"),
        (b"", "staff.csv", "The file is empty."),
        (b" \r\n ", "staff.csv", "The file is empty."),
        (b"PK\x03\x04junk", "staff.xlsx", "damaged"),
        (workbook()[:2000], "staff.xlsx", "damaged"),
        (bytes(range(1, 32)) * 50, "staff.csv", "no text that can be read"),
        (b"\xff\xfea", "staff.csv", "says that it is UTF-16, and is not"),
        (b'a,b\n"c,d\n' + b"x" * 200_000, "staff.csv", "a quotation mark there is never closed"),
        (b'a,b\nc,d\n"e,f\ng,h\n', "staff.csv", "Row 3 cannot be read: a quotation mark there is never closed"),
        (b"a,b\n" * (safety.MOST_LINES + 1), "staff.csv", "more than 50,000 rows"),
        (b"," * 300 + b"x\n", "staff.csv", "more than 200 columns"),
        (b"x" * (safety.MOST_BYTES + 1), "staff.csv", "larger than 10 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_words(data, name, words):
    with pytest.raises(UploadRefused, match=words):
        read(data, name)


def test_another_kind_of_packed_file_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    with pytest.raises(UploadRefused, match="not an Excel workbook"):
        read(file.getvalue())


def test_a_million_rows_and_a_cell_far_away_are_refused_without_being_held():
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, safety.MOST_LINES + 2))
    far_down = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    far_right = b'<row r="1"><c r="XFD1"><v>1</v></c></row>'
    for body, words in ((rows, "50,000 rows"), (far_down, "50,000 rows"), (far_right, "200 columns")):
        with pytest.raises(UploadRefused, match=words):
            read(with_sheet(body))


def test_formatting_far_down_without_anything_in_it_is_no_row():
    body = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576" s="3"><c r="A1048576" s="3"/></row>'
    assert len(read(with_sheet(body))) == 1


def test_a_bomb_is_refused_before_it_is_unpacked():
    tracemalloc.start()
    bomb = with_parts(workbook(), xl__worksheets__sheet1_dot_xml=b" " * (safety.MOST_UNPACKED + 1))
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    with pytest.raises(UploadRefused, match="more than can be read"):
        read(bomb)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert len(bomb) < safety.MOST_BYTES
    assert peak < 5_000_000


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_beyond_what_it_said():
    """Its directory claims a few bytes, with the check sum of just those; the rest is never looked at."""
    part = SHEET % (b'<row r="1"><c r="A1"><v>7</v></c></row>')
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(part + b" " * 50_000_000) + packed.flush()
    data = with_parts(workbook(), xl__worksheets__sheet1_dot_xml=part)
    honest = zipfile.ZipFile(io.BytesIO(data)).getinfo("xl/worksheets/sheet1.xml")
    raw = data[: honest.header_offset] + data[honest.header_offset :]
    start = raw.index(b"PK\x01\x02")
    name_length, extra = struct.unpack("<HH", raw[honest.header_offset + 26 : honest.header_offset + 30])
    at = honest.header_offset + 30 + name_length + extra
    lying = raw[:at] + body + raw[at + honest.compress_size : start]
    moved = len(body) - honest.compress_size
    directory = bytearray(raw[start:])
    place = directory.index(b"xl/worksheets/sheet1.xml") - 46
    directory[place + 20 : place + 24] = struct.pack("<I", len(body))
    end = len(directory) - 22
    directory[end + 16 : end + 20] = struct.pack("<I", struct.unpack("<I", directory[end + 16 : end + 20])[0] + moved)
    lines = read(bytes(lying) + bytes(directory))
    assert [line.cells for line in lines] == [("7",)]


def test_much_text_said_once_and_shown_often_is_refused():
    strings = b'<sst xmlns="x"><si><t>%s</t></si></sst>' % (b"a" * 32_000)
    body = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 3_000))
    data = with_parts(workbook(), xl__worksheets__sheet1_dot_xml=SHEET % body, xl__sharedStrings_dot_xml=strings)
    with pytest.raises(UploadRefused, match="more than can be read"):
        read(data)


@pytest.mark.parametrize(
    "part", ["xl__worksheets__sheet1_dot_xml", "xl__sharedStrings_dot_xml", "xl__workbook_dot_xml"]
)
def test_xml_that_declares_things_of_its_own_is_refused(part):
    exploding = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with pytest.raises(UploadRefused, match="damaged"):
        read(with_parts(workbook(), **{part: exploding}))


def test_a_workbook_without_anything_written_in_it_is_refused():
    with pytest.raises(UploadRefused, match="Nothing is written"):
        read(workbook(()))


def test_cells_with_characters_that_no_text_has_are_read():
    lines = read(text().replace("Zoë", "Zo\0ë\x07").encode(), "a.csv")
    assert lines[1].cells[1] == "Zo\0ë\x07 Müller"
    assert text_of(lines[1].cells[1]) == "Zoë Müller"
