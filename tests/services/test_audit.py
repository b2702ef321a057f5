"""The audit log as it is stored: with its act or not at all, one chain however many write, no tampering unseen."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from tests.conftest import NOW
from tests.factories import make_person
from tests.services.stored import all_at_once, rows
from tests.web.conftest import ON_SQLITE
from training.db import EVERYWHERE, Database
from training.domain.audit import ALL_GONE, FIRST_PREVIOUS, Act, Actor, DetailRefused
from training.models import AuditEntry, AuditHead, Employment, Organisation, Site
from training.services import audit, carers, organisations, people
from training.services.accounts import NotAllowed
from training.services.organisations import AlreadyThere

THREADS, EACH = 8, 25
TRIGGERS = ("audit_entry_refuses_update", "audit_entry_refuses_delete")


def chain(database, home):
    return sorted(rows(database, AuditEntry, organisation_id=home.viewer.organisation_id), key=lambda one: one.number)


def verdict(database, home, **more):
    return audit.verify(database, organisation_id=home.viewer.organisation_id, **more)


def add_site(database, home, name):
    return organisations.add_site(database, viewer=home.viewer, name=name, now=NOW)


def test_an_organisation_begins_with_how_it_was_set_up(database, home):
    first, *others = chain(database, home)
    assert (first.number, first.actor_kind, first.act) == (1, "operator", "organisation set up")
    assert (first.actor_id, first.client, first.previous_hash) == (None, "", FIRST_PREVIOUS)
    assert first.detail["manager_id"] == str(home.viewer.person_id)
    assert [one.act for one in others] == ["site added", *["job title added"] * 4]
    assert [one.number for one in others] == [2, 3, 4, 5, 6]
    assert {one.actor_id for one in others} == {home.viewer.person_id}
    assert verdict(database, home).broken == ""


def test_an_entry_stands_in_the_commit_of_its_act(database, home):
    before = len(chain(database, home))
    viewer = replace(home.viewer, client="203.0.113.0/24")
    site_id = organisations.add_site(database, viewer=viewer, name="New", now=NOW)
    entry = chain(database, home)[-1]
    assert (entry.number, entry.subject_kind, entry.subject_id) == (before + 1, "site", site_id)
    assert (entry.client, entry.recorded_at, entry.detail) == ("203.0.113.0/24", NOW, {})


def test_an_act_that_is_refused_leaves_none(database, home):
    before = chain(database, home)
    with pytest.raises(AlreadyThere):
        add_site(database, home, "First site")
    assert len(chain(database, home)) == len(before)


def test_an_act_that_fails_after_it_was_noted_leaves_none(database, home):
    before = len(chain(database, home))

    def note_and_fail():
        with database.write(home.viewer.organisation_id) as session:
            audit.record(session, viewer=home.viewer, act=Act.SITE_ADDED, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        note_and_fail()
    with database.write(home.viewer.organisation_id) as session:
        audit.record(session, viewer=home.viewer, act=Act.SITE_ADDED, now=NOW)
        session.rollback()
    assert len(chain(database, home)) == before
    assert verdict(database, home).number == before


def test_a_part_that_is_undone_writes_nothing_too_early(database, home):
    before = len(chain(database, home))
    with database.write(home.viewer.organisation_id) as session:
        audit.record(session, viewer=home.viewer, act=Act.SITE_ADDED, now=NOW)
        with session.begin_nested():
            session.add(Site(organisation_id=home.viewer.organisation_id, name="Inner", recorded_at=NOW))
    assert len(chain(database, home)) == before + 1


def test_several_acts_of_one_commit_follow_each_other(database, home):
    with database.write(home.viewer.organisation_id) as session:
        for name in ("one", "two", "three"):
            audit.record(session, viewer=home.viewer, act="report exported", now=NOW, detail={"report": name})
    assert [one.detail.get("report") for one in chain(database, home)[-3:]] == ["one", "two", "three"]
    assert verdict(database, home).broken == ""


def test_the_operators_own_acts_stand_as_the_operators(database, home):
    people.reset(database, sign_in_name="manager@home.example", now=NOW)
    entry = chain(database, home)[-1]
    assert (entry.actor_kind, entry.actor_id, entry.act) == ("operator", None, "one-time link made")
    assert entry.subject_id == home.viewer.person_id
    assert verdict(database, home).broken == ""


def test_who_acts_may_be_the_service_or_a_link(database, home):
    for kind in (Actor.SERVICE, Actor.LINK):
        source = audit.Source(kind=kind, organisation_id=home.viewer.organisation_id, client="2001:db8:1::/48")
        with database.write(home.viewer.organisation_id) as session:
            audit.record(session, viewer=source, act=Act.PACK_OPENED, now=NOW, subject_id=uuid.uuid4())
    assert [(one.actor_kind, one.actor_id) for one in chain(database, home)[-2:]] == [("service", None), ("link", None)]


def test_an_auditor_is_recorded_reading_and_refused_anything_else(database, home):
    auditor = replace(home.viewer, reads_only=True)
    with database.write(home.viewer.organisation_id) as session:
        audit.record(session, viewer=auditor, act=Act.REPORT_EXPORTED, now=NOW)

    def change():
        with database.write(home.viewer.organisation_id) as session:
            session.add(Site(organisation_id=home.viewer.organisation_id, name="Theirs", recorded_at=NOW))
            audit.record(session, viewer=auditor, act=Act.SITE_ADDED, now=NOW)

    with pytest.raises(NotAllowed):
        change()
    assert rows(database, Site, name="Theirs") == []


def test_an_act_that_nobody_has_named_or_a_detail_that_is_none_is_refused(database, home):
    with pytest.raises(ValueError, match="made coffee"), database.write(home.viewer.organisation_id) as session:
        audit.record(session, viewer=home.viewer, act="made coffee", now=NOW)
    with pytest.raises(DetailRefused), database.write(home.viewer.organisation_id) as session:
        audit.record(session, viewer=home.viewer, act=Act.SITE_ADDED, now=NOW, detail={"share": 0.5})


def test_names_addresses_and_reasons_stand_in_no_entry(database, home):
    people.issue_slip(database, viewer=home.viewer, person_id=home.viewer.person_id, now=NOW)
    make_person(database, home, now=NOW, name="Marta Kowalska", email="marta@home.example")
    everything = " ".join(str(vars(one)) for one in chain(database, home))
    assert not [word for word in ("Marta", "marta@", "manager@", "Home") if word in everything]


def test_each_organisation_has_a_chain_of_its_own(database, home, neighbour):
    assert chain(database, home)[0].number == chain(database, neighbour)[0].number == 1
    assert chain(database, home)[0].hash != chain(database, neighbour)[0].hash
    add_site(database, home, "New")
    assert verdict(database, home).number == verdict(database, neighbour).number + 1
    assert {verdict(database, home).broken, verdict(database, neighbour).broken} == {""}


def test_an_organisation_in_which_nothing_was_done_is_whole(database):
    assert audit.verify(database, organisation_id=1).broken == ""
    assert audit.how_many(database, organisation_id=1) == 0


def test_writers_at_once_never_fork_the_chain(database, home):
    """Eight threads write two hundred entries; the first ones race for the head of an organisation without any."""
    before = len(chain(database, home))

    def write(thread):
        return [add_site(database, home, f"Site {thread}-{number}") for number in range(EACH)]

    with ThreadPoolExecutor(THREADS) as pool:
        added = [site_id for some in pool.map(write, range(THREADS)) for site_id in some]
    entries = chain(database, home)
    assert [one.number for one in entries] == list(range(1, before + THREADS * EACH + 1))
    assert {one.subject_id for one in entries[before:]} == set(added)
    assert verdict(database, home).broken == ""


def test_the_first_writers_at_once_begin_one_chain(database):
    public = audit.Source(kind=Actor.SERVICE, organisation_id=1)

    def write():
        with database.write(1) as session:
            audit.record(session, viewer=public, act=Act.REPORT_ORDERED, now=NOW)

    assert all_at_once(*[write] * THREADS) == [None] * THREADS
    assert audit.verify(database, organisation_id=1).number == THREADS
    assert audit.verify(database, organisation_id=1).broken == ""


def test_whoever_is_slow_to_commit_holds_up_nobody_else(postgresql_url, catalog):
    """The chain is locked at the end of a commit alone, so an act that takes its time blocks no other."""
    from tests.factories import make_organisation
    from training.services import versions

    database = Database(postgresql_url)
    versions.keep_versions(database, catalog=catalog, now=NOW)
    home = make_organisation(database, catalog=catalog, now=NOW)
    with database.write(home.viewer.organisation_id) as slow:
        audit.record(slow, viewer=home.viewer, act=Act.REPORT_EXPORTED, now=NOW)
        add_site(database, home, "Meanwhile")
    assert [one.act for one in chain(database, home)[-2:]] == ["site added", "report exported"]
    assert verdict(database, home).broken == ""
    database.close()


def test_whoever_has_the_organisation_locked_holds_up_no_entry(postgresql_url, catalog):
    """A decision locks its organisation and then waits for people; whoever has one of them must be able to end."""
    from tests.factories import make_organisation
    from training.services import versions

    database = Database(postgresql_url)
    versions.keep_versions(database, catalog=catalog, now=NOW)
    home = make_organisation(database, catalog=catalog, now=NOW)
    with database.write(home.viewer.organisation_id) as deciding:
        deciding.execute(select(Organisation.id).with_for_update())
        with database.write(home.viewer.organisation_id) as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            audit.record(session, viewer=home.viewer, act=Act.REPORT_EXPORTED, now=NOW)
    assert chain(database, home)[-1].act == "report exported"
    database.close()


@pytest.mark.parametrize(
    "statement", [update(AuditEntry).values(client=""), delete(AuditEntry)], ids=["change", "delete"]
)
def test_an_entry_cannot_be_changed_or_deleted(database, home, statement):
    before = len(chain(database, home))
    with pytest.raises(DatabaseError, match="append-only"), database.write(EVERYWHERE) as session:
        session.execute(statement)
    assert len(chain(database, home)) == before
    assert verdict(database, home).broken == ""


def test_postgresql_does_not_empty_the_log_either(postgresql_url):
    database = Database(postgresql_url)
    with pytest.raises(DatabaseError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit_entry"))
    database.close()


@pytest.fixture
def tamper(database, home) -> Iterator:
    """Run statements as somebody would who has the database itself and takes the triggers away."""

    def run(*statements, **values):
        with database.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                for trigger in TRIGGERS:
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
            else:
                connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
            for statement in statements:
                connection.execute(text(statement), {"ours": home.viewer.organisation_id, **values})

    return run


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (
            ["UPDATE audit_entry SET act = 'site added' WHERE organisation_id = :ours AND number = 3"],
            "Entry 3 is not as it was written",
        ),
        (
            ["UPDATE audit_entry SET detail = '[]' WHERE organisation_id = :ours AND number = 4"],
            "Entry 4 is not as it was",
        ),
        (
            ["DELETE FROM audit_entry WHERE organisation_id = :ours AND number = 3"],
            "Entry 3 is missing: after 2 comes 4.",
        ),
        (
            ["DELETE FROM audit_entry WHERE organisation_id = :ours AND number >= 5"],
            "The last entries are missing: 6 were written",
        ),
        (
            [
                "UPDATE audit_entry SET number = 99 WHERE organisation_id = :ours AND number = 3",
                "UPDATE audit_entry SET number = 3 WHERE organisation_id = :ours AND number = 4",
                "UPDATE audit_entry SET number = 4 WHERE organisation_id = :ours AND number = 99",
            ],
            "Entry 3 is not as it was written",
        ),
        (
            [
                "INSERT INTO audit_entry SELECT organisation_id, 7, recorded_at, actor_kind, actor_id, act, "
                "subject_kind, subject_id, client, detail, previous_hash, hash FROM audit_entry "
                "WHERE organisation_id = :ours AND number = 6"
            ],
            "Entry 7 is not as it was written",
        ),
        (
            ["DELETE FROM audit_head WHERE organisation_id = :ours AND number > 0"],
            "Entry 1 was put in at the end: only 0 were written",
        ),
        (
            [
                "UPDATE audit_head SET hash = previous_hash FROM audit_entry WHERE audit_head.organisation_id = :ours "
                "AND audit_entry.organisation_id = :ours AND audit_entry.number = 6"
            ],
            "Entry 6 is not the one that was",
        ),
    ],
    ids=["changed", "detail changed", "taken out", "last taken out", "moved", "put in", "head gone", "head changed"],
)
def test_tampering_is_found_and_named(database, home, tamper, statements, words):
    assert verdict(database, home).number == 6
    tamper(*statements)
    assert verdict(database, home).broken.startswith(words)


@pytest.mark.parametrize("detail", ['{"days": 0.5}', '{"days": 1e999}', "[[]]"])
def test_what_could_never_have_been_written_is_found_and_named(database, home, tamper, detail):
    tamper("UPDATE audit_entry SET detail = :detail WHERE organisation_id = :ours AND number = 4", detail=detail)
    broken = verdict(database, home).broken
    assert broken.startswith(("An entry after 3 is not as it was written", "Entry 4 is not as it was written"))


@ON_SQLITE
def test_what_cannot_even_be_read_is_found_and_named(database, home, tamper):
    """SQLite keeps in a cell whatever it is given."""
    tamper("UPDATE audit_entry SET detail = 'no JSON' WHERE organisation_id = :ours AND number = 4")
    assert verdict(database, home).broken == (
        "An entry after 0 is not as it was written: what stands in it cannot be read."
    )


def test_cutting_the_end_off_with_its_head_is_found_by_a_hash_noted_earlier(database, home, tamper):
    noted, fourth = verdict(database, home).hash, chain(database, home)[3].hash
    tamper(
        "DELETE FROM audit_entry WHERE organisation_id = :ours AND number > 4",
        "UPDATE audit_head SET number = 4, hash = :fourth WHERE organisation_id = :ours",
        fourth=fourth,
    )
    assert verdict(database, home).broken == ""
    assert verdict(database, home, expected=noted).broken.startswith("No entry has the hash")
    assert verdict(database, home, expected=fourth).broken == ""


def test_taking_all_of_a_log_away_with_its_head_is_found_where_an_organisation_was_set_up(database, home, tamper):
    everything = "DELETE FROM audit_entry WHERE organisation_id = :ours"
    tamper(everything, "DELETE FROM audit_head WHERE organisation_id = :ours")
    assert verdict(database, home).broken == ALL_GONE
    tamper("DELETE FROM permission WHERE organisation_id = :ours")
    assert verdict(database, home).broken == ALL_GONE, "its requirements came with an entry too"


def test_nobody_acts_in_the_organisation_that_is_open_to_everybody(database):
    organisations.ensure_public(database, time_zone="Europe/London", now=NOW)
    carers.open_account(database, name="Rosa", sign_in_name="rosa.kelly", password="a long song, and then", now=NOW)
    (carer,) = rows(database, Employment)
    assert audit.verify(database, organisation_id=carer.organisation_id).broken == ""


def test_verifying_reads_some_at_a_time_and_says_how_far_it_is(database, home, monkeypatch):
    monkeypatch.setattr(audit, "AT_ONCE", 4)
    told = []
    assert verdict(database, home, told=told.append).number == 6
    assert told == [4, 2]
    assert audit.how_many(database, organisation_id=home.viewer.organisation_id) == 6


def test_an_instant_keeps_its_hash_through_the_database(database, home):
    odd = NOW + timedelta(microseconds=123_457)
    organisations.add_site(database, viewer=home.viewer, name="Odd", now=odd)
    assert chain(database, home)[-1].recorded_at == odd
    assert verdict(database, home).broken == ""


def test_the_head_is_where_the_chain_ends(database, home):
    (head,) = rows(database, AuditHead, organisation_id=home.viewer.organisation_id)
    assert (head.number, head.hash) == (6, chain(database, home)[-1].hash)
