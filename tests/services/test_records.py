"""The record: how an attempt went, what each pass gave, and what a certificate and its code say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import begin, learn, make_person
from tests.services.stored import rows
from training.domain.receipt import receipt_code
from training.domain.roles import Role
from training.models import Completion, Employment
from training.services import certificates, employments, records, standing_checks
from training.services.organisations import NotFound

ITEM = "every-kind"
A_YEAR_ON = date(2027, 3, 1)


def learn_on(database, learner, catalog, day, *, slug=ITEM, right=True):
    now = NOW + (day - NOW.date())
    return learn(database, learner, catalog=catalog, slug=slug, now=now, right=right)


def check(database, code, day=date(2026, 3, 2)):
    return certificates.check_code(database, code=code, now=NOW + (day - NOW.date()))


def result(database, learner, receipt):
    return records.result(database, viewer=learner, attempt_id=receipt.attempt_id)


def test_a_result_has_the_day_the_dates_the_reason_and_the_code(database, catalog, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW)
    shown = result(database, learner, receipt)
    assert (shown.passed, shown.percent, shown.completed_at, shown.wrong) == (True, 100, NOW, ())
    earned = shown.earned
    assert (earned.code, earned.passed_on, earned.until) == (receipt.code, date(2026, 3, 2), A_YEAR_ON)
    assert (earned.until_words, earned.version) == ("In date until 1 Mar 2027", "1.0")
    assert earned.reason == "passed on 2 Mar 2026, and it lasts 12 months"


def test_a_result_that_did_not_pass_names_what_was_wrong_and_earned_nothing(database, catalog, learner):
    shown = result(database, learner, learn(database, learner, catalog=catalog, now=NOW, right=False))
    assert (shown.passed, shown.earned) == (False, None)
    questions = list(catalog.item(ITEM).questions(Role.SOCIAL_CARE))
    assert [question for question, _ in shown.wrong] == questions
    assert not any(verdict.right for _, verdict in shown.wrong)


def test_a_story_shows_the_choices_made(database, catalog, learner):
    for right, key in ((True, "monday:1"), (False, "monday:2")):
        receipt = learn(database, learner, catalog=catalog, slug="the-story", now=NOW, right=right)
        shown = result(database, learner, receipt)
        assert ([choice.key for choice in shown.choices], shown.wrong) == ([key], ())


def test_a_result_stays_as_it_was_whatever_comes_later(database, catalog, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW)
    before = result(database, learner, receipt)
    learn_on(database, learner, catalog, date(2027, 2, 1))
    learn_on(database, learner, catalog, date(2029, 2, 1), right=False)
    assert result(database, learner, receipt) == before


def test_somebody_elses_attempt_is_in_nobody_elses_record(database, catalog, home, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW)
    other = make_person(database, home, now=NOW)
    for show in (records.result, certificates.certificate):
        with pytest.raises(NotFound):
            show(database, viewer=other, attempt_id=receipt.attempt_id)
    assert all(line.tries == 0 for line in records.record(database, viewer=other, catalog=catalog, today=A_YEAR_ON))


def test_a_draft_is_no_result(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    with pytest.raises(NotFound):
        records.result(database, viewer=learner, attempt_id=attempt_id)


def test_the_record_has_every_pass_latest_first_and_counts_tries(database, catalog, learner):
    learn_on(database, learner, catalog, date(2026, 3, 2), right=False)
    first = learn_on(database, learner, catalog, date(2026, 3, 2))
    second = learn_on(database, learner, catalog, date(2027, 2, 1))
    shown = records.record(database, viewer=learner, catalog=catalog, today=date(2027, 2, 1))
    line = next(each for each in shown if each.shown.slug == ITEM)
    assert [one.code for one in line.earned] == [second.code, first.code]
    assert [one.until for one in line.earned] == [date(2028, 3, 1), A_YEAR_ON]
    assert line.tries == 3
    assert {each.shown.slug for each in shown} == {"every-kind", "for-everyone", "the-story"}


def test_a_pass_that_nobody_asks_for_is_on_record_without_a_date(database, catalog, home):
    carer = make_person(database, home, now=NOW, role=Role.FAMILY_CARER)
    receipt = learn(database, carer, catalog=catalog, role=Role.FAMILY_CARER, now=NOW)
    shown = result(database, carer, receipt)
    assert shown.earned.code == receipt.code
    assert shown.earned.passed_on == date(2026, 3, 2)


def test_the_code_can_be_worked_out_again_from_the_record(database, catalog, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    (row,) = rows(database, Completion, person_id=learner.person_id)
    assert row.code == receipt_code(
        attempt_id=str(row.attempt_id),
        person_id=str(row.person_id),
        content_hash=row.content_hash,
        passed_on=row.passed_on,
    )


def test_a_certificate_says_who_what_when_and_until(database, catalog, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW)
    row = certificates.certificate(database, viewer=learner, attempt_id=receipt.attempt_id)
    assert (row.holder_name, row.organisation_name) == (learner.name, "Home")
    assert row.earned == result(database, learner, receipt).earned
    item = catalog.item(ITEM)
    assert (row.minutes, row.outcomes, row.earned.title) == (item.minutes, item.outcomes, item.title)
    assert row.signoff_words == "The content is awaiting clinical sign-off."


def test_there_is_no_certificate_without_a_pass(database, catalog, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW, right=False)
    with pytest.raises(NotFound):
        certificates.certificate(database, viewer=learner, attempt_id=receipt.attempt_id)


def test_a_code_tells_anybody_the_initials_and_never_the_name(database, catalog, home):
    person = make_person(database, home, now=NOW, name="Marta Zofia Kowalska Nowak", email="marta@example.org")
    receipt = learn(database, person, catalog=catalog, now=NOW)
    checked = check(database, receipt.code)
    assert (checked.initials, checked.organisation_name) == ("MZK", "Home")
    assert (checked.earned.until, checked.is_past, checked.superseded_code) == (A_YEAR_ON, False, "")
    assert not [word for word in ("Marta", "Kowalska", "marta@") if word in repr(checked)]


def test_a_code_works_after_expiry_and_says_that_it_is_past(database, catalog, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW)
    assert not check(database, receipt.code, A_YEAR_ON).is_past
    assert check(database, receipt.code, A_YEAR_ON + timedelta(days=1)).is_past
    assert check(database, receipt.code, date(2036, 3, 2)).earned.until == A_YEAR_ON


def test_a_code_works_after_its_holder_has_left(database, catalog, home, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW)
    (job,) = rows(database, Employment, person_id=learner.person_id)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=date(2026, 3, 3), now=NOW)
    checked = check(database, receipt.code, date(2026, 12, 1))
    assert (checked.earned.until, checked.is_past) == (A_YEAR_ON, False)
    assert standing_checks.verify(database, now=NOW) == []


def test_a_later_pass_supersedes_and_both_codes_still_work(database, catalog, learner):
    first = learn(database, learner, catalog=catalog, now=NOW)
    second = learn_on(database, learner, catalog, date(2027, 2, 1))
    old, new = (check(database, one.code, date(2027, 2, 1)) for one in (first, second))
    assert (old.superseded_on, old.superseded_code) == (date(2027, 2, 1), second.code)
    assert (old.earned.until, new.earned.until) == (A_YEAR_ON, date(2028, 3, 1))
    assert (new.superseded_on, new.superseded_code) == (None, "")


def test_two_passes_on_one_day_are_two_codes_in_the_order_they_came(database, catalog, learner):
    codes = [learn(database, learner, catalog=catalog, now=NOW + timedelta(hours=hour)).code for hour in range(2)]
    assert check(database, codes[0]).superseded_code == codes[1]
    assert check(database, codes[1]).superseded_code == ""


def test_a_pass_of_something_else_supersedes_nothing(database, catalog, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW)
    learn(database, learner, catalog=catalog, slug="for-everyone", now=NOW + timedelta(days=1))
    assert check(database, receipt.code, date(2026, 3, 4)).superseded_code == ""


def test_a_code_that_nobody_has_is_not_found(database, home):
    for code in ("00000-00000-00000", "", "nonsense"):
        with pytest.raises(NotFound):
            check(database, code)
        with pytest.raises(NotFound):
            certificates.look_up(database, viewer=home.viewer, code=code, today=date(2026, 3, 2))


def test_somebody_who_manages_nothing_looks_up_nobody(database, catalog, home, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW)
    other = replace(home.viewer, manages_all=False)
    with pytest.raises(NotFound):
        certificates.look_up(database, viewer=other, code=receipt.code, today=date(2026, 3, 2))
