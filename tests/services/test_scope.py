"""Sessions: one sees and writes the rows of one organisation, whatever the statement, and a reading one writes none."""

import uuid

import pytest
from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import aliased

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import how_many, rows
from training.db import EVERYWHERE, OutOfScope, ReadOnly, TenantOwned
from training.models import (
    Attempt,
    Base,
    Completion,
    Employment,
    JobTitle,
    Organisation,
    Person,
    Site,
    TitleRole,
)

OWNED = sorted((each.class_ for each in Base.registry.mappers if issubclass(each.class_, TenantOwned)), key=repr)


@pytest.fixture(autouse=True)
def _both_are_lived_in(database, catalog, home, neighbour):
    for one in (home, neighbour):
        learn(database, make_person(database, one, now=NOW), catalog=catalog, now=NOW)


@pytest.fixture
def ours(home):
    return home.viewer.organisation_id


@pytest.fixture
def theirs(neighbour):
    return neighbour.viewer.organisation_id


def key_of(row):
    return tuple(getattr(row, column.key) for column in type(row).__table__.primary_key)


def test_every_table_but_the_shared_ones_belongs_to_an_organisation():
    shared = {
        "account",
        "content_version",
        "organisation",
        "replacement",
        "session",
        "job",
        "throttle",
        "passkey",
        "passkey_challenge",
    }
    assert {each.__tablename__ for each in OWNED} == set(Base.metadata.tables) - shared
    assert all(next(iter(each.__table__.primary_key)).name == "organisation_id" for each in OWNED)


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.__tablename__)
def test_a_select_of_rows_columns_or_counts_sees_one_organisation(database, ours, theirs, table):
    with database.read(ours) as session:
        assert {row.organisation_id for row in session.scalars(select(table))} <= {ours}
        assert set(session.scalars(select(table.organisation_id))) <= {ours}
        mine = session.scalar(select(func.count()).select_from(table))
        assert session.scalar(select(func.count(table.organisation_id))) == mine
        assert session.scalar(select(exists().where(table.organisation_id == theirs))) is False
    assert mine == len(rows(database, table, organisation_id=ours))


def test_the_neighbour_has_rows_to_be_hidden(database, theirs):
    filled = {table.__tablename__ for table in OWNED if rows(database, table, organisation_id=theirs)}
    assert filled >= {"attempt", "completion", "employment", "invite", "person", "requirement", "site", "standing"}


def joined(other):
    """Return statements that reach a neighbour's rows by way of something else."""
    person, alias = aliased(Person), aliased(Site)
    tries = select(Attempt.person_id).cte()
    return {
        "join": select(Person, Attempt).join(Attempt, Attempt.person_id == Person.id),
        "from the organisation": select(Organisation, Person).join(Person, Person.organisation_id == Organisation.id),
        "outer join": select(JobTitle, TitleRole).outerjoin(TitleRole, TitleRole.job_title_id == JobTitle.id),
        "alias": select(person).where(person.organisation_id == other),
        "two aliases": select(Employment, alias).join(alias, alias.id == Employment.site_id),
        "subquery": select(Person).where(Person.id.in_(select(Completion.person_id))),
        "common table": select(Person).join(tries, tries.c.person_id == Person.id),
        "from a statement": select(aliased(Person, select(Person).subquery())),
    }


@pytest.mark.parametrize("name", joined(0))
def test_a_joined_select_sees_one_organisation(database, ours, theirs, name):
    with database.read(ours) as session:
        found = session.execute(joined(theirs)[name]).all()
    owned = [part for row in found for part in row if isinstance(part, TenantOwned)]
    assert {part.organisation_id for part in owned} <= {ours}
    assert owned or name == "alias"


def test_a_union_and_a_scalar_subquery_see_one_organisation(database, ours, theirs):
    names = select(Site.organisation_id).union_all(select(Person.organisation_id))
    inner = select(func.count(Person.id)).where(Person.organisation_id == theirs).scalar_subquery()
    with database.read(ours) as session:
        assert set(session.scalars(names)) == {ours}
        assert session.scalar(select(inner)) == 0


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.__tablename__)
def test_a_row_of_the_neighbour_cannot_be_got_by_its_key(database, ours, theirs, table):
    found = rows(database, table, organisation_id=theirs)
    with database.read(ours) as session:
        assert [session.get(table, key_of(row)) for row in found] == [None] * len(found)


def test_an_update_touches_one_organisation(database, ours, theirs):
    with database.write(ours) as session:
        session.execute(update(Person).values(name="Changed"))
        session.execute(update(Person).where(Person.organisation_id == theirs).values(name="Reached over"))
        session.query(Person).filter(Person.organisation_id == theirs).update({"name": "Reached over"})
    assert {row.name for row in rows(database, Person, organisation_id=ours)} == {"Changed"}
    assert not {"Changed", "Reached over"} & {row.name for row in rows(database, Person, organisation_id=theirs)}


def test_a_delete_touches_one_organisation(database, ours, theirs):
    before = len(rows(database, Employment, organisation_id=theirs))
    with database.write(ours) as session:
        session.execute(delete(Employment))
        session.execute(delete(Employment).where(Employment.organisation_id == theirs))
        session.query(Employment).filter(Employment.organisation_id == theirs).delete()
    assert rows(database, Employment, organisation_id=ours) == []
    assert len(rows(database, Employment, organisation_id=theirs)) == before > 0


def test_adding_changing_or_deleting_a_foreign_row_is_refused(database, ours, theirs):
    (there, *_) = rows(database, Site, organisation_id=theirs)
    new = Site(organisation_id=theirs, name="Planted", recorded_at=NOW)
    for touch in (
        lambda session: session.add(new),
        lambda session: setattr(session.merge(there, load=False), "name", "Changed"),
        lambda session: session.delete(session.merge(there, load=False)),
    ):
        with pytest.raises(OutOfScope), database.write(ours) as session:
            touch(session)
    assert [row.name for row in rows(database, Site, organisation_id=theirs)] == [there.name]


def test_a_row_cannot_be_given_to_another_organisation(database, home, ours, theirs):
    with pytest.raises(OutOfScope), database.write(ours) as session:
        session.get_one(Site, (ours, home.site_id)).organisation_id = theirs
    with pytest.raises(OutOfScope), database.write(ours) as session:
        session.execute(insert(Site).values(organisation_id=theirs, id=uuid.uuid4(), name="Planted", recorded_at=NOW))
    assert len(rows(database, Site, organisation_id=theirs)) == 1


def test_a_reading_session_writes_nothing(database, home, ours):
    def change(session):
        session.get_one(Site, (ours, home.site_id)).name = "Changed"

    def write_and_commit(write):
        with database.read(ours) as session:
            write(session)
            session.commit()

    for write in (
        lambda session: session.add(Site(organisation_id=ours, name="New", recorded_at=NOW)),
        lambda session: session.delete(session.get_one(Site, (ours, home.site_id))),
        change,
        lambda session: session.execute(update(Site).values(name="Changed")),
        lambda session: session.execute(delete(Employment)),
        lambda session: session.execute(insert(Organisation).values(slug="new")),
    ):
        with pytest.raises(ReadOnly):
            write_and_commit(write)
    assert [row.name for row in rows(database, Site, organisation_id=ours)] == ["First site"]
    assert how_many(database, Organisation) == 3


def test_a_reading_session_sees_one_moment(database, ours, home):
    with database.read(ours) as session:
        before = session.scalar(select(func.count()).select_from(Person))
        make_person(database, home, now=NOW)
        assert session.scalar(select(func.count()).select_from(Person)) == before
    assert len(rows(database, Person, organisation_id=ours)) == before + 1


def test_a_query_asked_alone_sees_one_organisation_or_plainly_both(database, ours, theirs):
    query = select(Person.organisation_id).join(Site, Site.organisation_id == Person.organisation_id)
    assert {row.organisation_id for row in database.ask(ours, query)} == {ours}
    assert {row.organisation_id for row in database.ask(EVERYWHERE, query)} == {ours, theirs}


def test_a_query_sent_twice_sees_the_organisation_of_each_session(database, ours, theirs):
    query = select(Person.organisation_id, func.count()).group_by(Person.organisation_id)
    for one in (ours, theirs, ours):
        with database.read(one) as session:
            assert [row.organisation_id for row in session.execute(query)] == [one]


def test_a_session_that_looks_everywhere_sees_both(database, ours, theirs):
    with database.read(EVERYWHERE) as session:
        assert set(session.scalars(select(Person.organisation_id))) == {ours, theirs}
