"""Slips for one and for many: who may make them, for whom, and how each stands afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import PASSWORD, let_in, make_person
from tests.services.stored import rows
from training.domain.slip import SlipState, state_of
from training.models import AuditEntry, Invite
from training.services import employments, invites, organisations, people, permissions, slip_lists, slips
from training.services.invites import InviteUnusable
from training.services.organisations import NotAllowed, NotFound
from training.services.slip_lists import Asked, Chosen, NobodyChosen, Wanted, Whom
from training.services.slips import NoSlipOut

TODAY = NOW.date()


def issue(database, viewer, person, *, now=NOW):
    return people.issue_slip(database, viewer=viewer, person_id=person.person_id, now=now)


def listed(database, viewer, *, now=NOW, **asked):
    return slip_lists.list_slips(database, viewer=viewer, asked=Asked(**asked), today=TODAY, now=now)


def states(database, viewer, *, now=NOW, **asked):
    return {line.name: line.state for line in listed(database, viewer, now=now, **asked).lines}


def choose(database, viewer, chosen):
    return slip_lists.choose(database, viewer=viewer, chosen=chosen, today=TODAY, now=NOW)


@pytest.fixture
def staff(database, home):
    """Ann without a slip, Ben with one out, Cat who used hers, Dot whose ran out, Eve whose was withdrawn."""
    found = {name: make_person(database, home, now=NOW, name=name) for name in ("Ann", "Ben", "Cat", "Dot", "Eve")}
    long_ago = NOW - timedelta(days=30)
    issue(database, home.viewer, found["Dot"], now=long_ago)
    for _ in range(2):
        issue(database, home.viewer, found["Ben"])
    let_in(database, home, found["Cat"], now=NOW)
    issue(database, home.viewer, found["Eve"])
    slips.withdraw_slip(database, viewer=home.viewer, person_id=found["Eve"].person_id, now=NOW)
    return found


@pytest.fixture
def second(database, home):
    return organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)


@pytest.fixture
def of_first(home):
    """A manager of the first site alone."""
    return replace(home.viewer, manages_all=False, site_ids=frozenset({home.site_id}))


def test_the_list_says_who_has_a_slip_out_used_and_run_out(database, home, staff):
    found = states(database, home.viewer)
    assert {name: found[name].value for name in staff} == {
        "Ann": "none",
        "Ben": "out",
        "Cat": "used",
        "Dot": "expired",
        "Eve": "withdrawn",
    }
    page = listed(database, home.viewer)
    assert page.counts[SlipState.OUT] == 1
    assert page.never_signed_in == 4, "Cat and the manager have signed in"
    assert states(database, home.viewer, state=SlipState.OUT) == {"Ben": SlipState.OUT}
    assert list(states(database, home.viewer, search="ca")) == ["Cat"]
    (ben,) = listed(database, home.viewer, search="Ben").lines
    assert (ben.sites, ben.sign_in_name, ben.at.date().isoformat()) == (("First site",), None, "2026-03-16")


def test_the_database_and_the_domain_see_slips_alike(database, home, staff):
    for moment in (NOW, NOW + timedelta(days=20)):
        found = {line.person_id: line.state for line in listed(database, home.viewer, now=moment).lines}
        for person in staff.values():
            mine = sorted(rows(database, Invite, person_id=person.person_id), key=lambda row: row.withdrawn_at is None)
            instants = {
                name: getattr(mine[-1], name) if mine else None for name in ("expires_at", "used_at", "withdrawn_at")
            }
            assert found[person.person_id] is state_of(**instants, now=moment)


def test_a_withdrawn_slip_opens_nothing_and_cannot_be_withdrawn_again(database, home, learner):
    slip = issue(database, home.viewer, learner)
    known = {"viewer": home.viewer, "person_id": learner.person_id, "now": NOW}
    assert slips.withdraw_slip(database, **known) == learner.name
    for key in (slip.token, slip.code):
        with pytest.raises(InviteUnusable, match="does not work any more"):
            invites.accept_invite(database, token=key, password=PASSWORD, now=NOW)
    with pytest.raises(NoSlipOut):
        slips.withdraw_slip(database, **known)
    acts = [row.act for row in rows(database, AuditEntry, subject_id=learner.person_id)]
    assert sorted(acts) == ["one-time link made", "one-time link withdrawn", "person added"]


def test_slips_are_chosen_by_who_never_signed_in_and_who_has_none_out(database, home, staff):
    ids = {person.person_id: name for name, person in staff.items()}

    def names(whom, **more):
        found = choose(database, home.viewer, Chosen(whom, **more))
        return [ids[each] for each in found if each in ids]

    assert names(Whom.WAITING) == ["Ann", "Dot", "Eve"]
    assert names(Whom.NEVER) == ["Ann", "Ben", "Dot", "Eve"]
    assert names(Whom.EVERYBODY) == ["Ann", "Ben", "Cat", "Dot", "Eve"]
    assert names(Whom.ADDED, since=TODAY) == ["Ann", "Ben", "Dot", "Eve"]
    known = {"viewer": home.viewer, "today": TODAY, "now": NOW}
    shown = slip_lists.preview(database, chosen=Chosen(Whom.EVERYBODY), **known)
    assert (shown.people, shown.voided, shown.signed_in) == (6, 1, 2), "the manager is one of them"


@pytest.mark.usefixtures("staff")
def test_people_added_before_the_day_are_left_out_and_those_of_that_day_are_in(database, home):
    tomorrow = NOW + timedelta(days=1)
    late = make_person(database, home, now=tomorrow, name="Late")
    known = {"viewer": home.viewer, "today": tomorrow.date(), "now": tomorrow}
    chosen = Chosen(Whom.ADDED, since=tomorrow.date())
    assert slip_lists.choose(database, chosen=chosen, **known) == (late.person_id,)


@pytest.mark.usefixtures("staff")
def test_a_choice_of_nobody_or_of_too_many_is_refused(database, home, second, monkeypatch):
    with pytest.raises(NobodyChosen, match="Nobody fits"):
        choose(database, home.viewer, Chosen(Whom.WAITING, site_id=second))
    monkeypatch.setattr(slip_lists, "MOST", 2)
    with pytest.raises(NobodyChosen, match="Choose one site"):
        choose(database, home.viewer, Chosen(Whom.NEVER))


def test_the_manager_of_one_site_makes_slips_for_its_people_alone(database, home, of_first, staff, second):
    other = make_person(database, home, now=NOW, name="Other", site_id=second)
    boss = make_person(database, home, now=NOW, name="Boss")
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=second, now=NOW)
    assert set(states(database, of_first)) == set(staff)
    chosen = choose(database, of_first, Chosen(Whom.EVERYBODY))
    assert set(chosen) == {person.person_id for person in staff.values()}
    with pytest.raises(NotFound):
        issue(database, of_first, other)
    with pytest.raises(NotAllowed, match="manages more"):
        issue(database, of_first, boss)
    with pytest.raises(NobodyChosen):
        choose(database, of_first, Chosen(Whom.EVERYBODY, site_id=second))
    assert {"Other", "Boss"} <= set(states(database, home.viewer))


@pytest.mark.usefixtures("staff")
def test_an_auditor_chooses_nobody(database, home):
    with pytest.raises(NotAllowed):
        choose(database, replace(home.viewer, reads_only=True), Chosen(Whom.NEVER))


def test_another_organisation_sees_no_slips_of_ours(database, neighbour, staff):
    assert not set(states(database, neighbour.viewer)) & set(staff)


def test_many_slips_are_made_in_order_and_whoever_left_meanwhile_is_counted(database, home, of_first, staff, second):
    other = make_person(database, home, now=NOW, name="Other", site_id=second)
    wanted = [staff["Ben"].person_id, other.person_id, staff["Ann"].person_id]
    told = []
    known = {"viewer": of_first, "person_ids": wanted, "now": lambda: NOW + timedelta(hours=1)}
    batch = slips.issue_many(database, told=told.append, **known)
    assert ([slip.name for slip in batch.made], batch.left_out, told) == (["Ben", "Ann"], 1, [3])
    assert len({slip.code for slip in batch.made}) == 2
    assert invites.accept_invite(database, token=batch.made[0].code, password=PASSWORD, now=NOW)


def test_a_slip_is_read_again_only_with_both_its_secrets(database, home, of_first, staff, second):
    slip = issue(database, home.viewer, staff["Ann"])
    read = slips.read_slip(database, viewer=of_first, token=slip.token, code=slip.code, now=NOW)
    assert read == slip
    other = issue(database, home.viewer, staff["Dot"])
    with pytest.raises(InviteUnusable):
        slips.read_slip(database, viewer=of_first, token=slip.token, code=other.code, now=NOW)
    elsewhere = issue(database, home.viewer, make_person(database, home, now=NOW, site_id=second))
    with pytest.raises(NotFound):
        slips.read_slip(database, viewer=of_first, token=elsewhere.token, code=elsewhere.code, now=NOW)


def test_somebody_who_has_left_gets_no_slip(database, home, staff):
    with database.read(home.viewer.organisation_id) as session:
        job = people.find_contact(session, viewer=home.viewer, person_id=staff["Ann"].person_id).jobs[0]
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=TODAY, now=NOW)
    later = {"today": TODAY + timedelta(days=1), "now": NOW + timedelta(days=1)}
    page = slip_lists.list_slips(database, viewer=home.viewer, asked=Asked(), **later)
    assert "Ann" not in {line.name for line in page.lines}


def test_an_order_of_slips_is_read_as_it_was_kept(staff):
    wanted = Wanted(tuple(person.person_id for person in staff.values()), 20)
    assert Wanted.read(slip_lists.order_of(wanted).wanted) == wanted


def test_a_slip_says_all_that_paper_needs(database, home, staff):
    slip = issue(database, home.viewer, staff["Ann"])
    printed = slips.printed(slip, viewer=home.viewer, base_url="https://training.example.org/")
    assert printed["address"] == f"https://training.example.org/join/{slip.token}"
    assert printed["short_address"] == "training.example.org/join"
    assert (printed["name"], printed["organisation"], printed["until"]) == ("Ann", "Home", "16 Mar 2026")
    assert printed["code"].replace("-", "") == slip.code
