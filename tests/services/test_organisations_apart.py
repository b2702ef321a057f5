"""Tenancy, act by act: with another organisation's ids every service finds nothing, and changes nothing."""

import uuid
from dataclasses import dataclass
from datetime import date

import pytest

from tests.conftest import NOW
from tests.factories import begin, learn, make_person
from tests.services.stored import everything, how_many, rows
from training.domain.roles import Role
from training.models import Employment, Site
from training.services import (
    accounts,
    certificates,
    employments,
    learning,
    organisations,
    people,
    permissions,
    records,
    reports,
)
from training.services.accounts import SessionUnknown, Viewer
from training.services.learning import AttemptNotOpen
from training.services.organisations import NotAllowed, NotFound
from training.services.people import NewPerson
from training.services.reports import PeopleFilter
from training.services.staff import AsOf

TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Theirs:
    """What a neighbour has: somebody who passed one item and is in the middle of others."""

    person: Viewer
    job_id: uuid.UUID
    site_id: uuid.UUID
    title_id: uuid.UUID
    passed: uuid.UUID
    code: str
    module: uuid.UUID
    story: uuid.UUID


@pytest.fixture
def theirs(database, catalog, neighbour) -> Theirs:
    person = make_person(database, neighbour, now=NOW, name="Neighbour Person")
    receipt = learn(database, person, catalog=catalog, now=NOW)
    return Theirs(
        person=person,
        job_id=rows(database, Employment, person_id=person.person_id)[0].id,
        site_id=neighbour.site_id,
        title_id=neighbour.titles[Role.SOCIAL_CARE],
        passed=receipt.attempt_id,
        code=receipt.code,
        module=begin(database, person, catalog=catalog, slug="for-everyone", now=NOW),
        story=begin(database, person, catalog=catalog, slug="the-story", now=NOW),
    )


def new(home, **changes):
    fields = {"job_title_id": home.titles[Role.SOCIAL_CARE], "site_id": home.site_id, **changes}
    return NewPerson(name="Somebody", email="", staff_number="", starts_on=TODAY, **fields)


def add_job(database, home, learner, **changes):
    fields = {
        "person_id": learner.person_id,
        "job_title_id": home.titles[Role.PRESCRIBER],
        "site_id": home.site_id,
        **changes,
    }
    employments.add_job(database, viewer=home.viewer, starts_on=TODAY, now=NOW, **fields)


def test_a_manager_reaches_nobody_and_nothing_of_the_neighbour(database, home, learner, theirs):
    before, viewer, person_id = everything(database), home.viewer, theirs.person.person_id
    acts = [
        lambda: people.add_person(database, viewer=viewer, new=new(home, site_id=theirs.site_id), now=NOW),
        lambda: people.add_person(database, viewer=viewer, new=new(home, job_title_id=theirs.title_id), now=NOW),
        lambda: add_job(database, home, learner, person_id=person_id),
        lambda: add_job(database, home, learner, site_id=theirs.site_id),
        lambda: add_job(database, home, learner, job_title_id=theirs.title_id),
        lambda: employments.end_job(database, viewer=viewer, job_id=theirs.job_id, ends_on=TODAY, now=NOW),
        lambda: permissions.give(database, viewer=viewer, person_id=person_id, site_id=None, now=NOW),
        lambda: permissions.give(database, viewer=viewer, person_id=learner.person_id, site_id=theirs.site_id, now=NOW),
        lambda: people.issue_slip(database, viewer=viewer, person_id=person_id, now=NOW),
        lambda: certificates.look_up(database, viewer=viewer, code=theirs.code, today=TODAY),
    ]
    for number, act in enumerate(acts):
        with pytest.raises(NotFound):
            pytest.fail(f"act {number} gave {act()}")
    assert everything(database) == before


def test_a_learner_reaches_no_attempt_of_the_neighbour(database, learner, theirs):
    before = everything(database)
    for attempt_id in (theirs.passed, theirs.module, theirs.story):
        for show in (records.result, certificates.certificate):
            with pytest.raises(NotFound):
                show(database, viewer=learner, attempt_id=attempt_id)
        with pytest.raises(AttemptNotOpen):
            learning.finish(database, viewer=learner, attempt_id=attempt_id, now=NOW)
        with pytest.raises(AttemptNotOpen):
            learning.choose(database, viewer=learner, attempt_id=attempt_id, step=0, choice="monday:1", now=NOW)
        with pytest.raises(AttemptNotOpen):
            learning.save_answer(
                database, viewer=learner, attempt_id=attempt_id, question_id="first-step", answer=("a",), now=NOW
            )
    assert learning.open_attempt(database, viewer=learner, slug="the-story") is None
    assert everything(database) == before


def test_reports_know_nobody_of_the_neighbour(database, catalog, home, learner, theirs):
    viewer = home.viewer
    overview = reports.overview(database, viewer=viewer, catalog=catalog, as_of=AsOf.present(TODAY))
    assert overview.heads == 1
    assert [figure.name for figure in overview.by_site] == ["First site"]
    everybody = reports.people(
        database, viewer=viewer, wanted=PeopleFilter(), catalog=catalog, as_of=AsOf.present(TODAY)
    )
    assert {line.worker.person_id for line in everybody.lines} == {learner.person_id}
    for wanted in (PeopleFilter(site_id=theirs.site_id), PeopleFilter(search="Neighbour")):
        assert (
            reports.people(database, viewer=viewer, wanted=wanted, catalog=catalog, as_of=AsOf.present(TODAY)).lines
            == ()
        )
    with pytest.raises(NotFound):
        reports.person(database, viewer=viewer, person_id=theirs.person.person_id, catalog=catalog, today=TODAY)


def test_lists_hold_only_what_is_here(database, home, theirs):
    assert [site.id for site in organisations.list_sites(database, viewer=home.viewer)] == [home.site_id]
    titles = {title.id for title in organisations.list_job_titles(database, viewer=home.viewer)}
    assert titles == set(home.titles.values())
    assert theirs.title_id not in titles


def test_the_same_names_may_stand_in_both(database, home, theirs):
    here = people.add_person(database, viewer=home.viewer, new=new(home), now=NOW)
    assert here != theirs.person.person_id
    assert len(rows(database, Site, name="First site")) == 2


def test_a_session_goes_to_no_organisation_that_the_account_does_not_lead_to(database, home, theirs):
    viewer = home.viewer
    token = accounts.open_session(database, account_id=viewer.account_id, now=NOW)
    for organisation_id in (theirs.person.organisation_id, 10_000):
        with pytest.raises(SessionUnknown):
            accounts.change_place(database, token=token, organisation_id=organisation_id)
    with pytest.raises(SessionUnknown):
        accounts.change_place(database, token="no such token", organisation_id=viewer.organisation_id)
    assert [place.organisation_name for place in accounts.list_places(database, viewer=viewer)] == ["Home"]
    assert accounts.find_viewer(database, token=token, now=NOW).organisation_id == viewer.organisation_id


def test_somebody_who_manages_nothing_may_set_up_nothing(database, home, learner):
    before = how_many(database, Site)
    acts = [
        lambda: organisations.add_site(database, viewer=learner, name="Mine", now=NOW),
        lambda: organisations.add_job_title(database, viewer=learner, name="Mine", role=Role.PRESCRIBER, now=NOW),
        lambda: people.add_person(database, viewer=learner, new=new(home), now=NOW),
        lambda: add_job(database, type(home)(learner, home.site_id, home.titles), learner),
        lambda: permissions.give(database, viewer=learner, person_id=learner.person_id, site_id=None, now=NOW),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotFound):
        people.issue_slip(database, viewer=learner, person_id=learner.person_id, now=NOW)
    assert how_many(database, Site) == before
