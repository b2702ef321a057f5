"""CSV files say the same as their pages, whatever was asked for and whatever people are called."""

import csv
import io
import uuid
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from tests.conftest import NOW
from tests.factories import Home, learn, let_in, make_person
from tests.web.client import Loaded
from tests.web.conftest import ON_SQLITE
from tests.web.inspector import words
from training.domain.names import initials
from training.domain.roles import Role
from training.domain.status import Status
from training.services import employments, organisations

HOSTILE = {
    "a formula": "=cmd|' /C calc'!A0",
    "a sum": "+44 7700 900123",
    "quotes and commas": 'O"Brien, "Pat", Jr.',
    "a line end": "Ann\r\nSmith",
    "markup": "<script>alert(1)</script>",
    "right to left": "محمد الأحمد",
    "a turned name": "Ann\u202egnp.exe",
    "an emoji": "Ann 🌻 Bloom",
    "Bengali": "রহিমা বেগম",
    "Tamil": "முருகன் செல்வம்",
    "Chinese": "李伟",
    "the longest": "W" * 255,
    "a percent sign": "100%s {name} {{7*7}}",
}
NAMES = [*((kind, "sqlite") for kind in HOSTILE), ("a turned name", "postgresql"), ("Bengali", "postgresql")]
# What a spreadsheet would run gets an apostrophe in front of it.
DANGEROUS = ("=", "+", "-", "@")
AT_REST = ("Up to date", "Held", "Not needed")
WHO = ("Name", "Staff number", "Sites", "Job titles")


def read(loaded: Loaded) -> tuple[list[list[str]], list[list[str]]]:
    """Return what stands above the header of a CSV, and its rows with the header first."""
    rows = list(csv.reader(io.StringIO(loaded.response.data.decode("utf-8-sig"), newline="")))
    gap = rows.index([])
    return rows[:gap], rows[gap + 1 :]


@pytest.fixture
def staffed(database, catalog, home: Home) -> Home:
    """The organisation with two sites and somebody in every state."""
    second = organisations.add_site(database, viewer=home.viewer, name="Brook Lane; annexe", now=NOW)
    done = make_person(database, home, now=NOW, name="Aisha Done")
    half = make_person(database, home, now=NOW, name="Bo Half", site_id=second)
    late = make_person(database, home, now=NOW, name="Cy Late", starts_on=date(2025, 1, 1), site_id=second)
    make_person(database, home, now=NOW, name="Di Doctor", role=Role.PRESCRIBER)
    make_person(database, home, now=NOW, name="Ed Family", role=Role.FAMILY_CARER)
    employments.add_job(
        database,
        viewer=home.viewer,
        person_id=late.person_id,
        job_title_id=home.titles[Role.PRESCRIBER],
        site_id=home.site_id,
        starts_on=date(2025, 6, 1),
        now=NOW,
    )
    for slug in catalog.tracks[Role.SOCIAL_CARE].core:
        learn(database, done, catalog=catalog, slug=slug, now=NOW)
    learn(database, half, catalog=catalog, slug="for-everyone", now=NOW)
    return home


def shown(page: Loaded) -> list[tuple[str, str, str, str]]:
    """Return the name, training, status and reason of every line of the people page, in order."""
    return sorted(
        (
            words(row.query_one("th a")),
            words(training),
            words(one.query_one(".app-status")),
            words(one.query_one(".app-why__reason")),
        )
        for row in page.all("tbody tr")
        for one in row.query(".app-why__one")
        for training in one.query(".app-why__training")
    )


def only_counted(page: Loaded) -> dict[str, str]:
    """Return by name how many lines of whoever stands on the people page are not shown, in words."""
    rows = {words(row.query_one("th a")): row.query(".app-why__rest") for row in page.all("tbody tr")}
    return {name: words(rest[0]).split(" (")[0] for name, rest in rows.items() if rest}


def counted_words(rows: list[list[str]]) -> dict[str, str]:
    """Return by name how many lines of a CSV ask for nothing, as the page says it."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[5])
    return {
        name: ", ".join(f"{theirs.count(one)} {one.lower()}" for one in AT_REST if one in theirs)
        for name, theirs in found.items()
    }


def asked_for(query: str) -> str:
    """Return the label of the status that a query asks for, or nothing."""
    return next((status.label for status in Status if f"status={status}" in query.split("&")[0]), "")


@pytest.mark.usefixtures("staffed")
def test_the_people_of_a_page_and_of_its_csv_are_the_same_whatever_is_asked(manager):
    sites = [option.attrs["value"] for option in manager.get("/team/people").all("#site option")]
    asked = ["", "?search=bo", "?item=the-story", "?search=nobody"]
    asked += [f"?status={status}" for status in Status] + [f"?site={site}" for site in sites]
    asked += [f"?site={site}&status=not-yet-due&item=every-kind" for site in sites]
    seen = 0
    for query in asked:
        page = manager.get(f"/team/people{query}")
        above, (header, *rows) = read(manager.get(f"/team/people.csv{query}"))
        assert header == [*WHO, "Training", "Status", "In date until", "Due by", "Last passed", "Reason"]
        rests = [row for row in rows if row[5] in AT_REST and "item=" not in query and row[5] != asked_for(query)]
        assert counted_words(rests) == only_counted(page), query
        explained = [row for row in rows if row not in rests]
        assert sorted((row[0], row[4], row[5], " ".join(row[-1].split())) for row in explained) == shown(page), query
        said = dict(row for row in above if len(row) == 2)
        assert said["Shows"] in page.main
        assert said["Compliant"] in page.main
        assert " ".join(said["Denominator"].split()) in page.main
        seen += len(rows)
    assert seen > 30


@ON_SQLITE
@pytest.mark.usefixtures("staffed")
def test_what_asks_for_nothing_is_counted_and_leads_to_its_reasons(manager):
    page = manager.get("/team/people?search=Aisha&as-at=2026-09-01")
    (rest,) = page.all("tbody .app-why__rest")
    person = manager.get(rest.attrs["href"])
    assert "as-at=2026-09-01" in rest.attrs["href"]
    stand = [words(tag) for tag in person.all("main .app-status")]
    said = [f"{stand.count(one)} {one.lower()}" for one in AT_REST if one in stand]
    assert words(rest) == f"{', '.join(said)} ( Aisha Done )"
    up_to_date = manager.get("/team/people?search=Aisha&status=up-to-date")
    assert not up_to_date.all("tbody .app-why__rest")
    assert all(words(reason) for reason in up_to_date.all("tbody .app-why__reason"))


@ON_SQLITE
@pytest.mark.usefixtures("staffed")
def test_the_link_on_a_page_downloads_what_the_page_shows(manager):
    page = manager.get("/team/people?search=bo&status=up-to-date&site=&item=")
    _, (_, *rows) = read(manager.get(page.link("Download this list")))
    assert [row[0] for row in rows] == ["Bo Half"]


@pytest.mark.usefixtures("staffed")
def test_the_figures_of_the_overview_and_of_its_csv_are_the_same(manager):
    above, (header, *rows) = read(manager.get("/team/overview.csv"))
    assert header[:5] == ["Group", "Name", "Percent", "Compliant", "Counted"]
    whole = rows[0]
    for by, of in (("training", "Training"), ("site", "Site")):
        page = manager.get(f"/team?by={by}")
        assert whole[2] == words(page.one(".app-figure__number"))
        assert f"compliant: {whole[3]} of {whole[4]} counted" in page.main
        tables = [table for table in page.all("main table") if words(table.query("th")[0]) == of]
        drawn = [[words(cell) for cell in row.query("th, td")] for row in tables[0].query("tbody tr")]
        figures = [row for row in rows if row[0] == of]
        assert [(row[1], row[2], row[4]) for row in figures] == [(row[0], row[1], row[2]) for row in drawn]
        assert [" ".join(row[-1].split()) for row in figures] == [row[-1].replace(" .", ".") for row in drawn]
    said = dict(row for row in above if len(row) == 2)
    assert said["Note"].startswith("Those who work at several sites (1) are counted once")
    assert "5 people are on file." in [row[1] for row in above if len(row) == 2]
    assert "5 people are on file" in page.main


@pytest.mark.parametrize(("kind", "database_url"), NAMES, indirect=["database_url"])
def test_a_name_shows_as_it_is_everywhere(database, catalog, home, manager, make_client, kind):
    typed = HOSTILE[kind]
    kept = " ".join(typed.replace("\u202e", "").split())
    menus = {
        menu.attrs["name"]: menu.query("option")[-1].attrs["value"]
        for menu in manager.get("/team/people/new").all("main select")
    }
    menus["job_title_id"] = str(home.titles[Role.SOCIAL_CARE])
    person = manager.submit(
        manager.get("/team/people/new"), values=menus | {"name": typed, "starts_on": "2 Mar 2026"}, status=200
    )
    assert person.heading == kept
    slip = manager.submit(person, "form[action$='/link']")
    assert words(slip.one(".app-slip__name")) == kept
    visitor = make_client()
    link = "/join/" + words(slip.one("#link")).rpartition("/")[2]
    assert visitor.get(link).heading == f"Welcome, {kept}"

    viewer = replace(home.viewer, person_id=uuid.UUID(person.address.rpartition("/")[2]), manages_all=False)
    receipt = learn(database, viewer, catalog=catalog, slug="every-kind", now=NOW)
    learner = make_client(let_in(database, home, viewer, now=NOW))
    assert words(learner.get("/home").one(".app-header__name")).startswith(kept)
    assert receipt.code in learner.get("/record").main
    pdf = PdfReader(io.BytesIO(learner.get(f"/record/{receipt.attempt_id}/certificate.pdf").response.data))
    printed = pdf.pages[0].extract_text()
    if kind not in {"an emoji", "right to left", "Bengali", "Tamil"}:  # whose letters a PDF stores by shape and order
        assert "".join(kept.split()) in "".join(printed.replace("\u200b", "").split())
    assert receipt.code in printed
    checked = make_client().get(f"/check/{receipt.code}")
    assert initials(kept) in checked.main
    assert kept not in checked.text

    listed = {words(name) for name in manager.get("/team/people").all("tbody th a")}
    assert kept in listed
    _, (_, *rows) = read(manager.get("/team/people.csv"))
    written = {row[0].removeprefix("'") for row in rows}
    assert written == listed
    assert not [row for row in rows if row[0].startswith(DANGEROUS)]
