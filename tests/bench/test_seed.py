"""The bench's organisation is true to its facts, mixed, and nowhere but in a database of its own."""

from dataclasses import fields

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from tests.conftest import BOTH, NOW
from tests.factories import make_organisation
from training.bench import nights, seed, stage
from training.bench.lines import Ground
from training.bench.people import find_manager
from training.bench.seed import Size, StrangeDatabase
from training.cli import main
from training.config import Config
from training.db import Database
from training.domain.days import day_in
from training.domain.receipt import ALPHABET
from training.domain.refusal import Refusal
from training.models import Completion, Employment, Person, Site, StandingRow
from training.services import counters, organisations, reports, standing_checks
from training.services.staff import AsOf

SIZE = Size(people=120, requirements=2, cast=18)


@pytest.fixture(scope="module", params=BOTH)
def bench(request, lasting_database, catalog):
    """A seeded database, the same for every test of this file."""
    with lasting_database(request.param) as database:
        seed.seed(database, catalog=catalog, size=SIZE, now=NOW, say=lambda _words: None)
        yield database


@pytest.fixture
def organisation_id(bench):
    return organisations.find_organisation(bench, stage.SLUG).id


def test_every_copied_standing_agrees_with_the_copied_facts(bench):
    assert standing_checks.verify(bench, now=NOW) == []


def test_every_counter_is_the_sum_of_the_copied_rows(bench):
    assert counters.verify(bench) == []


def test_there_are_as_many_people_as_were_asked_for_beside_the_manager(bench, organisation_id):
    with bench.read(organisation_id) as session:
        people = session.execute(select(Person.email, Person.staff_number)).all()
        codes = session.scalars(select(Completion.code)).all()
    assert len(people) == SIZE.people + 1
    assert len({row.email for row in people}) == len({row.staff_number for row in people}) == len(people)
    assert len(set(codes)) == len(codes) > SIZE.people


def test_no_copied_code_could_be_that_of_an_original(bench, organisation_id):
    with bench.read(organisation_id) as session:
        codes = session.scalars(select(Completion.code)).all()
    copied = [code for code in codes if not set(code) <= {*ALPHABET, "-"}]
    assert 0 < len(codes) - len(copied) < len(copied)
    assert all(code.startswith("U") for code in copied)


def test_every_status_occurs_and_most_are_up_to_date(bench, catalog):
    viewer = find_manager(bench, now=NOW).viewer
    found = reports.overview(bench, viewer=viewer, catalog=catalog, as_of=AsOf.present(day_in(NOW, stage.ZONE)))
    tally = found.whole.tally
    assert all(getattr(tally, field.name) for field in fields(tally)), tally
    assert tally.compliant / tally.counted > 0.5
    assert found.heads < SIZE.people
    assert found.at_several_sites > 0


def test_the_copies_are_spread_over_the_sites_as_the_cast_is(bench, organisation_id):
    with bench.read(organisation_id) as session:
        heads = session.execute(
            select(Site.name, func.count()).join(Employment, Employment.site_id == Site.id).group_by(Site.name)
        ).all()
        twice = (
            select(Employment.person_id)
            .group_by(Employment.person_id)
            .having(func.count(Employment.site_id.distinct()) > 1)
        )
        assert session.scalars(twice).first() is not None
    assert len(heads) == SIZE.sites
    assert min(count for _, count in heads) > SIZE.people / SIZE.sites / 2


def test_seeding_again_leaves_everything_as_it_is(bench, catalog, organisation_id):
    said = []
    assert not seed.seed(bench, catalog=catalog, size=SIZE, now=NOW, say=said.append)
    assert "already" in said[0]
    with pytest.raises(StrangeDatabase):
        seed.seed(bench, catalog=catalog, size=Size(121, 2, 18), now=NOW, say=said.append)
    with bench.read(organisation_id) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == SIZE.people + 1


def test_its_size_can_be_read_from_it(bench):
    assert (seed.size_of(bench).people, seed.size_of(bench).requirements) == (SIZE.people, SIZE.requirements)


def test_measuring_a_night_leaves_every_standing_as_it_was(bench, catalog, organisation_id, monkeypatch):
    monkeypatch.setattr(nights.clock, "now", lambda: NOW)
    ground = Ground(Config(), bench, catalog, find_manager(bench, now=NOW).viewer)
    lines = {line.what: line for line in (*nights.night(ground), *nights.checks(ground))}
    assert lines["standing verify: lines that drifted"].value == 0
    assert standing_checks.verify(bench, now=NOW) == []
    with bench.read(organisation_id) as session:
        assert set(session.scalars(select(StandingRow.worked_out_on).distinct())) == {day_in(NOW, stage.ZONE)}


def test_a_database_with_other_organisations_is_refused(database, catalog):
    make_organisation(database, catalog=catalog, now=NOW)
    with pytest.raises(StrangeDatabase, match="home"):
        seed.seed(database, catalog=catalog, size=SIZE, now=NOW, say=lambda _words: None)
    with pytest.raises(StrangeDatabase):
        seed.size_of(database)


def test_more_items_than_there_are_for_each_role_are_refused(catalog):
    with pytest.raises(Refusal, match="items for 1 to"):
        seed.refuse_impossible(Size(1_000, 100), catalog=catalog)


def test_what_the_disk_has_no_room_for_is_refused(tmp_path):
    database, said = Database(f"sqlite:///{tmp_path / 'none.sqlite'}"), []
    with pytest.raises(seed.NoRoom, match="GB free"):
        seed.refuse_full_disk(database, Size(10**12), say=said.append)
    assert "GB" in said[0]
    database.close()


def test_production_is_refused(sqlite_url):
    environ = {
        "TRAINING_ENV": "production",
        "TRAINING_SECRET_KEY": "k" * 40,
        "TRAINING_BASE_URL": "https://training.example.org",
        "TRAINING_DATABASE_URL": sqlite_url,
    }
    for words in (["seed"], ["run"], ["both", "--people", "1"]):
        done = CliRunner().invoke(main, ["bench", *words], env=environ)
        assert done.exit_code == 1
        assert "production" in done.output
