"""Another day on the manager's pages: asked, said, kept in every link and file, and refused in words."""

import pytest

from tests.conftest import NOW
from tests.web.inspector import words


def test_the_overview_shows_another_day_and_its_links_stay_with_it(manager, learner):  # noqa: ARG001 (somebody on file)
    page = manager.submit(manager.get("/team"), "main form", **{"as-at": "1 Apr 2027", "known-at": "1/3/2026"})
    assert "Forecast for 1 Apr 2027, as known at the end of 1 Mar 2026" in page.main
    assert "Nobody is on file" in page.main
    page = manager.submit(page, "main form", **{"as-at": "2027-04-01", "known-at": ""})
    assert "Forecast for 1 Apr 2027" in page.main
    people = manager.get(page.link("See the people"))
    assert "forecast for 1 Apr 2027" in people.main
    csv = manager.get(people.link("Download this list (CSV)")).text
    assert "As at,1 Apr 2027 (forecast)" in csv
    assert "As known at,now" in csv
    assert "Overdue" in csv


def test_a_day_that_is_none_is_said_and_today_shown_instead(manager, learner):  # noqa: ARG001
    page = manager.get("/team?as-at=31+Feb+2027&known-at=soon")
    assert "Feb 2027 has no day 31." in page.main
    assert "“soon” is not a day." in page.main
    assert f"As at {NOW.day} Mar 2026" in page.main


PAGES = ("/team", "/team/people", "/team/people/{person_id}")
TO_COME = "1 Apr 2026 is still to come, and nobody knows now what will be known then."


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("others", ["", "&as-at=1+Feb+2026"])
def test_a_day_of_knowledge_to_come_is_refused_at_its_field_and_kept_as_typed(manager, worker, path, others):
    page = manager.get(f"{path.format(person_id=worker.person_id)}?known-at=1+Apr+2026{others}")
    assert TO_COME in words(page.one("#known-at-error"))
    field = page.one("#known-at")
    assert (field.attrs["value"], field.attrs["aria-invalid"]) == ("1 Apr 2026", "true")
    assert "known-at-error" in field.attrs["aria-describedby"].split()
    assert "this page shows all that is known now" in words(page.one("main [role=alert]"))
    assert page.one("main details[open] #known-at")
    assert page.one("#as-at").attrs["value"] == ("1 Feb 2026" if others else "")
    assert not page.all("#as-at-error")


@pytest.mark.parametrize("path", PAGES)
def test_today_is_a_day_of_knowledge_and_yesterday_too(manager, worker, path):
    for day in ("2+Mar+2026", "1+Mar+2026"):
        page = manager.get(f"{path.format(person_id=worker.person_id)}?known-at={day}")
        assert not page.all("#known-at-error")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("soon", "“soon” is not a day. Write the day like this: 13 Jan 2027."),
        ("31 Dec 9999", "31 Dec 9999 is in nobody’s working life. Choose a day from 1950 to 2199."),
    ],
)
def test_what_cannot_be_shown_is_refused_at_its_field_and_kept_as_typed(manager, typed, said):
    page = manager.get("/team", query_string={"as-at": typed, "known-at": "1 Mar 2026"})
    assert said in words(page.one("#as-at-error"))
    assert page.one("#as-at").attrs["value"] == typed
    assert page.one("#known-at").attrs["value"] == "1 Mar 2026"
    assert "this page shows today" in words(page.one("main [role=alert]"))


@pytest.mark.parametrize("path", ["/team", "/team/people"])
def test_links_stay_with_a_day_that_can_be_shown_and_with_no_other(manager, learner, path):  # noqa: ARG001
    def carried(query):
        # A link within the page has the page's own address.
        return [link for link in manager.get(f"{path}?{query}").links() if "as-at" in link and not link.endswith(query)]

    assert carried("as-at=1+Apr+2027&search=a")
    assert not carried("as-at=soon&search=a")


@pytest.mark.parametrize("day", ["31 Dec 9999", "1 Jan 1"])
def test_a_day_in_nobodys_life_is_shown_on_no_page(manager, worker, day):
    for path in ("/team", "/team/people", f"/team/people/{worker.person_id}"):
        assert "2 Mar 2026" in manager.get(f"{path}?as-at={day}&known-at=1+Jan+1").text, path
    for path in ("/team/overview.csv", "/team/people.csv"):
        refused = manager.get(f"{path}?as-at={day}&known-at=1+Jan+1", status=400)
        assert f"{day} is in nobody’s working life." in refused.main


def test_what_was_asked_stays_when_the_day_changes(manager, learner):  # noqa: ARG001
    page = manager.get("/team/people?status=overdue&search=person")
    assert "Overdue" in words(page.one("main"))
    later = manager.submit(page, 1, **{"as-at": "1 Apr 2027"})
    assert later.one("input#search").attrs["value"] == "person"
    assert "forecast for 1 Apr 2027" in later.main


def test_one_persons_page_shows_another_day_and_says_so(manager, learner):  # noqa: ARG001
    people = manager.submit(manager.get("/team/people"), 1, **{"as-at": "1 Apr 2027", "known-at": ""})
    person = manager.get(people.link("Marta Kowalska"))
    assert person.heading == "Marta Kowalska"
    assert "Forecast for 1 Apr 2027" in person.main
    assert "Overdue" in person.main
    before = manager.submit(person, "main form", **{"as-at": "1 Mar 2026"})
    assert "As at 1 Mar 2026" in before.main
    assert "No job had begun" in before.main
    then = manager.submit(before, "main form", **{"as-at": "", "known-at": "1/3/2026"})
    assert "As at 2 Mar 2026, as known at the end of 1 Mar 2026" in then.main
    today = manager.get(then.link("Back to today"))
    assert "Make an invite slip" in today.main
    assert "Revoke" not in then.main


def test_a_day_that_is_none_on_one_persons_page_is_said(manager, learner, worker):  # noqa: ARG001
    page = manager.get(f"/team/people/{worker.person_id}?as-at=soon")
    assert "“soon” is not a day." in page.main
    assert "Training as at 2 Mar 2026" in page.main
