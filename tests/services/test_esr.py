"""ESR: saved mappings, the file of one for whoever may have it, and what is handed to the import."""

import csv
import io
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import rows
from tests.services.test_query_counts import counting
from training.domain.esr import Column, DayForm, EsrMapping, Holds, MappingRefused
from training.domain.people_import import Outcome
from training.domain.upload import Line
from training.exports.esr import encode_esr
from training.models import AuditEntry, ImportedPass, ImportRow, ImportRun, Person
from training.services import completion_imports, esr, esr_mappings, organisations
from training.services.accounts import NotAllowed
from training.services.organisations import AlreadyThere, NotFound

COLUMNS = (
    Column(Holds.STAFF_NUMBER, "Employee Number"),
    Column(Holds.NAME, "Name"),
    Column(Holds.COMPETENCE, "Competency Name"),
    Column(Holds.PASSED_ON, "Date Start"),
    Column(Holds.UNTIL, "Expiry Date"),
    Column(Holds.FIXED, "VPD", "457"),
)
MAPPING = EsrMapping("Our trust", COLUMNS, {"every-kind": "457|LOCAL|STOMP basics|"})


@pytest.fixture
def mapping_id(database, home):
    return esr_mappings.save_mapping(database, viewer=home.viewer, mapping=MAPPING, now=NOW)


def number_of(database, person):
    return rows(database, Person, id=person.person_id)[0].staff_number


def file_rows(database, catalog, viewer, mapping_id, now=NOW):
    known = {"viewer": viewer, "catalog": catalog, "mapping_id": mapping_id, "now": now}
    with esr.open_file(database, **known) as file:
        data = b"".join(encode_esr(headings=file.headings, rows=file.rows))
    assert not data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def preview(database, catalog, viewer, mapping_id, now=NOW):
    return esr.preview(database, viewer=viewer, catalog=catalog, mapping_id=mapping_id, now=now)


def test_a_mapping_comes_back_as_it_was_saved(database, home, mapping_id):
    assert esr_mappings.find_mapping(database, viewer=home.viewer, mapping_id=mapping_id).mapping == MAPPING
    changed = replace(MAPPING, name="Another", day_form=DayForm.ISO, columns=tuple(reversed(COLUMNS)))
    esr_mappings.save_mapping(database, viewer=home.viewer, mapping=changed, mapping_id=mapping_id, now=NOW)
    assert [one.mapping for one in esr_mappings.list_mappings(database, viewer=home.viewer)] == [changed]
    esr_mappings.remove_mapping(database, viewer=home.viewer, mapping_id=mapping_id, now=NOW)
    assert esr_mappings.list_mappings(database, viewer=home.viewer) == ()
    acts = [entry.act for entry in sorted(rows(database, AuditEntry), key=lambda entry: entry.number)][-3:]
    assert acts == ["ESR mapping saved", "ESR mapping saved", "ESR mapping removed"]


@pytest.mark.usefixtures("mapping_id")
def test_two_mappings_have_two_names(database, home):
    with pytest.raises(AlreadyThere):
        esr_mappings.save_mapping(database, viewer=home.viewer, mapping=MAPPING, now=NOW)
    with pytest.raises(MappingRefused):
        esr_mappings.save_mapping(database, viewer=home.viewer, mapping=replace(MAPPING, name=""), now=NOW)
    assert len(esr_mappings.list_mappings(database, viewer=home.viewer)) == 1


def test_the_file_has_a_row_for_each_mapped_pass(database, catalog, home, mapping_id):
    ann = make_person(database, home, now=NOW, name="Ann")
    for slug in ("every-kind", "for-everyone"):
        learn(database, ann, catalog=catalog, slug=slug, now=NOW)
    (row,) = file_rows(database, catalog, home.viewer, mapping_id)
    assert row == {
        "Employee Number": number_of(database, ann),
        "Name": "Ann",
        "Competency Name": "457|LOCAL|STOMP basics|",
        "Date Start": "02-Mar-2026",
        "Expiry Date": "01-Mar-2027",
        "VPD": "457",
    }
    page = preview(database, catalog, home.viewer, mapping_id)
    assert page.rows == (tuple(row.values()),)
    assert (page.written, page.nameless) == (1, ())
    assert catalog.title("for-everyone") in page.unmapped


def test_a_name_cannot_become_a_formula(database, catalog, home, mapping_id):
    learn(database, make_person(database, home, now=NOW, name="=cmd|x"), catalog=catalog, now=NOW)
    assert file_rows(database, catalog, home.viewer, mapping_id)[0]["Name"] == "'=cmd|x"


@pytest.mark.parametrize("number", [None, "=1+1", "-7"])
def test_whoever_the_file_cannot_name_is_left_out_and_named(database, catalog, home, mapping_id, learner, number):
    with database.write(home.viewer.organisation_id) as session:
        session.get_one(Person, (learner.organisation_id, learner.person_id)).staff_number = number
    learn(database, learner, catalog=catalog, now=NOW)
    page = preview(database, catalog, home.viewer, mapping_id)
    assert [(one.person_id, one.rows) for one in page.nameless] == [(learner.person_id, 1)]
    assert (page.written, page.rows) == (0, ())
    assert file_rows(database, catalog, home.viewer, mapping_id) == []


def test_the_preview_has_ten_rows_and_the_file_all(database, catalog, home, mapping_id):
    for _ in range(12):
        learn(database, make_person(database, home, now=NOW), catalog=catalog, now=NOW)
    page = preview(database, catalog, home.viewer, mapping_id)
    assert (len(page.rows), page.written) == (10, 12)
    assert len(file_rows(database, catalog, home.viewer, mapping_id)) == 12


def test_a_site_manager_exports_their_sites_and_saves_nothing(database, catalog, home, mapping_id):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    here, there = make_person(database, home, now=NOW), make_person(database, home, now=NOW, site_id=second)
    for person in (here, there):
        learn(database, person, catalog=catalog, now=NOW)
    viewer = replace(home.viewer, manages_all=False, site_ids=frozenset({second}))
    exported = file_rows(database, catalog, viewer, mapping_id)
    assert [row["Employee Number"] for row in exported] == [number_of(database, there)]
    assert preview(database, catalog, viewer, mapping_id).written == 1
    with pytest.raises(NotAllowed):
        esr_mappings.save_mapping(database, viewer=viewer, mapping=replace(MAPPING, name="Mine"), now=NOW)
    with pytest.raises(NotAllowed):
        esr_mappings.remove_mapping(database, viewer=viewer, mapping_id=mapping_id, now=NOW)


def test_an_auditor_exports_and_changes_nothing(database, catalog, home, mapping_id, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    auditor = replace(home.viewer, reads_only=True)
    assert len(file_rows(database, catalog, auditor, mapping_id)) == 1
    with pytest.raises(NotAllowed):
        esr_mappings.save_mapping(database, viewer=auditor, mapping=MAPPING, mapping_id=mapping_id, now=NOW)
    with pytest.raises(NotAllowed):
        esr_mappings.remove_mapping(database, viewer=auditor, mapping_id=mapping_id, now=NOW)
    with pytest.raises(NotAllowed):
        planned(database, catalog, auditor, mapping_id, ("1", "457|LOCAL|STOMP basics|", "02-Mar-2025", ""))


def test_a_neighbours_mapping_is_not_there(database, catalog, neighbour, mapping_id):
    for act in (
        lambda: esr_mappings.find_mapping(database, viewer=neighbour.viewer, mapping_id=mapping_id),
        lambda: preview(database, catalog, neighbour.viewer, mapping_id),
        lambda: file_rows(database, catalog, neighbour.viewer, mapping_id),
        lambda: esr_mappings.remove_mapping(database, viewer=neighbour.viewer, mapping_id=mapping_id, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert esr_mappings.list_mappings(database, viewer=neighbour.viewer) == ()


def test_learners_see_no_mapping(database, learner):
    with pytest.raises(NotAllowed):
        esr_mappings.list_mappings(database, viewer=learner)


def test_nobody_else_has_a_mapping_of_an_unknown_id(database, home):
    with pytest.raises(NotFound):
        esr_mappings.find_mapping(database, viewer=home.viewer, mapping_id=uuid.uuid4())


def planned(database, catalog, viewer, mapping_id, *cells):
    head = Line(3, ("Employee Number", "Competency Name", "Date Start", "Expiry Date"))
    lines = [head, *(Line(number, row) for number, row in enumerate(cells, start=4))]
    known = {"viewer": viewer, "catalog": catalog, "mapping_id": mapping_id, "now": NOW}
    return esr.plan_import(database, lines=lines, file_name="esr.csv", evidence="NHS ESR export", **known)


def test_our_own_file_read_back_with_its_mapping_changes_nothing(database, catalog, home, mapping_id, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    (row,) = file_rows(database, catalog, home.viewer, mapping_id)
    cells = [row[heading] for heading in ("Employee Number", "Competency Name", "Date Start", "Expiry Date")]
    planned(database, catalog, home.viewer, mapping_id, tuple(cells))
    (read,) = rows(database, ImportRow)
    assert (read.outcome, read.faults) == (Outcome.SAME, [])


def test_an_export_from_esr_becomes_past_training(database, catalog, home, mapping_id, learner):
    number = number_of(database, learner)
    ours = (number, "457|LOCAL|STOMP basics|", "02-Mar-2025", "30-Nov-2026")
    fire = (number, "NHS|CSTF|Fire Safety - 2 Years|", "02-Mar-2025", "30-Nov-2026")
    found = planned(database, catalog, home.viewer, mapping_id, fire, ours, fire)
    (run,) = rows(database, ImportRun)
    kept = {"mapping_id": str(mapping_id), "others": 2, "names": ["NHS|CSTF|Fire Safety - 2 Years|"], "more": 0}
    assert run.summary["esr"] == kept
    assert [row.line for row in rows(database, ImportRow)] == [5]
    completion_imports.apply(database, viewer=home.viewer, catalog=catalog, import_id=found, now=NOW)
    (kept,) = rows(database, ImportedPass)
    assert (kept.person_id, kept.item, kept.evidence) == (learner.person_id, "every-kind", "NHS ESR export")
    assert (kept.passed_on.isoformat(), kept.given_until.isoformat()) == ("2025-03-02", "2026-11-30")


def test_faults_are_named_by_the_headings_of_the_file(database, catalog, home, mapping_id, learner):
    number = number_of(database, learner)
    competence = "457|LOCAL|STOMP basics|"
    some = [
        (number, competence, "soon", ""),
        (number, competence, "02-Mar-2025", "01-Mar-2025"),
        ("nobody", competence, "02-Mar-2025", ""),
        (number, "", "02-Mar-2025", ""),
        (number, competence, "03-Mar-2025", "01-Mar-2026"),
        (number, competence, "03-Mar-2025", "02-Mar-2026"),
    ]
    planned(database, catalog, home.viewer, mapping_id, *some)
    named = {row.line: [column for column, _value, _words in row.faults] for row in rows(database, ImportRow)}
    assert named == {
        4: ["Date Start"],
        5: ["Expiry Date"],
        6: ["Employee Number"],
        7: ["Competency Name"],
        8: [],
        9: ["Expiry Date"],
    }


def test_a_plan_made_anew_names_faults_as_before(database, catalog, home, mapping_id):
    row = ("nobody", "457|LOCAL|STOMP basics|", "02-Mar-2025", "")
    found = planned(database, catalog, home.viewer, mapping_id, row)
    known = {"viewer": home.viewer, "catalog": catalog, "import_id": found, "now": NOW}
    completion_imports.choose(database, items={}, **known)
    (kept,) = rows(database, ImportRow)
    assert [column for column, _value, _words in kept.faults] == ["Employee Number"]
    completion_imports.apply(database, leave_out_faults=True, **known)


def test_what_esr_gave_is_exported_with_the_expiry_that_came_with_it(database, catalog, home, mapping_id, learner):
    number = number_of(database, learner)
    row = (number, "457|LOCAL|STOMP basics|", "02-Mar-2025", "30-Nov-2026")
    found = planned(database, catalog, home.viewer, mapping_id, row)
    completion_imports.apply(database, viewer=home.viewer, catalog=catalog, import_id=found, now=NOW)
    (exported,) = file_rows(database, catalog, home.viewer, mapping_id, now=NOW + timedelta(minutes=1))
    assert (exported["Date Start"], exported["Expiry Date"]) == ("02-Mar-2025", "30-Nov-2026")


def test_preview_and_file_ask_as_often_for_many_people_as_for_few(database, catalog, home, mapping_id):
    def asked(heads):
        for _ in range(heads):
            learn(database, make_person(database, home, now=NOW), catalog=catalog, now=NOW)
        with counting(database) as previewing:
            preview(database, catalog, home.viewer, mapping_id)
        with counting(database) as writing:
            file_rows(database, catalog, home.viewer, mapping_id)
        return len(previewing), len(writing)

    assert asked(3) == asked(15)
