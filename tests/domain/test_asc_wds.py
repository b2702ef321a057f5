"""The training file of ASC-WDS: which validity a pass gets, and what the strict checker refuses."""

import ast
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from training.domain import asc_wds_file, asc_wds_rules
from training.domain.asc_wds import Layout, Record, cells_of, last_day_there, validity_of
from training.domain.asc_wds_categories import CATEGORIES, USUAL, offered
from training.domain.asc_wds_file import check_file
from training.domain.asc_wds_rules import CODES, check_cells, tidy_reference, what_is_wrong, wrong_reference
from training.domain.expiry import last_valid_day
from training.domain.names import tidy_text
from training.domain.sheet_text import begins_a_formula
from training.exports.asc_wds import RecordRefused, encode_asc_wds

TODAY = date(2026, 3, 2)
BOTH = pytest.mark.parametrize("layout", list(Layout))
RECORD = Record(
    workplace="SITE-01",
    worker="W0042",
    category=13,
    name="STOMP and STAMP: speaking up about medicines",
    completed_on=date(2026, 1, 15),
    expires_on=date(2027, 1, 14),
    validity="12",
    delivered_by="1",
)
SAMPLE = {
    Layout.TWELVE: "SITE-01,W0042,13,STOMP and STAMP: speaking up about medicines,0,1,,2,12,15/01/2026,14/01/2027,",
    Layout.EIGHT: "SITE-01,W0042,13,STOMP and STAMP: speaking up about medicines,15/01/2026,14/01/2027,0,",
}
HEADER = {
    Layout.TWELVE: "LOCALESTID,UNIQUEWORKERID,CATEGORY,TRAININGNAME,ACCREDITED,WHODELIVERED,PROVIDERNAME,HOWDELIVERED,"
    "VALIDITY,DATECOMPLETED,EXPIRYDATE,NOTES",
    Layout.EIGHT: "LOCALESTID,UNIQUEWORKERID,CATEGORY,DESCRIPTION,DATECOMPLETED,EXPIRYDATE,ACCREDITED,NOTES",
}
# Completed, months, last valid day by our rule, last day by the upload's, and the VALIDITY that is sent.
VECTORS = [
    ("2025-01-01", 1, "2025-01-31", "2025-01-31", ""),
    ("2025-01-01", 2, "2025-02-28", "2025-02-28", "2"),
    ("2025-01-01", 3, "2025-03-31", "2025-03-31", "3"),
    ("2025-02-01", 1, "2025-02-28", "2025-02-28", ""),
    ("2025-02-01", 3, "2025-04-30", "2025-04-30", "3"),
    ("2025-03-01", 1, "2025-03-31", "2025-03-31", ""),
    ("2025-03-01", 2, "2025-04-30", "2025-04-30", "2"),
    ("2025-11-15", 1, "2025-12-14", "2025-12-14", ""),
    ("2025-11-30", 1, "2025-12-29", "2025-12-29", ""),
    ("2025-12-31", 1, "2026-01-30", "2026-01-30", ""),
    ("2025-12-31", 2, "2026-02-28", "2026-02-27", ""),
    ("2024-02-29", 12, "2025-02-28", "2025-02-27", ""),
    ("2025-01-31", 1, "2025-02-28", "2025-02-27", ""),
]


def file_of(layout, *lines):
    return "".join(f"{line}\r\n" for line in (HEADER[layout], *lines)).encode()


def encoded(*records, layout=Layout.TWELVE, today=TODAY):
    return b"".join(encode_asc_wds(records, layout, today=today))


@pytest.mark.parametrize(("completed", "months", "ours", "theirs", "validity"), VECTORS)
def test_months_are_named_where_the_upload_comes_to_the_same_last_day(completed, months, ours, theirs, validity):
    completed_on, valid_until = date.fromisoformat(completed), date.fromisoformat(ours)
    assert last_valid_day(completed_on, months) == valid_until
    assert last_day_there(completed_on, months) == date.fromisoformat(theirs)
    assert validity_of(completed_on, valid_until=valid_until, months={months}) == (validity, valid_until)


def test_a_pass_that_does_not_expire_has_the_word_and_no_day():
    assert validity_of(date(2026, 1, 15), valid_until=None, months=()) == ("none", None)


@pytest.mark.parametrize("until", [date(2028, 1, 13), date(2027, 1, 13), date(2026, 6, 30)])
def test_a_last_day_from_an_early_renewal_or_cut_short_stands_alone(until):
    assert validity_of(date(2026, 12, 5), valid_until=until, months={12}) == ("", until)


def test_only_months_that_the_rules_may_have_given_are_named():
    assert validity_of(date(2026, 12, 14), valid_until=date(2028, 1, 13), months={12}) == ("", date(2028, 1, 13))


@BOTH
def test_a_sample_row_of_each_layout_is_written_as_it_should_be(layout):
    assert encoded(RECORD, layout=layout) == file_of(layout, SAMPLE[layout])
    assert check_file(encoded(RECORD, layout=layout), layout, today=TODAY) == []


def test_the_leap_day_sample_has_its_last_day_alone():
    validity, expires_on = validity_of(date(2024, 2, 29), valid_until=date(2025, 2, 28), months={12})
    record = replace(RECORD, completed_on=date(2024, 2, 29), expires_on=expires_on, validity=validity)
    line = "SITE-01,W0042,13,STOMP and STAMP: speaking up about medicines,0,1,,2,,29/02/2024,28/02/2025,"
    assert encoded(record) == file_of(Layout.TWELVE, line)


def test_no_category_is_the_oliver_mcgowan_training():
    assert not {41, 42, 43} & CATEGORIES.keys()
    assert {3, 4, 24}.isdisjoint(CATEGORIES)
    assert next(code for code, _ in offered()) == USUAL
    assert sorted(code for code, _ in offered()) == sorted(CATEGORIES)


@pytest.mark.parametrize("module", [asc_wds_file, asc_wds_rules])
def test_the_checker_takes_nothing_from_what_writes_the_file(module):
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    taken = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ours = {name for name in taken if name.startswith("training.")}
    assert {name for name in ours if "asc_wds" in name} <= {"training.domain.asc_wds_rules"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import) and "training" in ast.unparse(node)]


@pytest.mark.parametrize("layout", list(Layout))
def test_every_number_is_a_category_to_the_checker_where_it_can_be_chosen(layout):
    cells = list(cells_of(RECORD, layout))
    right = [code for code in range(60) if not check_cells([*cells[:2], str(code), *cells[3:]], layout, today=TODAY)]
    assert right == sorted(CATEGORIES)


@pytest.mark.parametrize(
    ("completed", "months", "_ours", "theirs", "_validity"), [row for row in VECTORS if row[1] > 1]
)
def test_the_checker_counts_months_as_the_upload_does(completed, months, _ours, theirs, _validity):
    def faults_of(day):
        written = [date.fromisoformat(each).strftime("%d/%m/%Y") for each in (completed, day)]
        cells = ["SITE-01", "W0042", "13", "A name", "0", "", "", "2", str(months), *written, ""]
        return [fault.code for fault in check_cells(cells, Layout.TWELVE, today=TODAY)]

    assert faults_of(theirs) == []
    assert faults_of(str(date.fromisoformat(theirs) + timedelta(days=1))) == [2110]


def test_a_day_at_the_end_of_all_years_is_a_fault_and_no_accident():
    line = SAMPLE[Layout.TWELVE].replace("15/01/2026,14/01/2027", "01/01/9990,02/01/9990").replace(",12,", ",999,")
    assert {fault.code for fault in check_file(file_of(Layout.TWELVE, line), Layout.TWELVE, today=TODAY)} == {
        1020,
        2110,
    }


# Whatever a file may hold in a column, and what no file may.
PLAIN = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=40)
RIGHT_NAME = st.one_of(PLAIN, st.sampled_from(['Medicines, "calmly"', "Médicaments; doucement", "علاج", "x" * 120]))
WRONG_TEXT = [
    " padded",
    "padded ",
    "two\r\nlines",
    "tab\there",
    "=1+1",
    "+44",
    "-5",
    "@name",
    "＝1",
    "\u200b=1",
    "n\0l",
]
UNSEEN = ["SITE\u200b01", "SITE-01\u200d", "\u2060SITE", "SI\u00adTE", "\u0645\u200c\u0646"]
WRONG_DAY = ["2026-01-15", "15/1/2026", "15/01/26", "31/02/2026", "01/13/2026", "15-01-2026", "soon", "1５/01/2026"]
WRONG = {
    "LOCALESTID": ["", "x" * 51, "😀" * 26, *WRONG_TEXT, *UNSEEN],
    "UNIQUEWORKERID": ["", "x" * 51, *WRONG_TEXT, *UNSEEN],
    "CATEGORY": ["", "0", "3", "4", "24", "41", "42", "43", "52", "013", "13.0", "Medication management", "-13"],
    "DESCRIPTION": ["", "x" * 121, *WRONG_TEXT],
    "TRAININGNAME": ["", "x" * 121, *WRONG_TEXT],
    "ACCREDITED": ["2", "Yes", "01", "998", " "],
    "WHODELIVERED": ["0", "3", "In-house staff", " 1"],
    "PROVIDERNAME": ["Our provider", "12a", "-3", "1.5", "१२", "1" * 21, "123"],
    "HOWDELIVERED": ["0", "3", "E-learning"],
    "VALIDITY": ["0", "1", "-1", "012", "1.5", "1000", "None", "forever", "13", "none"],
    "DATECOMPLETED": [*WRONG_DAY, "03/03/2026", "14/01/2027", "15/01/2027"],
    "EXPIRYDATE": [*WRONG_DAY, "15/01/2026", "14/01/2026", "13/01/2027"],
    "NOTES": ["x" * 1001, *WRONG_TEXT],
}
# In the older layout no months stand beside the days, so that any last day after completion may be right.
RIGHT_WITHOUT_MONTHS = {"13/01/2027"}
BROKEN = [
    (layout, column, cell)
    for layout in Layout
    for column in layout.columns
    for cell in WRONG[column]
    if layout is Layout.TWELVE or column != "EXPIRYDATE" or cell not in RIGHT_WITHOUT_MONTHS
]


@pytest.mark.parametrize(("layout", "column", "cell"), BROKEN)
def test_one_broken_cell_is_found_with_its_row_column_and_number(layout, column, cell):
    cells = list(cells_of(RECORD, layout))
    cells[layout.columns.index(column)] = cell
    faults = check_cells(cells, layout, today=TODAY, row=7)
    assert faults, f"{column} may not hold {cell!r}"
    assert {fault.row for fault in faults} == {7}
    assert all(fault.words for fault in faults)
    expected = {column} if column != "DATECOMPLETED" else {"DATECOMPLETED", "EXPIRYDATE", "VALIDITY"}
    assert {fault.column for fault in faults} <= expected | ({"VALIDITY"} if column == "EXPIRYDATE" else set())
    assert all(fault.code in {CODES[fault.column], 2090, 2110} for fault in faults)


records = st.builds(
    Record,
    workplace=PLAIN,
    worker=PLAIN,
    category=st.sampled_from(sorted(CATEGORIES)),
    name=RIGHT_NAME,
    completed_on=st.dates(date(1990, 1, 1), TODAY),
    expires_on=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2060, 12, 31))),
    validity=st.sampled_from(["", "none", "1", "2", "12", "36", "999"]),
    accredited=st.sampled_from(["", "0", "1", "999"]),
    delivered_by=st.sampled_from(["", "1", "2"]),
    provider=st.sampled_from(["", "77"]),
)


@given(st.lists(records, max_size=4), st.sampled_from(list(Layout)))
def test_whatever_is_encoded_passes_the_checker(some, layout):
    try:
        data = encoded(*some, layout=layout)
    except RecordRefused:
        assert any(check_cells(cells_of(record, layout), layout, today=TODAY) for record in some)
    else:
        assert check_file(data, layout, today=TODAY) == []
        assert data.count(b"\r\n") == len(some) + 1


@given(
    st.dates(date(1950, 1, 1), TODAY), st.one_of(st.none(), st.integers(1, 120)), RIGHT_NAME, st.sampled_from(Layout)
)
def test_what_our_rules_give_is_never_refused(completed_on, months, name, layout):
    assume(not begins_a_formula(name) and tidy_text(name) == name)
    until = last_valid_day(completed_on, months) if months else None
    validity, expires_on = validity_of(completed_on, valid_until=until, months={months} - {None})
    record = replace(RECORD, name=name, completed_on=completed_on, expires_on=expires_on, validity=validity)
    assert check_file(encoded(record, layout=layout), layout, today=TODAY) == []


def right(layout, worker="W0042"):
    return file_of(layout, ",".join(cells_of(replace(RECORD, worker=worker), layout)))


@given(st.sampled_from(list(Layout)), st.data())
def test_any_broken_cell_makes_the_file_wrong(layout, data):
    column = data.draw(st.sampled_from(layout.columns))
    cell = data.draw(st.sampled_from([cell for which, where, cell in BROKEN if (which, where) == (layout, column)]))
    cells = list(cells_of(RECORD, layout))
    cells[layout.columns.index(column)] = cell
    quoted = ",".join('"' + each.replace('"', '""') + '"' for each in cells)
    assert check_file(file_of(layout, SAMPLE[layout]), layout, today=TODAY) == []
    assert check_file(file_of(layout, SAMPLE[layout], quoted), layout, today=TODAY)


@given(st.sampled_from(list(Layout)), st.data())
def test_a_file_with_a_byte_taken_out_of_its_frame_is_wrong(layout, data):
    whole = right(layout)
    frame = [at for at, byte in enumerate(whole) if byte in b",\r\n" or at < len(HEADER[layout])]
    at = data.draw(st.sampled_from(frame))
    assert check_file(whole[:at] + whole[at + 1 :], layout, today=TODAY)


@given(st.sampled_from(list(Layout)), st.text(st.characters(codec="utf-8"), max_size=20), st.integers(0, 40))
def test_a_header_with_anything_put_in_is_wrong(layout, put, at):
    assume(put)
    header = HEADER[layout][:at] + put + HEADER[layout][at:]
    assume(header != HEADER[layout])
    data = (f"{header}\r\n{SAMPLE[layout]}\r\n").encode()
    assert check_file(data, layout, today=TODAY)


def wrong_frames():
    good = file_of(Layout.TWELVE, SAMPLE[Layout.TWELVE])
    yield "a byte order mark", b"\xef\xbb\xbf" + good
    yield "lines that end in LF", good.replace(b"\r\n", b"\n")
    yield "lines that end in CR", good.replace(b"\r\n", b"\r")
    yield "no end of the last line", good[:-2]
    yield "an empty line", good + b"\r\n"
    yield "nothing", b""
    yield "UTF-16", good.decode().encode("utf-16")
    yield "an old code page", good.replace(b"STOMP", "Médicaments".encode("cp1252"))
    yield "semicolons", good.replace(b",", b";")
    yield "the other layout", file_of(Layout.EIGHT, SAMPLE[Layout.EIGHT])
    yield "columns in another order", good.replace(b"LOCALESTID,UNIQUEWORKERID", b"UNIQUEWORKERID,LOCALESTID")
    yield "small letters in the header", good.replace(b"NOTES", b"Notes")
    yield "a space in the header", good.replace(b",NOTES", b", NOTES")
    yield "a cell too many", good.replace(b"14/01/2027,", b"14/01/2027,,")
    yield "an open quote", good.replace(b"STOMP", b'"STOMP')
    yield "a quote in the middle", good.replace(b"STOMP", b'ST"OMP')
    yield "no header", SAMPLE[Layout.TWELVE].encode() + b"\r\n"


@pytest.mark.parametrize(("what", "data"), list(wrong_frames()), ids=[what for what, _ in wrong_frames()])
def test_a_file_with_a_wrong_frame_is_refused(what, data):
    assert check_file(data, Layout.TWELVE, today=TODAY), what


def test_faults_name_the_rows_as_a_spreadsheet_does():
    data = file_of(Layout.TWELVE, SAMPLE[Layout.TWELVE], SAMPLE[Layout.TWELVE].replace(",13,", ",41,"))
    ((row, column, code, words),) = check_file(data, Layout.TWELVE, today=TODAY)
    assert (row, column, code) == (3, "CATEGORY", 1050)
    assert "Oliver McGowan" in words


def test_quotes_and_commas_in_a_name_come_back_as_they_were():
    name = 'Medicines, "calmly" and safely'
    data = encoded(replace(RECORD, name=name))
    assert b'"Medicines, ""calmly"" and safely"' in data
    assert check_file(data, Layout.TWELVE, today=TODAY) == []


def test_completed_today_is_not_the_future():
    record = replace(RECORD, completed_on=TODAY, expires_on=TODAY + timedelta(days=1), validity="")
    assert check_file(encoded(record), Layout.TWELVE, today=TODAY) == []


def test_rows_are_written_some_at_a_time():
    asked = []

    def many():
        for number in range(2000):
            asked.append(number)
            yield replace(RECORD, worker=f"W{number}")

    pieces = encode_asc_wds(many(), Layout.TWELVE, today=TODAY)
    next(pieces)
    assert asked == []
    next(pieces)
    assert len(asked) == 500


@pytest.mark.parametrize("typed", [*UNSEEN, " SITE   01\u202e"])
def test_a_tidy_reference_is_right(typed):
    assert wrong_reference(tidy_reference(typed)) == ""
    assert tidy_reference("SI\u200bTE\u00ad  \u206001\u200d ") == "SITE 01"
    assert wrong_reference("SITE\u200b01") == "It holds a space too many, or characters that cannot be seen."


@pytest.mark.parametrize("name", ["\u0645\u06cc\u200c\u0646\u0627", "علاج\u200d"])
def test_a_name_of_training_may_have_joints_of_no_width(name):
    assert what_is_wrong(name, most=120) == ""
