"""Reports that are made regularly, and files that take a while, as managers and auditors ask for them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories import let_in, make_person
from tests.services.test_query_counts import counting
from tests.web.conftest import ON_SQLITE
from training.domain.permission import PermissionKind
from training.domain.report import FORMS
from training.domain.report_schedule import LAST_DAY
from training.jobs.kinds import KINDS
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.models import Organisation, Permission
from training.services import organisations, permissions, report_orders, report_schedules

SCHEDULES = "/reports/schedules"


@pytest.fixture
def staffed(rooms, home):
    """Two sites with somebody at each."""
    second = organisations.add_site(rooms, viewer=home.viewer, name="Brook Lane; annexe", now=NOW)
    for name, site_id in (("=cmd|' /C calc'!A0", home.site_id), ("李伟", second)):
        make_person(rooms, home, now=NOW, name=name, site_id=site_id)
    return second


@pytest.fixture
def auditor(make_client, rooms, home):
    person = make_person(rooms, home, now=NOW, name="Farah Iqbal", email="auditor@home.example")
    kind = PermissionKind.AUDITOR
    permissions.give(rooms, viewer=home.viewer, person_id=person.person_id, site_id=home.site_id, kind=kind, now=NOW)
    let_in(rooms, home, person, now=NOW)
    return make_client("auditor@home.example")


def make(rooms, catalog, time) -> int:
    return do_orders(Means(rooms, catalog=catalog), time, lambda: True, kinds=KINDS)


def test_a_report_with_its_filters_is_made_regularly_until_it_is_ended(manager, staffed, rooms, home, catalog):
    assert "None yet" in manager.get(SCHEDULES).main
    report = manager.get(f"/reports/due-soon?site={staffed}&within=30&as-at=1+May+2026")
    form = manager.get(report.link("Have it made regularly"))
    assert form.heading == "Due soon, made regularly"
    assert form.one("#starts_on").attrs["value"] == "2 Mar 2026"
    chosen = {"rhythm": "monthly", "day": str(LAST_DAY), "form": "pdf", "starts_on": "5 Mar 2026"}
    page = manager.submit(form, values=chosen)
    assert "after six in the morning of each of its days" in page.text
    assert "Due soon, PDF, every month on day 28" in page.main
    assert "Shows: Brook Lane; annexe; within 30 days" in page.main
    assert "Next on 28 Mar 2026" in page.main
    (one,) = report_schedules.list_schedules(rooms, viewer=home.viewer, catalog=catalog)
    assert one.asked == {"site": str(staffed), "within": "30"}
    again = manager.get(next(link for link in page.links() if link.startswith("/reports/due-soon")))
    assert again.one("#site option[selected]").attrs["value"] == str(staffed)
    asked = manager.get(page.link("End it"))
    assert asked.heading == "End this report?"
    ended = manager.submit(asked)
    assert "Ended on 2 Mar 2026" in ended.main
    assert "End it" not in ended.main


@pytest.mark.parametrize(
    ("rhythm", "says", "next_on"),
    [("weekly", "every Tuesday", "3 Mar 2026"), ("first-day", "on the first day of each month", "1 Apr 2026")],
)
def test_a_rhythm_has_its_own_day(manager, rhythm, says, next_on):
    page = manager.submit(manager.get(f"{SCHEDULES}/new/matrix"), rhythm=rhythm, weekday="2", day="9")
    assert f"Matrix, Excel, {says}" in page.main
    assert f"Next on {next_on}" in page.main


@ON_SQLITE
def test_what_is_wrong_is_said_at_its_field(manager):
    form = manager.get(f"{SCHEDULES}/new/overdue?role=prescriber")
    wrong = manager.submit(form, starts_on="soon", status=400)
    assert "13 Jan 2027" in wrong.one("#starts_on-error").to_text()
    assert "role=prescriber" in wrong.one("main form").attrs["action"]
    for name in ("person", "nonsense"):
        manager.get(f"{SCHEDULES}/new/{name}", status=404)


@ON_SQLITE
def test_nobody_has_the_same_twice_or_more_than_the_most(manager, monkeypatch):
    manager.submit(manager.get(f"{SCHEDULES}/new/overdue"))
    refused = manager.submit(manager.get(f"{SCHEDULES}/new/overdue"), status=400)
    assert "on these days already" in refused.main
    manager.submit(manager.get(f"{SCHEDULES}/new/overdue?role=prescriber"))
    monkeypatch.setattr(report_schedules, "MOST", 2)
    refused = manager.submit(manager.get(f"{SCHEDULES}/new/overdue"), status=400)
    assert "End one first." in refused.main


def test_a_site_that_is_none_of_theirs_is_refused_when_it_is_asked_for(auditor, staffed):
    refused = auditor.submit(auditor.get(f"{SCHEDULES}/new/everybody?site={staffed}"), status=400)
    assert "That site is none of yours" in refused.main
    assert "Brook Lane" not in refused.text
    assert "None yet" in auditor.get(SCHEDULES).main


def test_where_a_site_was_taken_away_the_list_says_that_nobody_is_counted(auditor, staffed, rooms, home):
    auditor.submit(auditor.get(f"{SCHEDULES}/new/everybody?site={home.site_id}"))
    assert "Shows: First site" in auditor.get(SCHEDULES).main
    with rooms.write(home.viewer.organisation_id) as session:
        held = select(Permission).where(Permission.site_id == home.site_id, Permission.kind == PermissionKind.AUDITOR)
        session.scalars(held).one().site_id = staffed
    page = auditor.get(SCHEDULES)
    assert "Shows: a site that is none of yours" in page.main
    assert "Nobody is counted in it: the site is none of yours any more." in page.main
    assert "First site" not in page.main


def test_an_email_is_promised_only_where_one_would_go_out(manager, app, rooms, home):
    def told() -> tuple[str, str]:
        return manager.get(f"{SCHEDULES}/new/overdue").main, manager.get(SCHEDULES).main

    assert all("No mail server is set up" in page for page in told())
    known = app.extensions["training"]
    known.config = replace(known.config, mail_url="smtp://127.0.0.1:1")
    form, listed = told()
    assert "You get an e-mail with a link when one is ready" in form
    assert "get an e-mail if you have an address" in listed
    with rooms.write(home.viewer.organisation_id) as session:
        session.get_one(Organisation, home.viewer.organisation_id).reminders_on = False
    for page in told():
        assert "Messages are switched off in your organisation, so no e-mail says that one is ready." in page
        assert "et an e-mail" not in page


def test_an_auditor_has_a_report_made_and_ends_it(auditor):
    page = auditor.submit(auditor.get(f"{SCHEDULES}/new/overdue"))
    assert "Expired and missing" in page.main
    assert "Ended on" in auditor.submit(auditor.get(page.link("End it"))).main


def test_the_list_asks_the_database_no_more_for_many(manager, rooms):
    def asked() -> int:
        with counting(rooms) as statements:
            manager.get(SCHEDULES)
        return len(statements)

    manager.submit(manager.get(f"{SCHEDULES}/new/overdue"))
    asked()
    few = asked()
    for day in range(1, 6):
        manager.submit(manager.get(f"{SCHEDULES}/new/matrix?role=prescriber"), weekday=str(day))
    asked()
    assert asked() == few


@ON_SQLITE
@pytest.mark.parametrize("form", list(FORMS))
@pytest.mark.parametrize("query", ["as-at=1+Apr+2026&known-at=1+Mar+2026", "site={site}&search=o"])
@pytest.mark.parametrize("name", ["compliance", "training-hours"])
def test_a_file_that_was_ordered_is_the_direct_download_byte_for_byte(
    manager, staffed, rooms, catalog, time, monkeypatch, form, query, name
):
    address = f"/reports/{name}.{form}?{query.format(site=staffed)}"
    direct = manager.get(address).response
    monkeypatch.setattr(report_orders, "is_long", lambda *_, **__: True)
    waits = manager.open("GET", address)
    assert waits.status == 303
    assert "waits for its turn" in manager.get(waits.location).text
    assert manager.open("GET", address).location == waits.location, "the same order, however often it is clicked"
    assert make(rooms, catalog, time) == 1
    file = manager.get(f"{waits.location}/file").response
    assert file.data == direct.data
    assert file.headers["Content-Disposition"] == direct.headers["Content-Disposition"]
    assert file.mimetype == direct.mimetype


def test_an_auditor_orders_a_long_file_and_gets_their_site_alone(auditor, staffed, rooms, catalog, time, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(report_orders, "AT_ONCE", {"xlsx": 0, "pdf": 0})
    waits = auditor.open("GET", "/reports/everybody.pdf")
    assert waits.status == 303
    make(rooms, catalog, time)
    page = auditor.get(waits.location)
    assert "It is ready." in page.main
    assert "at your site on 2 Mar 2026" in page.main
    assert "Everybody, as at 2 Mar 2026, PDF" in page.main


def test_files_of_one_title_are_told_apart_by_what_they_show(manager, staffed, rooms, catalog, time, monkeypatch):
    monkeypatch.setattr(report_orders, "is_long", lambda *_, **__: True)
    asked = {
        "everybody": "Everybody, all training",
        f"everybody?site={staffed}&search=李": "Brook Lane; annexe; name or staff number with “李”",
        "everybody?status=overdue&known-at=1+Mar+2026": "Overdue; as known at the end of 1 Mar 2026",
        "training-hours?from=1+Feb+2026&until=9+Feb+2026": "from 1 Feb 2026 to 9 Feb 2026",
        "training-hours?until=9+Feb+2026": "up to 9 Feb 2026",
        "training-hours?from=1+Feb+2026": "from 1 Feb 2026 to 2 Mar 2026",
    }
    pages = {}
    for address, shows in asked.items():
        name, _mark, query = address.partition("?")
        pages[manager.open("GET", f"/reports/{name}.csv?{query}").location] = shows
    for _moment in ("while they wait", "once they are made"):
        listed = manager.get("/reports/files").main
        for address, shows in pages.items():
            assert f"Shows: {shows}" in manager.get(address).main
            assert f"Shows: {shows}" in listed
        make(rooms, catalog, time)


def test_the_list_of_reports_says_how_many_files_are_new(manager, staffed, rooms, catalog, time, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(report_orders, "is_long", lambda *_, **__: True)
    for name in ("everybody", "matrix"):
        manager.open("GET", f"/reports/{name}.csv")
        assert "newly ready" not in manager.get("/reports").main
    make(rooms, catalog, time)
    page = manager.get("/reports")
    assert "2 of your files are newly ready" in page.main
    manager.get(page.link("2 of your files are"))
    assert "newly ready" not in manager.get("/reports").main
