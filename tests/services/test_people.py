"""People: names as people have them, what is refused in words, and how far a site's manager reaches."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories import learn, let_in, make_person, sign_in
from tests.services.stored import how_many, rows
from training.domain.names import NameRefused
from training.domain.roles import Role
from training.models import Employment, Person, Site
from training.services import certificates, employments, organisations, people, permissions, reports
from training.services.employments import DayRefused
from training.services.organisations import AlreadyThere, NotAllowed, NotFound
from training.services.people import NewPerson
from training.services.reports import PeopleFilter
from training.services.staff import AsOf

TODAY = date(2026, 3, 2)
KEPT_AS_TYPED = (
    "Zoë Llewellyn",
    "李伟",
    "محمد عبد الله",
    "Владимир Ђорђевић",
    "நிலா",
    "O’Connor-Ó Súilleabháin",
    "Robert'); DROP TABLE person;--",
    '"Quote" <b>bold</b> & {{ 7 * 7 }}',
    "=cmd|' /C calc'!A0",
    "+1-800",
    "N",
    "🙂 Smiley 👩‍⚕️",
    "x" * 255,
    "李" * 255,
)
TIDIED = {
    "  Anna \t Maria\r\nKowalska ": "Anna Maria Kowalska",
    "Anna\0 Maria": "Anna Maria",
    "Anna\u202eairaM": "AnnaairaM",
    "\u2066Anna\u2069\u200e": "Anna",
    "Zoe\u0308": "Zoë",
    "Anna\ud800": "Anna",
    "Anna\x1b[31m": "Anna[31m",
}
REFUSED = ("", "   ", "\0", "\u202e\u202e", "\u200b", "\n", "x" * 256, "李" * 256)


def add(database, home, name="Somebody", **changes):
    fields = {
        "email": "",
        "staff_number": "",
        "job_title_id": home.titles[Role.SOCIAL_CARE],
        "site_id": home.site_id,
        "starts_on": TODAY,
        **changes,
    }
    return people.add_person(database, viewer=home.viewer, new=NewPerson(name=name, **fields), now=NOW)


def contact(database, home, person_id):
    with database.read(home.viewer.organisation_id) as session:
        return people.find_contact(session, viewer=home.viewer, person_id=person_id)


def test_names_in_any_script_are_kept_and_found_again(database, catalog, home):
    for name in KEPT_AS_TYPED:
        assert contact(database, home, add(database, home, name)).name == name
    for typed, kept in TIDIED.items():
        assert contact(database, home, add(database, home, typed)).name == kept
    shown = reports.people(
        database, viewer=home.viewer, wanted=PeopleFilter(), catalog=catalog, as_of=AsOf.present(TODAY)
    )
    assert {line.worker.name for line in shown.lines} == {*KEPT_AS_TYPED, *TIDIED.values()}


def test_a_name_of_nothing_or_too_long_is_refused_and_nothing_is_written(database, home):
    before = how_many(database, Person)
    for name in REFUSED:
        with pytest.raises(NameRefused):
            add(database, home, name)
    assert how_many(database, Person) == before


def test_sites_and_job_titles_have_tidy_names_too(database, home):
    for name in ("Bryn Glas / Ward 4", "\u202eAlder\0 House"):
        organisations.add_site(database, viewer=home.viewer, name=name, now=NOW)
        organisations.add_job_title(database, viewer=home.viewer, name=name, role=Role.SOCIAL_CARE, now=NOW)
    sites = [site.name for site in organisations.list_sites(database, viewer=home.viewer)]
    assert sorted(sites) == ["Alder House", "Bryn Glas / Ward 4", "First site"]
    for name in REFUSED:
        with pytest.raises(NameRefused):
            organisations.add_site(database, viewer=home.viewer, name=name, now=NOW)
        with pytest.raises(NameRefused):
            organisations.add_job_title(database, viewer=home.viewer, name=name, role=Role.PRESCRIBER, now=NOW)


def test_a_site_or_a_job_title_is_there_once(database, home):
    for act in (
        lambda: organisations.add_site(database, viewer=home.viewer, name=" First  site ", now=NOW),
        lambda: organisations.add_job_title(
            database, viewer=home.viewer, name=Role.PRESCRIBER.label, role=Role.SOCIAL_CARE, now=NOW
        ),
    ):
        with pytest.raises(AlreadyThere):
            act()


def test_two_people_may_have_one_name_but_not_one_staff_number_or_e_mail_address(database, home):
    add(database, home, "Anna Kowalska", staff_number="A1", email="anna@example.org")
    assert add(database, home, "Anna Kowalska", staff_number="A2")
    before = how_many(database, Person)
    for taken in ({"staff_number": " A1 "}, {"email": "anna@example.org"}, {"email": "ANNA@Example.org "}):
        with pytest.raises(AlreadyThere):
            add(database, home, "Somebody else", **taken)
    assert how_many(database, Person) == before


def test_people_without_staff_number_and_e_mail_do_not_stand_in_each_others_way(database, home):
    first, second = add(database, home, staff_number=" ", email="  "), add(database, home)
    assert contact(database, home, first).staff_number is None
    assert contact(database, home, second).email is None


def test_what_cannot_be_an_e_mail_address_or_a_staff_number_is_refused(database, home):
    addresses = (
        "anna",
        "anna@",
        "@example.org",
        "anna@example",
        "a b@example.org",
        "a@b@c.d",
        "a@" + "x" * 320 + ".org",
    )
    wrong = [{"email": email} for email in addresses] + [{"staff_number": "9" * 61}, {"staff_number": "\u0958" * 31}]
    for one in wrong:
        with pytest.raises(NameRefused):
            add(database, home, **one)
    assert contact(database, home, add(database, home, staff_number="9" * 60)).staff_number == "9" * 60


def test_a_first_day_that_is_a_slip_of_the_keyboard_is_refused(database, home):
    for day in (date(1949, 12, 31), date(226, 3, 2), date(2028, 1, 1), date.max, date.min):
        with pytest.raises(DayRefused):
            add(database, home, starts_on=day)
        with pytest.raises(DayRefused):
            employments.add_job(
                database,
                viewer=home.viewer,
                person_id=home.viewer.person_id,
                job_title_id=home.titles[Role.PRESCRIBER],
                site_id=home.site_id,
                starts_on=day,
                now=NOW,
            )
    for day in (date(1950, 1, 1), date(2027, 12, 31)):
        assert contact(database, home, add(database, home, starts_on=day)).jobs[0].starts_on == day


@pytest.fixture
def two_sites(database, home):
    """The organisation with a second site, somebody at each, and the first site's manager."""
    there = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    mine, other = make_person(database, home, now=NOW), make_person(database, home, now=NOW, site_id=there)
    keeper = make_person(database, home, now=NOW, email="keeper@home.example")
    name = let_in(database, home, keeper, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=keeper.person_id, site_id=home.site_id, now=NOW)
    return there, mine, other, sign_in(database, name, now=NOW)


def test_a_sites_manager_sees_and_serves_that_site_alone(database, catalog, home, two_sites):
    there, mine, other, keeper = two_sites
    assert (keeper.manages_all, keeper.site_ids) == (False, {home.site_id})
    assert [site.name for site in organisations.list_sites(database, viewer=keeper)] == ["First site"]
    shown = reports.people(database, viewer=keeper, wanted=PeopleFilter(), catalog=catalog, as_of=AsOf.present(TODAY))
    assert {line.worker.person_id for line in shown.lines} == {mine.person_id, keeper.person_id}
    assert reports.person(database, viewer=keeper, person_id=mine.person_id, catalog=catalog, today=TODAY)
    assert people.issue_slip(database, viewer=keeper, person_id=mine.person_id, now=NOW).token
    for act in (
        lambda: reports.person(database, viewer=keeper, person_id=other.person_id, catalog=catalog, today=TODAY),
        lambda: people.issue_slip(database, viewer=keeper, person_id=other.person_id, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()
    elsewhere = PeopleFilter(site_id=there)
    assert (
        reports.people(database, viewer=keeper, wanted=elsewhere, catalog=catalog, as_of=AsOf.present(TODAY)).lines
        == ()
    )
    overview = reports.overview(database, viewer=keeper, catalog=catalog, as_of=AsOf.present(TODAY))
    assert (overview.heads, overview.scope) == (2, "First site")


def test_a_sites_manager_changes_that_site_alone(database, home, two_sites):
    there, mine, other, keeper = two_sites
    as_keeper = replace(home, viewer=keeper)
    assert add(database, as_keeper)
    (job,) = rows(database, Employment, person_id=other.person_id)
    for act in (
        lambda: add(database, as_keeper, site_id=there),
        lambda: employments.end_job(database, viewer=keeper, job_id=job.id, ends_on=TODAY, now=NOW),
        lambda: organisations.add_site(database, viewer=keeper, name="Third site", now=NOW),
        lambda: permissions.give(database, viewer=keeper, person_id=mine.person_id, site_id=home.site_id, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert how_many(database, Site) == 2


def test_a_sites_manager_gets_no_link_for_somebody_who_manages_more(database, home, two_sites):
    there, mine, _, keeper = two_sites
    for site_id in (there, None):
        boss = make_person(database, home, now=NOW)
        permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=site_id, now=NOW)
        with pytest.raises(NotAllowed):
            people.issue_slip(database, viewer=keeper, person_id=boss.person_id, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=mine.person_id, site_id=home.site_id, now=NOW)
    assert people.issue_slip(database, viewer=keeper, person_id=mine.person_id, now=NOW)


def test_leave_to_manage_is_given_once(database, home, learner):
    for site_id in (home.site_id, None):
        permissions.give(database, viewer=home.viewer, person_id=learner.person_id, site_id=site_id, now=NOW)
        with pytest.raises(AlreadyThere):
            permissions.give(database, viewer=home.viewer, person_id=learner.person_id, site_id=site_id, now=NOW)


def test_a_sites_manager_looks_up_no_code_from_elsewhere(database, catalog, home, two_sites):
    _, mine, other, keeper = two_sites
    codes = [learn(database, person, catalog=catalog, now=NOW).code for person in (mine, other)]
    assert certificates.look_up(database, viewer=keeper, code=codes[0], today=TODAY).person_id == mine.person_id
    with pytest.raises(NotFound):
        certificates.look_up(database, viewer=keeper, code=codes[1], today=TODAY)
    found = certificates.look_up(database, viewer=home.viewer, code=codes[1], today=TODAY)
    assert (found.person_id, found.name, found.earned.code) == (other.person_id, other.name, codes[1])


def test_ids_by_name_finds_everybody_here(database, home, learner):
    with database.read(home.viewer.organisation_id) as session:
        assert people.ids_by_name(session)[learner.name] == learner.person_id
        assert len(session.scalars(select(Person)).all()) == 2
