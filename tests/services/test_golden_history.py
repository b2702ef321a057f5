"""Three years of one organisation, asked as at many days and as known at many: every answer was worked out by hand."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.conftest import BOTH, NOW
from tests.services.golden_answers import QUESTIONS
from tests.services.golden_history import CARE, EVERYONE, STORY, TODAY
from tests.services.golden_organisation import Golden
from tests.services.golden_reasons import REASONS
from training.domain.compliance import Tally, tally
from training.domain.days import end_of_day
from training.domain.status import Status
from training.services import organisations, reports, standing_checks, versions
from training.services.reports import PeopleFilter
from training.services.staff import AsOf

ITEMS = (CARE, EVERYONE, STORY)
GROUPS = (
    "up-to-date",
    "expiring-soon",
    "expired",
    "overdue",
    "not-yet-due",
    "on-leave",
    "exempt",
    "held",
    "not-needed",
)


@pytest.fixture(scope="module", params=BOTH)
def golden(request, lasting_database, catalog) -> Iterator[Golden]:
    """The three years, lived through once in a database of each kind: the tests only ask."""
    with lasting_database(request.param) as database:
        organisations.ensure_public(database, time_zone="Europe/London", now=NOW)
        versions.keep_versions(database, catalog=catalog, now=NOW)
        yield Golden(database, catalog)


def as_of(day, known):
    known_at = end_of_day(date.fromisoformat(known), "Europe/London") if known else None
    return AsOf(date.fromisoformat(day), today=TODAY, known_at=known_at)


def asked(golden, question):
    return {
        "database": golden.database,
        "viewer": golden.viewer,
        "catalog": golden.catalog,
        "as_of": as_of(question.day, question.known),
    }


def figure_in_words(figure):
    apart = "".join(f" + {count} {status}" for status, count in figure.apart.items() if count)
    return f"{figure.compliant} of {figure.counted}{apart}"


def groups_in_words(lines):
    names = {group: [line.worker.name for line in lines if line.status == group] for group in GROUPS}
    return "; ".join(f"{group} {' '.join(some)}" for group, some in names.items() if some)


def at_site(golden, question, overview, *, site):
    """Return what a site's report says of each item; the site's own row in the overview is their sum."""
    wanted = PeopleFilter(site_id=golden.sites[site])
    report = reports.people(wanted=wanted, **asked(golden, question))
    lines = {item: [line for line in report.lines if line.item == item] for item in ITEMS}
    tallies = {item: tally(line.status for line in some) for item, some in lines.items()}
    (row,) = (figure.tally for figure in overview.by_site if figure.name == site)
    assert row == report.figure.tally == sum(tallies.values(), start=Tally())
    return {(item, site): f"{figure_in_words(tallies[item])}: {groups_in_words(some)}" for item, some in lines.items()}


def answers(golden, question):
    """Return what the reports say to a question, in the words of the table."""
    overview = reports.overview(**asked(golden, question))
    said = {(figure.item, "all"): figure_in_words(figure.tally) for figure in overview.by_item}
    for site in golden.sites:
        said |= at_site(golden, question, overview, site=site)
    wholly = f"{overview.fully_compliant} of {overview.counted_heads}"
    return said | {"heads": (overview.heads, overview.at_several_sites, wholly, overview.whole.percent)}


def test_every_figure_is_what_a_careful_person_works_out(golden):
    found, expected = {}, {}
    for question in QUESTIONS:
        heads = (question.heads, question.at_both, question.wholly, question.percent)
        for key, answer in (question.lines | {"heads": heads}).items():
            expected[question.day, question.known, key] = answer
        for key, answer in answers(golden, question).items():
            found[question.day, question.known, key] = answer
    assert {key: (found[key], expected[key]) for key in expected if found[key] != expected[key]} == {}
    assert found.keys() == expected.keys()


def test_every_reason_is_the_one_that_the_rules_give(golden):
    wrong = []
    for who, item, day, known, sentence in REASONS:
        question = {"viewer": golden.viewer, "catalog": golden.catalog, "as_of": as_of(day, known)}
        report = reports.people(golden.database, wanted=PeopleFilter(item=item, search=who), **question)
        reasons = [line.reason for line in report.lines] or [None]
        if reasons != [sentence]:
            wrong.append((who, item, day, known, sentence, reasons))
    assert wrong == []


def test_what_is_stored_on_the_last_day_is_what_the_facts_say(golden):
    people = list(golden.people.values())
    with golden.database.read(golden.viewer.organisation_id) as session:
        assert list(standing_checks.differences(session, person_ids=people, today=TODAY)) == []
    stored = reports.people(
        golden.database,
        viewer=golden.viewer,
        wanted=PeopleFilter(),
        catalog=golden.catalog,
        as_of=AsOf.present(TODAY),
    )
    worked_out = reports.people(
        golden.database,
        viewer=golden.viewer,
        wanted=PeopleFilter(),
        catalog=golden.catalog,
        as_of=as_of("2026-12-01", "2026-12-01"),
    )
    assert stored.lines == worked_out.lines
    assert {line.worker.name for line in stored.lines} == set(golden.people) - {"Cat", "Fay"}
    assert set(GROUPS) == {status.value for status in Status} - {Status.NOT_ON_FILE.value}
