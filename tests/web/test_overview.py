"""The overview in a browser: the first screen, the charts with their tables, and where every figure leads."""

import re
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.web.inspector import words
from training.domain.due_soon import SOON
from training.domain.roles import Role
from training.services import organisations, overviews, report_orders, trend_work
from training.services.overviews import By

ITEM = "for-everyone"


@pytest.fixture
def staffed(database, catalog, home):
    """An organisation whose people have learned for two months, with the trend worked out."""
    begun = NOW - timedelta(days=62)
    second = organisations.add_site(database, viewer=home.viewer, name="Second <site>", now=begun)
    for role, site_id in ((Role.SOCIAL_CARE, home.site_id), (Role.PRESCRIBER, second)):
        known = {"role": role, "site_id": site_id, "starts_on": begun.date()}
        person = make_person(database, home, now=begun, **known)
        learn(database, person, catalog=catalog, slug=ITEM, role=role, now=begun)
    organisation_id = home.viewer.organisation_id
    list(trend_work.bring_one(database, organisation_id, today=NOW.date(), known_at=NOW))
    return home


@pytest.fixture
def later(staffed, time):
    """The same organisation forty days on, when what was never passed is overdue."""
    time.now += timedelta(days=40)
    return staffed


@pytest.fixture
def one_complies(request, database, catalog, home, time):
    """An organisation in which one has passed everything, and so many others nothing in forty days."""
    for one in range(1 + request.param):
        person = make_person(database, home, now=NOW)
        for slug in () if one else catalog.tracks[Role.SOCIAL_CARE].core:
            learn(database, person, catalog=catalog, slug=slug, now=NOW)
    time.now += timedelta(days=40)


def number_at(page, words):
    """Return the number of a tile."""
    return int(re.search(rf"([\d,]+)\s*{words}", page.main).group(1).replace(",", ""))


@pytest.mark.usefixtures("later")
def test_the_first_screen_says_who_complies_who_is_red_and_what_falls_due(manager):
    page = manager.get("/team")
    late = number_at(page, "expired or missing")
    assert 0 < late == manager.get(page.link(f"{late} expired or missing")).text.count("Overdue since")
    assert number_at(page, "due in 30 days") <= number_at(page, "due in 90 days")


@pytest.mark.parametrize("within", SOON)
@pytest.mark.parametrize(
    "asked", [{}, {"as-at": "9 Feb 2026"}, {"as-at": "1 Apr 2026"}], ids=["today", "before", "to come"]
)
def test_what_falls_due_is_listed_with_the_number_that_led_there(manager, staffed, within, asked):
    page = manager.get("/team", query_string=asked)
    listed = manager.get(page.link(f"{number_at(page, f'due in {within} days')} due in {within} days"))
    assert_says_how_many(listed, number_at(page, f"due in {within} days"))
    at_site = manager.get("/reports/due-soon", query_string={"site": str(staffed.site_id), "within": within, **asked})
    assert_says_how_many(at_site, len(at_site.all("main tbody tr")))


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("asked", [{"item": ITEM}, {"role": "prescriber"}, {"search": "Person"}, {"search": "nobody"}])
def test_what_falls_due_is_counted_whatever_was_asked(manager, asked):
    listed = manager.get("/reports/due-soon", query_string=asked)
    assert_says_how_many(listed, len(listed.all("main tbody tr")))


def assert_says_how_many(listed, rows):
    """Hold a list of one page to the number above it."""
    assert "Next page" not in listed.main
    assert len(listed.all("main tbody tr")) == rows
    assert re.search(rf"(^|\W){rows} listed\.", listed.main)


@pytest.mark.usefixtures("one_complies")
@pytest.mark.parametrize("one_complies", [1, 2], indirect=True)
def test_whoever_is_not_compliant_in_everything_is_a_link_away(manager):
    page = manager.get("/team")
    people = int(re.search(r"1 of (\d) people who are counted at all are compliant in everything.", page.main).group(1))
    words, link = {2: ("1 other is not.", "1 other"), 3: ("The other 2 are not.", "The other 2")}[people]
    assert words in page.main
    late = manager.get(page.link(link))
    assert len({link for link in late.links() if link.startswith("/team/people/")}) == people - 1


@pytest.mark.usefixtures("staffed")
def test_where_all_are_compliant_in_everything_nobody_else_is_spoken_of(manager):
    page = manager.get("/team")
    assert "2 of 2 people who are counted at all are compliant in everything. 2 people are on file." in page.main


@pytest.mark.usefixtures("staffed")
def test_the_chart_has_the_same_figures_as_a_table_and_words_for_whoever_cannot_see_it(manager):
    page = manager.get("/team")
    first, *_, last = [words(row) for row in reversed(page.all("figure tbody tr"))]
    assert first.startswith("31 Dec 2025")
    assert f"to {re.search(r'[0-9.]+ %', last).group()} on 2 Mar 2026" in page.main
    assert 'role="img"' in page.text
    assert len(page.all(".app-chart__mark")) == sum("%" in words(row) for row in page.all("figure tbody tr"))


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("by", list(By))
def test_every_table_of_figures_leads_to_people(manager, by):
    page = manager.get("/team", query_string={"by": by.value})
    assert f'aria-current="page">{by.label}' in page.text
    leads = [link for link in page.links() if link.startswith("/team/people?")]
    assert leads
    for link in leads[:6]:
        assert "Nobody fits" not in manager.get(link).main or "status=" in link


@pytest.mark.usefixtures("staffed")
def test_what_is_no_table_of_figures_shows_the_first(manager):
    assert 'aria-current="page">Training' in manager.get("/team?by=everything").text


def test_the_trend_of_a_site_and_a_training_can_be_asked_for(manager, staffed):
    page = manager.get("/team/trend", query_string={"site": str(staffed.site_id), "item": ITEM})
    assert "100.0 %" in page.main
    assert "First site: For everyone" in page.main
    elsewhere = manager.get("/team/trend", query_string={"site": "none", "item": "no-such-item"})
    assert "The whole organisation" in elsewhere.main


@pytest.mark.usefixtures("staffed")
def test_on_another_day_the_trend_is_left_to_today(manager):
    page = manager.get("/team", query_string={"as-at": "1 Feb 2026", "by": "heat-map"})
    assert "up to today" in page.main
    assert page.all("figure") == []
    assert "app-heat--" in page.text


@pytest.mark.usefixtures("staffed")
def test_a_filter_is_saved_where_it_was_asked_opened_and_removed(manager):
    page = manager.get("/team/people?status=overdue&search=Person")
    saved = manager.submit(page, "form[action='/team/filters']", name="Late <ones>")
    assert "Late <ones>" in saved.main
    opened = manager.visit(saved.link("Late <ones>"))
    assert ('value="overdue" selected' in opened.text, 'value="Person"' in opened.text) == (True, True)
    again = manager.submit(page, "form[action='/team/filters']", status=400, name="Late <ones>")
    assert "You have a filter with the name" in again.main
    renamed = manager.submit(again, "form[action='/team/filters']", name="Others")
    assert "Others" in renamed.main
    gone = manager.submit(renamed, 0)
    assert ("Late <ones>" in gone.main, "Others" in gone.main) == (False, True)


@pytest.mark.usefixtures("staffed")
def test_a_report_is_saved_with_what_it_was_asked(manager):
    page = manager.get("/reports/due-soon?within=30")
    saved = manager.submit(page, "form[action='/team/filters']", name="Next month")
    assert manager.visit(saved.link("Next month")).address.endswith("/reports/due-soon?within=30")


def test_nothing_is_offered_to_save_where_nothing_was_asked(manager):
    assert "Save this filter" not in manager.get("/team/people").main


def numbers_that_lead(page):
    """Return each number on a page with the address of the lines that it counts, as a file."""
    for link in page.all("main a"):
        href = link.attrs["href"]
        if re.match(r"[\d,]+ ?", words(link)) and (
            "status=" in href or "/reports/overdue" in href or "within=" in href
        ):
            path, _, asked = href.partition("?")
            yield int(re.match(r"[\d,]+", words(link)).group().replace(",", "")), f"{path}.csv?{asked}"


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("query", ["", "by=site", "by=role", "by=job-title", "by=site&as-at=1+Feb+2026"])
def test_every_number_leads_to_as_many_lines_with_their_reasons(manager, query):
    found = dict.fromkeys(numbers_that_lead(manager.get(f"/team?{query}")))
    assert len(found) > 8
    for number, address in found:
        lines = [line for line in manager.get(address).text.splitlines() if line.startswith("Person")]
        assert len(lines) == number, address
        assert all(line.rpartition(",")[2].strip('"').endswith(".") for line in lines)


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("by", [By.SITE, By.HEAT_MAP])
def test_many_sites_come_page_by_page(manager, monkeypatch, by):
    whole = [words(row.query_one("th")) for row in manager.get(f"/team?by={by}").all("tbody tr")]
    monkeypatch.setattr(overviews, "A_PAGE", 1)
    first = manager.get(f"/team?by={by}")
    second = manager.get(first.link("Next"))
    assert [words(page.all("tbody tr")[0].query_one("th")) for page in (first, second)] == whole
    assert "Page 2 of 2" in second.main
    assert manager.get(f"/team?by={by}&page=9").main == second.main


def test_a_month_of_one_site_leads_to_its_people_as_at_that_day(manager, staffed):
    page = manager.get("/team/trend", query_string={"site": str(staffed.site_id), "item": ITEM})
    month = manager.get(page.link("31 Jan 2026"))
    assert (month.heading, "As at" in month.main or "as at 31 Jan 2026" in month.main) == ("People", True)
    assert "First site; For everyone" in month.main


@pytest.mark.usefixtures("staffed")
def test_a_person_stands_once_in_the_list_with_what_is_worst_first(manager):
    page = manager.get("/team/people?as-at=1+Jan+2028")
    for row in page.all("tbody tr"):
        said = [words(each) for each in row.query(".app-status")]
        order = ["Overdue", "Expired", "Up to date", "Held", "Not needed"]
        assert said == sorted(said, key=order.index)
    names = [words(row.query_one("th a")) for row in page.all("tbody tr")]
    assert len(names) == len(set(names)) == 2


@pytest.mark.usefixtures("staffed")
def test_another_day_of_very_many_people_is_ordered_as_a_file_and_no_page_waits_for_it(manager, monkeypatch):
    monkeypatch.setattr(report_orders, "MOST_WORKED_OUT", 1)
    page = manager.get("/team?as-at=1+Feb+2026")
    assert (page.heading, page.all(".app-figure")) == ("Overview", [])
    assert page.link("All figures of that day (CSV)") == "/reports/overview.csv?as-at=1+Feb+2026"
    assert manager.get("/team").all(".app-figure")
