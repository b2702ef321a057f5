"""Reading the audit log: what each may see of it, what is found in it, in words, page by page and as a file."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import let_in, make_person, sign_in
from tests.services.stored import rows
from tests.services.test_query_counts import run
from training.domain.audit import Act, Actor
from training.domain.permission import PermissionKind
from training.models import AuditEntry, ImportRun, Pack, PackLink, Person, ReportSchedule
from training.services import absences, audit, audit_log, exemptions, organisations, people, permissions
from training.services.accounts import NotAllowed
from training.services.audit_log import Wanted

TODAY = date(2026, 3, 2)
LATER = NOW + timedelta(days=40)


def page(database, catalog, viewer, *, before=None, **wanted):
    return audit_log.log_page(database, viewer=viewer, catalog=catalog, wanted=Wanted(**wanted), before=before)


def acts(database, catalog, viewer, **wanted):
    return [line.act for line in page(database, catalog, viewer, **wanted).lines]


def add_leave(database, viewer, person, now=NOW):
    known = {"person_id": person.person_id, "starts_on": TODAY, "ends_on": date(2026, 5, 1), "now": now}
    return absences.add_absence(database, viewer=viewer, **known)


@pytest.fixture
def second(database, home):
    return organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)


@pytest.fixture
def elsewhere(database, home, second):
    return make_person(database, home, now=NOW, name="Ryan Elsewhere", site_id=second)


@pytest.fixture
def keeper(database, home):
    """The first site's manager, signed in."""
    person = make_person(database, home, now=NOW, name="Priya Raman", email="keeper@home.example")
    permissions.give(database, viewer=home.viewer, person_id=person.person_id, site_id=home.site_id, now=NOW)
    return sign_in(database, let_in(database, home, person, now=NOW), now=NOW)


def test_an_entry_is_told_in_words(database, catalog, home):
    marta = make_person(database, home, now=NOW, name="Marta Kowalska")
    let_off = {
        "item": "for-everyone",
        "starts_on": TODAY,
        "ends_on": date(2026, 4, 1),
        "who": "Dr Secret",
        "why": "Ill",
    }
    known = {"catalog": catalog, "person_id": marta.person_id, "now": NOW}
    exemptions.add_exemption(database, viewer=replace(home.viewer, client="203.0.113.0/24"), **known, **let_off)
    exempted, added, *_ = page(database, catalog, home.viewer).lines
    title = catalog.title("for-everyone")
    assert (exempted.act, exempted.about, exempted.who) == ("exemption recorded", "Marta Kowalska", home.viewer.name)
    assert exempted.details == (f"training: {title}", "from: 2 Mar 2026", "until: 1 Apr 2026")
    assert (exempted.client, exempted.at, exempted.is_about_person) == ("203.0.113.0/24", NOW, True)
    assert added.details == ("job title: Social care worker", "site: First site", "from: 2 Mar 2026")


def test_the_operator_the_service_and_a_link_have_their_words(database, catalog, home):
    for kind in (Actor.SERVICE, Actor.LINK):
        source = audit.Source(kind=kind, organisation_id=home.viewer.organisation_id)
        with database.write(home.viewer.organisation_id) as session:
            audit.record(session, viewer=source, act=Act.PACK_OPENED, now=NOW, subject_id=uuid.UUID(int=5))
    link, service, *_, first = page(database, catalog, home.viewer).lines
    assert (link.who, service.who) == ("Whoever had the link", "The service by itself")
    assert (link.about, link.is_about_person) == (f"Pack {uuid.UUID(int=5)}", False)
    assert (first.who, first.about) == ("Whoever runs this service", "The organisation")


def test_whoever_is_not_signed_in_is_found_by_the_words_that_stand_there(database, catalog, home):
    source = audit.Source(kind=Actor.SERVICE, organisation_id=home.viewer.organisation_id)
    with database.write(home.viewer.organisation_id) as session:
        audit.record(session, viewer=source, act=Act.SCHEDULE_STOPPED, now=NOW, subject_id=uuid.UUID(int=5))
    assert acts(database, catalog, home.viewer, who="Service by itself") == ["schedule of a report stopped"]
    assert acts(database, catalog, home.viewer, who="service") == [
        "schedule of a report stopped",
        "organisation set up",
    ]
    assert acts(database, catalog, home.viewer, who="had the link") == []


def test_an_import_a_pack_a_schedule_and_a_report_have_their_names(database, catalog, home):
    me, about = home.viewer, {"organisation_id": home.viewer.organisation_id, "recorded_at": NOW}
    ids = [uuid.UUID(int=number) for number in (5, 6, 7, 8)]
    kept = {"made_by": me.person_id, "choices": {}, "summary": {}, "expires_at": NOW, "kind": "completions"}
    pack = {"as_at": TODAY, "known_at": NOW, "covers": "First site", "manifest_hash": "0" * 64}
    link = {"token_hash": "1" * 64, "made_by": me.person_id, "expires_at": NOW}
    when = {"rhythm": "weekly", "on_day": 7, "starts_on": TODAY}
    with database.write(me.organisation_id) as session:
        session.add(ImportRun(**about, id=ids[0], file_name="past.xlsx", evidence="Old system", **kept))
        session.add(Pack(**about, id=ids[1], asked_by=me.person_id, **pack))
        session.add(
            ReportSchedule(**about, id=ids[2], owner_id=me.person_id, report="overdue", form="csv", asked={}, **when)
        )
        session.flush()
        session.add(PackLink(**about, id=ids[3], pack_id=ids[1], **link))
        for act, subject, detail in (
            (Act.PASSES_IMPORTED, ids[0], {"create": 0, "differs": 3, "fault": 0}),
            (Act.PACK_MADE, ids[1], {"known_at": NOW.replace(month=7)}),
            (Act.PACK_LINK_WITHDRAWN, ids[1], {"link_id": ids[3]}),
            (Act.SCHEDULE_MADE, ids[2], when),
            (Act.REPORT_EXPORTED, None, {"report": "overdue", "form": "csv"}),
            (Act.REPORT_EXPORTED, None, {"report": "esr"}),
        ):
            audit.record(session, viewer=me, act=act, subject_id=subject, now=NOW, detail=detail)
    esr, report, schedule, ended, made, passes, *_ = page(database, catalog, me).lines
    rows_in = ("rows that added something: 0", "rows added with another expiry: 3", "wrong rows, left out: 0")
    assert (passes.about, passes.details) == ("past.xlsx, from Old system", rows_in)
    assert (made.about, made.details) == ("Pack as at 2 Mar 2026: First site", ("known at: 2 Jul 2026, 11:00",))
    assert (ended.about, ended.details) == (made.about, ("link made: 2 Mar 2026, 10:00",))
    assert (schedule.about, schedule.details) == (
        "Expired and missing, CSV",
        ("made: every Sunday", "from: 2 Mar 2026"),
    )
    assert (report.about, report.details) == ("Expired and missing", ("form: CSV",))
    assert (esr.about, esr.details) == ("ESR", ())
    assert audit.verify(database, organisation_id=me.organisation_id).broken == ""


def test_it_is_said_how_many_entries_were_found_of_how_many(database, catalog, home, keeper, learner):
    fill(database, home, 150)
    add_leave(database, keeper, learner)
    shown = page(database, catalog, home.viewer)
    every = shown.lines[0].number
    assert (len(shown.lines), shown.found, shown.every) == (100, every, every)
    found = page(database, catalog, home.viewer, act=Act.REPORT_EXPORTED)
    assert (len(found.lines), found.found, found.every) == (100, 150, every)
    older = page(database, catalog, home.viewer, act=Act.REPORT_EXPORTED, before=found.older)
    assert (len(older.lines), older.found, older.every) == (50, 150, every)
    theirs = page(database, catalog, keeper)
    assert (theirs.found, theirs.every) == (len(theirs.lines), every)


def test_somebody_whose_name_is_gone_is_shown_as_an_id(database, catalog, home):
    gone = uuid.uuid4()
    with database.write(home.viewer.organisation_id) as session:
        audit.record(session, viewer=replace(home.viewer, person_id=gone), act=Act.LINK_MADE, now=NOW, subject_id=gone)
    line = page(database, catalog, home.viewer).lines[0]
    assert (line.who, line.about, line.is_about_person) == (str(gone), str(gone), False)
    assert acts(database, catalog, home.viewer, who=str(gone)) == ["one-time link made"]
    assert acts(database, catalog, home.viewer, whom=str(gone)) == ["one-time link made"]


def test_names_are_those_of_today(database, catalog, home, learner):
    with database.write(home.viewer.organisation_id) as session:
        session.execute(update(Person).where(Person.id == learner.person_id).values(name="Married Name"))
    assert page(database, catalog, home.viewer).lines[0].about == "Married Name"


def test_it_is_searched_by_who_act_whom_and_days(database, catalog, home, keeper, learner):
    add_leave(database, keeper, learner, now=LATER)
    look = home.viewer
    assert acts(database, catalog, look, who="priya") == ["leave recorded"]
    assert acts(database, catalog, look, act=Act.LEAVE_RECORDED) == ["leave recorded"]
    assert acts(database, catalog, look, whom=learner.name) == ["leave recorded", "person added"]
    assert acts(database, catalog, look, whom=learner.name, act=Act.PERSON_ADDED) == ["person added"]
    assert acts(database, catalog, look, from_on=LATER.date()) == ["leave recorded"]
    assert acts(database, catalog, look, from_on=LATER.date() + timedelta(days=1)) == []
    assert acts(database, catalog, look, until_on=LATER.date())[0] == "leave recorded"
    assert "leave recorded" not in acts(database, catalog, look, until_on=LATER.date() - timedelta(days=1))
    assert acts(database, catalog, look, who="100%") == []
    about = page(database, catalog, look, person_id=keeper.person_id)
    assert [line.act for line in about.lines] == [
        "leave recorded",
        "one-time link made",
        "permission given",
        "person added",
    ]
    assert about.person == "Priya Raman"


def test_a_day_is_the_organisations_own(database, catalog, home):
    """At half past eleven on a summer night in UTC it is the next day in London."""
    late = NOW.replace(month=7, day=13, hour=23, minute=30)
    organisations.add_site(database, viewer=home.viewer, name="Late", now=late)
    assert acts(database, catalog, home.viewer, from_on=date(2026, 7, 14), until_on=date(2026, 7, 14)) == ["site added"]
    assert acts(database, catalog, home.viewer, from_on=date(2026, 7, 13), until_on=date(2026, 7, 13)) == []


def test_a_sites_manager_sees_their_people_and_their_own_acts(database, catalog, home, keeper, learner, elsewhere):
    add_leave(database, home.viewer, elsewhere)
    add_leave(database, home.viewer, learner)
    people.issue_slip(database, viewer=keeper, person_id=learner.person_id, now=NOW)
    seen = page(database, catalog, keeper).lines
    assert {line.about for line in seen} == {learner.name, "Priya Raman"}
    assert [line.act for line in seen][:2] == ["one-time link made", "leave recorded"]
    assert acts(database, catalog, keeper, person_id=elsewhere.person_id) == []
    assert page(database, catalog, keeper, person_id=elsewhere.person_id).person == str(elsewhere.person_id)
    assert acts(database, catalog, keeper, whom="Ryan") == acts(database, catalog, keeper, act=Act.SITE_ADDED) == []


@pytest.mark.usefixtures("keeper")
def test_an_auditor_sees_as_far_as_they_reach(database, catalog, home, learner, elsewhere):
    add_leave(database, home.viewer, elsewhere)
    whole = replace(home.viewer, person_id=uuid.uuid4(), reads_only=True)
    assert acts(database, catalog, whole) == acts(database, catalog, home.viewer)
    of_site = replace(whole, manages_all=False, site_ids=frozenset({home.site_id}))
    assert {line.about for line in page(database, catalog, of_site).lines} == {learner.name, "Priya Raman"}


def test_whoever_sees_to_nobody_sees_no_log(database, catalog, learner):
    with pytest.raises(NotAllowed):
        page(database, catalog, learner)
    with pytest.raises(NotAllowed):
        audit_log.open_log(database, viewer=learner, catalog=catalog, wanted=Wanted(), form="csv", now=NOW)


def test_a_neighbours_entries_are_not_there(database, catalog, home, neighbour):
    theirs = {row.hash for row in rows(database, AuditEntry, organisation_id=neighbour.viewer.organisation_id)}
    assert not theirs & {line.hash for line in page(database, catalog, home.viewer).lines}
    assert acts(database, catalog, home.viewer, person_id=neighbour.viewer.person_id) == []


def fill(database, home, number):
    with database.write(home.viewer.organisation_id) as session:
        for one in range(number):
            audit.record(session, viewer=home.viewer, act=Act.REPORT_EXPORTED, now=NOW, detail={"report": str(one)})


def test_pages_of_a_hundred_go_on_where_the_last_ended(database, catalog, home):
    fill(database, home, 244)
    numbers, before = [], None
    while True:
        shown = page(database, catalog, home.viewer, before=before)
        numbers.append([line.number for line in shown.lines])
        before = shown.older
        if before is None:
            break
    assert [len(some) for some in numbers] == [100, 100, 50]
    assert [one for some in numbers for one in some] == list(range(250, 0, -1))


def test_a_page_asks_as_often_for_many_entries_as_for_few(database, catalog, home):
    few = len(run(database, lambda: page(database, catalog, home.viewer)))
    for number in range(60):
        make_person(database, home, now=NOW, name=f"Person {number}")
    assert len(run(database, lambda: page(database, catalog, home.viewer))) == few <= 6


def test_a_file_has_every_entry_that_fits_and_leaves_one_itself(database, catalog, home, monkeypatch):
    monkeypatch.setattr(audit_log, "AT_ONCE", 10)
    fill(database, home, 24)
    wanted = Wanted(act=Act.REPORT_EXPORTED)
    known = {"viewer": home.viewer, "catalog": catalog, "now": NOW}
    (table,) = audit_log.open_log(database, wanted=wanted, form="csv", **known).tables
    header = [column.name for column in table.columns]
    cells = [dict(zip(header, row.cells, strict=True)) for row in table.rows]
    assert [one["Number"] for one in cells] == list(range(31, 6, -1))
    assert stored_detail(database, home) == {"report": "audit-log", "form": "csv", "act_asked": "report exported"}
    newest = cells[0]
    assert (newest["When"], newest["Who (id)"]) == (NOW, str(home.viewer.person_id))
    assert [one["Hash"] for one in cells] == [
        line.hash for line in page(database, catalog, home.viewer, act=Act.REPORT_EXPORTED).lines
    ]


def stored_detail(database, home):
    """Return what the latest entry keeps."""
    entries = rows(database, AuditEntry, organisation_id=home.viewer.organisation_id)
    return max(entries, key=lambda entry: entry.number).detail


def test_a_file_of_the_log_notes_what_was_asked_without_a_name(database, catalog, home):
    wanted = Wanted(who="Marta", person_id=home.viewer.person_id, from_on=TODAY, until_on=TODAY)
    audit_log.open_log(database, viewer=home.viewer, catalog=catalog, wanted=wanted, form="json", now=NOW)
    assert stored_detail(database, home) == {
        "report": "audit-log",
        "form": "json",
        "person_asked": str(home.viewer.person_id),
        "from_asked": "2026-03-02",
        "until_asked": "2026-03-02",
        "search_asked": True,
    }
    assert audit.verify(database, organisation_id=home.viewer.organisation_id).broken == ""


def test_what_a_permission_was_is_told(database, catalog, home, learner):
    known = {"person_id": learner.person_id, "site_id": home.site_id, "kind": PermissionKind.AUDITOR}
    permissions.give(database, viewer=home.viewer, now=NOW, **known)
    assert page(database, catalog, home.viewer).lines[0].details == ("as: Auditor", "site: First site")


def test_whoever_has_been_erased_stands_as_an_id(database, catalog, home, learner):
    with database.write(home.viewer.organisation_id) as session:
        session.execute(update(Person).where(Person.id == learner.person_id).values(name=""))
    line = next(one for one in page(database, catalog, home.viewer).lines if one.subject_id == learner.person_id)
    assert (line.about, line.is_about_person) == (str(learner.person_id), False)
