"""The demonstration: always the same on one day, left alone when it is there, and with somebody in every state."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.conftest import BOTH, NOW
from tests.services.stored import everything
from training.cast import WITHOUT_NUMBER
from training.catalog.library import load_catalog
from training.config import Config, shipped
from training.db import EVERYWHERE, Database
from training.demonstration import AlreadyLoaded, load, sign_in
from training.domain.asc_wds_file import check_file
from training.domain.days import day_in
from training.domain.status import Status
from training.exports.asc_wds import encode_asc_wds
from training.models import Attempt, Completion, Person
from training.services import asc_wds, certificates, reports, standing_checks
from training.services.reports import PeopleFilter
from training.services.staff import AsOf

SHOWN = {
    Status.UP_TO_DATE,
    Status.EXPIRING_SOON,
    Status.NOT_YET_DUE,
    Status.EXPIRED,
    Status.OVERDUE,
    Status.HELD,
    Status.NOT_NEEDED,
    Status.ON_LEAVE,
    Status.EXEMPT,
}
SIGN_INS = ("worker", "prescriber", "nurse", "carer", "manager", "site-manager", "auditor")


@pytest.fixture(scope="module")
def real_catalog():
    """The shipped content: the demonstration is made of it."""
    return load_catalog(shipped("content"))


@pytest.fixture(scope="module")
def in_both(real_catalog, lasting_database):
    """The demonstration loaded at one moment into a database of each kind."""
    with lasting_database("sqlite") as one, lasting_database("postgresql") as other:
        for database in (one, other):
            load(database, catalog=real_catalog, config=Config(), now=NOW)
        yield {"sqlite": one, "postgresql": other}


@pytest.fixture(params=BOTH)
def loaded(request, in_both):
    return in_both[request.param]


def people_report(database, catalog, now=NOW):
    viewer = sign_in(database, name="manager", now=now)
    today = day_in(now, viewer.time_zone)
    return reports.people(database, viewer=viewer, wanted=PeopleFilter(), catalog=catalog, as_of=AsOf.present(today))


def story_of(database, catalog):
    """Return what anybody could see of the demonstration: people, lines, tries and passes."""
    lines = [
        (
            line.worker.name,
            line.worker.staff_number,
            line.worker.titles,
            line.item,
            line.status,
            line.reason,
            line.notes,
        )
        for line in people_report(database, catalog).lines
    ]
    with database.read(EVERYWHERE) as session:
        names = {row.id: row.name for row in session.execute(select(Person.id, Person.name))}
        tries = session.scalars(select(Attempt)).all()
        passes = session.scalars(select(Completion)).all()
        done = {(row.id, names[row.person_id], row.item, row.percent, row.completed_at) for row in tries}
        earned = {(row.attempt_id, names[row.person_id], row.item, row.passed_on, row.code) for row in passes}
    return lines, done, earned


def test_two_loads_on_one_day_tell_the_same_story(in_both, real_catalog):
    here, there = (story_of(database, real_catalog) for database in in_both.values())
    assert here == there
    assert len(here[1]) > len(here[2]) > 50


def test_loading_again_says_so_and_changes_nothing(loaded, real_catalog):
    before = everything(loaded)
    with pytest.raises(AlreadyLoaded):
        load(loaded, catalog=real_catalog, config=Config(), now=NOW)
    assert everything(loaded) == before


def test_every_status_has_somebody(loaded, real_catalog):
    assert {line.status for line in people_report(loaded, real_catalog).lines} == SHOWN


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 9, 0, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    ],
    ids=["new year's eve", "leap day", "the clocks change"],
)
def test_on_any_day_every_status_has_somebody(sqlite_url, real_catalog, now):
    database = Database(sqlite_url)
    try:
        load(database, catalog=real_catalog, config=Config(), now=now)
        assert {line.status for line in people_report(database, real_catalog, now).lines} == SHOWN
        assert standing_checks.verify(database, now=now) == []
    finally:
        database.close()


def test_the_standings_are_those_of_today(loaded):
    assert standing_checks.verify(loaded, now=NOW) == []


@pytest.mark.parametrize("name", SIGN_INS)
def test_everybody_named_signs_in(loaded, name):
    viewer = sign_in(loaded, name=name, now=NOW)
    assert viewer.organisation_slug == "demo"
    assert (viewer.manages_all, bool(viewer.site_ids)) == (name in {"manager", "auditor"}, name == "site-manager")
    assert viewer.reads_only == (name == "auditor")


def test_the_figures_add_up(loaded, real_catalog):
    viewer = sign_in(loaded, name="manager", now=NOW)
    report = reports.overview(loaded, viewer=viewer, catalog=real_catalog, as_of=AsOf.present(NOW.date()))
    assert (report.heads, report.at_several_sites, len(report.by_site)) == (39, 1, 3)
    assert {figure.tally.on_file for figure in report.by_item} == {report.heads}
    assert 0 < report.fully_compliant < report.counted_heads


def test_every_code_can_be_checked(loaded):
    with loaded.read(EVERYWHERE) as session:
        codes = session.scalars(select(Completion.code)).all()
    assert len(set(codes)) == len(codes)
    for code in codes[:10]:
        assert certificates.check_code(loaded, code=code, now=NOW).earned.code == code


def test_the_asc_wds_file_has_rows_and_something_to_mend(loaded, real_catalog):
    viewer = sign_in(loaded, name="manager", now=NOW)
    found = asc_wds.check(loaded, viewer=viewer, catalog=real_catalog, now=NOW)
    assert found.written > found.left_out > 0
    assert [one.name for one in found.sites] == ["Community Team"]
    assert [one.name for one in found.people] == [WITHOUT_NUMBER]
    with asc_wds.open_file(loaded, viewer=viewer, catalog=real_catalog, leave_out=True, now=NOW) as file:
        data = b"".join(encode_asc_wds(file.records, file.layout, today=file.today))
    assert check_file(data, file.layout, today=file.today) == []
    assert b"\r\nWB-ALDER,ALDER-07,13," in data
