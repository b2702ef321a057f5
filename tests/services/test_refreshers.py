"""Refreshers: offered while a window is open, made of what this person needs, and renewing as the whole module does."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories import begin, learn, make_sent
from tests.services.stored import done_by, rows
from tests.services.test_query_counts import run
from tests.web.content import write_content
from training.answering import module_answers
from training.catalog.library import load_catalog
from training.domain.refresher import Owed
from training.domain.requirement import Reach
from training.domain.roles import Role
from training.domain.scoring import AnswerUnknown
from training.models import Attempt, ContentDecision, Employment
from training.services import (
    employments,
    learning,
    progress,
    records,
    reports,
    revocations,
    standing_checks,
    versions,
)
from training.services.learning import AnswersMissing, RefresherNotOffered
from training.services.listings import PeopleFilter
from training.services.report_kinds import open_report
from training.services.report_questions import Question
from training.services.staff import AsOf

MODULE = "every-kind"
# Passed on 2 Mar 2026, in date until 1 Mar 2027, and the window opens 90 days before.
UNTIL = date(2027, 3, 1)
WINDOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
MUST = ("single", "This is a safety question.")
SAFETY_AND_WRONG = [MUST, ("true-false", "You had this wrong on 2 Mar 2026.")]


def changed_catalog(folder, *changes, version):
    """Return the small library with some words of the module changed, under another version."""
    path = write_content(folder) / "modules" / f"{MODULE}.md"
    text = path.read_text(encoding="utf-8")
    for old, new in (*changes, ('version: "1.0"', f'version: "{version}"')):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return load_catalog(folder)


NEW_WORDS = ("## Several answers\n", "## Several answers\n\nAsk about sleep too.\n")
NEW_QUESTION = ("Put the steps in order.", "Put these steps in order.")


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """A second version, with other words on one card."""
    return changed_catalog(tmp_path_factory.mktemp("second"), NEW_WORDS, version="1.1")


@pytest.fixture(scope="module")
def third(tmp_path_factory):
    """A third version, with another question besides."""
    return changed_catalog(tmp_path_factory.mktemp("third"), NEW_WORDS, NEW_QUESTION, version="1.2")


@pytest.fixture
def passed(database, catalog, learner):
    """The learner, who passed with one question wrong."""
    sent = make_sent(catalog, MODULE, role=Role.SOCIAL_CARE, now=NOW)
    wrong = {**sent.answers, "true-false": ["a"]}
    receipt = learning.submit_attempt(database, viewer=learner, sent=replace(sent, answers=wrong), now=NOW)
    assert receipt.passed
    return learner


def page(database, catalog, learner, now, *, slug=MODULE, kind="module"):
    return progress.item_page(database, viewer=learner, slug=slug, kind=kind, catalog=catalog, today=now.date())


def owed(database, catalog, learner, now, **which):
    return page(database, catalog, learner, now, **which).offer.owing


def asked(database, catalog, learner, now):
    refresher = page(database, catalog, learner, now).offer.refresher
    return [(one.question.id, one.sentence) for one in refresher.asked]


def refresh(database, catalog, learner, now, *, attempt_id=None):
    """Begin a refresher and return its attempt's id."""
    return learning.begin(
        database,
        viewer=learner,
        attempt_id=attempt_id or uuid.uuid4(),
        slug=MODULE,
        role=Role.SOCIAL_CARE,
        catalog=catalog,
        now=now,
        as_refresher=True,
    )


def answer(database, learner, now, *, right=True):
    """Answer all that the open attempt asks and send it."""
    attempt = learning.open_attempt(database, viewer=learner, slug=MODULE)
    answers = module_answers(attempt.item, attempt.role, right=right)
    for question in [question for card in attempt.cards for question in card.questions]:
        learning.save_answer(
            database,
            viewer=learner,
            attempt_id=attempt.attempt_id,
            question_id=question.id,
            answer=tuple(answers[question.id]),
            now=now,
        )
    return learning.finish(database, viewer=learner, attempt_id=attempt.attempt_id, now=now)


def take(database, catalog, learner, now, *, right=True):
    refresh(database, catalog, learner, now)
    return answer(database, learner, now, right=right)


def decide(database, home, catalog, reach, now, *, again_by=None):
    versions.keep_versions(database, catalog=catalog, now=now)
    with database.write(home.viewer.organisation_id) as session:
        session.add(
            ContentDecision(
                organisation_id=home.viewer.organisation_id,
                item=MODULE,
                content_hash=catalog.item(MODULE).content_hash,
                reach=reach,
                starts_on=now.date(),
                again_by=again_by,
                decided_by=home.viewer.person_id,
                recorded_at=now,
            )
        )


def test_in_the_window_it_asks_the_safety_questions_and_what_this_person_had_wrong(database, catalog, passed):
    offer = page(database, catalog, passed, WINDOW).offer
    assert offer.owing.owed is Owed.REFRESHER
    assert offer.owing.reason.endswith("in date until 1 Mar 2027, and the window to renew opened on 1 Dec 2026.")
    assert [(one.question.id, one.sentence) for one in offer.refresher.asked] == SAFETY_AND_WRONG
    assert [(each.card.title, each.changed) for each in offer.refresher.cards] == [
        ("One answer", False),
        ("True or false", False),
    ]
    assert 1 <= offer.minutes <= catalog.item(MODULE).minutes


def test_before_the_window_nothing_is_owed_and_none_can_be_begun(database, catalog, passed):
    eve = WINDOW - timedelta(days=1)
    assert owed(database, catalog, passed, eve).owed is Owed.NOTHING
    with pytest.raises(RefresherNotOffered, match=r"the window to renew opens on 1 Dec 2026"):
        refresh(database, catalog, passed, eve)
    assert done_by(database, passed) == (1, 1, 0)


def test_the_first_time_is_always_the_whole_module(database, catalog, learner):
    shown = page(database, catalog, learner, NOW)
    assert (shown.offer.owing.reason, shown.offer.owes_again) == ("The full module is owed: not passed yet.", False)
    with pytest.raises(RefresherNotOffered):
        refresh(database, catalog, learner, NOW)


def test_home_says_what_it_takes_and_that_it_was_begun(database, catalog, passed):
    def line(now):
        home = progress.home(database, viewer=passed, catalog=catalog, today=now.date())
        return next(one for one in home.lines if one.slug == MODULE)

    assert line(WINDOW - timedelta(days=1)).refresher_minutes is None
    minutes = page(database, catalog, passed, WINDOW).offer.minutes
    assert (line(WINDOW).refresher_minutes, line(WINDOW).in_refresher) == (minutes, False)
    refresh(database, catalog, passed, WINDOW)
    assert (line(WINDOW).in_progress, line(WINDOW).in_refresher) == (True, True)


def test_passing_renews_and_loses_no_days(database, catalog, passed):
    receipt = take(database, catalog, passed, WINDOW)
    assert (receipt.passed, receipt.percent) == (True, 100)
    (kept,) = rows(database, Attempt, id=receipt.attempt_id)
    assert kept.question_ids == ["single", "true-false"]
    assert kept.answers.keys() == {"single", "true-false"}
    assert done_by(database, passed) == (2, 2, 0)
    earned = records.result(database, viewer=passed, attempt_id=receipt.attempt_id)
    assert (earned.asked, earned.earned.until, earned.earned.is_refresher) == (2, date(2028, 3, 1), True)
    assert owed(database, catalog, passed, WINDOW).owed is Owed.NOTHING
    assert standing_checks.verify(database, now=WINDOW) == []


def test_a_whole_attempt_keeps_no_list_of_questions(database, passed):
    (kept,) = rows(database, Attempt, person_id=passed.person_id)
    assert kept.question_ids is None
    with database.read(passed.organisation_id) as session:
        assert session.scalars(select(Attempt.id).where(Attempt.question_ids.is_not(None))).all() == []


def test_failing_moves_no_date_and_shows_what_was_wrong(database, catalog, passed):
    before = page(database, catalog, passed, WINDOW).shown
    receipt = take(database, catalog, passed, WINDOW, right=False)
    assert (receipt.passed, receipt.code) == (False, None)
    assert page(database, catalog, passed, WINDOW).shown == before
    shown = records.result(database, viewer=passed, attempt_id=receipt.attempt_id)
    assert [question.id for question, _ in shown.wrong] == ["single", "true-false"]
    assert owed(database, catalog, passed, WINDOW).owed is Owed.REFRESHER


def test_after_two_failures_in_one_renewal_the_whole_module_is_owed(database, catalog, passed):
    for days in range(2):
        take(database, catalog, passed, WINDOW + timedelta(days=days), right=False)
    now = WINDOW + timedelta(days=2)
    assert owed(database, catalog, passed, now).reason == (
        "The full module is owed: in date until 1 Mar 2027, and 2 tries since 1 Dec 2026 did not pass."
    )
    with pytest.raises(RefresherNotOffered, match="2 tries"):
        refresh(database, catalog, passed, now)
    assert learn(database, passed, catalog=catalog, now=now).passed
    next_window = datetime(2027, 12, 10, 10, tzinfo=UTC)
    assert owed(database, catalog, passed, next_window).owed is Owed.REFRESHER


@pytest.mark.parametrize(("day", "expected"), [("2028-03-01", Owed.REFRESHER), ("2028-03-02", Owed.IN_FULL)])
def test_a_refresher_is_enough_for_twelve_months_after_expiry(database, catalog, passed, day, expected):
    now = datetime.fromisoformat(f"{day}T10:00:00+00:00")
    assert owed(database, catalog, passed, now).owed is expected


def test_a_story_is_taken_whole(database, catalog, learner):
    learn(database, learner, catalog=catalog, slug="the-story", now=NOW)
    shown = page(database, catalog, learner, WINDOW, slug="the-story", kind="scenario")
    assert (shown.offer.owing.owed, shown.offer.refresher) == (Owed.IN_FULL, None)


def test_nobody_owes_a_refresher_of_what_is_not_required(database, catalog, home):
    with pytest.raises(RefresherNotOffered, match="no organisation asks for it"):
        learning.begin(
            database,
            viewer=home.viewer,
            attempt_id=uuid.uuid4(),
            slug=MODULE,
            role=Role.SOCIAL_CARE,
            catalog=catalog,
            now=WINDOW,
            as_refresher=True,
        )


# Content that changed since the pass

CHANGED = [*SAFETY_AND_WRONG, ("several", "Its card has changed since you passed.")]
IN_SUMMER = datetime(2026, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reach", "again_by", "day", "expected"),
    [
        (Reach.FROM_NOW_ON, None, WINDOW, SAFETY_AND_WRONG),
        (Reach.AT_NEXT_RENEWAL, None, WINDOW, CHANGED),
        (Reach.EVERYONE_AGAIN, date(2026, 9, 30), IN_SUMMER + timedelta(days=1), CHANGED),
    ],
)
def test_changed_cards_come_with_it_as_was_decided(database, second, home, passed, reach, again_by, day, expected):
    decide(database, home, second, reach, IN_SUMMER, again_by=again_by)
    list(standing_checks.rebuild(database, now=IN_SUMMER))
    assert asked(database, second, passed, day) == expected
    refresher = page(database, second, passed, day).offer.refresher
    assert [each.card.title for each in refresher.cards if each.changed] == ["Several answers"] * (expected is CHANGED)


def test_from_now_on_is_for_needs_that_begin_on_the_day_of_the_choice(database, second, home, passed):
    decide(database, home, second, Reach.FROM_NOW_ON, NOW + timedelta(hours=1))
    assert asked(database, second, passed, WINDOW) == CHANGED


def test_a_change_that_nobody_decided_about_is_for_nobody(database, second, passed):
    versions.keep_versions(database, catalog=second, now=IN_SUMMER)
    assert asked(database, second, passed, WINDOW) == SAFETY_AND_WRONG


@pytest.mark.parametrize(
    ("first", "then", "more"),
    [
        (Reach.AT_NEXT_RENEWAL, None, {"several"}),
        (Reach.AT_NEXT_RENEWAL, Reach.FROM_NOW_ON, {"several"}),
        (Reach.FROM_NOW_ON, Reach.AT_NEXT_RENEWAL, {"order"}),
        (Reach.AT_NEXT_RENEWAL, Reach.AT_NEXT_RENEWAL, {"several", "order"}),
        (None, Reach.AT_NEXT_RENEWAL, {"several", "order"}),
    ],
)
def test_each_decision_is_about_what_changed_since_the_one_before(
    database, second, third, home, passed, first, then, more
):
    for changed, reach, now in ((second, first, IN_SUMMER), (third, then, IN_SUMMER + timedelta(days=9))):
        versions.keep_versions(database, catalog=changed, now=now)
        if reach:
            decide(database, home, changed, reach, now)
    names = {name for name, _ in asked(database, third, passed, WINDOW)}
    assert names - {"single", "true-false"} == more


def test_what_it_asks_and_why_stays_as_it_was_when_it_began(database, second, home, passed):
    decide(database, home, second, Reach.AT_NEXT_RENEWAL, IN_SUMMER)
    refresh(database, second, passed, WINDOW)
    offered = page(database, second, passed, WINDOW).offer.refresher
    assert learning.open_attempt(database, viewer=passed, slug=MODULE).refresher == offered
    decide(database, home, second, Reach.FROM_NOW_ON, WINDOW)
    assert asked(database, second, passed, WINDOW) == SAFETY_AND_WRONG
    assert learning.open_attempt(database, viewer=passed, slug=MODULE).refresher == offered
    assert [card.title for card in offered.shortened] == ["One answer", "True or false", "Several answers"]


# Beginning, going on and sending


def test_sending_twice_gives_the_same_receipt(database, catalog, passed):
    first = take(database, catalog, passed, WINDOW)
    again = learning.finish(database, viewer=passed, attempt_id=first.attempt_id, now=WINDOW + timedelta(days=3))
    assert again == first
    assert done_by(database, passed) == (2, 2, 0)


def test_beginning_twice_opens_one_refresher(database, catalog, passed):
    first = refresh(database, catalog, passed, WINDOW)
    assert refresh(database, catalog, passed, WINDOW) == first
    assert done_by(database, passed) == (1, 1, 1)


def test_a_refresher_begun_before_the_need_ended_still_counts(database, catalog, home, passed):
    refresh(database, catalog, passed, WINDOW)
    (job,) = rows(database, Employment, person_id=passed.person_id, withdrawn_at=None)
    last = WINDOW.date()
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=last, now=WINDOW)
    now = WINDOW + timedelta(days=1)
    assert owed(database, catalog, passed, now).owed is Owed.NOTHING
    assert answer(database, passed, now).passed
    assert done_by(database, passed) == (2, 2, 0)
    assert standing_checks.verify(database, now=now) == []


def test_it_takes_no_answer_to_what_it_does_not_ask(database, catalog, passed):
    attempt_id = refresh(database, catalog, passed, WINDOW)
    with pytest.raises(AnswerUnknown):
        learning.save_answer(
            database, viewer=passed, attempt_id=attempt_id, question_id="several", answer=("a",), now=WINDOW
        )


def test_it_is_not_finished_before_all_it_asks_is_answered(database, catalog, passed):
    attempt_id = refresh(database, catalog, passed, WINDOW)
    with pytest.raises(AnswersMissing) as missing:
        learning.finish(database, viewer=passed, attempt_id=attempt_id, now=WINDOW)
    assert missing.value.questions == ("single", "true-false")


def test_a_client_cannot_choose_what_it_is_asked(database, catalog, passed):
    sent = make_sent(catalog, MODULE, role=Role.SOCIAL_CARE, now=WINDOW)
    few = replace(sent, answers={"single": sent.answers["single"]})
    with pytest.raises(AnswersMissing):
        learning.submit_attempt(database, viewer=passed, sent=few, now=WINDOW)
    attempt_id = refresh(database, catalog, passed, WINDOW)
    with pytest.raises(AnswerUnknown):
        learning.submit_attempt(database, viewer=passed, sent=replace(sent, attempt_id=attempt_id), now=WINDOW)
    assert done_by(database, passed) == (1, 1, 1)


def test_the_whole_may_be_taken_instead_and_keeps_what_was_answered(database, catalog, passed):
    attempt_id = refresh(database, catalog, passed, WINDOW)
    learning.save_answer(
        database, viewer=passed, attempt_id=attempt_id, question_id="single", answer=("b",), now=WINDOW
    )
    assert begin(database, passed, catalog=catalog, now=WINDOW) == attempt_id
    whole = learning.open_attempt(database, viewer=passed, slug=MODULE)
    assert (whole.refresher, len(whole.cards), whole.answers.keys()) == (None, 5, {"single"})
    receipt = answer(database, passed, WINDOW)
    assert records.result(database, viewer=passed, attempt_id=receipt.attempt_id).asked is None
    assert owed(database, catalog, passed, WINDOW).owed is Owed.NOTHING


def test_a_whole_attempt_in_progress_does_not_become_a_refresher(database, catalog, passed):
    attempt_id = begin(database, passed, catalog=catalog, now=WINDOW)
    assert refresh(database, catalog, passed, WINDOW) == attempt_id
    assert learning.open_attempt(database, viewer=passed, slug=MODULE).refresher is None


# The record


def test_the_record_says_which_tries_were_refreshers(database, catalog, home, passed):
    take(database, catalog, passed, WINDOW, right=False)
    take(database, catalog, passed, WINDOW)
    line = next(
        each
        for each in records.record(database, viewer=passed, catalog=catalog, today=WINDOW.date())
        if each.shown.slug == MODULE
    )
    assert (line.tries, line.refreshers, [one.is_refresher for one in line.earned]) == (3, 2, [True, False])
    told = reports.person(
        database, viewer=home.viewer, person_id=passed.person_id, catalog=catalog, today=WINDOW.date()
    )
    assert [(one.passed, one.is_refresher) for one in told.tries].count((False, True)) == 1


@pytest.mark.parametrize("by_name", [False, True])
def test_training_hours_count_a_refresher_with_its_share_of_the_minutes(database, catalog, home, passed, by_name):
    wanted = {"search": passed.name} if by_name else {}
    before = minutes_told(database, catalog, home, wanted)
    asked_for = len(asked(database, catalog, passed, WINDOW))
    take(database, catalog, passed, WINDOW)
    item = catalog.item(MODULE)
    share = max(1, round(item.minutes * asked_for / len(list(item.questions(Role.SOCIAL_CARE)))))
    assert 0 < share < item.minutes
    assert before == (1, 0, item.minutes, [(1, 0, item.minutes)])
    whole = (2, 1, item.minutes + share)
    assert minutes_told(database, catalog, home, wanted) == (*whole, [whole])


def minutes_told(database, catalog, home, wanted):
    """Return the passes, refreshers and minutes that training hours give in all, and of each person."""
    question = Question(AsOf.present(WINDOW.date()), PeopleFilter(**wanted))
    known = {"viewer": home.viewer, "catalog": catalog, "question": question, "now": WINDOW}
    with open_report(database, name="training-hours", **known) as report:
        total, people = (list(table.rows) for table in report.tables)
    return *total[0].cells[1:4], [row.cells[4:7] for row in people if row.cells[4]]


def test_a_refresher_that_rested_only_on_a_revoked_pass_does_not_count(database, catalog, home, passed):
    (first,) = rows(database, Attempt, person_id=passed.person_id)
    take(database, catalog, passed, WINDOW)
    now = WINDOW + timedelta(days=1)
    revocations.revoke(
        database, viewer=home.viewer, person_id=passed.person_id, attempt_id=first.id, why="Not them", now=now
    )
    assert owed(database, catalog, passed, now).reason == "The full module is owed: not passed yet."
    earned = next(
        each.earned
        for each in records.record(database, viewer=passed, catalog=catalog, today=now.date())
        if each.shown.slug == MODULE
    )
    assert [(one.is_revoked, one.until) for one in earned] == [(True, None), (True, None)]
    assert standing_checks.verify(database, now=now) == []
    learn(database, passed, catalog=catalog, now=now)
    in_date = page(database, catalog, passed, now).shown
    assert in_date.deadline == date(2027, 12, 1)
    assert owed(database, catalog, passed, datetime(2027, 11, 1, tzinfo=UTC)).owed is Owed.REFRESHER


def test_a_refresher_that_rests_on_another_pass_as_well_still_counts(database, catalog, home, passed):
    again = learn(database, passed, catalog=catalog, now=NOW + timedelta(days=30))
    take(database, catalog, passed, datetime(2027, 1, 10, 10, tzinfo=UTC))
    now = datetime(2027, 1, 11, 10, tzinfo=UTC)
    revocations.revoke(
        database, viewer=home.viewer, person_id=passed.person_id, attempt_id=again.attempt_id, why="Not them", now=now
    )
    assert page(database, catalog, passed, now).shown.deadline == date(2028, 3, 1)
    assert standing_checks.verify(database, now=now) == []


def test_pages_in_a_window_ask_a_handful_of_times(database, catalog, passed):
    list(standing_checks.rebuild(database, now=WINDOW))
    known = {"viewer": passed, "catalog": catalog, "today": WINDOW.date()}
    home = len(run(database, lambda: progress.home(database, **known)))
    item = len(run(database, lambda: progress.item_page(database, slug=MODULE, kind="module", **known)))
    for slug in ("for-everyone", "the-story"):
        learn(database, passed, catalog=catalog, slug=slug, now=NOW)
    list(standing_checks.rebuild(database, now=WINDOW))
    assert len(run(database, lambda: progress.home(database, **known))) == home <= 6
    assert item <= 6
