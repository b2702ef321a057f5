"""What a run of reminders reads: those alone of whom something is chased, and nobody is lost between the parts."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.mail.receiving import receiving
from tests.services.test_reminders import add, make_post, run, to_whom
from training.domain.reminder import due_day
from training.domain.requirement import Terms
from training.domain.roles import Role
from training.services import digest_reading, reminder_reading, reminders, requirement_changes, standings
from training.services.progress import strictest_lines
from training.services.requirement_plans import Asked
from training.services.staff import by_person

ITEMS = ("every-kind", "for-everyone", "the-story")


@pytest.fixture
def up_to_date(database, catalog, home):
    """People who have nothing to do today."""
    people = add(database, home, 3)
    for person in people:
        for slug in ITEMS:
            learn(database, person, catalog=catalog, slug=slug, now=NOW)
    return people


@pytest.fixture
def in_twos(monkeypatch):
    """Let all who go through people do so two at a time."""
    for module in (reminder_reading, digest_reading):
        monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(reminders, "AT_ONCE", 2)


@pytest.mark.usefixtures("up_to_date")
def test_nobody_is_read_of_whom_nothing_is_chased(database, home, monkeypatch):
    worker = make_person(database, home, now=NOW, email="worker@home.example")
    made, read = Counter(), Counter()
    addressee, stored_line = reminder_reading.Addressee, reminder_reading.stored_line

    def make(**known):
        made[known["person_id"]] += 1
        return addressee(**known)

    def read_line(row, requirement):
        read[row.person_id] += 1
        return stored_line(row, requirement)

    monkeypatch.setattr(reminder_reading, "Addressee", make)
    monkeypatch.setattr(reminder_reading, "stored_line", read_line)
    (planned,) = reminders.plan(database, now=NOW)
    assert planned.reminders == ((worker.name, ITEMS),)
    assert made == {worker.person_id: 1, home.viewer.person_id: 1}, "the manager is read for the digest"
    assert read == {worker.person_id: len(ITEMS)}


@pytest.mark.usefixtures("in_twos")
def test_parts_leave_out_nobody_and_tell_nobody_twice(database, catalog, home):
    people = add(database, home, 5)
    (planned,) = reminders.plan(database, now=NOW)
    assert [name for name, _ in planned.reminders] == [
        person.name for person in sorted(people, key=lambda each: each.person_id)
    ]
    with receiving() as running:
        run(database, make_post(running, catalog))
        assert to_whom(running) == {f"p{number}@home.example": 1 for number in range(5)}
        assert to_whom(running, "digest") == {"manager@home.example": 1}


@pytest.mark.usefixtures("in_twos", "up_to_date")
def test_a_digest_counts_those_who_are_well_and_names_the_others(database, home):
    late = [make_person(database, home, now=NOW, name=f"Late {number}") for number in range(3)]
    day = NOW.date()
    with database.read(home.viewer.organisation_id) as session:
        whole, one_site, none = (
            digest_reading.read_digest(session, site_ids=sites, day=day)
            for sites in (None, frozenset({home.site_id}), frozenset({home.viewer.person_id}))
        )
    assert (one_site.people, one_site.due_soon.people) == (6, 3)
    assert one_site.due_soon.names == tuple(person.name for person in late)
    assert (whole.due_soon, none) == (one_site.due_soon, None)


@pytest.mark.parametrize("days", [0, 300, 340, 400])
def test_what_is_fetched_gives_the_same_as_all_lines(database, catalog, home, days):
    eleven_months = Asked(
        name="Eleven months, and no window to speak of",
        items=ITEMS[:1],
        roles=(Role.SOCIAL_CARE,),
        terms=Terms(11, window_days=20),
        due_days=365,
        starts_on=NOW.date(),
    )
    requirement_changes.add_requirement(database, viewer=home.viewer, asked=eleven_months, catalog=catalog, now=NOW)
    people = [person.person_id for person in add(database, home, 2)]
    learn(database, replace(home.viewer, person_id=people[0]), catalog=catalog, slug=ITEMS[0], now=NOW)
    day, organisation_id = NOW.date() + timedelta(days=days), home.viewer.organisation_id
    with database.read(organisation_id) as session:
        assert_the_same(session, people, day)
    with database.write(organisation_id) as session:
        standings.bring_up_to_date(session, organisation_id=organisation_id, person_ids=people, today=day)
    with database.read(organisation_id) as session:
        found = assert_the_same(session, people, day)
    # On day 300 the yearly one may be renewed, but the other, which ends sooner, not yet.
    assert (ITEMS[0] in found.get(people[0], {})) == (days > 300)


def assert_the_same(session, people, day):
    """Check what is chased against all lines of these people, and return it."""
    found = reminder_reading.read_chased(session, person_ids=people, day=day)
    expected = defaultdict(dict)
    for person_id, lines in by_person(standings.read_lines(session, today=day, person_ids=people)).items():
        for item, line in strictest_lines(lines, day=day).items():
            if due_day(line.standing, today=day) is not None:
                expected[person_id][item] = line.standing
    assert expected
    assert {
        person_id: {item: line.standing for item, line in lines.items()} for person_id, lines in found.items()
    } == expected
    return found
