"""Queries that are made ready and sent through the driver give what SQLAlchemy gives, and see no more."""

import gc
from weakref import ref

import pytest
from sqlalchemy import Integer, bindparam, func, literal, select, tuple_, union
from sqlalchemy.exc import DBAPIError

from tests.conftest import NOW
from tests.factories import learn, make_person
from training.db import EVERYWHERE, Base, TenantOwned, columns_of, limited
from training.models import Person
from training.prepared import LENGTHS, Prepared, ready_for
from training.services import absences

TABLES = sorted((mapper.class_ for mapper in Base.registry.mappers), key=repr)
OF_SOME = select(Person.name).where(Person.id.in_(bindparam("ids", expanding=True))).order_by(Person.name)


@pytest.fixture(autouse=True)
def _both_are_lived_in(database, catalog, home, neighbour):
    for one in (home, neighbour):
        person = make_person(database, one, now=NOW)
        learn(database, person, catalog=catalog, now=NOW)
        day = NOW.date()
        known = {"viewer": one.viewer, "person_id": person.person_id, "starts_on": day, "ends_on": day, "site_id": None}
        absences.add_absence(database, **known, now=NOW)


def asked(database, scope, query, **values):
    """Return the rows of a query each time it is sent: first as SQLAlchemy sends it, and then made ready."""
    times = []
    for _ in range(3):
        with database.read(scope) as session:
            times.append(session.execute(query, values).all())
    return times


def is_ready(database, scope, query):
    sent, _ = limited(query, {}, scope)
    return isinstance(ready_for(sent, database.engine.dialect), Prepared)


def test_every_column_of_every_table_is_read_as_it_was_written(database):
    filled = 0
    for table in TABLES:
        query = select(*columns_of(table)).order_by(*table.__table__.primary_key)
        usual, *ready = asked(database, EVERYWHERE, query)
        assert is_ready(database, EVERYWHERE, query), table
        for rows in ready:
            assert rows == usual, table
            assert [[type(cell) for cell in row] for row in rows] == [[type(cell) for cell in row] for row in usual]
            assert [row._fields for row in rows] == [row._fields for row in usual]
        filled += bool(usual)
    assert filled > 15


@pytest.mark.parametrize(
    "table", [each for each in TABLES if issubclass(each, TenantOwned)], ids=lambda each: each.__name__
)
def test_a_query_made_ready_for_one_organisation_shows_another_its_own(database, home, neighbour, table):
    query = select(*columns_of(table))
    for one in (home, neighbour, home, neighbour):
        organisation_id = one.viewer.organisation_id
        for rows in asked(database, organisation_id, query):
            assert {row.organisation_id for row in rows} <= {organisation_id}
    everywhere = asked(database, EVERYWHERE, query)[-1]
    assert len(everywhere) == sum(
        len(asked(database, one.viewer.organisation_id, query)[-1]) for one in (home, neighbour)
    )


def test_a_list_may_have_another_length_each_time(database, home):
    scope = home.viewer.organisation_id
    people = [make_person(database, home, now=NOW, name=f"Person {number:02}") for number in range(LENGTHS + 5)]
    for count in (1, 0, 3, *range(LENGTHS + 5), 2):
        some = people[:count]
        for rows in asked(database, scope, OF_SOME, ids=[one.person_id for one in some]):
            assert [row.name for row in rows] == [one.name for one in some]
    assert is_ready(database, scope, OF_SOME)


def test_values_in_a_query_and_beside_it_arrive(database, home):
    person = make_person(database, home, now=NOW, name="100 % Ann")
    query = select(Person.id, Person.name, literal("50 %").label("half"), func.count().over().label("heads")).where(
        Person.id.in_([person.person_id]), Person.name == bindparam("name"), Person.name.like("100 \\%%", escape="\\")
    )
    for rows in asked(database, home.viewer.organisation_id, query, name="100 % Ann"):
        assert rows == [(person.person_id, "100 % Ann", "50 %", 1)]
        assert (rows[0].half, rows[0].heads) == ("50 %", 1)


def test_columns_of_one_name_are_told_apart_as_ever(database, home):
    other = select(Person.name).where(Person.name == home.viewer.name)
    query = select(Person.name, Person.name.label("again")).union(select(Person.name, literal("x")))
    for rows in asked(database, home.viewer.organisation_id, query):
        assert {row._fields for row in rows} == {("name", "again")}
    for rows in asked(database, home.viewer.organisation_id, union(other, other)):
        assert [tuple(row) for row in rows] == [(home.viewer.name,)]


def test_what_cannot_be_made_ready_is_sent_as_ever(database, home):
    pairs = select(Person.name).where(tuple_(Person.id, Person.name).in_(bindparam("pairs", expanding=True)))
    person = make_person(database, home, now=NOW)
    for rows in asked(database, home.viewer.organisation_id, pairs, pairs=[(person.person_id, person.name)]):
        assert [row.name for row in rows] == [person.name]
    assert not is_ready(database, home.viewer.organisation_id, pairs)


def test_what_the_driver_refuses_is_said_as_ever(database, home):
    nowhere = select(func.no_such_thing(Person.name))
    said = []
    for _ in range(3):
        with pytest.raises(DBAPIError) as refused, database.read(home.viewer.organisation_id) as session:
            session.execute(nowhere)
        said.append((type(refused.value), type(refused.value.orig), str(refused.value.orig)))
    assert said[0] == said[1] == said[2]
    assert "no_such_thing" in said[0][2]


def test_a_value_that_is_asked_for_each_time_is_asked_for_each_time(database, home):
    numbers = iter(range(10))
    query = select(literal("x"), bindparam("next", callable_=lambda: next(numbers), type_=Integer()))
    assert [rows[0][1] for rows in asked(database, home.viewer.organisation_id, query)] == [0, 1, 2]


def test_a_column_without_a_name_is_called_as_ever(database, home):
    query = select(func.count(), func.max(Person.name)).select_from(Person)
    assert len({rows[0]._fields for rows in asked(database, home.viewer.organisation_id, query)}) == 1


def test_a_session_that_is_rolled_back_reads_on_as_at_one_moment(database, home):
    count = select(func.count()).select_from(Person)
    scope = home.viewer.organisation_id
    asked(database, scope, count)
    with database.read(scope) as session:
        session.scalars(select(Person)).all()
        session.rollback()
        before = session.scalar(count)
        make_person(database, home, now=NOW)
        assert session.scalar(count) == before


def test_queries_that_are_made_anew_each_time_are_let_go(database, home):
    def send_one():
        query = select(Person.name).where(Person.name == home.viewer.name)
        asked(database, home.viewer.organisation_id, query)
        return ref(limited(query, {}, home.viewer.organisation_id)[0])

    made = [send_one() for _ in range(5)]
    gc.collect()
    # SQLAlchemy itself keeps the first of a kind.
    assert [query() for query in made[1:]] == [None] * 4


def test_what_is_read_is_of_one_moment_and_with_the_rows_of_tables(database, home):
    count = select(func.count()).select_from(Person)
    scope = home.viewer.organisation_id
    asked(database, scope, count)
    with database.read(scope) as session:
        before = session.scalar(count)
        make_person(database, home, now=NOW)
        assert session.scalar(count) == before
        assert len(session.scalars(select(Person)).all()) == before
    with database.read(scope) as session:
        assert session.scalar(count) == before + 1
