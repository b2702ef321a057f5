"""Permissions: given once, taken by another, never the last manager's; an auditor changes nothing by any service."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import NOW
from tests.factories import let_in, make_person, sign_in
from tests.services.stored import all_at_once, everything, rows
from training.domain.names import NameRefused
from training.domain.permission import PermissionKind
from training.models import AuditEntry, Permission, Person
from training.services import (
    absences,
    accounts,
    employments,
    exemptions,
    invites,
    organisations,
    people,
    permission_lists,
    permissions,
    reminder_reading,
    runs,
    signoffs,
)
from training.services.accounts import NotAllowed
from training.services.organisations import AlreadyThere, NotFound
from training.services.people import NewPerson
from training.services.permissions import HoldsOtherKind, Outsider, OwnPermission

AUDITOR, MANAGER = PermissionKind.AUDITOR, PermissionKind.MANAGER
TODAY = date(2026, 3, 2)


def give(database, home, person, *, site_id=None, kind=MANAGER, viewer=None):
    known = {"person_id": person.person_id, "site_id": site_id, "kind": kind, "now": NOW}
    permissions.give(database, viewer=viewer or home.viewer, **known)


def take(database, home, person, *, viewer=None):
    (row,) = rows(database, Permission, person_id=person.person_id)
    return permissions.take(database, viewer=viewer or home.viewer, permission_id=row.id, now=NOW)


def signed_in(database, home, *, name, **given):
    """Return somebody with a permission as they are once signed in."""
    person = make_person(database, home, now=NOW, name=name, email=f"{name.lower()}@home.example")
    give(database, home, person, **given)
    return sign_in(database, let_in(database, home, person, now=NOW), now=NOW)


def entries(database, act):
    return [(row.subject_id, row.detail) for row in rows(database, AuditEntry, act=act)]


@pytest.fixture
def auditor(database, home):
    return signed_in(database, home, name="Farah", kind=AUDITOR)


def test_each_kind_and_reach_is_as_it_was_given(database, home):
    reach = {
        "Ann": ({"kind": MANAGER}, (True, frozenset(), False)),
        "Ben": ({"kind": MANAGER, "site_id": home.site_id}, (False, {home.site_id}, False)),
        "Cat": ({"kind": AUDITOR}, (True, frozenset(), True)),
        "Dan": ({"kind": AUDITOR, "site_id": home.site_id}, (False, {home.site_id}, True)),
    }
    for name, (given, seen) in reach.items():
        viewer = signed_in(database, home, name=name, **given)
        assert (viewer.manages_all, viewer.site_ids, viewer.reads_only) == seen
        assert viewer.is_manager
        assert viewer.may_change == (given["kind"] is MANAGER)
        assert viewer.may_change_all == (name == "Ann")


def test_giving_and_taking_stand_in_the_audit_log(database, home, learner):
    give(database, home, learner, site_id=home.site_id, kind=AUDITOR)
    detail = {"kind": "auditor", "site_id": str(home.site_id)}
    assert entries(database, "permission given") == [(learner.person_id, detail)]
    taken = take(database, home, learner)
    assert (taken.kind, taken.site) == (AUDITOR, "First site")
    assert entries(database, "permission taken") == [(learner.person_id, detail)]
    assert rows(database, Permission, person_id=learner.person_id) == []


def test_nobody_is_manager_and_auditor(database, home, learner):
    give(database, home, learner, site_id=home.site_id)
    with pytest.raises(HoldsOtherKind, match="They are a manager, and nobody is both"):
        give(database, home, learner, kind=AUDITOR)
    take(database, home, learner)
    give(database, home, learner, site_id=home.site_id, kind=AUDITOR)
    with pytest.raises(HoldsOtherKind, match="They are an auditor"):
        give(database, home, learner)
    give(database, home, learner, kind=AUDITOR)


def test_whoever_has_the_whole_is_given_no_part(database, home, learner):
    give(database, home, learner)
    for site_id in (None, home.site_id):
        with pytest.raises(AlreadyThere):
            give(database, home, learner, site_id=site_id)


def test_nobody_takes_their_own_so_a_manager_stays(database, home):
    with pytest.raises(OwnPermission):
        take(database, home, home.viewer)
    other = signed_in(database, home, name="Ann")
    take(database, home, home.viewer, viewer=other)
    with pytest.raises(OwnPermission):
        take(database, home, other, viewer=other)
    assert [row.person_id for row in rows(database, Permission)] == [other.person_id]


def test_whose_leave_is_gone_since_their_page_was_opened_gives_and_takes_none(database, home, learner):
    other = signed_in(database, home, name="Ann")
    take(database, home, home.viewer, viewer=other)
    for act in (lambda: give(database, home, learner), lambda: take(database, home, other)):
        with pytest.raises(NotAllowed, match="no longer"):
            act()
    with pytest.raises(NotAllowed, match="no longer"):
        permissions.let_in(
            database, viewer=home.viewer, outsider=Outsider("Eve", ""), site_id=None, kind=AUDITOR, now=NOW
        )


def test_two_managers_who_take_from_each_other_at_once_leave_one(database, home):
    other = signed_in(database, home, name="Ann")
    results = all_at_once(
        lambda: take(database, home, home.viewer, viewer=other), lambda: take(database, home, other, viewer=home.viewer)
    )
    assert sum(isinstance(one, NotAllowed) for one in results) == 1
    assert len(rows(database, Permission)) == 1
    assert len(entries(database, "permission taken")) == 1


def test_the_same_given_twice_at_once_is_given_once(database, home):
    for site_id in (None, home.site_id):
        other = make_person(database, home, now=NOW)
        results = all_at_once(*[lambda: give(database, home, other, site_id=site_id)] * 4)  # noqa: B023 (called at once)
        assert sorted(map(type, results), key=str) == sorted([type(None), *[AlreadyThere] * 3], key=str)
        assert len(rows(database, Permission, person_id=other.person_id)) == 1


def test_both_kinds_given_at_once_leave_one_kind(database, home, learner):
    known = [{"kind": MANAGER, "site_id": home.site_id}, {"kind": AUDITOR, "site_id": None}]
    results = all_at_once(*(lambda given=given: give(database, home, learner, **given) for given in known))
    assert sum(isinstance(one, HoldsOtherKind) for one in results) == 1
    assert len(rows(database, Permission, person_id=learner.person_id)) == 1


def test_somebody_from_outside_looks_and_is_in_no_figure(database, home):
    outsider = Outsider("Farah Iqbal", "Farah@Council.example")
    person_id = permissions.let_in(
        database, viewer=home.viewer, outsider=outsider, site_id=home.site_id, kind=AUDITOR, now=NOW
    )
    slip = people.issue_slip(database, viewer=home.viewer, person_id=person_id, now=NOW)
    name = invites.accept_invite(database, token=slip.token, password="four green teapots", now=NOW)
    viewer = sign_in(database, name, now=NOW)
    assert (name, viewer.reads_only, viewer.site_ids) == ("farah@council.example", True, {home.site_id})
    assert entries(database, "permission given")[-1][1]["from_outside"] is True
    with pytest.raises(AlreadyThere):
        permissions.let_in(database, viewer=home.viewer, outsider=outsider, site_id=None, kind=AUDITOR, now=NOW)
    with pytest.raises(NotFound):
        permissions.let_in(
            database, viewer=home.viewer, outsider=Outsider("Eve", ""), site_id=uuid.uuid4(), kind=AUDITOR, now=NOW
        )
    with pytest.raises(NameRefused):
        permissions.let_in(
            database, viewer=home.viewer, outsider=Outsider(" ", ""), site_id=None, kind=AUDITOR, now=NOW
        )
    assert rows(database, Person, name="Eve") == []


def test_the_list_has_managers_first_and_the_whole_before_sites(database, home, auditor):
    signed_in(database, home, name="Zoe", site_id=home.site_id)
    make_person(database, home, now=NOW)
    listed = permission_lists.list_grants(database, viewer=auditor)
    assert [(one.name, one.kind, one.site) for one in listed] == [
        ("manager", MANAGER, None),
        ("Zoe", MANAGER, "First site"),
        ("Farah", AUDITOR, None),
    ]
    assert [one.sign_in_name for one in listed][:1] == ["manager@home.example"]


def test_people_are_found_by_name_or_number(database, home):
    found = make_person(database, home, now=NOW, name="Ann 100% Smith")
    make_person(database, home, now=NOW, name="Ann Other")
    for search in ("100%", "ann 100"):
        listed = permission_lists.find_people(database, viewer=home.viewer, search=search)
        assert [one.person_id for one in listed] == [found.person_id]
    number = permission_lists.find_people(database, viewer=home.viewer, search="ann 100")[0].staff_number
    assert [one.name for one in permission_lists.find_people(database, viewer=home.viewer, search=number)] == [
        "Ann 100% Smith"
    ]


def test_things_of_a_neighbour_are_not_there(database, home, neighbour, learner):
    (theirs,) = rows(database, Permission, organisation_id=neighbour.viewer.organisation_id)
    before = everything(database)
    for act in (
        lambda: permissions.take(database, viewer=home.viewer, permission_id=theirs.id, now=NOW),
        lambda: permissions.show_grant(database, viewer=home.viewer, permission_id=theirs.id),
        lambda: permission_lists.show_holder(database, viewer=home.viewer, person_id=neighbour.viewer.person_id),
        lambda: give(database, home, neighbour.viewer),
        lambda: give(database, home, learner, site_id=neighbour.site_id),
    ):
        with pytest.raises(NotFound):
            act()
    assert everything(database) == before


@pytest.mark.usefixtures("auditor")
def test_an_auditor_gets_no_digest(database, home):
    with database.read(home.viewer.organisation_id) as session:
        managers = reminder_reading.read_managers(session, day=TODAY)
    assert [one.who.person_id for one in managers] == [home.viewer.person_id]


def test_an_auditor_changes_nothing_by_any_service(database, catalog, home, learner, auditor):
    leave = {"starts_on": TODAY, "ends_on": None, "now": NOW}
    absence_id = absences.add_absence(database, viewer=home.viewer, person_id=learner.person_id, **leave)
    let_off = {
        "catalog": catalog,
        "item": "for-everyone",
        "starts_on": TODAY,
        "ends_on": TODAY,
        "who": "",
        "why": "Ill",
    }
    exemption_id = exemptions.add_exemption(
        database, viewer=home.viewer, person_id=learner.person_id, now=NOW, **let_off
    )
    with database.read(home.viewer.organisation_id) as session:
        (job,) = people.find_contact(session, viewer=home.viewer, person_id=learner.person_id).jobs
    new = NewPerson(
        name="New", email="", staff_number="", job_title_id=job.job_title_id, site_id=job.site_id, starts_on=TODAY
    )
    item = catalog.item("every-kind")
    second = {"job_title_id": job.job_title_id, "site_id": job.site_id, "starts_on": date(2027, 1, 1)}
    settings = runs.messages_page(database, viewer=home.viewer, today=TODAY, now=NOW).settings
    whole, of_site = auditor, replace(auditor, manages_all=False, site_ids=frozenset({home.site_id}))
    before = everything(database)
    for viewer in (whole, of_site):
        known = {"viewer": viewer, "now": NOW}
        person = {**known, "person_id": learner.person_id}
        acts = [
            lambda known=known: people.add_person(database, new=new, **known),
            lambda person=person: people.issue_slip(database, **person),
            lambda person=person: employments.add_job(database, **person, **second),
            lambda known=known: employments.end_job(database, job_id=job.id, ends_on=TODAY, **known),
            lambda known=known: employments.correct_job(database, job_id=job.id, starts_on=date(2026, 1, 1), **known),
            lambda known=known: absences.change_absence(
                database, absence_id=absence_id, **{**leave, **known, "starts_on": date(2026, 2, 1)}
            ),
            lambda known=known: absences.withdraw_absence(database, absence_id=absence_id, **known),
            lambda known=known: exemptions.withdraw_exemption(database, exemption_id=exemption_id, **known),
            lambda known=known: exemptions.end_exemption(
                database, exemption_id=exemption_id, ends_on=date(2026, 4, 1), **known
            ),
            lambda known=known: organisations.add_site(database, name="Theirs", **known),
            lambda known=known: runs.change_settings(database, settings=settings, **known),
            lambda known=known: signoffs.sign_off(
                database,
                catalog=catalog,
                slug=item.slug,
                content_hash=item.content_hash,
                profession="Nurse",
                **known,
            ),
            lambda person=person: permissions.give(database, site_id=None, **person),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act()
    assert everything(database) == before


def test_a_viewer_knows_the_network_they_come_from(database, home):
    token = accounts.open_session(database, account_id=home.viewer.account_id, now=NOW)
    assert accounts.find_viewer(database, token=token, now=NOW, address="203.0.113.77").client == "203.0.113.0/24"
    assert accounts.find_viewer(database, token=token, now=NOW).client == ""
