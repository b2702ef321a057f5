"""Slips: used once, for a while, by whom they are meant for; and accounts that several organisations share."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from tests.conftest import NOW
from tests.factories import PASSWORD, let_in, make_person, sign_in
from tests.services.stored import all_at_once, everything, rows
from training.domain.slip import grouped
from training.models import Account, Invite, Person
from training.services import accounts, invites, people
from training.services.accounts import SignInRefused, token_hash
from training.services.invites import AccountShared, InviteUnusable, InviteUsed, SignInNameTaken
from training.services.organisations import NotFound
from training.services.passwords import PasswordTooWeak

OTHER = "five green teapots"
EMAIL = "anna@example.org"


def slip(database, home, person, *, now=NOW):
    return people.issue_slip(database, viewer=home.viewer, person_id=person.person_id, now=now).token


def accept(database, token, *, password=PASSWORD, now=NOW):
    return invites.accept_invite(database, token=token, password=password, now=now)


@pytest.fixture
def anna(database, home):
    """Somebody with an e-mail address who has set a password."""
    person = make_person(database, home, now=NOW, name="Anna", email=EMAIL)
    let_in(database, home, person, now=NOW)
    return person


@pytest.fixture
def anna_there(database, anna, neighbour):
    """The same human being as the neighbour knows her, with the one account leading to both."""
    there = make_person(database, neighbour, now=NOW, name=anna.name, email=EMAIL)
    mine = sign_in(database, EMAIL, now=NOW)
    invites.join_account(database, token=slip(database, neighbour, there), account_id=mine.account_id, now=NOW)
    return there


def test_a_link_says_whom_it_is_for_and_sets_their_password(database, home):
    person = make_person(database, home, now=NOW, name="Anna", email="Anna@Example.org")
    token = slip(database, home, person)
    shown = invites.show_invite(database, token=token, now=NOW)
    assert (shown.person_name, shown.organisation_name, shown.sign_in_name) == ("Anna", "Home", EMAIL)
    assert shown.is_new
    assert accept(database, token) == EMAIL
    assert sign_in(database, EMAIL, now=NOW).person_id == person.person_id


def test_a_link_works_once(database, home, learner):
    token = slip(database, home, learner)
    name = accept(database, token)
    for use in (accept, partial(invites.show_invite, now=NOW)):
        with pytest.raises(InviteUnusable, match="used already"):
            use(database, token=token)
    assert sign_in(database, name, now=NOW)


def test_of_four_who_use_a_link_at_once_one_gets_in(database, home, learner):
    token = slip(database, home, learner)
    outcomes = all_at_once(*[partial(accept, database, token, password=f"teapot number {n}") for n in range(4)])
    assert [type(one) for one in outcomes if not isinstance(one, str)] == [InviteUsed] * 3
    number = next(index for index, one in enumerate(outcomes) if isinstance(one, str))
    assert sign_in(database, outcomes[number], now=NOW, password=f"teapot number {number}")


def test_a_link_works_to_the_end_of_the_fourteenth_day_and_no_longer(database, home, learner):
    token = slip(database, home, learner)
    midnight = datetime(2026, 3, 17, tzinfo=UTC)
    with pytest.raises(InviteUnusable, match="run out"):
        accept(database, token, now=midnight)
    assert accept(database, token, now=midnight - timedelta(seconds=1))


def test_a_new_link_ends_the_one_before(database, home, learner):
    old = slip(database, home, learner)
    new = slip(database, home, learner, now=NOW + timedelta(hours=1))
    with pytest.raises(InviteUnusable, match="does not work any more"):
        accept(database, old)
    assert accept(database, new)


def test_a_link_that_never_was_is_unusable(database):
    for token in ("", "no such link", "\0"):
        with pytest.raises(InviteUnusable):
            accept(database, token)


def test_a_weak_password_keeps_the_link_working(database, home, learner):
    token = slip(database, home, learner)
    for weak in ("short", "password12"):
        with pytest.raises(PasswordTooWeak):
            accept(database, token, password=weak)
    assert accept(database, token)


def test_a_name_is_no_password(database, home):
    person = make_person(database, home, now=NOW, email="anna.kowalska@example.org")
    token = slip(database, home, person)
    with pytest.raises(PasswordTooWeak):
        accept(database, token, password="Anna.Kowalska")


def test_somebody_without_e_mail_gets_a_name_that_can_be_copied_from_paper(database, home):
    names = [accept(database, slip(database, home, make_person(database, home, now=NOW))) for _ in range(5)]
    assert len(set(names)) == 5
    for name in names:
        start, _, made_up = name.rpartition("-")
        assert start == "home"
        assert len(made_up) == 5
        assert set(made_up) <= set(invites.LETTERS)
        assert sign_in(database, name.upper(), now=NOW)


def test_a_link_for_somebody_with_an_account_sets_a_new_password_and_ends_their_sessions(database, home, anna):
    token = accounts.sign_in(database, sign_in_name=EMAIL, password=PASSWORD, now=NOW, client="a phone")
    link = slip(database, home, anna)
    shown = invites.show_invite(database, token=link, now=NOW)
    assert (shown.is_new, shown.sign_in_name) == (False, EMAIL)
    assert accept(database, link, password=OTHER) == EMAIL
    assert accounts.find_viewer(database, token=token, now=NOW) is None
    with pytest.raises(SignInRefused):
        sign_in(database, EMAIL, now=NOW)
    assert sign_in(database, EMAIL, now=NOW, password=OTHER).person_id == anna.person_id


def test_an_e_mail_address_that_signs_somebody_in_makes_no_second_account(database, anna, neighbour):
    there = make_person(database, neighbour, now=NOW, email="ANNA@example.org")
    token = slip(database, neighbour, there)
    with pytest.raises(SignInNameTaken):
        accept(database, token, password=OTHER)
    assert sign_in(database, EMAIL, now=NOW).person_id == anna.person_id
    assert len(rows(database, Account, sign_in_name=EMAIL)) == 1


def test_one_account_leads_to_both_organisations(database, anna, anna_there):
    token = accounts.sign_in(database, sign_in_name=EMAIL, password=PASSWORD, now=NOW, client="a phone")
    here = accounts.find_viewer(database, token=token, now=NOW)
    assert here.person_id == anna.person_id
    assert [place.organisation_name for place in accounts.list_places(database, viewer=here)] == ["Home", "Neighbour"]
    accounts.change_place(database, token=token, organisation_id=anna_there.organisation_id)
    there = accounts.find_viewer(database, token=token, now=NOW)
    assert (there.person_id, there.organisation_name) == (anna_there.person_id, "Neighbour")
    assert not there.is_manager


def test_neither_organisation_can_reset_a_shared_account(database, home, neighbour, anna, anna_there):
    for one, person in ((home, anna), (neighbour, anna_there)):
        with pytest.raises(AccountShared):
            accept(database, slip(database, one, person), password=OTHER)
    assert sign_in(database, EMAIL, now=NOW)


@pytest.mark.usefixtures("anna_there")
def test_the_operator_can_reset_a_shared_account(database):
    given = people.reset(database, sign_in_name=f" {EMAIL.upper()} ", now=NOW)
    assert accept(database, given.token, password=OTHER) == EMAIL
    assert sign_in(database, EMAIL, now=NOW, password=OTHER)


def test_the_operator_cannot_reset_a_name_that_nobody_has(database):
    with pytest.raises(NotFound):
        people.reset(database, sign_in_name="nobody@example.org", now=NOW)


def test_an_account_does_not_join_as_a_second_person_of_one_organisation(database, home, anna, learner):
    mine = sign_in(database, EMAIL, now=NOW)
    token = slip(database, home, learner)
    with pytest.raises(InviteUnusable, match="another person"):
        invites.join_account(database, token=token, account_id=mine.account_id, now=NOW)
    assert [row.name for row in rows(database, Person, account_id=mine.account_id)] == [anna.name]
    assert accept(database, token)


@pytest.mark.usefixtures("anna")
def test_an_account_does_not_take_over_a_person_who_has_another(database, neighbour):
    there = make_person(database, neighbour, now=NOW)
    let_in(database, neighbour, there, now=NOW)
    mine = sign_in(database, EMAIL, now=NOW)
    with pytest.raises(InviteUnusable, match="another account"):
        invites.join_account(database, token=slip(database, neighbour, there), account_id=mine.account_id, now=NOW)


def test_joining_uses_the_link_up(database, anna, neighbour):
    there = make_person(database, neighbour, now=NOW)
    token = slip(database, neighbour, there)
    mine = sign_in(database, EMAIL, now=NOW)
    invites.join_account(database, token=token, account_id=mine.account_id, now=NOW)
    for use in (accept, partial(invites.join_account, account_id=mine.account_id, now=NOW)):
        with pytest.raises(InviteUnusable):
            use(database, token=token)
    assert anna.person_id != there.person_id


def test_a_code_does_what_its_link_does_and_either_uses_both_up(database, home, learner):
    given = people.issue_slip(database, viewer=home.viewer, person_id=learner.person_id, now=NOW)
    name = accept(database, grouped(given.code).lower())
    assert sign_in(database, name, now=NOW).person_id == learner.person_id
    for key in (given.token, given.code):
        with pytest.raises(InviteUnusable, match="used already"):
            accept(database, key)


def test_neither_the_link_nor_the_code_is_stored_as_it_is(database, home, learner):
    given = people.issue_slip(database, viewer=home.viewer, person_id=learner.person_id, now=NOW)
    stored = " ".join(line for lines in everything(database).values() for line in lines)
    (row,) = rows(database, Invite, person_id=learner.person_id)
    assert given.token not in stored
    assert given.code not in f"{row.token_hash} {row.code_hash} {row.sign_in_name}"
    assert row.code_hash not in {token_hash(given.code), given.code}, "a plain hash of 45 bits is soon tried out"


def test_the_name_on_a_slip_is_the_one_that_its_owner_gets_also_on_a_slip_made_anew(database, home, learner):
    first = people.issue_slip(database, viewer=home.viewer, person_id=learner.person_id, now=NOW)
    again = people.issue_slip(database, viewer=home.viewer, person_id=learner.person_id, now=NOW + timedelta(days=20))
    assert first.sign_in_name == again.sign_in_name
    assert accept(database, again.token, now=NOW + timedelta(days=20)) == first.sign_in_name


def test_a_slip_for_somebody_with_an_e_mail_address_or_an_account_says_what_they_sign_in_with(database, home, anna):
    newcomer = make_person(database, home, now=NOW, email="New@Example.org")
    known = {"viewer": home.viewer, "now": NOW}
    assert people.issue_slip(database, person_id=newcomer.person_id, **known).sign_in_name == "new@example.org"
    assert people.issue_slip(database, person_id=anna.person_id, **known).sign_in_name == EMAIL


def test_a_new_account_has_the_id_that_was_told_beforehand(database, home, learner):
    token = slip(database, home, learner)
    told = invites.show_invite(database, token=token, now=NOW).account_id
    assert sign_in(database, accept(database, token), now=NOW).account_id == told
