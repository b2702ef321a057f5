"""From a person's record to the facts of one line: audiences, versions, leave from every job, and passing again."""

from dataclasses import replace
from datetime import date

import pytest

from training.domain.certification import Cap, Pass, capped, certify
from training.domain.days import Span, without
from training.domain.person_record import (
    ContentChange,
    House,
    Leave,
    PersonRecord,
    Post,
    facts_for,
    on_file_at,
    periods_for,
)
from training.domain.requirement import Audience, Reach, Requirement, Terms, Version
from training.domain.roles import Role
from training.domain.standing import reason_on, status_on, work_out
from training.domain.status import Status

ITEM = "stomp-basics"
CARE = frozenset({Role.SOCIAL_CARE})


def on(text):
    return date.fromisoformat(text)


def span(from_, until=None):
    return Span(on(from_), on(until) if until else None)


def version(from_, until=None, **more):
    usual = {"items": (ITEM,), "audience": Audience(CARE), "terms": Terms(12), "due_days": 30}
    return Version(days=span(from_, until), **(usual | more))


def post(from_, until=None, site="alder", job_title="carer", role=Role.SOCIAL_CARE):
    return Post(site, job_title, span(from_, until), ((role, span(from_, until)),))


def stand(record, *versions, day, changes=(), long_leave_days=28):
    requirement = Requirement("r", "Basics", versions)
    house = House({"r": requirement}, changes=tuple(changes), long_leave_days=long_leave_days)
    return work_out(facts_for(record, requirement, ITEM, house=house, as_at=on(day)), as_at=on(day))


def passed(*days, content_hash="old"):
    return {ITEM: [Pass(on(day), content_hash=content_hash) for day in days]}


def test_the_need_begins_with_the_latest_of_job_and_version():
    record = PersonRecord(posts=[post("2026-03-01")])
    assert stand(record, version("2026-01-01"), day="2026-03-05").first_due_on == on("2026-03-31")
    assert stand(record, version("2026-05-01"), day="2026-05-05").first_due_on == on("2026-05-31")


def test_a_version_that_asks_the_same_people_does_not_begin_the_need_again():
    record = PersonRecord(posts=[post("2026-01-01")])
    versions = version("2026-01-01", "2026-05-31"), version("2026-06-01", due_days=7)
    standing = stand(record, *versions, day="2026-06-10")
    assert (standing.need_begins_on, standing.first_due_on) == (on("2026-01-01"), on("2026-01-31"))


def test_a_version_that_asks_more_people_begins_the_need_of_those_alone():
    wider = version("2026-06-01", audience=Audience(CARE | {Role.PRESCRIBER}), due_days=14)
    doctor = PersonRecord(posts=[post("2026-01-01", role=Role.PRESCRIBER)])
    standing = stand(doctor, version("2026-01-01", "2026-05-31"), wider, day="2026-06-10")
    assert (standing.need_begins_on, standing.first_due_on) == (on("2026-06-01"), on("2026-06-15"))


@pytest.mark.parametrize(
    ("reach", "until"),
    [(Reach.FROM_NOW_ON, "2028-02-29"), (Reach.AT_NEXT_RENEWAL, "2029-02-28")],
)
def test_twelve_months_become_twenty_four_for_those_whom_the_change_reaches(reach, until):
    versions = version("2026-01-01", "2026-08-31"), version("2026-09-01", terms=Terms(24), reach=reach)
    record = PersonRecord(posts=[post("2026-01-01")], passes=passed("2026-03-01", "2027-02-01"))
    assert stand(record, *versions, day="2026-10-01").valid_until == on("2027-02-28")
    assert stand(record, *versions, day="2027-02-01").valid_until == on(until)


def test_whoever_begins_after_a_change_has_its_terms_whatever_it_reaches():
    versions = version("2026-01-01", "2026-08-31"), version("2026-09-01", terms=Terms(24), reach=Reach.FROM_NOW_ON)
    record = PersonRecord(posts=[post("2026-10-01")], passes=passed("2026-10-10"))
    assert stand(record, *versions, day="2026-10-10").valid_until == on("2028-10-09")


@pytest.mark.parametrize("sites", [None, {"alder"}, {"birch"}])
@pytest.mark.parametrize(
    "versions",
    [
        (version("2026-01-01"),),
        (version("2026-01-01", "2026-08-31"), version("2026-09-01", terms=Terms(24), reach=Reach.FROM_NOW_ON)),
    ],
    ids=["one version", "two versions"],
)
def test_what_passes_gave_is_what_the_facts_say_of_them(versions, sites):
    posts = [post("2026-01-01"), post("2026-10-01", site="birch")]
    record = PersonRecord(posts=posts, passes=passed("2026-03-01", "2027-02-01"))
    requirement = Requirement("r", "Basics", versions)
    known = {"house": House({"r": requirement}), "as_at": on("2027-03-01"), "sites": sites}
    found = periods_for(record, requirement, ITEM, **known)
    assert found == facts_for(record, requirement, ITEM, **known).periods
    by_new_terms = len(versions) == 2 and sites == {"birch"}
    assert found[-1].valid_until == on("2029-02-28" if by_new_terms else "2028-02-29")
    assert periods_for(PersonRecord(posts=posts), requirement, ITEM, **known) == ()


AGAIN = version("2026-09-01", reach=Reach.EVERYONE_AGAIN, again_by=on("2026-12-31"), announced_on=on("2026-09-01"))


def test_everyone_again_ends_earlier_passes_on_the_date_and_opens_the_window_on_the_announcement():
    record = PersonRecord(posts=[post("2026-01-01")], passes=passed("2026-06-01"))
    before = stand(record, version("2026-01-01", "2026-08-31"), AGAIN, day="2026-08-31")
    assert (before.valid_until, before.next_change_on) == (on("2027-05-31"), on("2026-09-01"))
    after = stand(record, version("2026-01-01", "2026-08-31"), AGAIN, day="2026-09-01")
    assert (after.valid_until, after.window_opens_on) == (on("2026-12-31"), on("2026-09-01"))
    assert status_on(after, on("2026-12-31")) is Status.EXPIRING_SOON
    assert status_on(after, on("2027-01-01")) is Status.EXPIRED
    assert "everyone passes again" in reason_on(after, on("2026-10-01"))


def test_a_pass_lifts_it_and_the_usual_rules_apply_to_the_date_that_was():
    record = PersonRecord(posts=[post("2026-01-01")], passes=passed("2026-06-01", "2026-10-01"))
    standing = stand(record, version("2026-01-01", "2026-08-31"), AGAIN, day="2026-10-01")
    assert (standing.valid_until, standing.in_date_in_need) == (on("2027-09-30"), True)
    early = PersonRecord(posts=[post("2026-01-01")], passes=passed("2026-01-20", "2026-11-01"))
    renewed = stand(early, version("2026-01-01", "2026-08-31"), AGAIN, day="2026-11-01")
    assert renewed.valid_until == on("2028-01-19")


def test_a_date_that_would_have_come_sooner_stays():
    record = PersonRecord(posts=[post("2025-01-01")], passes=passed("2025-11-01"))
    standing = stand(record, version("2025-01-01", "2026-08-31"), AGAIN, day="2026-09-15")
    assert (standing.valid_until, standing.window_opens_on) == (on("2026-10-31"), on("2026-08-02"))


def test_new_content_is_passed_again_by_whoever_passed_the_old():
    change = ContentChange(ITEM, again_by=on("2026-12-31"), announced_on=on("2026-09-01"), older=frozenset({"old"}))
    record = PersonRecord(posts=[post("2026-01-01")], passes=passed("2026-06-01"))
    assert stand(record, version("2026-01-01"), day="2026-09-01", changes=[change]).valid_until == on("2026-12-31")
    newer = PersonRecord(posts=[post("2026-01-01")], passes=passed("2026-08-30", content_hash="new"))
    assert stand(newer, version("2026-01-01"), day="2026-09-01", changes=[change]).valid_until == on("2027-08-29")


def test_new_content_is_passed_again_only_until_another_decision_stands_in_its_place():
    change = ContentChange(ITEM, on("2026-12-31"), on("2026-09-01"), frozenset({"old"}), replaced_on=on("2026-09-10"))
    record = PersonRecord(posts=[post("2026-01-01")], passes=passed("2026-06-01"))
    asked = {"changes": [change]}
    assert stand(record, version("2026-01-01"), day="2026-09-09", **asked).valid_until == on("2026-12-31")
    assert stand(record, version("2026-01-01"), day="2026-09-09", **asked).next_change_on == on("2026-09-10")
    assert stand(record, version("2026-01-01"), day="2026-09-10", **asked).valid_until == on("2027-05-31")


def test_leave_counts_only_where_it_takes_somebody_from_every_job_with_the_need():
    two = [post("2026-01-01"), post("2026-01-01", site="birch")]
    away = Leave(span("2026-01-11", "2026-02-19"), site="alder")
    one_job = stand(PersonRecord(posts=two, leaves=[away]), version("2026-01-01"), day="2026-03-31")
    assert one_job.first_due_on == on("2026-01-31")
    every_job = stand(
        PersonRecord(posts=two, leaves=[replace(away, site=None)]), version("2026-01-01"), day="2026-03-31"
    )
    assert every_job.first_due_on == on("2026-03-12")
    cook = [post("2026-01-01"), post("2026-01-01", site="birch", role=Role.PRESCRIBER)]
    other_need = stand(PersonRecord(posts=cook, leaves=[away]), version("2026-01-01"), day="2026-03-31")
    assert other_need.first_due_on == on("2026-03-12")


def test_how_long_leave_must_be_is_the_organisations_to_say():
    record = PersonRecord(posts=[post("2026-01-01")], leaves=[Leave(span("2026-01-11", "2026-01-24"))])
    assert stand(record, version("2026-01-01"), day="2026-03-01").first_due_on == on("2026-01-31")
    assert stand(record, version("2026-01-01"), day="2026-03-01", long_leave_days=14).first_due_on == on("2026-02-14")


def test_a_cap_that_comes_later_than_the_expiry_only_opens_the_window():
    period = certify(Terms(12), passed_on=on("2026-01-14"))
    found = capped(period, Cap(on("2027-06-30"), on("2026-03-01")))
    assert (found.valid_until, found.window_opens_on) == (on("2027-01-13"), on("2026-03-01"))


@pytest.mark.parametrize(
    ("some", "others", "left"),
    [
        ([("2026-01-01", "2026-01-31")], [("2026-01-10", "2026-01-12")], ["01-01/01-09", "01-13/01-31"]),
        ([("2026-01-01", "2026-01-31")], [("2025-12-01", "2026-01-31")], []),
        ([("2026-01-01", None)], [("2026-02-01", None)], ["01-01/01-31"]),
        ([("2026-01-01", None)], [("2025-02-01", "2026-01-05")], ["01-06/None"]),
        ([("2026-01-01", "2026-01-05")], [("2026-01-06", None)], ["01-01/01-05"]),
    ],
)
def test_days_without_others_keep_both_their_ends(some, others, left):
    found = without([span(*each) for each in some], [span(*each) for each in others])
    said = [f"{each.from_:%m-%d}/{each.until.strftime('%m-%d') if each.until else None}" for each in found]
    assert said == left


def test_somebody_is_on_file_at_each_site_on_the_present_days_or_the_next():
    record = PersonRecord(
        posts=[
            post("2026-01-01", "2026-01-31"),
            post("2026-02-01", "2026-03-31", job_title="cook"),
            post("2026-06-01"),
            post("2026-05-01", "2026-05-31", site="birch"),
            post("2025-01-01", "2025-12-31", site="cedar"),
        ]
    )
    assert on_file_at(record, on("2026-02-10")) == {
        "alder": span("2026-01-01", "2026-03-31"),
        "birch": span("2026-05-01", "2026-05-31"),
    }
    assert on_file_at(record, on("2026-04-01"))["alder"] == span("2026-06-01")
    assert [record.sites_on(on(day)) for day in ("2025-12-31", "2026-05-01", "2026-06-01")] == [
        frozenset({"cedar"}),
        frozenset({"birch"}),
        frozenset({"alder"}),
    ]
