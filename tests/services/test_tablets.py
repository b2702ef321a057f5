"""Shared tablets: who makes and ends them, and whom they list."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import PASSWORD, Home, let_in, make_person
from tests.services.stored import rows
from training.domain.names import NameRefused
from training.domain.permission import PermissionKind
from training.models import AuditEntry, SignInSession, Tablet
from training.services import accounts, employments, organisations, people, permissions, pins, tablets
from training.services.accounts import NotAllowed, Viewer
from training.services.organisations import NotFound
from training.services.tablets import Device, NoSites

TODAY = NOW.date()


def share(database, viewer: Viewer, *site_ids, name: str = "Staff room", signed_in: str = "") -> Device:
    known = {"name": name, "site_ids": site_ids, "session_token": signed_in, "now": NOW}
    token = tablets.make(database, viewer=viewer, **known)
    device = tablets.find_device(database, token=token)
    assert device is not None
    return device


def names(database, device: Device, search: str = "") -> list[str]:
    return [one.called for one in tablets.list_people(database, device=device, today=TODAY, search=search)]


@pytest.fixture
def second(database, home):
    return organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)


@pytest.fixture
def boss(database, home) -> Viewer:
    """The manager of the first site alone."""
    person = make_person(database, home, now=NOW, name="Priya Raman")
    permissions.give(database, viewer=home.viewer, person_id=person.person_id, site_id=home.site_id, now=NOW)
    return replace(person, site_ids=frozenset({home.site_id}))


def test_a_tablet_lists_those_who_work_at_its_sites_and_nobody_else(database, home, second):
    make_person(database, home, now=NOW, name="Marta Kowalska")
    make_person(database, home, now=NOW, name="Ryan Moss", site_id=second)
    make_person(database, home, now=NOW, name="Zoë Late", starts_on=TODAY + timedelta(days=1))
    assert names(database, share(database, home.viewer, home.site_id)) == ["Marta K."]
    assert names(database, share(database, home.viewer, home.site_id, second)) == ["Marta K.", "Ryan M."]


def test_somebody_in_two_jobs_stands_there_once(database, home, second):
    person = make_person(database, home, now=NOW, name="Marta Kowalska")
    job = {"job_title_id": next(iter(home.titles.values())), "site_id": second, "starts_on": TODAY}
    employments.add_job(database, viewer=home.viewer, person_id=person.person_id, now=NOW, **job)
    assert names(database, share(database, home.viewer, home.site_id, second)) == ["Marta K."]


def test_whoever_leaves_or_goes_to_another_site_is_gone_from_the_list_at_once(database, home, second):
    leaver = make_person(database, home, now=NOW, name="Lena Leaver", starts_on=TODAY - timedelta(days=9))
    mover = make_person(database, home, now=NOW, name="Mo Mover", starts_on=TODAY - timedelta(days=9))
    device = share(database, home.viewer, home.site_id)
    assert names(database, device) == ["Lena L.", "Mo M."]
    with database.read(home.viewer.organisation_id) as session:
        jobs = [
            people.find_contact(session, viewer=home.viewer, person_id=one.person_id).jobs[0] for one in (leaver, mover)
        ]
    yesterday = TODAY - timedelta(days=1)
    employments.end_job(database, viewer=home.viewer, job_id=jobs[0].id, ends_on=yesterday, now=NOW)
    moved = {"job_title_id": jobs[1].job_title_id, "site_id": second, "starts_on": TODAY}
    employments.change_job(database, viewer=home.viewer, job_id=jobs[1].id, now=NOW, **moved)
    assert names(database, device) == []
    with pytest.raises(NotFound):
        tablets.show_person(database, device=device, person_id=leaver.person_id, today=TODAY)


def test_names_are_found_by_any_part_without_case_or_accents_and_keep_what_tells_them_apart(database, home):
    for name in ("Zoë Llewellyn", "Zoe Lloyd", "Tom Ellison"):
        make_person(database, home, now=NOW, name=name)
    device = share(database, home.viewer, home.site_id)
    assert names(database, device) == ["Tom E.", "Zoë Lle.", "Zoe Llo."]
    assert names(database, device, "zoe") == ["Zoë Lle.", "Zoe Llo."]
    assert names(database, device, " LLOY zo ") == ["Zoe Llo."]
    assert names(database, device, "nobody") == []


def test_hundreds_of_people_are_listed_in_one_query(database, home):
    for number in range(60):
        make_person(database, home, now=NOW, name=f"Sam Surname{number:03}")
    found = names(database, share(database, home.viewer, home.site_id))
    assert len(set(found)) == 60


def test_a_tablet_of_another_organisation_lists_none_of_these(database, home, neighbour):
    make_person(database, home, now=NOW, name="Marta Kowalska")
    assert names(database, share(database, neighbour.viewer, neighbour.site_id)) == []
    with pytest.raises(NotFound):
        share(database, neighbour.viewer, home.site_id)


def test_a_site_manager_shares_tablets_of_their_own_sites_alone(database, home, second, boss):
    assert share(database, boss, home.site_id).name == "Staff room"
    for site_ids in ([second], [home.site_id, second]):
        with pytest.raises(NotAllowed):
            share(database, boss, *site_ids)
    assert len(rows(database, Tablet)) == 1


def test_nobody_who_manages_nothing_and_no_auditor_shares_a_tablet(database, home, learner):
    auditor = replace(home.viewer, reads_only=True)
    for viewer in (learner, auditor):
        with pytest.raises(NotAllowed):
            share(database, viewer, home.site_id)
    assert rows(database, Tablet) == []


def test_a_tablet_needs_a_name_and_a_site(database, home):
    with pytest.raises(NoSites):
        share(database, home.viewer)
    with pytest.raises(NameRefused):
        share(database, home.viewer, home.site_id, name="  ")


def test_making_one_signs_the_manager_out_on_it_and_nowhere_else(database, home):
    sign_in = {"sign_in_name": "manager@home.example", "password": PASSWORD, "now": NOW, "client": "a test"}
    here, elsewhere = (accounts.sign_in(database, **sign_in) for _ in range(2))
    share(database, home.viewer, home.site_id, signed_in=here)
    assert accounts.find_viewer(database, token=here, now=NOW) is None
    assert accounts.find_viewer(database, token=elsewhere, now=NOW) is not None


def test_a_site_manager_sees_the_tablets_of_their_sites_and_ends_those_that_are_theirs_alone(
    database, home, second, boss
):
    share(database, home.viewer, home.site_id, name="Mine")
    share(database, home.viewer, home.site_id, second, name="Of both")
    share(database, home.viewer, second, name="Of others")
    shown = {one.name: one for one in tablets.list_tablets(database, viewer=boss)}
    assert set(shown) == {"Mine", "Of both"}
    assert (shown["Of both"].sites, shown["Of both"].others) == (("First site",), True)
    assert (shown["Mine"].sites, shown["Mine"].others) == (("First site",), False)
    with pytest.raises(NotAllowed):
        tablets.end(database, viewer=boss, tablet_id=shown["Of both"].id, now=NOW)
    tablets.end(database, viewer=boss, tablet_id=shown["Mine"].id, now=NOW)
    every = {one.name: one.id for one in tablets.list_tablets(database, viewer=home.viewer)}
    assert set(every) == {"Of both", "Of others"}
    with pytest.raises(NotFound):
        tablets.end(database, viewer=boss, tablet_id=every["Of others"], now=NOW)


def test_an_auditor_looks_at_tablets_and_ends_none(database, home):
    share(database, home.viewer, home.site_id)
    auditor = replace(home.viewer, reads_only=True)
    (shown,) = tablets.list_tablets(database, viewer=auditor)
    with pytest.raises(NotAllowed):
        tablets.end(database, viewer=auditor, tablet_id=shown.id, now=NOW)


def test_a_neighbour_sees_and_ends_none_of_ours(database, home, neighbour):
    device = share(database, home.viewer, home.site_id)
    assert tablets.list_tablets(database, viewer=neighbour.viewer) == ()
    with pytest.raises(NotFound):
        tablets.end(database, viewer=neighbour.viewer, tablet_id=device.tablet_id, now=NOW)


def test_ending_a_tablet_ends_every_session_on_it_and_no_other(database, home, learner):
    let_in(database, home, learner, now=NOW)
    pins.set_own(database, viewer=learner, pin="7293", now=NOW)
    lost, kept = (share(database, home.viewer, home.site_id, name=name) for name in ("Lost", "Kept"))
    enter = {"person_id": learner.person_id, "pin": "7293", "now": NOW}
    on_lost, on_kept = (pins.enter(database, device=device, **enter) for device in (lost, kept))
    tablets.end(database, viewer=home.viewer, tablet_id=lost.tablet_id, now=NOW)
    assert accounts.find_viewer(database, token=on_lost, now=NOW) is None
    assert accounts.find_viewer(database, token=on_kept, now=NOW) is not None
    with pytest.raises(NotFound):
        pins.enter(database, device=lost, **enter)
    assert len([row for row in rows(database, SignInSession) if row.tablet_id and row.ended_at is None]) == 1


def test_a_tablet_that_was_ended_is_none_any_more(database, home):
    token = tablets.make(
        database, viewer=home.viewer, name="Staff room", site_ids=[home.site_id], session_token="", now=NOW
    )
    device = tablets.find_device(database, token=token)
    assert rows(database, Tablet)[0].token_hash != token
    tablets.end(database, viewer=home.viewer, tablet_id=device.tablet_id, now=NOW)
    assert tablets.find_device(database, token=token) is None
    assert tablets.find_device(database, token="made up") is None


def test_the_log_tells_who_made_a_tablet_of_which_sites_and_who_ended_it(database, home):
    device = share(database, home.viewer, home.site_id)
    tablets.end(database, viewer=home.viewer, tablet_id=device.tablet_id, now=NOW)
    made, ended = [row for row in rows(database, AuditEntry) if row.subject_id == device.tablet_id]
    assert (made.act, made.detail) == ("shared tablet made", {"site_ids": [str(home.site_id)]})
    assert (ended.act, ended.actor_id) == ("shared tablet ended", home.viewer.person_id)


def test_nobody_sees_to_others_on_a_tablet_not_even_a_manager(database, home):
    manager = make_person(database, home, now=NOW, name="Mia Manager")
    let_in(database, home, manager, now=NOW)
    give = {"viewer": home.viewer, "person_id": manager.person_id, "site_id": None, "now": NOW}
    permissions.give(database, kind=PermissionKind.MANAGER, **give)
    pins.set_own(database, viewer=manager, pin="7293", now=NOW)
    device = share(database, home.viewer, home.site_id)
    token = pins.enter(database, device=device, person_id=manager.person_id, pin="7293", now=NOW)
    viewer = accounts.find_viewer(database, token=token, now=NOW)
    assert (viewer.is_manager, viewer.manages_all, viewer.site_ids) == (False, False, frozenset())
    assert viewer.tablet_id == device.tablet_id


def test_a_home_of_which_nobody_works_anywhere_lists_nobody(database, home: Home):
    assert names(database, share(database, home.viewer, home.site_id)) == []
