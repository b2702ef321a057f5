"""Sheets are read strictly: every space has room for a pen, every source is cited, every fault has its line."""

from dataclasses import replace
from pathlib import Path

import pytest
from sample_content import line_of, with_card, write

from training.catalog.faults import Faults
from training.catalog.library import check_content, load_catalog
from training.catalog.sheets import read_sheets, sheet_names
from training.config import shipped
from training.domain.sheet import Item, Part, PartKind, Phrase, Piece

SHEET = """a-sheet:
  title: A sheet
  summary: To fill in.
  landscape: true
  blanks: [For]
  version: "1.0"
  written_on: 2026-11-22
  review_by: 2027-11-22
  sources:
    one: {title: One, publisher: Somebody, url: https://example.org/1, checked_on: 2026-11-22}
    two: {title: Two, publisher: Somebody, url: https://example.org/2, checked_on: 2026-11-22}
  parts:
    - kind: spaces
      heading: Before
      note: Together.[^one]
      lines: 2
      items:
        - words: What is it for?[^one] [^two] And since when?
        - words: What else?
          hint: Pain, noise.
          lines: 3
    - kind: table
      heading: Medicines
      rows: 4
      lines: 1
      items:
        - words: Name
          width: 60
        - words: Why
          width: 40
    - kind: week
      heading: The week
      new_page: true
      lines: 1
      items:
        - words: Sleep
    - kind: list
      heading: To read
      items:
        - words: "999"
          hint: A collapse.
"""
TRACKS = "\n".join(
    f"{role}: {{title: T, purpose: P, core: [], further: []}}"
    for role in ("prescriber", "non-prescriber", "social-care", "family-carer")
)


def read(folder: Path, text: str):
    path = write(folder, text, "sheets.yaml")
    faults = Faults(str(path))
    return read_sheets(path, faults), [f"{fault.line}: {fault.message}" for fault in sorted(faults.found)]


@pytest.fixture
def sheet(tmp_path):
    sheets, faults = read(tmp_path, SHEET)
    assert faults == []
    return sheets["a-sheet"]


def test_each_source_stands_behind_its_own_words(sheet):
    before = sheet.parts[0]
    assert before.note == Phrase((Piece("Together.", (1,)),))
    assert before.items[0].phrase == Phrase((Piece("What is it for?", (1, 2)), Piece(" And since when?")))
    assert before.items[0].phrase.words == "What is it for? And since when?"
    assert [source.key for source in sheet.sources] == ["one", "two"]


def test_an_item_has_the_lines_of_its_part_unless_it_names_its_own(sheet):
    spaces, table, week, points = sheet.parts
    assert [item.lines for item in spaces.items] == [2, 3]
    assert [item.lines for item in week.items] == [1]
    assert (table.rows, table.lines) == (4, 1)
    assert [(item.lines, item.width) for item in table.items] == [(0, 60), (0, 40)]
    assert points.items == (Item(Phrase((Piece("999"),)), Phrase((Piece("A collapse."),))),)


def part(kind: PartKind = PartKind.SPACES, *, new_page: bool = False) -> Part:
    return Part(kind, "Heading", Phrase(), (), new_page=new_page)


def test_a_page_on_its_side_has_two_columns_unless_it_holds_a_week(sheet):
    a, b, c = (replace(part(), heading=heading) for heading in "abc")
    assert replace(sheet, parts=(a, b, c)).pages == (((a, b), (c,)),)
    assert replace(sheet, parts=(a,)).pages == (((a,),),)
    assert replace(sheet, parts=(a, part(PartKind.WEEK))).pages == (((a, part(PartKind.WEEK)),),)
    assert replace(sheet, landscape=False, parts=(a, b, c)).pages == (((a, b, c),),)


def test_a_part_on_a_new_page_begins_it_and_the_first_begins_none(sheet):
    first, second = part(new_page=True), part(PartKind.WEEK, new_page=True)
    assert replace(sheet, parts=(first, second)).pages == (((first,),), ((second,),))


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("      lines: 2\n", "", "kind: spaces", "nobody can write where there is no room"),
        ("lines: 2", "lines: 0", "lines: 0", "`a-sheet.parts.lines` cannot be '0': write how many lines"),
        ("rows: 4", "note: Empty.", "kind: table", "a table needs `rows`"),
        ("width: 40", "width: 35", "kind: table", "together they make 100"),
        ("          width: 40\n", "", "kind: table", "together they make 100"),
        ("width: 60", "width: 62", "width: 62", "in steps of 5"),
        ("lines: 3", "width: 50", "kind: spaces", "`rows` and `width` are for a table"),
        ("          hint: A collapse.\n", "          lines: 2\n", "kind: list", "a list is there to read"),
        ("[^two]", "[^two] [^three]", "- words: What is it for?", "[^three] is not one of the `sources`"),
        ("[^two]", "", "a-sheet", "nothing cites the source `two`"),
        ("landscape: true", "landscape: false", "kind: week", "a week has no room on an upright page"),
        ("review_by: 2027", "review_by: 2025", "a-sheet", "`review_by` is not after `written_on`"),
        ("heading: To read\n", "heading: To read\n      new_page: true\n", "kind: list", "this begins page 3"),
        (
            "heading: To read",
            "heading: To read\n      colour: red",
            "colour: red",
            "unknown key `a-sheet.parts.colour`",
        ),
        ("  blanks: [For]\n", "", "title: A sheet", "missing key `a-sheet.blanks`"),
        ("a-sheet:", "A_Sheet:", "A_Sheet", "use small letters, figures and hyphens"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(tmp_path, old, new, at, says):
    spoilt = SHEET.replace(old, new, 1)
    sheets, faults = read(tmp_path, spoilt)
    assert sheets == {}
    assert len(faults) == 1, faults
    assert faults[0].startswith(f"{line_of(spoilt, at)}: ")
    assert says in faults[0]


def test_an_empty_list_of_items_or_parts_is_a_fault(tmp_path):
    head, _, _ = SHEET.partition("  parts:")
    _, faults = read(tmp_path, head.replace("  sources:", "  sources: {}\n  unused:") + "  parts: []\n")
    assert any("unknown key `a-sheet.unused`" in fault for fault in faults)
    bare = head.partition("  sources:")[0] + "  sources: {}\n"
    assert read(tmp_path, bare + "  parts: []\n")[1] == ["1: `parts` is empty: a sheet needs something to fill in"]
    hollow = bare + "  parts:\n    - {kind: list, heading: A, items: []}\n"
    assert read(tmp_path, hollow)[1] == ["11: `items` is empty: name at least one"]


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", ""])
def test_what_is_no_list_of_sheets_is_a_fault(tmp_path, text):
    sheets, faults = read(tmp_path, text)
    assert sheets == {}
    assert len(faults) == 1


def test_a_folder_without_sheets_has_none(tmp_path):
    assert read_sheets(tmp_path / "sheets.yaml", Faults("sheets.yaml")) == {}
    assert sheet_names(tmp_path / "sheets.yaml") == frozenset()


def test_sheets_are_part_of_the_catalogue_and_of_its_check(tmp_path):
    write(tmp_path, TRACKS, "tracks.yaml")
    path = write(tmp_path, SHEET, "sheets.yaml")
    assert list(load_catalog(tmp_path).sheets) == ["a-sheet"]
    write(tmp_path, SHEET.replace("rows: 4", "rows: 400"), "sheets.yaml")
    assert [fault.file for fault in check_content(tmp_path)] == [str(path)]
    assert check_content(path) == check_content(tmp_path)


@pytest.mark.parametrize(
    ("address", "leads"),
    [("/sheets/a-sheet", True), ("/sheets", True), ("/sheets/a-sheet#for", True), ("/sheets/gone", False)],
)
def test_a_link_to_a_sheet_must_lead_somewhere(tmp_path, address, leads):
    write(tmp_path, TRACKS, "tracks.yaml")
    write(tmp_path, SHEET, "sheets.yaml")
    write(tmp_path, with_card(f"Print [this]({address})."), "modules/first.md")
    faults = check_content(tmp_path)
    assert (faults == []) is leads
    assert all("leads nowhere: link to a sheet of content/sheets.yaml" in fault.message for fault in faults)


def test_the_shipped_sheets_ask_what_a_review_needs_and_keep_what_a_diary_needs():
    sheets = load_catalog(shipped("content")).sheets
    assert set(sheets) == {"question-sheet", "medicines-diary"}
    asked = " ".join(item.phrase.words for part in sheets["question-sheet"].parts for item in part.items)
    for question in ("it for?", "started it", "how do we know", "side effects", "other ways", "less", "how slowly"):
        assert question in asked
    for question in ("who do we call", "next review", "What was agreed", "Who agreed it", "By when"):
        assert question in asked
    week = sheets["medicines-diary"].parts[0]
    rows = " ".join(item.phrase.words for item in week.items)
    for row in (
        "Medicines taken",
        "Sleep",
        "Mood",
        "going on before",
        "Side effects",
        "Bowels",
        "Eating",
        "Who I told",
    ):
        assert row in rows
    assert week.kind is PartKind.WEEK
