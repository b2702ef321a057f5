"""A report says the same as a page and as a file of every kind, and holds nobody who is not theirs who asks."""

from datetime import date

import pytest

from tests import reading
from tests.conftest import NOW
from tests.factories import Home, learn, let_in, make_person
from tests.reading import plain
from tests.services import stored
from tests.web.client import Client, Loaded
from tests.web.conftest import ON_SQLITE
from training.domain.roles import Role
from training.domain.status import Status
from training.exports import pdf
from training.models import AuditEntry
from training.services import employments, organisations, permissions, report_orders, report_questions
from training.services.report_kinds import KINDS

NAMES = ("Aisha Done", 'Bo "Half", Jr.', "=cmd|' /C calc'!A0", "李伟", "Ed Family")
DAYS = ("as-at=1+May+2026", "as-at=10+Mar+2026&known-at=1+Mar+2026")
FILTERS = (
    "search=o",
    "role=social-care",
    "item=every-kind",
    "site={site}",
    "job-title={title}",
    "search=nobody+at+all",
)
LISTED = [name for name, kind in KINDS.items() if "person" not in kind.takes]


@pytest.fixture
def staffed(database, catalog, home: Home) -> dict[str, str]:
    """Two sites, somebody in every state, and a person at both sites; return ids to ask by."""
    second = organisations.add_site(database, viewer=home.viewer, name="Brook Lane; annexe", now=NOW)
    done = make_person(database, home, now=NOW, name=NAMES[0])
    half = make_person(database, home, now=NOW, name=NAMES[1], site_id=second)
    late = make_person(database, home, now=NOW, name=NAMES[2], starts_on=date(2025, 1, 1), site_id=second)
    make_person(database, home, now=NOW, name=NAMES[3], role=Role.PRESCRIBER)
    make_person(database, home, now=NOW, name=NAMES[4], role=Role.FAMILY_CARER)
    both = {"person_id": late.person_id, "site_id": home.site_id, "starts_on": date(2025, 6, 1)}
    employments.add_job(database, viewer=home.viewer, job_title_id=home.titles[Role.PRESCRIBER], now=NOW, **both)
    for slug in catalog.tracks[Role.SOCIAL_CARE].core:
        learn(database, done, catalog=catalog, slug=slug, now=NOW)
    learn(database, half, catalog=catalog, slug="for-everyone", now=NOW)
    learn(database, half, catalog=catalog, slug="every-kind", now=NOW, right=False)
    title = home.titles[Role.SOCIAL_CARE]
    return {"site": str(second), "title": str(title), "person": str(half.person_id), "late": str(late.person_id)}


def read_all(browser: Client, name: str, query: str) -> dict[str, reading.ReadBack]:
    """Return a report as its page and each of its files say it."""
    address = f"/reports/{name}"
    files = {"csv": reading.read_csv, "xlsx": reading.read_xlsx, "json": reading.read_json, "pdf": reading.read_pdf}
    found = {form: read(browser.get(f"{address}.{form}?{query}").response.data) for form, read in files.items()}
    return found | {"page": reading.read_page(browser.get(f"{address}?{query}"))}


def check_alike(found: dict[str, reading.ReadBack], *, main: str = "") -> int:
    """Fail unless every form says the same, as far as it holds it; return how many rows were compared."""
    whole = found["json"]
    with_rows = {plain(title): rows for title, rows in whole.tables.items()}
    for form in ("xlsx", "pdf", "page"):
        for title, rows in found[form].tables.items():
            expected = with_rows[plain(title)]
            assert rows == expected or (form == "pdf" and rows == [] and len(expected) == 1), (form, title)
    assert len(found["xlsx"].tables) == len(whole.tables)
    assert found["csv"].tables[""] == (with_rows[plain(main)] if main else next(iter(with_rows.values())))
    for form in ("csv", "xlsx", "pdf", "page"):
        head = found[form].head
        assert {name: head.get(name) for name in whole.head} == whole.head, form
        assert {"Asat", "Asknownat", "Rules", "Made"} <= head.keys(), form
    alike = [found[form].head for form in ("csv", "xlsx", "pdf", "page")]
    assert all(head == alike[0] for head in alike)
    return sum(len(rows) - 1 for rows in with_rows.values())


@pytest.mark.parametrize("name", LISTED)
def test_a_report_says_the_same_in_all_five_forms(manager, staffed, name):
    mains = {"compliance": "Details", "training-hours": "By person"}
    compared = 0
    some_filter = f"{DAYS[0]}&{FILTERS[LISTED.index(name) % len(FILTERS)].format(**staffed)}"
    for query in ("", *DAYS, some_filter):
        compared += check_alike(read_all(manager, name, query), main=mains.get(name, ""))
    assert compared >= 3, f"{name} was compared on next to nothing"


@pytest.mark.parametrize("status", ["overdue", "up-to-date", "not-needed", "not-yet-due"])
def test_everybody_of_one_status_is_the_same_in_all_five_forms(manager, staffed, status):  # noqa: ARG001
    found = read_all(manager, "everybody", f"status={status}")
    check_alike(found)
    assert {row[5] for row in found["csv"].tables[""][1:]} <= {plain(status.replace("-", " ").capitalize())}


@ON_SQLITE
@pytest.mark.parametrize("of", ["", "&role=social-care", "&site={site}", "&item=every-kind", "&as-at=1+May+2026"])
def test_a_page_says_how_many_rows_of_a_status_its_files_hold(manager, staffed, of):
    of, seen = of.format(**staffed), 0
    for status in Status:
        (table,) = reading.read_json(
            manager.get(f"/reports/everybody.json?status={status}{of}").response.data
        ).tables.values()
        said = f"{len(table) - 1} {status.label.lower()}."
        shown = [manager.get(f"{page}?status={status}{of}") for page in ("/reports/everybody", "/team/people")]
        assert [said in page.main for page in shown] == [status is not Status.NOT_ON_FILE] * 2, (status, said)
        seen += len(table) - 1
    late = reading.read_json(manager.get(f"/reports/overdue.json?{of}").response.data).tables
    assert f"{len(next(iter(late.values()))) - 1} listed:" in manager.get(f"/reports/overdue?{of}").main
    assert seen > 3


def test_one_person_is_the_same_in_all_five_forms(manager, staffed):
    for query in (f"person={staffed['person']}", f"person={staffed['person']}&as-at=1+May+2026"):
        found = read_all(manager, "person", query)
        assert check_alike(found) == 4
        assert found["page"].head["Shows"][0].startswith(plain(NAMES[1]))


@ON_SQLITE
def test_a_person_who_is_nobody_here_has_no_report(manager, staffed):
    for query in ("", "person=x", f"person={staffed['site']}"):
        manager.get(f"/reports/person?{query}", status=404)
        manager.get(f"/reports/person.csv?{query}", status=404)
    manager.get("/reports/nonsense", status=404)
    manager.get("/reports/nonsense.csv", status=404)
    manager.get("/reports/overdue.doc", status=404)


def test_the_pages_of_a_report_together_are_its_file(manager, staffed, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(report_questions, "ROWS_A_PAGE", 2)
    for name in ("everybody", "overdue", "due-soon", "matrix", "site-summary", "job-title-summary", "training-hours"):
        whole = reading.read_csv(manager.get(f"/reports/{name}.csv?as-at=1+Apr+2026").response.data).tables[""]
        page = manager.get(f"/reports/{name}?as-at=1+Apr+2026")
        seen = rows_on(page)
        while page.all("a[rel=next]"):
            page = manager.get(page.link("Next"))
            seen += rows_on(page)
        assert seen == whole[1:], name


def rows_on(page: Loaded) -> list[list[str]]:
    """Return the rows of the last table on a page, which is the one that goes on; the last pages may have none."""
    tables = list(reading.read_page(page).tables.values())
    return tables[-1][1:] if tables else []


def test_a_site_manager_reads_of_their_own_site_alone_as_it_judges(database, home, manager, make_client, staffed):
    boss = make_person(database, home, now=NOW, name="Priya Raman", email="boss@home.example")
    let_in(database, home, boss, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=home.site_id, now=NOW)
    keeper = make_client("boss@home.example")
    for name in LISTED:
        for query in ("", f"site={staffed['site']}", "search=half", "as-at=1+May+2026"):
            for form in ("csv", "json"):
                text = keeper.get(f"/reports/{name}.{form}?{query}").text
                assert "Half" not in text, (name, query)
        assert "Half" not in keeper.get(f"/reports/{name}").main
    keeper.get(f"/reports/person?person={staffed['person']}", status=404)
    # At the site they manage, somebody who works at both is judged by the post there.
    theirs = reading.read_csv(keeper.get(f"/reports/person.csv?person={staffed['late']}").response.data)
    whole = reading.read_csv(manager.get(f"/reports/everybody.csv?site={home.site_id}&search=cmd").response.data)
    assert theirs.tables[""] == whole.tables[""]


@ON_SQLITE
def test_no_cell_that_somebody_typed_runs_in_a_spreadsheet(manager, staffed):  # noqa: ARG001
    text = manager.get("/reports/everybody.csv").text
    assert "'=cmd|" in text
    assert ",=cmd" not in text
    assert "\n=cmd" not in text


@ON_SQLITE
def test_a_report_too_long_for_paper_says_which_form_holds_it(manager, staffed, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(pdf, "MOST_ROWS", 3)
    refused = manager.get("/reports/everybody.pdf?search=o", status=422)
    assert refused.heading == "Too long to print"
    assert "A PDF holds at most 3 rows" in refused.main
    assert refused.link("Download the Excel file") == "/reports/everybody.xlsx?search=o"
    assert manager.get(refused.link("Choose a filter")).one("#search").attrs["value"] == "o"


@ON_SQLITE
def test_every_report_is_listed_and_what_is_asked_stays(manager, staffed):
    page = manager.get("/reports")
    for kind in KINDS.values():
        assert kind.title in page.main
        if "person" not in kind.takes:
            assert manager.get(page.link(kind.title)).heading == kind.title
    shown = manager.get(f"/reports/due-soon?within=30&role=social-care&site={staffed['site']}&as-at=1+Apr+2026")
    assert shown.one("#within option[selected]").attrs["value"] == "30"
    assert shown.one("#role option[selected]").attrs["value"] == "social-care"
    later = manager.submit(shown, 1, **{"as-at": "1 Feb 2027"})
    assert later.one("#within option[selected]").attrs["value"] == "30"
    assert "Due within 30 days" in later.main
    assert "1 Feb 2027 (forecast)" in later.main


@ON_SQLITE
def test_a_day_that_is_none_is_said_at_its_field(manager, staffed):  # noqa: ARG001
    page = manager.get("/reports/training-hours?from=soon&until=1+Mar+2026")
    assert "“soon” is not a day." in page.main
    assert page.one("#from").attrs["value"] == "soon"
    assert page.one("#until").attrs["value"] == "1 Mar 2026"


@ON_SQLITE
@pytest.mark.usefixtures("staffed")
def test_whoever_makes_a_file_of_a_report_stands_in_the_log(manager, rooms, home):
    for form in ("csv", "xlsx", "pdf", "json"):
        manager.get(f"/reports/matrix.{form}?as-at=1+May+2026")
    manager.get("/reports/matrix")
    manager.get("/reports/no-such-report.csv", status=404)
    entries = stored.rows(rooms, AuditEntry, organisation_id=home.viewer.organisation_id, act="report exported")
    assert {each.actor_id for each in entries} == {home.viewer.person_id}
    assert [each.detail for each in sorted(entries, key=lambda each: each.number)] == [
        {"report": "matrix", "form": form, "as_at": "2026-05-01"} for form in ("csv", "xlsx", "pdf", "json")
    ]


def exported(rooms, home):
    """Return the details of the exports that the log holds, in their order."""
    entries = stored.rows(rooms, AuditEntry, organisation_id=home.viewer.organisation_id, act="report exported")
    return [each.detail for each in sorted(entries, key=lambda each: each.number)]


@pytest.mark.usefixtures("staffed")
def test_what_was_asked_of_a_file_stands_in_the_log(manager, rooms, home):
    site, title = str(home.site_id), str(next(iter(home.titles.values())))
    people = f"site={site}&role=social-care&job-title={title}&item=every-kind"
    manager.get(f"/reports/overdue.csv?{people}&status=expired&within=30&from=1+Jan+2026&person={site}")
    manager.get(f"/reports/everybody.csv?status=expired&known-at=1+Mar+2026&site={site}")
    manager.get("/reports/due-soon.csv?within=30")
    manager.get("/reports/due-soon.csv")
    manager.get("/reports/training-hours.csv?from=1+Jan+2026&until=1+Feb+2026")
    day = {"form": "csv", "as_at": "2026-03-02"}
    asked = {"site_asked": site, "role_asked": "social-care", "job-title_asked": title, "item_asked": "every-kind"}
    overdue, everybody, *others = exported(rooms, home)
    assert overdue == {"report": "overdue", **day, **asked}
    known_at = everybody.pop("known_at")
    assert known_at.startswith("2026-03-01T23:59:59")
    assert everybody == {"report": "everybody", **day, "site_asked": site, "status_asked": "expired"}
    assert others == [
        {"report": "due-soon", **day, "within_asked": "30"},
        {"report": "due-soon", **day, "within_asked": "90"},
        {"report": "training-hours", **day, "from_asked": "2026-01-01", "until_asked": "2026-02-01"},
    ]


@ON_SQLITE
def test_whose_report_was_made_stands_in_the_log_by_id_and_a_search_without_its_words(manager, rooms, home, worker):
    manager.get(f"/reports/person.csv?person={worker.person_id}")
    manager.get("/reports/overdue.csv?search=Kowalska")
    person, searched = exported(rooms, home)
    assert person["person_asked"] == str(worker.person_id)
    assert searched["search_asked"] is True
    assert "Kowalska" not in f"{searched}"


@pytest.mark.parametrize("asked", [{"as-at": "garbage"}, {"known-at": "1 Jan 2999"}])
@pytest.mark.parametrize("path", ["/reports/overdue.csv", "/reports/everybody.json", "/team/overview.csv"])
def test_no_file_speaks_of_another_day_than_was_asked_for(manager, path, asked):
    refused = manager.get(path, query_string=asked, status=400)
    assert next(iter(asked.values())) in refused.main
    assert "Choose a day" in refused.main or "Write the day like this: 13 Jan 2027." in refused.main


def test_a_day_that_no_month_has_is_said_to_be_none(manager):
    refused = manager.get("/reports/overdue.csv", query_string={"as-at": "30/02/2026"}, status=400)
    assert "Feb 2026 has no day 30." in refused.main


def test_no_file_speaks_of_other_days_than_were_asked_for(manager):
    refused = manager.get("/reports/attempts.csv", query_string={"from": "the first"}, status=400)
    assert "“the first” is not a day." in refused.main


@pytest.mark.parametrize("days", ["as-at=31/02/2026", "from=the first"])
def test_no_file_of_another_day_is_ordered_either(manager, staffed, monkeypatch, days):  # noqa: ARG001
    monkeypatch.setattr(report_orders, "AT_ONCE", {"xlsx": 0, "pdf": 0})
    assert manager.open("GET", "/reports/everybody.xlsx").status == 303
    manager.get(f"/reports/everybody.xlsx?{days}", status=400)
