"""Slips through the manager's pages: shown, printed, made for many, listed and withdrawn."""

import io

import pytest
from pypdf import PdfReader

from tests.conftest import NOW
from tests.factories import PASSWORD, make_person
from tests.web.client import Client, Loaded
from tests.web.conftest import ON_SQLITE
from tests.web.inspector import words
from training.jobs.kinds import KINDS
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.services import people, slip_lists
from training.web import slips

pytestmark = ON_SQLITE


def text_of(loaded: Loaded) -> str:
    """Return the words of a PDF."""
    assert (loaded.status, loaded.response.mimetype) == (200, "application/pdf")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(loaded.response.data)).pages)


@pytest.fixture
def staff(rooms, home):
    return [make_person(rooms, home, now=NOW, name=name) for name in ("Ann Lee", "Ben Oko", "Cat Roe")]


def code_in(text: str) -> str:
    return next(word for word in text.split() if len(word) == 11 and word[5] == "-" and word.isupper())


def test_a_slip_is_shown_once_with_its_code_and_prints_the_same_one(manager, make_client, staff):
    page = manager.get(f"/team/people/{staff[0].person_id}")
    slip = manager.submit(page, "form[action$='/link']")
    code, name = words(slip.one("#code")), slip.one(".app-slip strong").to_text()
    printed = text_of(manager.press(slip, "form[action$='/slips/pdf']"))
    assert code in printed
    assert "Ann Lee" in printed
    assert name in printed
    assert "Works once, until 16 Mar 2026." in printed
    visitor = make_client()
    welcome = visitor.submit(visitor.get("/join"), code=code)
    assert name in welcome.main
    assert name in visitor.submit(welcome, password=PASSWORD).main
    assert visitor.sign_in(name).heading == "Your training"


def test_a_used_slip_is_not_printed_again(manager, make_client, staff):
    slip = manager.submit(manager.get(f"/team/people/{staff[0].person_id}"), "form[action$='/link']")
    visitor = make_client()
    visitor.submit(visitor.get("/join/" + words(slip.one("#code"))), password=PASSWORD)
    assert "used already" in manager.expect(manager.press(slip, "form[action$='/slips/pdf']"), 400).main


def test_slips_for_all_who_wait_are_shown_in_numbers_and_made(manager, make_client, staff):
    page = manager.get("/team/slips/new")
    assert "3 new slips" in page.main
    made = text_of(manager.press(page, "main form[method=post]"))
    assert all(person.name in made for person in staff)
    again = manager.get("/team/slips/new")
    assert "Nobody fits" in again.main
    void = manager.submit(again, "form[method=get]", whom="never", a_page="1")
    assert "3 new slips" in void.main
    assert "3 that work now stop working" in void.main
    whole = manager.press(void, "main form[method=post]")
    assert len(PdfReader(io.BytesIO(whole.response.data)).pages) == 3
    visitor = make_client()
    assert "Ann Lee" in visitor.submit(visitor.get("/join"), code=code_in(text_of(whole))).heading
    assert "does not work any more" in visitor.submit(visitor.get("/join"), code=code_in(made), status=400).main


def test_slips_are_made_for_the_people_that_were_shown_and_no_others(manager, rooms, home, staff):  # noqa: ARG001
    page = manager.get("/team/slips/new")
    make_person(rooms, home, now=NOW, name="Dee New")
    changed = manager.expect(manager.press(page, "main form[method=post]"), 409)
    assert "not the same people any more" in changed.main
    assert "4 new slips" in changed.main
    assert "Dee New" in text_of(manager.press(changed, "main form[method=post]"))


def test_a_day_that_cannot_be_read_and_a_choice_of_nobody_are_told(manager, staff):  # noqa: ARG001
    page = manager.get("/team/slips/new")
    odd = manager.submit(page, "form[method=get]", whom="added", since="soon", status=400)
    assert odd.one("#since").attrs["aria-invalid"] == "true"
    added = manager.submit(odd, "form[method=get]", since="2 Mar 2026")
    assert "3 new slips" in added.main
    assert manager.send("/team/slips/new", {"whom": "added", "since": "soon"}).status == 400


def test_many_slips_are_a_file_that_is_kept_for_a_day(manager, rooms, staff, monkeypatch, time):
    monkeypatch.setattr(slips, "AT_ONCE", 2)
    page = manager.get("/team/slips/new")
    assert "So many take a minute" in page.main
    followed = manager.submit(page, "main form[method=post]")
    assert followed.heading == "Invite slips for 3 people"
    means = Means(rooms, base_url="http://127.0.0.1:8000")
    assert do_orders(means, lambda: NOW, lambda: True, kinds=KINDS) == 1
    ready = manager.get(followed.address)
    assert "3 slips, working for 14 days" in ready.main
    assert "It is kept until 3 Mar 2026" in ready.main
    made = text_of(manager.get(ready.link("Download")))
    assert all(person.name in made for person in staff)
    time.move(days=1, minutes=1)
    assert "The file has expired" in manager.visit(followed.address).main


def test_the_list_finds_withdraws_and_counts(manager, staff):
    manager.submit(manager.get(f"/team/people/{staff[1].person_id}"), "form[action$='/link']")
    page = manager.get("/team/slips")
    assert "3 people have never signed in" in page.main
    out = manager.submit(page, "form.app-filter", state="out")
    assert "Ben Oko" in out.main
    assert "Ann Lee" not in out.main
    gone = manager.submit(out, "form[action$='/withdraw']")
    assert "The slip of Ben Oko does not work any more." in gone.main
    again = manager.send(f"/team/people/{staff[1].person_id}/slip/withdraw")
    assert (again.status, again.heading) == (409, "There is no slip to withdraw")
    assert "Withdrawn" in manager.submit(gone, "form.app-filter", search="ben").main
    assert "Nobody fits" in manager.get("/team/slips?search=nobody").main
    assert "Nobody fits" in manager.get("/team/slips?site=none").main


def test_a_long_list_comes_page_by_page(manager, staff, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(slip_lists, "PEOPLE_A_PAGE", 2)
    first = manager.get("/team/slips")
    second = manager.visit(first.link("Next"))
    assert "Cat Roe" in second.main
    assert "Page 2 of 2" in second.main


def test_a_person_page_leads_to_their_slip(manager, staff):
    page = manager.get(f"/team/people/{staff[0].person_id}")
    listed = manager.visit(page.link("Has a slip been used"))
    assert "Ann Lee" in listed.main
    assert "Ben Oko" not in listed.main


def test_a_code_and_a_link_of_two_slips_print_nothing(manager, rooms, home, staff):
    known = {"viewer": home.viewer, "now": NOW}
    first, second = (people.issue_slip(rooms, person_id=each.person_id, **known) for each in staff[:2])
    mixed = manager.send("/team/slips/pdf", {"token": first.token, "code": second.code})
    assert (mixed.status, mixed.heading) == (400, "This slip cannot be printed")
    assert Client(manager.app).get(f"/join/{first.token}").status == 200
