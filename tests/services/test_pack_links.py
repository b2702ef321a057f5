"""A link to a pack works for its time and not a moment longer, and everything about it is on record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import let_in, make_organisation, make_person, sign_in
from tests.services.packing import make_pack
from tests.services.stored import rows
from training.domain.permission import PermissionKind
from training.models import AuditEntry, Pack, PackLink, Permission, TaskPart
from training.services import audit, pack_links, permission_lists, permissions, task_claims, tasks
from training.services.accounts import NotAllowed
from training.services.organisations import NotFound
from training.services.pack_links import FileGone, LinkUnusable, NoSuchTime

TODAY = NOW.date()
ADDRESS = "203.0.113.77"


@pytest.fixture
def pack_id(database, home):
    """A pack that the manager made."""
    make_pack(database, home.viewer, as_at=TODAY, known_at=NOW)
    return rows(database, Pack)[0].id


def make_link(database, home, pack_id, *, days=7, viewer=None, now=NOW):
    return pack_links.make_link(database, viewer=viewer or home.viewer, pack_id=pack_id, days=days, now=now)


def follow(database, token, *, now=NOW, **more):
    return pack_links.open_link(database, token=token, now=now, address=ADDRESS, **more)


def acts(database):
    return [entry for entry in rows(database, AuditEntry) if "pack" in entry.act]


def test_whoever_has_the_link_reads_the_very_pack_and_each_opening_is_noted(database, home, pack_id):
    token = make_link(database, home, pack_id)
    opened = follow(database, token)
    whole = b"".join(pack_links.read_parts(database, opened))
    assert whole == b"".join(tasks.read_file(database, viewer=home.viewer, task_id=pack_id, now=NOW)[1])
    assert (opened.organisation_name, opened.size) == ("Home", len(whole))
    follow(database, token, now=NOW + timedelta(hours=1), to_download=True)
    noted = [entry for entry in acts(database) if entry.act == "pack opened by its link"]
    assert [(entry.client, entry.actor_kind, entry.detail["downloaded"]) for entry in noted] == [
        ("203.0.113.0/24", "link", False),
        ("203.0.113.0/24", "link", True),
    ]
    assert {entry.subject_id for entry in noted} == {pack_id}
    link = pack_links.show_pack(database, viewer=home.viewer, pack_id=pack_id, now=NOW).links[0]
    assert (link.opened, link.downloaded, link.last_opened_at) == (1, 1, NOW + timedelta(hours=1))
    assert not audit.verify(database, organisation_id=home.viewer.organisation_id).broken


def test_only_the_hash_of_the_token_is_kept(database, home, pack_id):
    token = make_link(database, home, pack_id)
    assert len(token) >= 43
    kept = [str(vars(row)) for table in (PackLink, AuditEntry) for row in rows(database, table)]
    assert not [one for one in kept if token in one]


@pytest.mark.parametrize("days", pack_links.LASTS)
def test_a_link_works_for_its_days_and_the_file_is_kept_as_long(database, home, pack_id, days):
    token = make_link(database, home, pack_id, days=days)
    last = NOW + timedelta(days=days) - timedelta(seconds=1)
    task_claims.tidy(database, now=last)
    assert follow(database, token, now=last).size
    with pytest.raises(LinkUnusable):
        follow(database, token, now=last + timedelta(seconds=1))
    task_claims.tidy(database, now=NOW + timedelta(days=days) + task_claims.REMEMBERED_FOR)
    assert rows(database, TaskPart) == []
    shown = pack_links.show_pack(database, viewer=home.viewer, pack_id=pack_id, now=NOW + timedelta(days=90))
    assert [link.state for link in shown.links] == ["run out"], "what was made and opened stays on record"


def test_a_link_made_on_the_last_day_of_the_file_outlives_the_month_an_order_is_remembered(database, home, pack_id):
    late = NOW + task_claims.KEPT_FOR - timedelta(hours=1)
    token = make_link(database, home, pack_id, days=30, now=late)
    last = late + timedelta(days=30) - timedelta(seconds=1)
    assert last > NOW + task_claims.REMEMBERED_FOR
    task_claims.tidy(database, now=last)
    assert follow(database, token, now=last).size


def test_no_link_lasts_otherwise_and_none_is_made_to_a_file_that_is_gone(database, home, pack_id):
    for days in (0, 2, 31, -1, 10_000):
        with pytest.raises(NoSuchTime):
            make_link(database, home, pack_id, days=days)
    with pytest.raises(FileGone):
        make_link(database, home, pack_id, now=NOW + task_claims.KEPT_FOR)
    assert rows(database, PackLink) == []


def test_an_ended_link_is_as_good_as_none(database, home, pack_id):
    token, other = make_link(database, home, pack_id), make_link(database, home, pack_id)
    link_id = next(row.id for row in rows(database, PackLink) if row.token_hash == pack_links.token_hash(token))
    for _ in range(2):
        assert pack_links.end_link(database, viewer=home.viewer, link_id=link_id, now=NOW) == pack_id
    words = set()
    for wrong in (token, "no such token", ""):
        with pytest.raises(LinkUnusable) as refused:
            follow(database, wrong)
        words.add(str(refused.value))
    assert len(words) == 1
    assert follow(database, other).size
    assert [entry.act for entry in acts(database)].count("link to a pack withdrawn") == 1


def test_a_link_stops_when_whoever_made_it_loses_their_leave(database, home, pack_id):
    boss = make_person(database, home, now=NOW, name="Boss", email="boss@home.example")
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=None, now=NOW)
    let_in(database, home, boss, now=NOW)
    viewer = sign_in(database, "boss@home.example", now=NOW)
    token = make_link(database, home, pack_id, viewer=viewer)
    assert follow(database, token).size
    held = permission_lists.show_holder(database, viewer=home.viewer, person_id=boss.person_id)
    permissions.take(database, viewer=home.viewer, permission_id=held.grants[0].id, now=NOW)
    with pytest.raises(LinkUnusable):
        follow(database, token)
    shown = pack_links.show_pack(database, viewer=home.viewer, pack_id=pack_id, now=NOW)
    assert "does not manage these people any more" in shown.links[0].state


def test_an_auditor_makes_and_ends_no_link(database, home, pack_id):
    make_link(database, home, pack_id)
    auditor = replace(home.viewer, reads_only=True)
    with pytest.raises(NotAllowed):
        make_link(database, home, pack_id, viewer=auditor)
    with pytest.raises(NotAllowed):
        pack_links.end_link(database, viewer=auditor, link_id=rows(database, PackLink)[0].id, now=NOW)
    assert len(rows(database, PackLink)) == 1


def test_packs_and_links_of_others_are_not_there(database, catalog, home, pack_id):
    make_link(database, home, pack_id)
    link_id = rows(database, PackLink)[0].id
    neighbour = make_organisation(database, catalog=catalog, now=NOW, slug="elsewhere").viewer
    boss = make_person(database, home, now=NOW, name="Boss", email="boss@home.example")
    known = {"viewer": home.viewer, "person_id": boss.person_id, "now": NOW}
    permissions.give(database, site_id=home.site_id, kind=PermissionKind.MANAGER, **known)
    let_in(database, home, boss, now=NOW)
    for other in (neighbour, sign_in(database, "boss@home.example", now=NOW)):
        with pytest.raises(NotFound):
            pack_links.show_pack(database, viewer=other, pack_id=pack_id, now=NOW)
        with pytest.raises(NotFound):
            make_link(database, home, pack_id, viewer=other)
        with pytest.raises(NotFound):
            pack_links.end_link(database, viewer=other, link_id=link_id, now=NOW)
    assert len(rows(database, Permission)) > 2
