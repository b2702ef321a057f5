"""The words of reminders: what to do by when, and nothing on a locked phone that is nobody else's business."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from training.domain.reminder import Message, Step, StepKind, Topic
from training.domain.reminder_digest import Digest, Group
from training.domain.reminder_run import Flood, Limit
from training.domain.reminder_words import (
    CLOSINGS,
    DIGEST_SUBJECT,
    closing,
    digest_lines,
    flood_question,
    line,
    opening,
    subject,
)

DUE = date(2027, 1, 13)


def step(kind, *, item="psychotropic-medicines", due_on=DUE, renews=True, **about):
    return Step(item=item, kind=kind, comes_on=due_on, due_on=due_on, renews=renews, **about)


def message(*steps, day=DUE):
    return Message(person=UUID(int=1), way="email", day=day, steps=steps, keys=tuple(step.key for step in steps))


def before(days):
    return DUE - timedelta(days=days)


@pytest.mark.parametrize(
    ("kind", "day", "renews", "expected"),
    [
        (StepKind.NEED_BEGINS, before(60), False, "Training to do by 13 Jan 2027"),
        (StepKind.WINDOW_OPENS, before(90), True, "Training you can renew now, by 13 Jan 2027"),
        (StepKind.DUE_AGAIN, before(60), True, "Training to renew by 13 Jan 2027"),
        (StepKind.MONTH_BEFORE, before(30), True, "Training to renew by 13 Jan 2027"),
        (StepKind.MONTH_BEFORE, before(30), False, "Training to do by 13 Jan 2027"),
        (StepKind.WEEK_BEFORE, before(1), True, "Training to renew by 13 Jan 2027"),
        (StepKind.ON_THE_DAY, before(0), True, "Training to renew today, 13 Jan 2027"),
        (StepKind.ON_THE_DAY, before(-1), True, "Training still to renew: it was due by 13 Jan 2027"),
        (StepKind.ONE_WEEK_AFTER, before(-7), False, "Training still to do: it was due by 13 Jan 2027"),
        (StepKind.FOUR_WEEKS_AFTER, before(-400), True, "Training still to renew: it was due by 13 Jan 2027"),
    ],
)
def test_the_subject_says_what_to_do_by_when_on_the_day_it_is_sent(kind, day, renews, expected):
    assert subject(message(step(kind, renews=renews), day=day)) == expected


def test_the_subject_speaks_of_the_most_urgent_and_counts_the_rest():
    late, soon, later = (
        step(kind, item=kind, due_on=DUE + timedelta(days=days))
        for kind, days in ((StepKind.ONE_WEEK_AFTER, -7), (StepKind.WEEK_BEFORE, 7), (StepKind.MONTH_BEFORE, 30))
    )
    assert subject(message(late, soon)) == "Training still to renew: it was due by 6 Jan 2027 (and 1 more)"
    assert subject(message(soon, late, later)) == "Training to renew by 20 Jan 2027 (and 2 more)"
    assert opening(message(late, soon)) == "There are 2 items on your training list."
    assert opening(message(late)) == "There is 1 item on your training list."


@pytest.mark.parametrize("kind", StepKind)
@pytest.mark.parametrize("days", [-3, 0, 3])
def test_nothing_on_a_locked_phone_names_an_item_a_person_or_a_requirement(kind, days):
    one = step(kind, requirement="Medicines core", reason="After leave until 3 Mar 2027 it is due again.")
    sent = message(one, day=DUE + timedelta(days=days))
    shown = f"{subject(sent)} {opening(sent)} {DIGEST_SUBJECT}".lower()
    for private in ("medicine", "psychotropic", "leave", "core", "stomp", "00000000"):
        assert private not in shown
    assert len(subject(sent)) <= 60
    assert "{" not in shown + line(one, sent, title="A")


@pytest.mark.parametrize(
    ("kind", "day", "renews", "expected"),
    [
        (StepKind.NEED_BEGINS, before(60), False, "Your work now needs it. Please do it by 13 Jan 2027."),
        (StepKind.WINDOW_OPENS, before(90), True, "You can renew it now, by 13 Jan 2027."),
        (StepKind.DUE_AGAIN, before(60), True, "It has run out. Please renew it by 13 Jan 2027."),
        (StepKind.WEEK_BEFORE, before(7), True, "Please renew it by 13 Jan 2027."),
        (StepKind.ON_THE_DAY, before(0), True, "Please renew it today, 13 Jan 2027: from tomorrow it is late."),
        (StepKind.ON_THE_DAY, before(-2), False, "It was due by 13 Jan 2027. Please do it as soon as you can."),
        (StepKind.TWO_WEEKS_AFTER, before(-14), True, "It was due by 13 Jan 2027. Please renew it as soon as you can."),
    ],
)
def test_a_line_names_the_item_and_says_what_to_do(kind, day, renews, expected):
    one = step(kind, renews=renews)
    assert line(one, message(one, day=day), title="Side effects") == f"Side effects. {expected}"


def test_a_line_says_why_and_which_requirement_set_the_day():
    one = step(StepKind.WEEK_BEFORE, requirement="Care home core", reason="In date until 13 Jan 2027: passed.")
    assert line(one, message(one, day=before(7)), title="Side effects") == (
        "Side effects. Please renew it by 13 Jan 2027. In date until 13 Jan 2027: passed. Set by: Care home core."
    )


def test_the_closing_says_whether_it_can_be_turned_off():
    assert "cannot be turned off" in closing(Topic.REMINDERS)
    assert all("turn" in closing(topic) and "cannot" not in closing(topic) for topic in Topic if topic.optional)
    assert set(CLOSINGS) == set(Topic)


def make_digest(people=4, **groups):
    empty = dict.fromkeys(("overdue", "expired", "due_soon", "bounced"), Group())
    return Digest(key="2027-W02", day=DUE, people=people, **empty | groups)


def test_a_digest_has_a_sentence_for_each_group_with_anybody_in_it():
    found = make_digest(
        overdue=Group(7, 9, ("Ann Lee", "Bo Ray")), due_soon=Group(1, 1, ("Cy Dee",)), bounced=Group(2, 0, ("A", "B"))
    )
    assert digest_lines(found) == (
        "Your team has 4 people on file.",
        "Overdue: 7 people, 9 items: Ann Lee, Bo Ray and 5 more.",
        "Due within 30 days: 1 person, 1 item: Cy Dee.",
        "Mail came back: 2 people: A, B.",
    )
    assert digest_lines(make_digest(expired=Group(1, 2, ("Ann Lee",))))[1:] == ("Expired: 1 person, 2 items: Ann Lee.",)


def test_a_digest_with_nothing_to_say_says_so():
    assert digest_lines(make_digest(people=1200)) == (
        "Your team has 1,200 people on file.",
        "Nobody is overdue or expired, and nothing is due within 30 days.",
    )


@pytest.mark.parametrize(
    ("limit", "agreed", "expected"),
    [
        (Limit.MANY_PEOPLE, None, "more than 200 people. Nothing is sent until you approve it."),
        (
            Limit.MOST_OF_THEM,
            250,
            "more than half of the organisation. Nothing is sent until you approve it. "
            "A run of 250 was approved for that day.",
        ),
    ],
)
def test_a_flood_is_put_to_a_manager_as_a_question_with_numbers(limit, agreed, expected):
    asked = Flood(day=DUE, people=1300, on_file=2000, limit=limit, agreed=agreed)
    assert flood_question(asked) == (f"Reminders on 13 Jan 2027 would go to 1,300 people of 2,000 on file, {expected}")
