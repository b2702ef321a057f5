"""People whom an import adds stand just where they would if they had been added one by one."""

from datetime import date

import pytest

from tests.conftest import NOW
from tests.services.importing import table
from tests.services.stored import rows
from training.db import OutOfScope, ReadOnly, add_rows
from training.domain.requirement import Terms
from training.domain.roles import Role
from training.models import CounterRow, DueRow, JobTitle, OnFileRow, Person, Requirement, Site, StandingRow
from training.services import (
    counters,
    employments,
    newcomers,
    organisations,
    people,
    people_import_writing,
    people_imports,
    requirement_changes,
    standing_checks,
)
from training.services.people import NewPerson
from training.services.requirement_plans import Asked

FIRST, SECOND = "First site", "Second site"
CARE, NURSE = Role.SOCIAL_CARE, Role.NON_PRESCRIBER
LONG_AGO, LATELY, SOON = date(2020, 2, 29), date(2026, 1, 5), date(2026, 12, 1)
# Alike and unlike: the same day and another, two jobs, a job at both sites, one that has not begun.
STAFF = (
    ("1", CARE, FIRST, LONG_AGO),
    ("2", CARE, FIRST, LONG_AGO),
    ("3", CARE, SECOND, LONG_AGO),
    ("4", NURSE, FIRST, LATELY),
    ("5", NURSE, FIRST, LATELY),
    ("6", CARE, FIRST, LATELY),
    ("6", CARE, SECOND, LATELY),
    ("7", CARE, FIRST, LATELY),
    ("7", CARE, SECOND, LATELY),
    ("8", CARE, FIRST, LATELY),
    ("8", NURSE, SECOND, SOON),
    ("9", CARE, FIRST, SOON),
)


def require(database, home, catalog) -> None:
    """Add requirements that are alike but for their name, and some that are not."""
    asked = {"terms": Terms(valid_months=12), "due_days": 30, "starts_on": NOW.date()}
    first = (home.site_id,)
    for one in (
        Asked(name="One item", items=("every-kind",), roles=(CARE,), **asked),
        Asked(name="Another alike", items=("for-everyone",), roles=(CARE,), **asked),
        Asked(name="At one site", items=("for-everyone",), roles=(CARE, NURSE), site_ids=first, **asked),
        Asked(name="Sooner", items=("every-kind",), roles=(NURSE,), **(asked | {"due_days": 7})),
    ):
        requirement_changes.add_requirement(database, viewer=home.viewer, asked=one, catalog=catalog, now=NOW)


def import_all(database, home, *staff) -> None:
    """Import people as a file has them."""
    lines = table(*((number, f"Person {number}", role.label, site, day) for number, role, site, day in staff))
    known = {"viewer": home.viewer, "now": NOW}
    import_id = people_imports.plan_file(database, lines=lines, file_name="staff.csv", **known)
    people_import_writing.apply(database, import_id=import_id, **known)


def add_one_by_one(database, home, sites, *staff) -> None:
    """Add the same people and their further jobs by hand."""
    added = {}
    for number, role, site, day in staff:
        job = {"job_title_id": home.titles[role], "site_id": sites[site], "starts_on": day}
        known = {"viewer": home.viewer, "now": NOW}
        if number in added:
            employments.add_job(database, person_id=added[number], **job, **known)
        else:
            new = NewPerson(name=f"Person {number}", email="", staff_number=number, **job)
            added[number] = people.add_person(database, new=new, **known)


def stand(database, home) -> dict[str, list[tuple]]:
    """Return every projection of an organisation's, with names in the place of ids."""
    of = {"organisation_id": home.viewer.organisation_id}
    names = {row.id: row.name for each in (Person, Requirement, Site, JobTitle) for row in rows(database, each, **of)}
    found = {}
    for each in (StandingRow, OnFileRow, CounterRow, DueRow):
        keys = [key for key in each.__mapper__.column_attrs.keys() if key != "organisation_id"]  # noqa: SIM118 (no mapping)
        stored = [[getattr(row, key) for key in keys] for row in rows(database, each, **of)]
        told = [tuple(str(names.get(value, value)) for value in row) for row in stored]
        found[each.__tablename__] = sorted(told)
    return found


def without_titles(found) -> dict[str, list[tuple]]:
    """Return projections without ids inside a text, which differ from one organisation to the next."""
    at = [key for key in OnFileRow.__mapper__.column_attrs.keys() if key != "organisation_id"].index("titles")  # noqa: SIM118
    return found | {"on_file": sorted((*row[:at], len(row[at].split()), *row[at + 1 :]) for row in found["on_file"])}


@pytest.fixture
def both(database, home, neighbour, catalog):
    """Let two organisations require the same; return the sites of the second by name."""
    for each in (home, neighbour):
        require(database, each, catalog)
        second = organisations.add_site(database, viewer=each.viewer, name=SECOND, now=NOW)
    return {FIRST: neighbour.site_id, SECOND: second}


def test_whoever_is_imported_stands_as_if_added_one_by_one(database, home, neighbour, both):
    import_all(database, home, *STAFF)
    add_one_by_one(database, neighbour, both, *STAFF)
    imported, added = (without_titles(stand(database, each)) for each in (home, neighbour))
    assert len(imported["standing"]) > len(STAFF)
    for name, found in imported.items():
        assert found == added[name], name
    assert standing_checks.verify(database, now=NOW) == []
    assert counters.verify(database) == []


@pytest.mark.usefixtures("both")
def test_what_is_alike_is_worked_out_once(database, home, monkeypatch):
    worked_out = []
    whole = newcomers.standings.work_out_people

    def noted(session, *, person_ids, **asked):
        worked_out.append((len(list(person_ids)), set(asked["items"])))
        return whole(session, person_ids=person_ids, **asked)

    monkeypatch.setattr(newcomers.standings, "work_out_people", noted)
    import_all(database, home, *(row for row in STAFF if row[0] in "12345"))
    assert worked_out[0][0] == 3
    assert "every-kind" in worked_out[0][1]


def test_rows_of_others_and_rows_in_a_reading_session_are_refused(database, home, neighbour):
    of_others = {"organisation_id": neighbour.viewer.organisation_id}
    with pytest.raises(OutOfScope), database.write(home.viewer.organisation_id) as session:
        add_rows(session, DueRow, [of_others])
    with pytest.raises((OutOfScope, ReadOnly)), database.read(home.viewer.organisation_id) as session:
        add_rows(session, DueRow, [{"organisation_id": home.viewer.organisation_id}])
