"""Somebody of another site is named nowhere to the manager and the auditor of a site, however they are asked for."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from pypdf import PdfReader

from tests.conftest import NOW
from tests.factories import let_in
from tests.mail.receiving import receiving
from tests.services.test_reminders import make_post
from tests.uploads.making import workbook
from tests.web.client import Client
from tests.web.conftest import ON_SQLITE
from tests.web.routes import address_of, table
from tests.web.test_imports import HEADINGS, send
from tests.web.two_sites import EMAIL, KEEPERS, NUMBER, TwoSites, make_two_sites
from training.domain.roles import Role
from training.domain.status import Status
from training.exports.formats import FORMATS
from training.jobs.kinds import KINDS as WORK
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.services import permission_lists, permissions, reminders, report_schedules
from training.services.report_kinds import KINDS

SECRETS = re.compile(r"zebedee|quillfeather|zq@hidden|zq-7731", re.IGNORECASE)
MORNING = NOW + timedelta(days=7)


@pytest.fixture
def sites(rooms, catalog, home, manager) -> TwoSites:
    return make_two_sites(rooms, catalog, home, manager)


@pytest.fixture(params=list(KEEPERS))
def keeper(request, sites, make_client) -> Client:  # noqa: ARG001 (there must be sites to keep)
    """The browser of the manager, and then of the auditor, of the first site."""
    return make_client(f"{request.param}@home.example")


def everything_said(body: bytes) -> str:
    """Return all that a file or a page says, whatever is packed in it."""
    if body.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "\n".join([*packed.namelist(), *(everything_said(packed.read(name)) for name in packed.namelist())])
    return body.decode("utf-8-sig")


def told(keeper: Client, address: str, *, asked: str = "") -> list[str]:
    """Open an address, and return what of the secrets it tells but for what was asked itself."""
    answer = keeper.browser.get(address, buffered=True)
    assert answer.status_code < 500, address
    return found_in(everything_said(answer.data) + str(answer.headers), where=address, asked=asked)


def found_in(said: str, *, where: str, asked: str = "") -> list[str]:
    """Return which secrets stand in a text."""
    for echo in filter(None, (asked, quote(asked), quote(asked).replace("%20", "+"))):
        said = said.replace(echo, "")
    return [f"{where} tells {found}" for found in sorted(set(SECRETS.findall(said)))]


def questions(sites: TwoSites) -> Iterator[tuple[str, str]]:
    """Yield every way to ask for somebody in an address, each with the words that a page may say back."""
    days = ("as-at=1+Jan+2026", "known-at=1+Jan+2026", "as-at=1+Jan+2027", "from=1+Jan+2025&until=1+Jan+2027")
    ids = (f"site={sites.second}", f"person={sites.hidden}", f"search={sites.hidden}")
    statuses = (f"status={status}" for status in Status)
    others = ("role=social-care", "item=every-kind", "page=2", "by=site", "by=job-title", "within=90", "before=999")
    for query in ("", *days, *ids, *statuses, *others, f"site={sites.second}&as-at=1+Jan+2026"):
        yield query, ""
    for word in ("Zebedee", "Quill", NUMBER, EMAIL):
        for field in ("search", "who", "whom", "code"):
            yield f"{field}={quote(word)}", word


def addresses(app, ids: dict[str, str]) -> list[str]:
    with app.test_request_context():
        return [address_of(rule, ids, app) for method, rule in table() if method == "GET"]


def test_no_page_names_them_by_any_id(app, keeper, sites):
    """Every page there is, with the ids of all that is theirs, and with those of a colleague of the keeper."""
    mine = {**sites.ids, "person_id": str(sites.seen)}
    every = [*addresses(app, sites.ids), *addresses(app, mine)]
    # Whoever has the code of a certificate may check it, without an account.
    every = [address for address in every if not address.startswith("/check/")]
    assert [leak for address in every for leak in told(keeper, address)] == []


@ON_SQLITE
def test_no_page_names_them_by_any_filter(keeper, sites):
    pages = ["/team", "/team/overview.csv", "/team/people", "/team/people.csv", "/team/trend", "/team/receipts"]
    pages += ["/team/audit-log", "/team/audit-log.csv", "/team/messages/unreached", "/reports/asc-wds"]
    pages += [f"/reports/{name}" for name in KINDS]
    asked = [(f"{page}?{query}", words) for query, words in questions(sites) for page in pages]
    assert [leak for address, words in asked for leak in told(keeper, address, asked=words)] == []


@ON_SQLITE
def test_no_file_names_them_in_any_form(keeper, sites):
    queries = ("", f"site={sites.second}", f"person={sites.hidden}", f"person={sites.seen}", "as-at=1+Jan+2026")
    files = [f"/reports/{name}.{form}?{query}" for name in KINDS for form in FORMATS for query in queries]
    assert [leak for file in files for leak in told(keeper, file)] == []


def test_the_manager_of_everything_is_told_in_each_of_these_ways(app, sites, manager):
    """So that nothing above passes because nobody was there to be named."""
    for address in ("/team/people", "/team/audit-log", "/team/audit-log.csv", f"/team/people/{sites.hidden}"):
        assert told(manager, address), address
    for name in ("everybody", "matrix"):
        for form in FORMATS:
            assert told(manager, f"/reports/{name}.{form}"), f"{name}.{form}"
    assert any(told(manager, address) for address in addresses(app, sites.ids) if "/import/" in address)


def test_whoever_is_sent_in_a_form_is_not_named_back(sites, make_client):
    """A file, a new person and a code that say what the other site's have already: what is refused names nobody."""
    boss = make_client("boss@home.example")
    care = Role.SOCIAL_CARE.label
    for row in ((NUMBER, "Ann", care, "First site", "5/1/2026"), (NUMBER, "", "", "", "")):
        plan = send(boss, workbook(HEADINGS, row))
        assert found_in(plan.text, where="plan", asked=NUMBER) == []
        applied = boss.send(f"{plan.address}/apply")
        assert found_in(applied.text, where="applied", asked=NUMBER) == []
    passes = workbook(("Staff number", "Training", "Passed on"), (NUMBER, "every-kind", "5/1/2026"))
    assert found_in(send(boss, passes, what="completions").text, where="passes", asked=NUMBER) == []
    job = {"job_title_id": str(sites.home.titles[Role.SOCIAL_CARE]), "site_id": str(sites.home.site_id)}
    new = {"name": "Ann", "starts_on": "2 Mar 2026", **job}
    for field, taken in (("staff_number", NUMBER), ("email", EMAIL)):
        refused = boss.send("/team/people/new", {**new, "staff_number": "", "email": "", field: taken})
        assert refused.status == 400
        assert found_in(refused.text, where=field, asked=taken) == []


def test_nothing_can_be_sent_that_is_about_them(app, sites, make_client):
    boss = make_client("boss@home.example")
    posts = [rule for method, rule in table() if method == "POST" and re.search(r"<uuid:", rule)]
    with app.test_request_context():
        asked = [address_of(rule, sites.ids, app) for rule in posts]
    for address in asked:
        if "/reports/esr/" not in address and "/team/requirements/" not in address:
            assert boss.send(address).status in {403, 404}, address


def test_no_pack_and_no_report_in_the_post_names_them(rooms, catalog, time, sites, make_client):
    boss = make_client("boss@home.example")
    boss.submit(boss.get("/reports/pack"), "main form", as_at="2 Mar 2026")
    for asked in ("everybody", "compliance", "matrix?search=Zebedee", "overdue?status=overdue"):
        boss.submit(boss.get(f"/reports/schedules/new/{asked}"))
    boss.submit(boss.get(f"/reports/schedules/new/compliance?site={sites.second}"), status=400)
    time.now = MORNING
    with receiving() as running:
        post = make_post(running, catalog)
        assert sum(report_schedules.order_due(rooms, now=MORNING)) == 5
        do_orders(Means(rooms, catalog=catalog, post=post, base_url="http://x"), time, lambda: True, kinds=WORK)
        list(reminders.send_due(rooms, post=post, clock=time))
        mails = [mail.as_string() for mail in running.inbox.messages if "boss@" in str(mail["To"])]
    again = make_client("boss@home.example")
    files = [link for link in again.get("/reports/files").links() if re.search(r"/files/.{36}$", link)]
    assert len(files) == 5
    assert [leak for file in files for leak in told(again, f"{file}/file", asked="Zebedee")] == []
    assert len(mails) > 5, "a message for each file, and those of every manager"
    assert [leak for mail in mails for leak in found_in(mail, where="a message")] == []


def test_what_somebody_made_before_leave_was_taken_from_them_is_not_theirs_to_read_any_more(
    rooms, catalog, time, sites, make_client
):
    """Files and packs of everybody, made by who manages one site by now."""
    viewer = sites.home.viewer
    whole = {"person_id": sites.seen, "site_id": None, "now": NOW}
    permissions.give(rooms, viewer=viewer, **whole)
    name = let_in(rooms, sites.home, replace(viewer, person_id=sites.seen), now=NOW)
    keeper = make_client(name)
    keeper.submit(keeper.get("/reports/pack"), "main form", as_at="2 Mar 2026")
    keeper.submit(keeper.get("/reports/schedules/new/everybody"))
    plan = send(keeper, workbook(HEADINGS, (NUMBER, "", "", "", "")))
    assert SECRETS.search(plan.main)
    time.now = MORNING
    assert sum(report_schedules.order_due(rooms, now=MORNING)) == 2
    do_orders(Means(rooms, catalog=catalog, base_url="http://x"), time, lambda: True, kinds=WORK)
    keeper = make_client(name)
    files = [link for link in keeper.get("/reports/files").links() if re.search(r"/files/.{36}$", link)]
    assert [bool(told(keeper, f"{file}/file")) for file in files] == [True, True]
    time.move(hours=1)
    held = permission_lists.show_holder(rooms, viewer=viewer, person_id=sites.seen)
    permissions.take(rooms, viewer=viewer, permission_id=held.grants[0].id, now=time())
    permissions.give(rooms, viewer=viewer, person_id=sites.seen, site_id=sites.home.site_id, now=time())
    for file in files:
        assert keeper.get(f"{file}/file", status=404).heading == "Page not found"
        assert "Download" not in keeper.get(file).main
    keeper.get(plan.address, status=404)
