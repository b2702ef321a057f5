"""The manager's pages of requirements: previewed, confirmed and on record, and nothing typed is ever lost."""

from datetime import date

import pytest

from tests.conftest import NOW
from tests.factories import let_in, make_person
from tests.web.client import Client, Loaded
from tests.web.inspector import words
from training.services import permissions, requirements

YEARLY = {
    "name": "Care staff, every year",
    "roles": ["social-care"],
    "items": ["every-kind"],
    "due_days": "14",
    "valid_months": "12",
    "window_days": "60",
    "basis": "anniversary",
    "starts_on": "3 Mar 2026",
}
ADDRESS = "/team/requirements"


def fill(manager: Client, address: str, *, status: int = 200, **changed: str | list[str]) -> Loaded:
    """Fill in a requirement's form and press its button."""
    return manager.submit(manager.get(address), values=YEARLY | changed, status=status)


def figures(preview: Loaded) -> dict[str, list[str]]:
    """Return the numbers beside each choice, in the order of their columns."""
    rows = preview.all("table tbody tr")
    return {words(row.query("label")[0]): [words(cell) for cell in row.query("td")] for row in rows}


def confirm(manager: Client, preview: Loaded, **chosen: str) -> Loaded:
    return manager.submit(preview, button="confirm", values=chosen)


@pytest.fixture
def added(manager, worker) -> str:  # noqa: ARG001 (somebody must be concerned)
    """The address of a requirement made through the pages."""
    confirm(manager, fill(manager, f"{ADDRESS}/new"))
    return manager.get(ADDRESS).link("Care staff, every year")


@pytest.mark.usefixtures("worker")
def test_a_new_requirement_is_previewed_and_then_stands_in_the_list(manager):
    preview = fill(manager, f"{ADDRESS}/new")
    assert preview.heading == "What this requirement would do"
    assert "1 person is concerned on 3 Mar 2026" in preview.main
    assert "Care staff, every year" not in manager.get(ADDRESS).main, "a preview writes nothing"
    made = confirm(manager, preview)
    assert made.heading == "Care staff, every year"
    assert "First due 14 days after the need begins." in made.main
    assert "Decided by manager" in made.main
    assert "Begins on 3 Mar 2026" in manager.get(ADDRESS).main


def test_what_was_typed_can_be_gone_back_to_from_the_preview(manager):
    preview = fill(manager, f"{ADDRESS}/new")
    again = manager.submit(preview, button="edit", values={})
    assert again.heading == "Add a requirement"
    drawn = {field.attrs["name"]: field.attrs.get("value") for field in again.all("main input[type=text]")}
    assert {name: drawn[name] for name in ("name", "due_days", "starts_on")} == {
        name: YEARLY[name] for name in ("name", "due_days", "starts_on")
    }
    ticked = {field.attrs["value"] for field in again.all("main input[checked]")}
    assert {"social-care", "every-kind", "anniversary"} <= ticked


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "Social care worker"),
        ("due_days", "soon"),
        ("due_days", "366"),
        ("valid_months", "0"),
        ("valid_months", "9" * 30),
        ("window_days", "183"),
        ("fixed_day", "31 June"),
        ("fixed_day", ""),
        ("starts_on", "1 Mar 2026"),
        ("starts_on", "tomorrow"),
    ],
)
def test_what_cannot_be_kept_is_asked_for_again_at_its_field(manager, field, typed):
    basis = "fixed-date" if field == "fixed_day" else "anniversary"
    again = fill(manager, f"{ADDRESS}/new", status=400, **{"basis": basis, field: typed})
    (wrong,) = again.all("[aria-invalid=true]")
    assert (wrong.attrs["id"], wrong.attrs.get("value", "")) == (field, typed)
    assert [link.attrs["href"] for link in again.all(".nhsuk-error-summary a")] == [f"#{field}"]


@pytest.mark.parametrize("field", ["roles", "items", "job_title_ids", "site_ids", "basis", "track"])
def test_ticks_left_out_or_tampered_with_are_asked_for_again(manager, field):
    tampered = ["00000000-0000-0000-0000-000000000001"] if field.endswith("ids") else ["no-such"]
    if field == "track":
        tampered = ["social-care", "x"]
    sent = YEARLY | {field: tampered}
    again = manager.send(f"{ADDRESS}/new", sent)
    if field == "track":
        assert again.status == 200, "the first of two answers is taken"
        return
    assert again.status == 400
    assert again.one(f"[id='{field}-error']")
    (link,) = again.all(".nhsuk-error-summary a")
    assert again.one(f"[id='{link.attrs['href'].removeprefix('#')}']"), "the summary leads to the first tick"


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"track": "no-such"}, "track", "There is no track “no-such”. Choose again."),
        ({"track": "no-such", "items": []}, "track", "There is no track “no-such”. Choose again."),
        ({"roles": ["no-such"]}, "roles", "There is no role “no-such”. Choose again."),
        ({"roles": ["social-care", "no-such"]}, "roles", "There is no role “no-such”. Choose again."),
        ({"roles": []}, "roles", "Choose at least one role."),
        ({"items": []}, "items", "Choose at least one module or scenario, or a track."),
    ],
)
def test_a_role_or_track_that_there_is_not_is_refused_with_the_true_reason(manager, sent, field, said):
    again = manager.expect(manager.send(f"{ADDRESS}/new", YEARLY | sent), 400)
    assert words(again.one(f"[id='{field}-error']")) == f"Error: {said}"
    assert len(again.all(".nhsuk-error-message")) == 1


def test_a_change_is_previewed_by_each_choice_and_recorded_with_it(manager, added, time):
    time.move(days=7)
    preview = fill(manager, f"{added}/change", valid_months="24", starts_on="10 Mar 2026")
    for choice in ("From now on only", "At next renewal", "Everyone again by a date"):
        assert choice in preview.main
    assert preview.main.count("1 person is concerned on 10 Mar 2026") == 1
    assert figures(preview) == {
        "From now on only": ["0", "0", "0", "0", "0"],
        "At next renewal": ["0", "0", "0", "0", "0"],
        "Everyone again by a date": ["0", "0", "0", "0", "0"],
    }
    assert "Then: A pass lasts 24 months and can be renewed in its last 60 days." in preview.main
    assert "Now: A pass lasts 12 months and can be renewed in its last 60 days." in preview.main
    assert preview.main.count("First due 14 days") == 0, "what stays is not said again"
    done = confirm(manager, preview, reach="everyone-again")
    assert "A pass lasts 24 months" in done.main
    assert "Since 3 Mar 2026, until 9 Mar 2026" in done.main
    assert "Everyone again by 8 Jun 2026" in done.main
    assert "As worked out when it was decided: 1 person is concerned" in done.main


def test_a_preview_says_by_each_choice_who_gains_days_and_who_becomes_late(manager, added, time):
    time.move(days=1)
    preview = fill(manager, f"{added}/change", due_days="60")
    assert figures(preview)["At next renewal"][:2] == ["1", "0"]
    preview = fill(manager, f"{added}/change", due_days="3")
    assert figures(preview)["At next renewal"] == ["0", "1", "0", "1, the first on 7 Mar 2026", "0"]
    assert [words(cell) for cell in preview.all("table thead th")] == [
        "Choice",
        "Date moves later",
        "Date moves sooner",
        "Status changes that day",
        "Expired or overdue within a year unless they pass",
        "Told that there is something to do",
    ]


def test_the_numbers_are_shown_for_another_day_before_it_is_confirmed(manager, added):
    preview = fill(manager, f"{added}/change", valid_months="24")
    numbers = manager.submit(preview, button="numbers", values={"again_by": "1 Dec 2026"})
    assert numbers.one("#again_by").attrs["value"] == "1 Dec 2026"
    changed = {"reach": "everyone-again", "again_by": "2 Dec 2026"}
    asked = manager.submit(numbers, button="confirm", values=changed, status=400)
    assert "You changed the day" in asked.main
    done = manager.submit(asked, button="confirm", values={})
    assert "Everyone again by 2 Dec 2026" in done.main


@pytest.mark.parametrize("day", ["", "soon", "2 Mar 2026", "1 Jan 2040"])
def test_a_day_to_pass_again_by_that_cannot_be_is_asked_for_again(manager, added, day):
    preview = fill(manager, f"{added}/change", valid_months="24")
    changed = {"reach": "everyone-again", "again_by": day}
    again = manager.submit(preview, button="confirm", values=changed, status=400)
    assert again.one("#again_by-error")
    assert again.one("#again_by").attrs.get("value", "") == day
    assert "Give a day below to see the numbers" in again.main


def test_a_change_without_a_choice_is_asked_for_one(manager, added):
    preview = fill(manager, f"{added}/change", valid_months="24")
    again = manager.submit(preview, button="confirm", values={}, status=400)
    assert words(again.one("#reach-error")) == "Error: Choose whom this change reaches."
    assert "A pass lasts 24 months" not in manager.get(added).main


def test_a_change_that_changes_nothing_says_so(manager, added):
    preview = fill(manager, f"{added}/change")
    again = manager.submit(preview, button="confirm", values={"reach": "at-next-renewal"}, status=400)
    assert "Nothing is different" in again.main


def test_two_managers_at_once_do_not_overwrite_each_other_and_lose_nothing_typed(manager, make_client, home, added):
    database = manager.app.extensions["training"].database
    other = make_person(database, home, now=NOW, name="Other Manager", email="other@home.example")
    let_in(database, home, other, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=other.person_id, site_id=None, now=NOW)
    mine = fill(manager, f"{added}/change", due_days="20")
    theirs = make_client("other@home.example")
    confirm(theirs, fill(theirs, f"{added}/change", due_days="7"), reach="at-next-renewal")
    refused = manager.submit(mine, button="confirm", values={"reach": "at-next-renewal"}, status=409)
    assert "Somebody else has changed this requirement" in refused.main
    assert refused.one("#due_days").attrs["value"] == "20"
    assert "First due 7 days after the need begins." in refused.main
    done = confirm(manager, manager.submit(refused, values={}), reach="at-next-renewal")
    assert "First due 20 days after the need begins." in done.main


def test_a_requirement_is_ended_once_its_effect_was_shown(manager, added, time):
    time.move(days=2)
    form = manager.get(f"{added}/retire")
    preview = manager.submit(form, last_on="31 Mar 2026")
    assert "1 person changes status on that day" in preview.main
    back = manager.submit(preview, button="edit", values={})
    assert back.one("#last_on").attrs["value"] == "31 Mar 2026"
    done = confirm(manager, preview)
    assert "Its last day is 31 Mar 2026" in done.main
    assert "Ends on 31 Mar 2026" in done.main
    time.move(days=40)
    manager.sign_in("manager@home.example")
    assert "This requirement ended on 31 Mar 2026" in manager.get(added).main
    assert "Ended on 31 Mar 2026" in manager.get(ADDRESS).main
    refused = manager.submit(manager.get(f"{added}/retire"), last_on="1 May 2026", status=400)
    assert "It ended on 31 Mar 2026." in refused.main
    stale = manager.expect(manager.send(f"{added}/retire", {"last_on": "1 May 2026", "edition": "1"}), 409)
    assert stale.one("#last_on").attrs["value"] == "1 May 2026"


def test_a_fixed_day_is_kept_and_shown_again_as_it_was_typed(manager, added):
    fixed = {"basis": "fixed-date", "fixed_day": "29 Feb", "minimum_months": "3"}
    done = confirm(manager, fill(manager, f"{added}/change", **fixed), reach="at-next-renewal")
    assert "Everyone renews by the end of February each year" in done.main
    assert manager.get(f"{added}/change").one("#fixed_day").attrs["value"] == "29 Feb"


def test_a_form_that_asks_a_track_lists_what_is_in_it_and_ticks_nothing(manager, catalog):
    address = manager.get(ADDRESS).link("Social care worker")
    page = manager.get(f"{address}/change")
    assert page.one("input[name=track][checked]").attrs["value"] == "social-care"
    assert not page.all("input[name=items][checked]")
    opened = page.one("details[open] ul")
    assert [words(each) for each in opened.query("li")] == [
        catalog.title(each) for each in catalog.tracks["social-care"].core
    ]
    assert not opened.query("input")
    assert "open" not in boxes(page).attrs, "single items are not what is asked"


def boxes(page: Loaded):
    """Return what folds the boxes of single items away."""
    return next(each for each in page.all("details") if each.query("input[name=items]"))


def test_a_form_that_asks_single_items_shows_their_boxes(manager, added):
    page = manager.get(f"{added}/change")
    assert page.one("input[name=track][checked]").attrs.get("value", "") == ""
    assert [each.attrs["value"] for each in page.all("details[open] input[name=items][checked]")] == ["every-kind"]
    assert not page.all("details[open] ul"), "no track is asked"
    assert "open" in boxes(manager.get(f"{ADDRESS}/new")).attrs


def test_a_track_chosen_after_ticks_folds_them_and_loses_none(manager):
    preview = fill(manager, f"{ADDRESS}/new", track="social-care")
    again = manager.submit(preview, button="edit", values={})
    assert "open" not in boxes(again).attrs
    assert [each.attrs["value"] for each in again.all("input[name=items][checked]")] == ["every-kind"]
    refused = manager.expect(manager.send(f"{ADDRESS}/new", YEARLY | {"items": ["no-such"]}), 400)
    assert boxes(refused).query("#items-error")
    assert "open" in boxes(refused).attrs


def test_a_pass_that_does_not_expire_and_a_track_can_be_required(manager, home, catalog):
    preview = fill(manager, f"{ADDRESS}/new", valid_months="", track="social-care", items=[])
    done = confirm(manager, preview)
    assert "A pass does not expire." in done.main
    database = manager.app.extensions["training"].database
    listed = requirements.list_requirements_page(database, viewer=home.viewer, catalog=catalog, today=date(2026, 3, 3))
    (made,) = [line for line in listed.running if line.name == YEARLY["name"]]
    assert len(made.shown.titles) == len(catalog.tracks["social-care"].core)
