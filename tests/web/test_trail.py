"""The trail, from the first link of a new organisation to a figure that an inspector asks for."""

import csv
import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.conftest import NOW
from tests.factories import PASSWORD
from tests.web.client import Client, Loaded
from tests.web.inspector import words
from tests.web.learning import take, take_module
from training.catalog.library import Catalog, load_catalog
from training.config import shipped
from training.domain.days import day_in
from training.domain.roles import Role
from training.services import organisations


# The trail is walked over the content that ships.
@pytest.fixture(scope="session")
def content() -> Path:
    return shipped("content")


@pytest.fixture(scope="session")
def catalog(content) -> Catalog:
    return load_catalog(content)


CODE = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}")


def rows(loaded: Loaded) -> list[list[str]]:
    """Return the cells of a CSV download."""
    text = loaded.response.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def cells(page: Loaded) -> list[list[str]]:
    return [[words(cell) for cell in row.query("th, td")] for row in page.all("tbody tr")]


def reason(result: Loaded) -> str:
    """Return why the date is what it is, in the page's words."""
    return words(result.all(".app-panel p")[1])


def join(client: Client, token: str) -> str:
    """Set a password behind a one-time link and return the sign-in name that the page gives."""
    page = client.get(f"/join/{token}")
    joined = client.submit(page, password=PASSWORD)
    return words(joined.one("#sign-in-name"))


def test_a_manager_sets_up_a_learner_learns_and_the_figures_show_it(database, catalog, make_client):
    token = organisations.add_organisation(
        database,
        slug="willow",
        name="Willow Care",
        manager_email="ruth@willow.example",
        required={Role.SOCIAL_CARE: catalog.tracks[Role.SOCIAL_CARE].core},
        time_zone="Europe/London",
        today=day_in(NOW, "Europe/London"),
        now=NOW,
    )
    manager, learner, public = make_client(), make_client(), make_client()

    manager.sign_in(join(manager, token))
    empty = manager.get("/team")
    assert "Nobody is on file yet" in empty.main
    manager.submit(manager.get(empty.link("Add your sites")), name="Alder House")
    assert "Alder House" in manager.get("/team/sites").main
    manager.submit(manager.get(empty.link("Add your job titles")), name="Support worker", role="social-care")
    adding = manager.get(empty.link("Add people"))
    menus = {
        name: option.attrs["value"]
        for name in ("job_title_id", "site_id")
        for option in adding.all(f"select[name={name}] option")
    }
    person = manager.submit(adding, name="Marta Kowalska", staff_number="1001", starts_on="2 Mar 2026", **menus)
    assert person.heading == "Marta Kowalska"
    slip = manager.submit(person, "form[action$='/link']")
    address = words(slip.one("#link"))
    assert address.startswith("http://127.0.0.1:8000/join/")

    name = join(learner, address.rpartition("/")[2])
    assert name.startswith("willow-")
    home = learner.sign_in(name)
    assert home.heading == "Your training"
    assert "Next for you" in words(home.one(".app-next"))

    core = [catalog.item(slug) for slug in catalog.tracks[Role.SOCIAL_CARE].core]
    first = core[0]
    result = take_module(learner, first, role=Role.SOCIAL_CARE)
    assert result.heading == f"You passed: {first.title}"
    code = words(result.one("#receipt"))
    assert CODE.fullmatch(code)
    assert "In date until 1 Mar 2027" in result.main
    assert reason(result).startswith("Passed on 2 Mar 2026")
    record = learner.get("/record")
    assert code in record.main
    pdf = learner.get(record.link("Certificate of 2 Mar 2026"))
    assert pdf.response.data.startswith(b"%PDF")
    printed = " ".join(PdfReader(io.BytesIO(pdf.response.data)).pages[0].extract_text().split())
    assert "Marta Kowalska" in printed
    assert code in printed
    asked = public.submit(public.get("/check"), code=code.lower().replace("-", " "))
    assert asked.heading == "This certificate is real"
    assert "MK" in asked.main
    assert "Kowalska" not in asked.text

    for item in core[1:]:
        assert take(learner, item, role=Role.SOCIAL_CARE).heading == f"You passed: {item.title}"
    assert "You are up to date" in learner.get("/home").main

    overview = manager.get("/team")
    assert f"compliant: {len(core)} of {len(core)} counted" in overview.main
    assert any(row[:3] == ["Everything", "All training", "100.0 %"] for row in rows(manager.get("/team/overview.csv")))
    people = manager.get(overview.link("See the people"))
    (marta,) = cells(people)
    assert marta[1] == f"{len(core)} up to date ( Marta Kowalska )"
    story = manager.get(manager.get("/team/people").link("Marta Kowalska"))
    assert all(item.title in story.main for item in core)
    assert [words(status) for status in story.all(".app-status")] == ["Up to date"] * len(core)
    table = rows(manager.get(people.link("Download this list")))
    assert [row[5] for row in table if row and row[0] == "Marta Kowalska"] == ["Up to date"] * len(core)
    found = manager.submit(manager.get("/team/receipts"), code=code)
    assert "Marta Kowalska" in found.main
