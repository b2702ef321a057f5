"""The manager's forms: what cannot be kept is asked for again at its field, with everything that was typed."""

import uuid

from tests.factories import Home
from tests.web.client import Client, Loaded
from tests.web.inspector import words
from training.domain.roles import Role

GOOD = {"name": "Ann", "starts_on": "2 Mar 2026"}


def add(manager: Client, **changed: str) -> Loaded:
    """Fill in the form that adds a person."""
    return manager.submit(manager.get("/team/people/new"), values=GOOD | changed, status=200)


def refuse(manager: Client, **changed: str) -> Loaded:
    """Fill in the form that adds a person with something that cannot be kept."""
    return manager.submit(manager.get("/team/people/new"), values=GOOD | changed, status=400)


def wrong_fields(again: Loaded) -> list[str]:
    """Return the fields that a page marks as wrong, after checking that the summary leads to each."""
    marked = [field.attrs["id"] for field in again.all("[aria-invalid=true]")]
    assert [link.attrs["href"] for link in again.all(".nhsuk-error-summary a")] == [f"#{name}" for name in marked]
    return marked


def test_a_first_day_that_cannot_be_is_asked_for_again_with_everything_typed(manager):
    for day in ("yesterday", "31 Feb 2026", "2/2026", "", "1 Jan 0001", "1 Jan 2999", "9" * 400):
        again = refuse(manager, name="Ann Early", staff_number="77", starts_on=day)
        typed = {field.attrs["name"]: field.attrs.get("value", "") for field in again.all("main form input[name]")}
        assert (typed["name"], typed["staff_number"], typed["starts_on"]) == ("Ann Early", "77", day)
        assert wrong_fields(again) == ["starts_on"]
    assert "Ann Early" not in manager.get("/team/people").main


def test_what_cannot_be_kept_of_a_person_is_asked_for_again_at_its_field(manager):
    grows_when_composed = "\u0958" * 60
    for field, typed in (
        ("name", ""),
        ("name", "\u200b"),
        ("name", "\x07"),
        ("name", "x" * 256),
        ("email", "no-at"),
        ("email", "x" * 330 + "@a.example"),
        ("staff_number", "x" * 61),
        ("staff_number", grows_when_composed),
    ):
        assert wrong_fields(refuse(manager, **{field: typed})) == [field]


def test_an_address_or_number_that_somebody_has_is_asked_for_again_at_its_field(manager):
    for field, value in (("email", "ann@home.example"), ("staff_number", "77")):
        add(manager, **{field: value})
        assert wrong_fields(refuse(manager, **{field: value, "name": "Bo"})) == [field]


def test_a_menu_left_alone_or_tampered_with_says_what_to_choose(manager, home: Home):
    good = GOOD | {"job_title_id": str(home.titles[Role.SOCIAL_CARE]), "site_id": str(home.site_id)}
    for field, said in (("job_title_id", "Choose a job title."), ("site_id", "Choose a site.")):
        for value in ("", "x", str(uuid.uuid4())):
            again = manager.expect(manager.send("/team/people/new", good | {field: value}), 400)
            assert words(again.one(f"#{field}-error")) == f"Error: {said}"
    both = manager.expect(manager.send("/team/people/new", GOOD), 400)
    assert wrong_fields(both) == ["job_title_id", "site_id"]


def test_the_name_of_a_site_or_job_title_that_cannot_be_kept_is_asked_for_again(manager):
    for address, taken in (("/team/sites", "First site"), ("/team/job-titles", Role.SOCIAL_CARE.label)):
        for name in ("", " ", "\u202e", "x" * 256, taken):
            again = manager.expect(manager.send(address, {"name": name, "role": "social-care"}), 400)
            assert wrong_fields(again) == ["name"]


def test_a_job_title_without_a_role_is_asked_for_again(manager):
    for role in ("", "no-such"):
        again = manager.expect(manager.send("/team/job-titles", {"name": "Cook", "role": role}), 400)
        assert words(again.one("#role-error")) == "Error: Choose a role."
        assert again.one("#name").attrs["value"] == "Cook"


def test_a_last_day_that_cannot_be_is_refused_in_words(manager, worker):
    person = manager.get(f"/team/people/{worker.person_id}")
    for day in ("", "soon", "1 Jan 1999", "1 Jan 2099"):
        refused = manager.submit(person, "form[action$='/end']", ends_on=day, status=400)
        assert refused.one("#ends_on").attrs["value"] == day
        assert wrong_fields(refused) == ["ends_on"]
    assert manager.get(person.address).all("form[action$='/end']")


def test_a_job_that_has_ended_cannot_be_ended_again(manager, worker):
    person = manager.get(f"/team/people/{worker.person_id}")
    asked = manager.submit(person, "form[action$='/end']", ends_on="2 Mar 2026")
    ended = manager.submit(asked, 0)
    assert "until 2 Mar 2026" in ended.main
    manager.submit(person, "form[action$='/end']", ends_on="3 Mar 2026", status=404)


def test_a_filter_that_is_none_still_shows_a_page_and_its_csv(manager):
    for query in (
        "status=no-such",
        "site=not-a-uuid",
        f"site={uuid.uuid4()}",
        "item=no-such",
        "status=&status=overdue",
        "endpoint=x",
        "_method=POST",
        "_scheme=javascript&_external=1",
        "values=1",
        "search=" + "x" * 2000,
    ):
        page = manager.get(f"/team/people?{query}")
        assert page.heading == "People"
        assert manager.get(f"/team/people.csv?{query}").response.mimetype == "text/csv"
        downloads = [link.attrs["href"] for link in page.all("a[href]") if "CSV" in words(link)]
        assert all(href.startswith("/team/people.csv") for href in downloads)


def test_a_code_that_cannot_be_one_is_refused_at_its_field_with_what_was_typed(manager):
    for address in ("/check", "/team/receipts"):
        for code in ("x", "U" * 15, "7QKM2-9XH4T-PW3CD1", "7QKM2 9XH4T PW3CÐ", "' OR 1=1 --", "<b>", "x" * 3000):
            again = manager.open("GET", address, query_string={"code": code})
            assert again.one("#code").attrs["value"] == code
            assert wrong_fields(again) == ["code"]


def test_a_code_that_nobody_has_is_not_found(client, manager):
    asked = client.submit(client.get("/check"), code="7QKM2-9XH4T-PW3CD", status=404)
    assert asked.heading == "No certificate has this code"
    client.get("/check/" + "x" * 1000, status=404)
    assert "Nobody here has this code" in manager.get("/team/receipts?code=7QKM2-9XH4T-PW3CD").main
