"""What an auditor sees: everything within reach, and on no page a way to change anything."""

from urllib.parse import urljoin, urlsplit

import pytest

from tests.conftest import NOW
from tests.factories import learn, let_in, make_person
from tests.web.client import Client
from tests.web.inspector import words
from tests.web.test_messages import tried
from training.domain.mail import Outcome, Result
from training.domain.permission import PermissionKind
from training.domain.reminder_run import Flood, Limit
from training.services import absences, exemptions, permissions, runs, signoffs
from training.web import access

OWN = ("/home", "/record")


@pytest.fixture
def lived_in(rooms, catalog, home, worker) -> None:
    """Somebody with a pass, leave and an exemption, a message that failed, a run that waits, and a sign-off."""
    known = {"viewer": home.viewer, "now": NOW}
    learn(rooms, worker, catalog=catalog, slug="every-kind", now=NOW)
    days = {"starts_on": NOW.date(), "ends_on": NOW.date()}
    absences.add_absence(rooms, person_id=worker.person_id, **days, **known)
    let_off = {"catalog": catalog, "item": "for-everyone", "who": "", "why": "Ill", **days}
    exemptions.add_exemption(rooms, person_id=worker.person_id, **let_off, **known)
    tried(rooms, worker, Outcome(Result.REFUSED, "No such mailbox (550)."))
    stopped = Flood(day=NOW.date(), people=240, on_file=300, limit=Limit.MANY_PEOPLE)
    runs.record_stop(rooms, worker.organisation_id, stopped=stopped, now=NOW)
    item = catalog.item("every-kind")
    signed = {"slug": item.slug, "content_hash": item.content_hash, "profession": "Nurse"}
    signoffs.sign_off(rooms, catalog=catalog, **signed, **known)


@pytest.fixture(params=["of all", "of a site"])
def auditor(request, make_client, rooms, home, lived_in) -> Client:  # noqa: ARG001 (there must be something to see)
    """The browser of an auditor of the organisation, or of its first site."""
    person = make_person(rooms, home, now=NOW, name="Farah Iqbal", email="auditor@home.example")
    site_id = None if request.param == "of all" else home.site_id
    known = {"person_id": person.person_id, "site_id": site_id, "kind": PermissionKind.AUDITOR, "now": NOW}
    permissions.give(rooms, viewer=home.viewer, **known)
    let_in(rooms, home, person, now=NOW)
    return make_client("auditor@home.example")


def leads_to(auditor, form, address):
    """Return the name of the page that a form is sent to."""
    adapter = auditor.app.url_map.bind("localhost")
    return adapter.match(urlsplit(urljoin(address, form.attrs.get("action", address))).path, method="POST")[0]


def test_no_page_offers_what_would_be_refused(auditor):
    """Every link and form within the team's pages is followed, from page to page."""
    waiting, seen = ["/team"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page = auditor.open("GET", address)
        assert page.status == 200, f"{address} answers {page.status}"
        if page.page is None:
            continue
        for form in page.all("main form"):
            if form.attrs.get("method", "get").lower() != "get":
                assert leads_to(auditor, form, address) in access.AUDITOR_MAY_SEND, (
                    f"{address} offers an auditor a form"
                )
        inside = [link for link in page.links() if link.startswith(("/team", "/reports"))]
        waiting += [link for link in inside if "?" not in link]
    assert {"/team", "/team/people", "/team/requirements", "/team/messages", "/team/audit-log"} <= seen


def test_a_persons_page_is_read_whole_without_its_buttons(auditor, worker):
    page = auditor.get(f"/team/people/{worker.person_id}")
    for shown in ("Marta Kowalska", "Leave from every job", "Exempt until 2 Mar 2026: Ill", "What happened"):
        assert shown in page.main
    for offered in (
        "Add a job",
        "Record leave",
        "Record an exemption",
        "one-time link",
        "Revoke",
        "Change",
        "Withdraw",
    ):
        assert offered not in page.main


def test_the_overview_the_requirements_and_the_messages_say_who_decides(auditor):
    assert "Add a person" not in auditor.get("/team").main
    assert "Add a requirement" not in auditor.get("/team/requirements").main
    messages = auditor.get("/team/messages").main
    assert "A manager of the whole organisation can approve it." in messages
    assert "Try again" not in messages
    assert "Save" not in messages


def test_an_auditor_learns_like_anybody(auditor):
    for address in OWN:
        assert auditor.get(address).status == 200
    assert words(auditor.get("/home").one("nav ul")).split()[-1] == "Team"


def test_a_managers_page_is_closed_to_auditors_unless_it_is_named(app):
    """A new page for managers is theirs alone until somebody decides otherwise."""
    known = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    assert set(access.AUDITOR_MAY_READ) <= set(known)
    assert all("GET" in known[name].methods for name in access.AUDITOR_MAY_READ)
    assert {name.partition(".")[0] for name in access.AUDITOR_MAY_READ} <= access.MANAGER_BLUEPRINTS
