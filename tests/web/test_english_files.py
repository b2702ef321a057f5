"""Files are English whoever asks for them; the pages that they are asked from speak the language of their reader."""

import io
import re
import zipfile
from datetime import date

import pytest

from tests import reading
from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.web.conftest import ON_SQLITE
from training.domain.language import ENGLISH, Speech, current, in_english, spoken
from training.jobs.kinds import KINDS as WORK
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.services.report_kinds import KINDS

POLISH = Speech("pl", "pl", ENGLISH.words)
LISTED = [name for name, kind in KINDS.items() if "person" not in kind.takes]
HASH = re.compile(r"\b[0-9a-f]{64}\b")
PACKS = "/reports/pack"


@pytest.fixture
def staffed(database, catalog, home, worker):
    """Somebody who has passed, who is late, and who has not begun; return the id of the first."""
    learn(database, worker, catalog=catalog, now=NOW)
    make_person(database, home, now=NOW, name="Lena Late", starts_on=date(2025, 1, 1))
    make_person(database, home, now=NOW, name="Nia New")
    return worker.person_id


@pytest.fixture
def in_polish(manager):
    """The manager's browser once Polish is chosen in it."""

    def choose():
        manager.submit(manager.get("/settings"), "form[action='/settings/looks']", language="pl")
        return manager

    return choose


def read_file(browser, address):
    """Return a file: its very bytes, but of a workbook what is in it, as each is packed at another second."""
    data = browser.get(address).response.data
    if ".xlsx" not in address:
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return reading.read_xlsx(data), book.read(
            "xl/sharedStrings.xml"
        ) if "xl/sharedStrings.xml" in book.namelist() else b""


@ON_SQLITE
def test_a_manager_who_reads_polish_gets_the_same_files_of_every_report(manager, staffed, in_polish):
    asked = [f"/reports/{name}.{form}?as-at=1+May+2026" for name in LISTED for form in ("csv", "json", "xlsx")]
    asked += [f"/reports/{name}.csv" for name in ("everybody", "matrix", "due-soon")]
    asked += [f"/reports/person.{form}?person={staffed}" for form in ("csv", "json", "xlsx")]
    english = {address: read_file(manager, address) for address in asked}
    browser = in_polish()
    assert {address for address in asked if read_file(browser, address) != english[address]} == set()


@ON_SQLITE
@pytest.mark.usefixtures("staffed")
def test_the_page_of_a_report_is_polish_where_its_file_is_english(in_polish):
    browser = in_polish()
    page = browser.get("/reports/everybody")
    assert page.one("html").attrs["lang"] == "pl"
    assert page.heading == "Wszyscy"
    columns = [one.to_text().strip() for one in page.all("main th[scope=col]")]
    assert columns[:2] == ["Imię i nazwisko", "Numer pracownika"]
    assert columns[-1] == "Powód"
    csv = browser.get("/reports/everybody.csv").response.data.decode()
    assert "Everybody" in csv
    assert "Staff number" in csv
    assert "Powód" not in csv


@ON_SQLITE
@pytest.mark.usefixtures("staffed")
def test_the_file_of_the_audit_log_is_english(manager, in_polish):
    address = "/team/audit-log.csv?act=person+added&from=1+Jan+2026"
    english = manager.get(address).response.data
    browser = in_polish()
    assert browser.get(address).response.data == english
    assert "Dodano osobę" in browser.get("/team/audit-log").main


@pytest.mark.usefixtures("staffed")
def test_a_pack_that_is_asked_for_in_polish_has_the_same_manifest(manager, in_polish, rooms, time):
    def newest():
        do_orders(Means(rooms, base_url="http://localhost"), time, lambda: True, kinds=WORK)
        return manager.get(manager.get(PACKS).all(".app-list a")[0].attrs["href"])

    time.move(minutes=5)
    manager.submit(manager.get(PACKS), "main form", as_at="2 Mar 2026")
    time.move(seconds=30)
    made = newest()
    again = made.link("Ask for the same pack again")
    in_polish()
    ordered = manager.submit(manager.get(again), "main form")
    assert "Pakiet dla inspektora" in ordered.heading
    time.move(seconds=30)
    page = newest()
    assert page.address != made.address
    assert HASH.findall(page.main) == HASH.findall(made.main)


def test_each_piece_of_a_file_is_made_in_english_and_taken_in_the_language_of_its_reader():
    closed = []

    def pieces():
        try:
            yield current().code
            yield current().code
        finally:
            closed.append(current().code)

    with spoken(POLISH):
        made = in_english(pieces())
        assert [(piece, current().code) for piece in made] == [("en", "pl"), ("en", "pl")]
        assert closed == ["en"]
        broken_off = in_english(pieces())
        next(broken_off)
        broken_off.close()
    assert len(closed) == 2
