"""An inspector pack asked for again is the same to the last byte, and holds nobody whom it is not about."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import learn, let_in, make_organisation, make_person, sign_in
from tests.services.packing import check_outside, make_pack
from tests.services.stored import rows
from tests.services.test_content_decisions import NEW_WORDS, made
from tests.services.test_query_counts import counting
from tests.services.test_requirements import YEARLY
from training.domain.permission import PermissionKind
from training.models import AuditEntry, Pack, Person
from training.services import (
    absences,
    exemptions,
    organisations,
    pack_contents,
    pack_gathering,
    packs,
    permissions,
    requirement_changes,
    revocations,
    signoffs,
    versions,
)
from training.services.organisations import NotFound
from training.services.pack_contents import Wanted
from training.services.packs import PackRefused

TODAY = NOW.date()
LATER = NOW + timedelta(days=40)
NAMES = (
    "Marta O’Leary",
    "محمد عبد الله",
    "李小龍",
    "Анна Ковальчук",
    "Zoë 🎈 Ødegård",
    '=cmd|" /C calc"!A0',
    "../../etc/passwd",
    "N" * 255,
)


@pytest.fixture
def staff(database, catalog, home):
    """People with names in every script at one site, one of them twice in date, and somebody at another site."""
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    people = [make_person(database, home, now=NOW, name=name) for name in NAMES]
    people.append(make_person(database, home, now=NOW, name="Ryan Secondsite", site_id=second))
    for person in people:
        learn(database, person, catalog=catalog, now=NOW)
    learn(database, people[0], catalog=catalog, slug="every-kind", now=NOW)
    return people


def manager_of(database, home, *, name, site_id=None, kind=PermissionKind.MANAGER):
    person = make_person(database, home, now=NOW, name=name, email=f"{name}@home.example")
    permissions.give(database, viewer=home.viewer, person_id=person.person_id, site_id=site_id, kind=kind, now=NOW)
    let_in(database, home, person, now=NOW)
    return sign_in(database, f"{name}@home.example", now=NOW)


def manifest(pack):
    return json.loads(pack.text("manifest.json"))


def words_of(body):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


def everything_in(pack):
    """All that any file of a pack says, the sheets of the workbook and the pages of every PDF too."""
    said = []
    for name, body in pack.files.items():
        said.append(name)
        if name.endswith(".pdf"):
            said.append(words_of(body))
        elif name.endswith(".xlsx"):
            with ZipFile(io.BytesIO(body)) as book:
                said += [book.read(each).decode() for each in book.namelist()]
        else:
            said.append(body.decode())
    return "\n".join(said)


def test_a_pack_holds_what_its_manifest_names_and_opens_with_names_in_every_script(database, home, staff, tmp_path):
    pack = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    assert not pack.told.failed, pack.told.words
    assert check_outside(pack, tmp_path / "unpacked") == len(pack.files) - 2
    named = set(pack.files)
    assert named >= {
        "summary.pdf",
        "compliance.xlsx",
        "certificates/register.csv",
        "curriculum.json",
        "curriculum.pdf",
        "why-each-track.pdf",
        "refresher-policy.pdf",
        "audit-extract.csv",
    }
    certificates = [name for name in named if name.startswith("certificates/") and name.endswith(".pdf")]
    assert len(certificates) == len(staff) + 1
    assert any("محمد" in name for name in certificates)
    assert all(".." not in name and len(name.encode()) < 200 for name in certificates)
    register = list(csv.DictReader(io.StringIO(pack.text("certificates/register.csv"))))
    assert {row["Certificate"] for row in register} == set(certificates)


@pytest.mark.usefixtures("staff")
def test_what_it_says_of_itself_stands_in_the_manifest_and_who_made_it_in_the_cover_note_alone(database, home):
    pack = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW, now=LATER)
    said = manifest(pack)
    assert (said["as_at"], said["known_at"]) == ("2026-03-02", "2026-03-02T10:00:00.000000+00:00")
    assert said["organisation"] == "Home"
    assert (said["covers"], said["people_erased"], said["forecast"]) == ("the whole organisation", 0, False)
    assert "Made on 11 Apr 2026 at 11:00 BST by" in pack.text("cover-note.txt")
    assert home.viewer.name in pack.text("cover-note.txt")
    assert "11 Apr 2026" not in everything_in(pack).replace(pack.text("cover-note.txt"), "")
    with ZipFile(io.BytesIO(pack.body)) as unpacked:
        assert {entry.date_time for entry in unpacked.infolist()} == {(2026, 3, 2, 0, 0, 0)}


def test_asked_again_by_somebody_else_after_later_facts_every_hash_is_the_same(
    database, catalog, home, staff, tmp_path
):
    other = manager_of(database, home, name="other")
    first = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    change_everything(database, catalog, home, staff, folder=tmp_path / "content")
    again = make_pack(database, other, as_at=TODAY, known_at=NOW, now=LATER + timedelta(days=1))
    assert manifest(again) == manifest(first)
    assert again.files["manifest.json"] == first.files["manifest.json"]
    assert again.text("cover-note.txt") != first.text("cover-note.txt")
    hashes = {row.manifest_hash for row in rows(database, Pack)}
    assert hashes == {sha256(first.files["manifest.json"]).hexdigest()}


def change_everything(database, catalog, home, staff, *, folder):
    """Record facts of every kind about the day of the pack, after it was made."""
    viewer, worker = home.viewer, staff[1]
    make_person(database, home, now=LATER, name="Back Dated", starts_on=TODAY)
    receipt = learn(database, worker, catalog=catalog, slug="every-kind", now=LATER)
    assert receipt.passed
    row = next(one for one in rows(database, Person) if one.id == staff[2].person_id)
    days = {"person_id": row.id, "starts_on": TODAY}
    absences.add_absence(database, viewer=viewer, ends_on=None, now=LATER, **days)
    exemptions.add_exemption(
        database,
        viewer=viewer,
        catalog=catalog,
        item="for-everyone",
        ends_on=LATER.date() + timedelta(days=9),
        who="",
        why="Just back",
        now=LATER,
        **{**days, "person_id": staff[3].person_id, "starts_on": LATER.date()},
    )
    attempt = next(one for one in rows(database, pack_gathering.Completion) if one.person_id == staff[0].person_id)
    known = {"person_id": staff[0].person_id, "attempt_id": attempt.attempt_id, "why": "Somebody else sat it"}
    revocations.revoke(database, viewer=viewer, now=LATER, **known)
    item = catalog.item("every-kind")
    words = {"slug": item.slug, "content_hash": item.content_hash, "profession": "Pharmacist"}
    signoffs.sign_off(database, viewer=viewer, catalog=catalog, now=LATER, **words)
    versions.keep_versions(database, catalog=made(folder, "1.1", NEW_WORDS), now=LATER)


def test_a_fact_known_by_then_changes_the_hashes(database, catalog, home, staff):
    first = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    learn(database, staff[1], catalog=catalog, slug="every-kind", now=NOW + timedelta(hours=1))
    known_at = NOW + timedelta(hours=2)
    later = make_pack(database, home.viewer, as_at=TODAY, known_at=known_at)
    assert manifest(later)["files"] != manifest(first)["files"]
    assert len(later.files) == len(first.files) + 1
    as_before = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW, now=known_at)
    assert manifest(as_before) == manifest(first)


@pytest.mark.usefixtures("staff")
def test_content_is_as_it_was_on_the_day(database, catalog, home, tmp_path):
    newer = made(tmp_path / "content", "1.1", NEW_WORDS)
    versions.keep_versions(database, catalog=newer, now=LATER)
    then = make_pack(database, home.viewer, as_at=TODAY, known_at=LATER + timedelta(days=2))
    now = make_pack(database, home.viewer, as_at=LATER.date(), known_at=LATER + timedelta(days=2))
    found = [
        next(one for one in json.loads(pack.text("curriculum.json"))["items"] if one["slug"] == "every-kind")
        for pack in (then, now)
    ]
    assert [one["version"] for one in found] == ["1.0", "1.1"]
    assert [one["sha256"] for one in found] == [lib.item("every-kind").content_hash for lib in (catalog, newer)]
    assert {len(one["versions"]) for one in found} == {2}


def test_the_manager_of_a_site_gets_its_people_alone_and_the_same_pack_as_others_of_that_site(database, home, staff):
    boss = manager_of(database, home, name="boss", site_id=home.site_id)
    theirs = make_pack(database, boss, as_at=TODAY, known_at=NOW)
    said = everything_in(theirs)
    assert "Ryan" not in said
    assert "Second site" not in said
    assert str(staff[-1].person_id) not in said, "no act about them either"
    assert "Marta O’Leary" in said
    assert str(staff[0].person_id) in said
    narrowed = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW, site_id=home.site_id)
    assert manifest(narrowed) == manifest(theirs)
    whole = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    assert "Ryan Secondsite" in everything_in(whole)


@pytest.mark.usefixtures("staff")
def test_a_site_of_somebody_else_is_not_there(database, catalog, home):
    boss = manager_of(database, home, name="boss", site_id=home.site_id)
    second = next(site for site in rows(database, organisations.Site) if site.name == "Second site")
    neighbour = make_organisation(database, catalog=catalog, now=NOW, slug="elsewhere")
    for viewer, site_id in ((boss, second.id), (boss, neighbour.site_id)):
        with pytest.raises(NotFound):
            packs.order_of(database, viewer=viewer, wanted=Wanted(TODAY, NOW, site_id), now=NOW)
    foreign = make_pack(database, neighbour.viewer, as_at=TODAY, known_at=NOW)
    assert "Marta" not in everything_in(foreign)
    assert packs.list_packs(database, viewer=home.viewer, now=NOW) == ()


def test_an_auditor_may_have_one_and_whoever_lost_their_leave_gets_nothing(database, home, staff):
    auditor = manager_of(database, home, name="auditor", kind=PermissionKind.AUDITOR)
    pack = make_pack(database, auditor, as_at=TODAY, known_at=NOW)
    assert manifest(pack) == manifest(make_pack(database, home.viewer, as_at=TODAY, known_at=NOW))
    refused = make_pack(database, replace(staff[0], manages_all=True), as_at=TODAY, known_at=NOW)
    assert refused.told.failed
    assert "may not see" in refused.told.words
    assert [row.act for row in rows(database, AuditEntry) if row.act == "inspector pack made"] == [
        "inspector pack made"
    ] * 2


def test_an_erasure_in_between_is_named_in_the_manifest(database, home, staff):
    with database.write(home.viewer.organisation_id) as session:
        session.execute(update(Person).where(Person.id == staff[0].person_id).values(name=""))
    pack = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    said = manifest(pack)
    assert said["people_erased"] == 1
    assert said["notes"] == ["1 person has been erased: the figures count them, and no file names them."]
    register = list(csv.DictReader(io.StringIO(pack.text("certificates/register.csv"))))
    assert [row["Certificate"] for row in register if not row["Name"]] == [pack_contents.NAMELESS] * 2


def test_too_many_certificates_leave_the_register_and_a_note(database, home, staff, monkeypatch):
    monkeypatch.setattr(pack_gathering, "MOST_CERTIFICATES", 3)
    pack = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    assert [name for name in pack.files if name.startswith("certificates/")] == ["certificates/register.csv"]
    assert manifest(pack)["notes"] == [pack_contents.TOO_MANY]
    register = list(csv.DictReader(io.StringIO(pack.text("certificates/register.csv"))))
    assert len(register) == len(staff) + 1
    assert {row["Certificate"] for row in register} == {pack_contents.TOO_MANY_WORDS}


@pytest.mark.usefixtures("staff")
def test_the_summary_says_the_figures_of_the_workbook(database, home):
    pack = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    report = summary_head(database, home.viewer)
    words = words_of(pack.files["summary.pdf"])
    assert report.denominator in words
    assert report.percent in words


def summary_head(database, viewer):
    """What the workbook says of itself, asked for apart."""
    wanted = Wanted(TODAY, NOW)
    with pack_contents.open_contents(
        database, viewer=viewer, wanted=wanted, made_with="", told=lambda *_: None, alive=lambda: None
    ) as contents:
        return contents.workbook().head


def test_the_decision_behind_a_requirement_stands_without_names_and_its_numbers_only_for_who_sees_all(
    database, catalog, home
):
    make_person(database, home, now=NOW)
    asked = replace(YEARLY, name="Sleep first", starts_on=TODAY, site_ids=(home.site_id,))
    known = {"viewer": home.viewer, "catalog": catalog, "now": NOW}
    requirement_changes.add_requirement(database, asked=asked, **known)
    boss = manager_of(database, home, name="boss", site_id=home.site_id)
    whole = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    words = words_of(whole.files["why-each-track.pdf"])
    assert "Sleep first" in words
    assert f"Decided by person {home.viewer.person_id} on 2 Mar 2026." in words
    assert f"by {home.viewer.name}" not in words
    assert "What was shown before it was decided: 1 person concerned on 2 Mar 2026" in words
    site = words_of(make_pack(database, boss, as_at=TODAY, known_at=NOW).files["why-each-track.pdf"])
    assert "Sleep first" in site
    assert "What was shown" not in site
    other = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    elsewhere = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW, site_id=other)
    assert "Sleep first" not in words_of(elsewhere.files["why-each-track.pdf"])


@pytest.mark.usefixtures("staff")
def test_every_hash_of_the_audit_extract_can_be_worked_out_by_anybody(database, home):
    pack = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    lines = list(csv.DictReader(io.StringIO(pack.text("audit-extract.csv"))))
    assert [int(line["Number"]) for line in lines] == list(range(1, len(lines) + 1))
    for before, line in zip([{"Hash": "0" * 64}, *lines], lines, strict=False):
        assert sha256(line["Hashed text"].encode("ascii")).hexdigest() == line["Hash"]
        assert json.loads(line["Hashed text"])["previous_hash"] == before["Hash"]
    assert not {name for name in NAMES if name in pack.text("audit-extract.csv")}


@pytest.mark.usefixtures("staff")
def test_a_day_to_come_is_a_forecast_and_stays_one(database, home):
    ahead = TODAY + timedelta(days=20)
    first = make_pack(database, home.viewer, as_at=ahead, known_at=NOW)
    again = make_pack(database, home.viewer, as_at=ahead, known_at=NOW, now=LATER)
    assert manifest(first)["forecast"]
    assert manifest(again) == manifest(first)


@pytest.mark.parametrize(
    ("as_at", "known_at", "why"),
    [
        (date(1949, 12, 31), NOW, "Choose a day from 1950"),
        (date(2200, 1, 1), NOW, "Choose a day from 1950"),
        (TODAY, NOW + timedelta(seconds=1), "Nobody knows now"),
    ],
)
def test_what_cannot_be_known_is_refused(database, home, as_at, known_at, why):
    with pytest.raises(PackRefused, match=why):
        packs.order_of(database, viewer=home.viewer, wanted=Wanted(as_at, known_at), now=NOW)


def test_a_pack_of_nobody_says_so(database, home):
    pack = make_pack(database, home.viewer, as_at=date(2020, 1, 1), known_at=NOW)
    assert "Nobody is counted" in words_of(pack.files["summary.pdf"])
    assert manifest(pack)["as_at"] == "2020-01-01"


@pytest.mark.usefixtures("staff")
def test_how_far_it_is_never_goes_back_and_ends_with_all(database, home, monkeypatch):
    told = []
    monkeypatch.setattr("training.services.task_claims.TOLD_EVERY", timedelta(0))
    monkeypatch.setattr(
        "training.services.task_claims.Progress.say", lambda _self, done, whole: told.append((done, whole))
    )
    make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    seen = [done / whole for done, whole in told if whole]
    assert seen == sorted(seen)
    assert seen[-1] == 1


@pytest.mark.usefixtures("staff")
def test_what_was_broken_off_is_made_whole_and_noted_once(database, home, monkeypatch):
    whole = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    real, calls = pack_contents.register_cells, []

    def break_down(*args, **named):
        calls.append(1)
        if len(calls) == 3:
            raise ConnectionError
        return real(*args, **named)

    monkeypatch.setattr(pack_contents, "register_cells", break_down)
    with pytest.raises(ConnectionError):
        make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    assert len(rows(database, Pack)) == 1
    later = LATER
    again = make_pack(database, home.viewer, as_at=TODAY, known_at=NOW, now=later)
    assert manifest(again) == manifest(whole)
    assert len(rows(database, Pack)) == 3, "the first, the one that was broken off, and the last"


def test_a_pack_asks_the_database_as_often_for_many_people_as_for_few(database, catalog, home):
    def measure(heads):
        for _ in range(heads):
            learn(database, make_person(database, home, now=NOW), catalog=catalog, now=NOW)
        with counting(database) as statements:
            read_all(database, home.viewer)
        return len(statements)

    measure(3)  # What is read once in a process is read here.
    few = measure(0)
    assert measure(9) == few < 80


def read_all(database, viewer):
    """Read all that a pack says."""
    known = {"wanted": Wanted(TODAY, NOW), "made_with": "", "told": lambda *_: None, "alive": lambda: None}
    with pack_contents.open_contents(database, viewer=viewer, **known) as contents:
        for table in contents.workbook().tables:
            list(table.rows)
        assert list(contents.held())
        assert list(contents.acts())
