"""PINs: chosen by their owners alone, tried on shared tablets alone, and slow to guess."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import let_in, make_person
from tests.services.stored import rows
from tests.services.test_tablets import share
from training.domain.pin import PinRefused
from training.models import Account, AuditEntry, Invite, Person, Pin, SignInSession
from training.services import accounts, invites, people, pins, tablets, throttles
from training.services.accounts import SignInRefused, Viewer
from training.services.invites import InviteUnusable
from training.services.organisations import NotFound
from training.services.pins import PinLocked, PinMissing, PinWrong
from training.services.tablets import Device
from training.services.throttles import TooManyTries

PIN = "7293"


@pytest.fixture
def device(database, home) -> Device:
    return share(database, home.viewer, home.site_id)


@pytest.fixture
def signed_up(database, home, learner) -> Viewer:
    """The learner, with a password and a PIN."""
    let_in(database, home, learner, now=NOW)
    pins.set_own(database, viewer=learner, pin=PIN, now=NOW)
    return learner


def enter(database, device: Device, who: Viewer, pin: str = PIN, *, now=NOW) -> str:
    return pins.enter(database, device=device, person_id=who.person_id, pin=pin, now=now)


def slip_of(database, home, who: Viewer):
    return people.issue_slip(database, viewer=home.viewer, person_id=who.person_id, now=NOW)


def test_the_right_pin_signs_its_owner_in_on_the_tablet(database, device, signed_up):
    viewer = accounts.find_viewer(database, token=enter(database, device, signed_up, " 72 93 "), now=NOW)
    assert (viewer.person_id, viewer.tablet_id) == (signed_up.person_id, device.tablet_id)


def test_a_pin_is_kept_hashed_and_nowhere_else(database, signed_up):
    (row,) = rows(database, Pin)
    assert row.person_id == signed_up.person_id
    assert row.pin_hash.startswith("$argon2id$")
    assert PIN not in " ".join(str(entry.detail) for entry in rows(database, AuditEntry))


def test_a_pin_is_no_password(database, home, learner):
    name = let_in(database, home, learner, now=NOW)
    pins.set_own(database, viewer=learner, pin="72930518", now=NOW)
    with pytest.raises(SignInRefused):
        accounts.sign_in(database, sign_in_name=name, password="72930518", now=NOW, client="a test")


def test_nobody_else_gets_in_with_it(database, home, device, signed_up):
    other = make_person(database, home, now=NOW, name="Other")
    let_in(database, home, other, now=NOW)
    with pytest.raises(PinMissing, match="You have not chosen a PIN yet"):
        enter(database, device, other)
    pins.set_own(database, viewer=other, pin="5190", now=NOW)
    with pytest.raises(PinWrong):
        enter(database, device, other)
    assert enter(database, device, signed_up)


def test_a_session_on_a_tablet_is_over_after_three_minutes_or_an_hour(database, device, signed_up):
    token, now = enter(database, device, signed_up), NOW
    for _ in range(20):
        now += timedelta(minutes=2, seconds=55)
        assert accounts.find_viewer(database, token=token, now=now) is not None
    left_alone = enter(database, device, signed_up)
    assert accounts.find_viewer(database, token=left_alone, now=NOW + timedelta(minutes=3, seconds=6)) is None
    assert accounts.find_viewer(database, token=token, now=NOW + timedelta(minutes=60, seconds=1)) is None


def test_an_hour_is_the_longest_however_busy_somebody_is(database, device, signed_up):
    token, now = enter(database, device, signed_up), NOW
    while now < NOW + timedelta(minutes=59):
        now += timedelta(minutes=1)
        viewer = accounts.find_viewer(database, token=token, now=now)
        assert viewer.leaves_at == NOW + timedelta(minutes=60)
    assert accounts.find_viewer(database, token=token, now=NOW + timedelta(minutes=60, seconds=1)) is None


def test_one_person_at_a_time_is_signed_in_on_a_tablet(database, home, device, signed_up):
    other = make_person(database, home, now=NOW, name="Other")
    let_in(database, home, other, now=NOW)
    pins.set_own(database, viewer=other, pin="5190", now=NOW)
    first = enter(database, device, signed_up)
    second = enter(database, device, other, "5190")
    assert accounts.find_viewer(database, token=first, now=NOW) is None
    assert accounts.find_viewer(database, token=second, now=NOW) is not None


def test_the_manager_sees_when_a_tablet_was_last_used(database, home, device, signed_up):
    (before,) = tablets.list_tablets(database, viewer=home.viewer)
    enter(database, device, signed_up, now=NOW + timedelta(hours=1))
    (after,) = tablets.list_tablets(database, viewer=home.viewer)
    assert (before.last_used_at, after.last_used_at) == (None, NOW + timedelta(hours=1))


def test_the_fifth_wrong_try_locks_a_pin_for_a_time_that_grows(database, device, signed_up):
    for left in ("4 more tries", "3 more tries", "2 more tries", "One more try"):
        with pytest.raises(PinWrong, match=left):
            enter(database, device, signed_up, "0001")
    with pytest.raises(PinWrong, match="locked for 5 minutes"):
        enter(database, device, signed_up, "0001")
    with pytest.raises(PinLocked, match="locked for 1 minute more"):
        enter(database, device, signed_up, now=NOW + timedelta(minutes=4, seconds=1))
    with pytest.raises(PinWrong, match="locked for 15 minutes"):
        enter(database, device, signed_up, "0001", now=NOW + timedelta(minutes=5))
    with pytest.raises(PinLocked):
        enter(database, device, signed_up, now=NOW + timedelta(minutes=19, seconds=59))
    assert enter(database, device, signed_up, now=NOW + timedelta(minutes=20))
    with pytest.raises(PinWrong, match="4 more tries"):
        enter(database, device, signed_up, "0001", now=NOW + timedelta(minutes=20))


def test_what_cannot_be_a_pin_counts_as_a_wrong_try(database, device, signed_up):
    with pytest.raises(PinWrong):
        enter(database, device, signed_up, "x" * 500)
    assert rows(database, Pin)[0].wrong == 1


def test_many_tries_at_once_are_no_more_than_one_after_another(database, device, signed_up):
    def guess(number: int) -> str:
        try:
            return enter(database, device, signed_up, f"{number:04}")
        except (PinWrong, PinLocked) as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(8) as guessers:
        told = list(guessers.map(guess, range(16)))
    assert (told.count("PinWrong"), told.count("PinLocked")) == (5, 11)


def test_a_tablet_on_which_many_pins_were_wrong_waits(database, home, device):
    for number in range(8):
        person = make_person(database, home, now=NOW, name=f"Person {number}")
        let_in(database, home, person, now=NOW)
        pins.set_own(database, viewer=person, pin=PIN, now=NOW)
        for _ in range(4 if number < 7 else 2):
            with pytest.raises(PinWrong):
                enter(database, device, person, "0001")
    with pytest.raises(TooManyTries, match="Wait 15 minutes"):
        enter(database, device, person)
    assert enter(database, share(database, home.viewer, home.site_id), person), "another tablet is not held up"
    assert enter(database, device, person, now=NOW + throttles.WINDOW)


def test_an_easy_pin_is_refused_and_the_one_before_stays(database, device, signed_up):
    with pytest.raises(PinRefused):
        pins.set_own(database, viewer=signed_up, pin="1234", now=NOW)
    assert enter(database, device, signed_up)


def test_nobody_chooses_their_staff_number(database, learner):
    with database.write(learner.organisation_id) as session:
        session.get_one(Person, (learner.organisation_id, learner.person_id)).staff_number = "A-7293"
    with pytest.raises(PinRefused, match="your staff number"):
        pins.set_own(database, viewer=learner, pin=PIN, now=NOW)


def test_a_new_pin_takes_the_place_of_the_old_one_and_of_its_lock(database, device, signed_up):
    for _ in range(5):
        with pytest.raises(PinWrong):
            enter(database, device, signed_up, "0001")
    pins.set_own(database, viewer=signed_up, pin="5190", now=NOW)
    with pytest.raises(PinWrong):
        enter(database, device, signed_up)
    assert enter(database, device, signed_up, "5190")


def test_on_a_tablet_the_old_pin_is_asked_before_a_new_one_is_set(database, device, signed_up):
    here = accounts.find_viewer(database, token=enter(database, device, signed_up), now=NOW)
    with pytest.raises(PinWrong, match="4 more tries"):
        pins.set_own(database, viewer=here, pin="5190", old="0001", now=NOW)
    pins.set_own(database, viewer=here, pin="5190", old=PIN, now=NOW)
    assert enter(database, device, signed_up, "5190")


def test_a_slip_sets_a_pin_on_the_tablet_once_for_somebody_with_no_account(database, home, device, learner):
    slip = slip_of(database, home, learner)
    known = {"device": device, "person_id": learner.person_id, "code": slip.code, "now": NOW}
    token = pins.set_by_slip(database, pin=PIN, **known)
    assert accounts.find_viewer(database, token=token, now=NOW).person_id == learner.person_id
    assert enter(database, device, learner)
    with pytest.raises(InviteUnusable, match="used already"):
        pins.set_by_slip(database, pin="5190", **known)
    account = next(row for row in rows(database, Account) if row.sign_in_name != "manager@home.example")
    for password in ("", PIN, "nobody has this password"):
        with pytest.raises(SignInRefused):
            accounts.sign_in(database, sign_in_name=account.sign_in_name, password=password, now=NOW, client="a test")


def test_somebody_with_only_a_pin_sets_a_password_later_with_another_slip(database, home, device, learner):
    slip = slip_of(database, home, learner)
    pins.set_by_slip(database, device=device, person_id=learner.person_id, code=slip.code, pin=PIN, now=NOW)
    name = let_in(database, home, learner, now=NOW)
    assert len({row.account_id for row in rows(database, SignInSession) if row.tablet_id}) == 1
    assert accounts.sign_in(database, sign_in_name=name, password="four green teapots", now=NOW, client="a test")
    assert enter(database, device, learner)


def test_an_easy_pin_leaves_the_slip_as_it_was(database, home, device, learner):
    slip = slip_of(database, home, learner)
    known = {"device": device, "person_id": learner.person_id, "code": slip.code, "now": NOW}
    with pytest.raises(PinRefused):
        pins.set_by_slip(database, pin="0000", **known)
    assert pins.set_by_slip(database, pin=PIN, **known)


def test_a_slip_is_good_for_nobody_else_and_for_no_other_organisation(database, home, neighbour, device, learner):
    other = make_person(database, home, now=NOW, name="Other")
    stranger = make_person(database, neighbour, now=NOW)
    theirs = people.issue_slip(database, viewer=neighbour.viewer, person_id=stranger.person_id, now=NOW)
    known = {"device": device, "pin": PIN, "now": NOW}
    with pytest.raises(InviteUnusable, match="somebody else's"):
        pins.set_by_slip(database, person_id=other.person_id, code=slip_of(database, home, learner).code, **known)
    with pytest.raises(InviteUnusable):
        pins.set_by_slip(database, person_id=learner.person_id, code=theirs.code, **known)
    with pytest.raises(NotFound):
        pins.set_by_slip(database, person_id=stranger.person_id, code=theirs.code, **known)
    assert rows(database, Pin) == []
    ours = {learner.person_id, stranger.person_id}
    assert [row.used_at for row in rows(database, Invite) if row.person_id in ours] == [None, None]


def test_codes_are_not_guessed_on_a_tablet_for_ever(database, device, learner):
    known = {"device": device, "person_id": learner.person_id, "pin": PIN, "now": NOW}
    for _ in range(30):
        with pytest.raises(InviteUnusable):
            pins.set_by_slip(database, code="K7MX4-PQR9T", **known)
    with pytest.raises(TooManyTries):
        pins.set_by_slip(database, code="K7MX4-PQR9T", **known)


def test_a_manager_clears_a_pin_and_signs_its_owner_out_of_tablets(database, home, device, signed_up):
    token = enter(database, device, signed_up)
    pins.clear(database, viewer=home.viewer, person_id=signed_up.person_id, now=NOW)
    assert accounts.find_viewer(database, token=token, now=NOW) is None
    with pytest.raises(PinMissing):
        enter(database, device, signed_up)
    acts = [row.act for row in rows(database, AuditEntry) if row.subject_id == signed_up.person_id]
    assert acts.count("PIN cleared") == 1
    pins.clear(database, viewer=home.viewer, person_id=signed_up.person_id, now=NOW)
    again = [row.act for row in rows(database, AuditEntry) if row.subject_id == signed_up.person_id]
    assert again == acts, "where there is no PIN nothing is cleared"


def test_a_neighbour_clears_no_pin_of_ours(database, neighbour, device, signed_up):
    with pytest.raises(NotFound):
        pins.clear(database, viewer=neighbour.viewer, person_id=signed_up.person_id, now=NOW)
    assert enter(database, device, signed_up)


def test_a_new_password_ends_sessions_on_tablets_too(database, home, device, signed_up):
    token = enter(database, device, signed_up)
    slip = slip_of(database, home, signed_up)
    invites.accept_invite(database, token=slip.token, password="four other teapots", now=NOW)
    assert accounts.find_viewer(database, token=token, now=NOW) is None
