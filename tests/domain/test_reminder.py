"""Reminders: which step has come, the one message of a day, and what may not be turned off."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from training.domain.certification import Cap, Pass, capped, certify_all
from training.domain.days import Span
from training.domain.need import Exemption, Facts
from training.domain.reminder import (
    DAYS_FROM_DUE,
    Message,
    Recipient,
    ReminderMandated,
    SeveralStepsForOneItem,
    Step,
    StepKind,
    Topic,
    due_day,
    message_for,
    messages,
    most_urgent_first,
    series,
    step_due,
    turn_off,
)
from training.domain.requirement import Terms
from training.domain.standing import status_on, strictest, work_out
from training.domain.status import Status

ANN, BO = UUID(int=1), UUID(int=2)
ONE_DAY = timedelta(days=1)
STARTED = "2026-01-31"
YEARLY = Terms(12)


def on(text):
    return date.fromisoformat(text)


def span(from_, until=None):
    return Span(on(from_), until and on(until))


def earned(*days, terms=YEARLY):
    return certify_all([Pass(on(day)) for day in days], terms_on=lambda _: terms)


def facts(begins=STARTED, **changes):
    """Someone who needs the item from their first day, due in 60 days: by 1 April 2026 unless told otherwise."""
    return Facts(**{"on_file": (span(begins),), "needs": (span(begins),), "due_days": 60} | changes)


def due(facts, day, *, item="one"):
    return step_due(work_out(facts, as_at=on(day)), item=item, today=on(day))


def kind(facts, day):
    step = due(facts, day)
    return step and step.kind.value


def days_of(facts, day):
    return {
        step.kind.value: str(step.comes_on)
        for step in series(work_out(facts, as_at=on(day)), item="one", today=on(day))
    }


def steps_of(facts_by_item, day):
    return tuple(step for item, each in facts_by_item.items() if (step := due(each, day, item=item)))


# The steps of a series


def test_a_new_need_has_a_step_at_its_beginning_then_before_on_and_after_the_first_due_day():
    assert days_of(facts(), STARTED) == {
        "need-begins": "2026-01-31",
        "30-days-before": "2026-03-02",
        "7-days-before": "2026-03-25",
        "on-the-day": "2026-04-01",
        "1-week-after": "2026-04-08",
        "2-weeks-after": "2026-04-15",
        "3-weeks-after": "2026-04-22",
        "4-weeks-after": "2026-04-29",
    }


def test_a_renewal_has_a_step_when_the_window_opens_then_about_the_last_valid_day():
    days = days_of(facts(periods=earned("2026-02-14")), "2026-11-15")
    assert list(days.items())[:4] == [
        ("window-opens", "2026-11-15"),
        ("30-days-before", "2027-01-14"),
        ("7-days-before", "2027-02-06"),
        ("on-the-day", "2027-02-13"),
    ]


def test_what_has_expired_is_still_chased_about_its_last_valid_day():
    renewing = facts(periods=earned("2026-02-14"))
    assert days_of(renewing, "2027-03-13") == days_of(renewing, "2026-11-15")
    late = due(renewing, "2027-03-13")
    assert (late.kind, late.due_on) == (StepKind.FOUR_WEEKS_AFTER, on("2027-02-13"))


@pytest.mark.parametrize(
    ("due_days", "first", "second"),
    [
        (31, ("need-begins", "2026-01-31"), ("30-days-before", "2026-02-01")),
        (30, ("30-days-before", "2026-01-31"), ("7-days-before", "2026-02-23")),
        (29, ("need-begins", "2026-01-31"), ("7-days-before", "2026-02-22")),
        (7, ("7-days-before", "2026-01-31"), ("on-the-day", "2026-02-07")),
        (6, ("need-begins", "2026-01-31"), ("on-the-day", "2026-02-06")),
        (0, ("on-the-day", "2026-01-31"), ("1-week-after", "2026-02-07")),
    ],
)
def test_steps_before_the_need_are_skipped_and_a_day_has_one_step(due_days, first, second):
    assert list(days_of(facts(due_days=due_days), STARTED).items())[:2] == [first, second]


@pytest.mark.parametrize(
    ("window_days", "opens_on", "first"),
    [(20, "2027-01-24", "window-opens"), (30, "2027-01-14", "30-days-before"), (0, "2027-02-13", "on-the-day")],
)
def test_steps_before_the_window_are_skipped(window_days, opens_on, first):
    renewing = facts(periods=earned("2026-02-14", terms=Terms(12, window_days=window_days)))
    assert kind(renewing, str(on(opens_on) - ONE_DAY)) is None
    assert kind(renewing, opens_on) == first


@pytest.mark.parametrize(
    ("passed_on", "due_on", "month_before", "week_after"),
    [
        ("2024-02-29", "2025-02-28", "2025-01-29", "2025-03-07"),
        ("2027-03-01", "2028-02-29", "2028-01-30", "2028-03-07"),
        ("2026-04-01", "2027-03-31", "2027-03-01", "2027-04-07"),
        ("2026-03-29", "2027-03-28", "2027-02-26", "2027-04-04"),
        ("2026-10-26", "2027-10-25", "2027-09-25", "2027-11-01"),
        ("2026-01-01", "2026-12-31", "2026-12-01", "2027-01-07"),
    ],
)
def test_steps_are_counted_in_days_across_leap_days_month_ends_and_clock_changes(
    passed_on, due_on, month_before, week_after
):
    renewing = facts(begins=passed_on, periods=earned(passed_on))
    days = days_of(renewing, due_on)
    assert (days["on-the-day"], days["30-days-before"], days["1-week-after"]) == (due_on, month_before, week_after)
    assert due(renewing, due_on).due_on == on(due_on)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-30", None),
        ("2026-01-31", "need-begins"),
        ("2026-03-01", "need-begins"),
        ("2026-03-02", "30-days-before"),
        ("2026-03-24", "30-days-before"),
        ("2026-03-31", "7-days-before"),
        ("2026-04-01", "on-the-day"),
        ("2026-04-07", "on-the-day"),
        ("2026-04-08", "1-week-after"),
        ("2026-04-28", "3-weeks-after"),
        ("2026-04-29", "4-weeks-after"),
        ("2027-04-29", "4-weeks-after"),
    ],
)
def test_the_latest_step_whose_day_has_come_is_due(day, expected):
    assert kind(facts(), day) == expected


def test_a_step_says_what_it_speaks_of_and_why():
    step = due(facts(requirement="Care home core"), "2026-03-05")
    assert step == Step(
        item="one",
        kind=StepKind.MONTH_BEFORE,
        comes_on=on("2026-03-02"),
        due_on=on("2026-04-01"),
        renews=False,
        requirement="Care home core",
        reason="Not yet due: first due by 1 Apr 2026, 60 days from 31 Jan 2026, when the need began.",
    )
    assert step.key == ("one", on("2026-04-01"), "30-days-before")
    assert due(facts(periods=earned("2026-02-14")), "2027-01-20").renews


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("not-on-file", {"on_file": (span(STARTED, "2026-03-31"),)}),
        ("not-needed", {"needs": (span(STARTED, "2026-03-31"),)}),
        ("held", {"needs": (span(STARTED, "2026-03-31"),), "periods": earned("2025-04-01")}),
        ("on-leave", {"leaves": (span("2026-03-20", "2026-06-01"),)}),
        ("on-leave", {"leaves": (span("2026-03-20"),)}),
        ("exempt", {"exemptions": (Exemption(span("2026-03-20", "2026-06-01"), "Ann Lee", "Agency"),)}),
        ("up-to-date", {"periods": earned("2026-02-14")}),
        ("up-to-date", {"periods": earned("2026-02-14", terms=Terms(None))}),
    ],
)
def test_nobody_is_reminded_of_what_is_not_asked_of_them(why, changes):
    standing = work_out(facts(**changes), as_at=on("2026-04-01"))
    assert status_on(standing, on("2026-04-01")).value == why
    assert series(standing, item="one", today=on("2026-04-01")) == ()
    assert step_due(standing, item="one", today=on("2026-04-01")) is None
    assert kind(facts(), "2026-04-01") == "on-the-day"


def test_where_no_day_is_set_nobody_is_reminded():
    standing = work_out(facts(), as_at=on("2026-04-01"))._replace(first_due_on=None)
    assert status_on(standing, on("2026-04-01")) is Status.NOT_YET_DUE
    assert step_due(standing, item="one", today=on("2026-04-01")) is None
    ran_out = standing._replace(in_date_in_need=True, valid_until=on("2026-03-01"))
    assert due_day(ran_out, today=on("2026-04-01")) is None


def test_after_leave_only_the_latest_step_towards_the_moved_day_is_due():
    away = facts(leaves=(span("2026-03-20", "2026-04-30"),))
    assert kind(away, "2026-03-19") == "30-days-before"
    assert kind(away, "2026-04-30") is None
    back = due(away, "2026-05-01")
    assert (back.kind, back.comes_on, back.due_on) == (StepKind.MONTH_BEFORE, on("2026-04-13"), on("2026-05-13"))


def test_what_was_overdue_before_a_leave_is_spoken_of_once_on_the_first_day_back():
    away = facts(leaves=(span("2026-04-10", "2026-12-31"),))
    assert kind(away, "2026-04-09") == "1-week-after"
    assert [kind(away, day) for day in ("2026-04-10", "2026-12-31", "2027-01-01")] == [None, None, "4-weeks-after"]


@pytest.mark.parametrize("away", ["leaves", "exemptions"])
@pytest.mark.parametrize(
    ("due_days", "first", "due_on"),
    [(20, "30-days-before", "2027-04-20"), (30, "30-days-before", "2027-04-30"), (60, "due-again", "2027-05-30")],
)
def test_what_lapsed_while_away_is_due_again_from_the_first_day_back(away, due_days, first, due_on):
    lapse = span("2027-02-01", "2027-03-31")
    pause = {"leaves": (lapse,), "exemptions": (Exemption(lapse, "Ann Lee", "Agency"),)}
    back = due(facts(due_days=due_days, periods=earned("2026-02-14"), **{away: pause[away]}), "2027-04-01")
    assert (back.kind.value, back.due_on) == (first, on(due_on))
    assert back.renews
    assert back.comes_on >= on("2027-02-14")


def test_what_lapsed_while_away_is_chased_about_its_new_day_only():
    away = facts(periods=earned("2026-02-14"), leaves=(span("2027-02-01", "2027-03-31"),))
    assert days_of(away, "2027-04-01") == days_of(away, "2027-06-01")
    assert list(days_of(away, "2027-06-01").items())[:3] == [
        ("due-again", "2027-02-14"),
        ("30-days-before", "2027-04-30"),
        ("7-days-before", "2027-05-23"),
    ]


def test_after_an_exemption_someone_never_in_date_hears_of_the_new_first_day():
    let_off = facts(exemptions=(Exemption(span("2026-02-10", "2026-04-30"), "Ann Lee", "Agency"),))
    back = due(let_off, "2026-05-01")
    assert (back.kind, back.due_on) == (StepKind.NEED_BEGINS, on("2026-06-30"))


def test_what_runs_out_before_the_first_due_day_has_a_series_for_each():
    old = facts(periods=certify_all([Pass(on("2025-06-01"), on("2026-02-20"))], terms_on=lambda _: YEARLY))
    in_date, run_out = due(old, "2026-02-19"), due(old, "2026-02-21")
    assert (in_date.kind, in_date.due_on) == (StepKind.WEEK_BEFORE, on("2026-02-20"))
    assert (run_out.kind, run_out.comes_on, run_out.due_on) == (StepKind.DUE_AGAIN, on("2026-02-21"), on("2026-04-01"))


def test_a_need_that_begins_in_an_open_window_begins_the_series():
    old = facts(periods=earned("2025-04-11"))
    step = due(old, "2026-02-01")
    assert (step.kind, step.comes_on, step.due_on) == (StepKind.WINDOW_OPENS, on(STARTED), on("2026-04-10"))


def test_a_need_that_begins_again_has_a_series_of_its_own():
    gap = (span("2026-01-31", "2026-06-30"), span("2026-09-01"))
    back = due(facts(needs=gap), "2026-09-01")
    assert (back.kind, back.due_on) == (StepKind.NEED_BEGINS, on("2026-10-31"))


def test_everyone_again_is_announced_and_then_counted_down():
    cap = Cap(on=on("2026-08-31"), announced_on=on("2026-06-01"))
    announced = due(facts(periods=tuple(capped(period, cap) for period in earned("2026-02-14"))), "2026-06-01")
    assert (announced.kind, announced.due_on) == (StepKind.WINDOW_OPENS, on("2026-08-31"))


def test_the_strictest_line_of_an_item_sets_the_day():
    day = on("2026-03-25")
    lines = [work_out(facts(requirement=name, due_days=days), as_at=day) for name, days in (("a", 90), ("b", 60))]
    step = step_due(strictest(lines, day=day), item="one", today=day)
    assert (step.requirement, step.due_on, step.kind) == ("b", on("2026-04-01"), StepKind.WEEK_BEFORE)


# The message of a day


def someone(steps, **changes):
    return Recipient(**{"person": ANN, "steps": tuple(steps), "way": "email"} | changes)


def step(item="one", kind=StepKind.ON_THE_DAY, due_on="2026-04-01", renews=False):
    days = DAYS_FROM_DUE.get(kind, -60)
    return Step(item=item, kind=kind, comes_on=on(due_on) + timedelta(days=days), due_on=on(due_on), renews=renews)


def test_two_items_with_the_same_day_come_in_one_message():
    steps = steps_of({"two": facts(), "one": facts()}, "2026-04-01")
    message = message_for(someone(steps), today=on("2026-04-01"))
    assert message == Message(
        person=ANN,
        way="email",
        day=on("2026-04-01"),
        steps=(steps[1], steps[0]),
        keys=(("one", on("2026-04-01"), "on-the-day"), ("two", on("2026-04-01"), "on-the-day")),
    )


def test_the_most_urgent_comes_first():
    late, renewal, never, soon = (
        step("z", StepKind.ONE_WEEK_AFTER, "2026-03-20"),
        step("a", renews=True),
        step("b"),
        step("c", StepKind.WEEK_BEFORE, "2026-04-08"),
    )
    assert most_urgent_first([soon, renewal, never, late]) == (late, never, renewal, soon)


def test_what_was_sent_is_listed_but_not_sent_again():
    old, new = step("one", StepKind.ONE_WEEK_AFTER, "2026-03-20"), step("two")
    message = message_for(someone([new, old], sent={old.key}), today=on("2026-04-01"))
    assert message.steps == (old, new)
    assert message.keys == (new.key,)
    assert message_for(someone([new, old], sent={old.key, new.key}), today=on("2026-04-01")) is None


def test_keys_that_come_back_as_plain_text_are_the_same_keys():
    plain = ("one", on("2026-04-01"), "on-the-day")
    assert message_for(someone([step()], sent=[plain]), today=on("2026-04-01")) is None


def test_nobody_with_nothing_due_is_written_to():
    assert message_for(someone([]), today=on("2026-04-01")) is None


@pytest.mark.parametrize(
    ("last_sent_on", "sends"), [(None, True), ("2026-03-31", True), ("2026-04-01", False), ("2026-04-02", False)]
)
def test_nobody_is_written_to_twice_on_a_day_nor_for_a_day_gone_by(last_sent_on, sends):
    heard = someone([step()], last_sent_on=last_sent_on and on(last_sent_on))
    assert (message_for(heard, today=on("2026-04-01")) is not None) == sends


def test_two_lines_on_one_item_are_refused():
    with pytest.raises(SeveralStepsForOneItem, match=r"^one$"):
        message_for(someone([step(), step(due_on="2026-04-02"), step("two")]), today=on("2026-04-01"))


def test_whoever_has_no_address_is_told_of_apart():
    without = someone([step()], person=BO, way=None)
    nothing_due = replace(without, steps=())
    outbox = messages([someone([step()]), without, nothing_due], today=on("2026-04-01"))
    assert {message.day for message in (*outbox.messages, *outbox.unreachable)} == {on("2026-04-01")}
    assert [(message.person, message.way) for message in outbox.messages] == [(ANN, "email")]
    assert [(message.person, message.way) for message in outbox.unreachable] == [(BO, None)]


# What may be turned off


def test_only_news_of_windows_and_digests_can_be_turned_off():
    assert {topic for topic in Topic if topic.optional} == {Topic.WINDOW_NEWS, Topic.DIGESTS}
    assert {kind for kind in StepKind if kind.topic.optional} == {StepKind.WINDOW_OPENS}
    assert turn_off(Topic.DIGESTS, muted=frozenset({Topic.WINDOW_NEWS})) == {Topic.DIGESTS, Topic.WINDOW_NEWS}
    with pytest.raises(ReminderMandated, match="cannot be turned off"):
        turn_off(Topic.REMINDERS, muted=frozenset())


def test_who_turned_news_off_hears_of_what_is_due_and_of_nothing_else():
    news, needed = step("one", StepKind.WINDOW_OPENS, "2026-06-01", renews=True), step("two")
    off = frozenset(Topic)
    assert message_for(someone([news], muted=off), today=on("2026-04-01")) is None
    assert message_for(someone([news, needed], muted=off), today=on("2026-04-01")).steps == (needed,)


def test_a_message_is_news_when_only_news_sets_it_off():
    news, needed = step("one", StepKind.WINDOW_OPENS, "2026-06-01", renews=True), step("two")
    both = someone([news, needed])
    assert message_for(both, today=on("2026-04-01")).topic is Topic.REMINDERS
    assert message_for(replace(both, sent={needed.key}), today=on("2026-04-01")).topic is Topic.WINDOW_NEWS


def test_news_that_is_off_leaves_the_steps_that_count():
    renewing = facts(periods=earned("2026-02-14", terms=Terms(12, window_days=0)))
    off = someone([due(renewing, "2027-02-13")], muted=frozenset({Topic.WINDOW_NEWS}))
    assert message_for(off, today=on("2027-02-13")).steps[0].kind is StepKind.ON_THE_DAY


# Run after run


class Post:
    """What one person was sent, run after run, from standings kept until the day they change, as rows are."""

    def __init__(self):
        self.sent, self.keys, self.days, self.rows = set(), [], [], {}

    def standing(self, item, facts, day):
        known, row = self.rows.get(item, (None, None))
        if known is not facts or (row.next_change_on is not None and row.next_change_on <= day):
            self.rows[item] = facts, work_out(facts, as_at=day)
        return self.rows[item][1]

    def run(self, facts_by_item, day):
        """Run once, and return the slugs of what was sent for the first time."""
        due = [step_due(self.standing(item, each, day), item=item, today=day) for item, each in facts_by_item.items()]
        last = self.days[-1] if self.days else None
        recipient = someone((step for step in due if step), sent=frozenset(self.sent), last_sent_on=last)
        message = message_for(recipient, today=day)
        if message is None:
            return []
        self.sent |= set(message.keys)
        self.keys += [(day, key) for key in message.keys]
        self.days.append(day)
        return [str(kind) for _, _, kind in message.keys]

    def slugs(self, facts_by_item, *days):
        """Run on each day, and return what each run sent."""
        return [self.run(facts_by_item, on(day)) for day in days]


def every_day(first, last):
    return [first + timedelta(days=days) for days in range((last - first).days + 1)]


def test_a_run_every_day_sends_each_step_on_its_day():
    post = Post()
    for day in every_day(on("2026-01-01"), on("2026-12-31")):
        post.run({"one": facts()}, day)
    assert {kind: str(day) for day, (_, _, kind) in post.keys} == days_of(facts(), STARTED)


def test_runs_missed_for_a_week_send_only_the_latest_step():
    # The 7th day before was missed, and so was the day itself.
    sent = Post().slugs({"one": facts()}, "2026-03-02", "2026-03-24", "2026-04-03", "2026-04-04", "2026-04-10")
    assert sent == [["30-days-before"], [], ["on-the-day"], [], ["1-week-after"]]


def test_after_a_pass_no_later_step_of_that_due_day_is_sent():
    before, post = facts(periods=earned("2026-02-14")), Post()
    assert post.slugs({"one": before}, "2026-11-15", "2027-01-14") == [["window-opens"], ["30-days-before"]]
    renewed = facts(periods=earned("2026-02-14", "2027-01-20"))
    for day in every_day(on("2027-01-20"), on("2027-11-14")):
        assert post.run({"one": renewed}, day) == []
    assert post.run({"one": renewed}, on("2027-11-15")) == ["window-opens"]
    assert {due_on for day, (_, due_on, _) in post.keys if day > on("2027-01-20")} == {on("2028-02-13")}


def test_a_standing_that_changes_between_runs_is_spoken_of_as_it_now_stands():
    post = Post()
    assert post.slugs({"one": facts()}, "2026-03-02") == [["30-days-before"]]
    sooner = facts(due_days=37)
    assert post.slugs({"one": sooner}, "2026-03-02", "2026-03-03", "2026-03-04") == [[], ["7-days-before"], []]
    assert post.slugs({"one": facts()}, "2026-03-05", "2026-03-25") == [[], ["7-days-before"]]


def test_what_becomes_due_after_the_message_of_the_day_waits_for_the_next_day():
    post, both = Post(), {"one": facts(), "two": facts()}
    assert post.slugs({"one": facts()}, "2026-03-02") == [["30-days-before"]]
    assert post.slugs(both, "2026-03-02", "2026-03-03") == [[], ["30-days-before"]]


# Whole histories

FIRST = date(2027, 12, 1)
DAYS = st.integers(0, 500).map(lambda offset: FIRST + timedelta(days=offset))
SPANS = st.builds(lambda from_, days: Span(from_, from_ + timedelta(days=days)), DAYS, st.integers(0, 90))
HISTORIES = st.builds(
    lambda passes, terms, exempt, **rest: Facts(
        periods=certify_all(passes, terms_on=lambda _: terms),
        exemptions=tuple(Exemption(span, "Ann Lee", "Agency") for span in exempt),
        on_file=(Span(FIRST),),
        **rest,
    ),
    passes=st.lists(st.builds(Pass, DAYS), max_size=3),
    terms=st.sampled_from([Terms(6, window_days=20), Terms(6), Terms(12), Terms(None)]),
    exempt=st.lists(SPANS, max_size=1),
    needs=st.one_of(DAYS.map(lambda day: (Span(day),)), st.lists(SPANS, min_size=1, max_size=2).map(tuple)),
    leaves=st.lists(SPANS, max_size=2).map(tuple),
    due_days=st.integers(0, 90),
)
LIVES = st.dictionaries(st.sampled_from(["one", "two", "three"]), HISTORIES, min_size=1)


def last_good_day(standing, day):
    """Return the last day before lateness or a change of status, looking at one day after another."""
    standing = standing._replace(on_leave=None, exemption=None, on_file=Span(date.min), need_ends_on=None)
    status = status_on(standing, day)
    late = (Status.EXPIRED, Status.OVERDUE)
    while status in late and status_on(standing, day) in late:
        day -= ONE_DAY
    while status not in late and status_on(standing, day + ONE_DAY) is status:
        day += ONE_DAY
    return day


SILENT = ("up-to-date", "held", "not-needed", "on-leave", "exempt")


@settings(max_examples=examples(60), deadline=None)
@given(LIVES, LIVES, st.lists(DAYS, max_size=60), DAYS)
def test_no_step_is_sent_twice_and_nobody_hears_twice_on_a_day(lives, corrected, runs, corrected_on):
    post = Post()
    for day in sorted(runs):
        post.run(corrected if day >= corrected_on else lives, day)
    keys = [key for _, key in post.keys]
    assert len(keys) == len(set(keys))
    assert len(post.days) == len(set(post.days))
    spoken_of = [(day, item) for day, (item, _, _) in post.keys]
    assert len(spoken_of) == len(set(spoken_of))


@settings(max_examples=examples(40), deadline=None)
@given(LIVES, DAYS, st.integers(1, 250))
def test_a_run_every_day_skips_the_day_of_no_step(lives, first, length):
    post = Post()
    kinds = {days: kind for kind, days in DAYS_FROM_DUE.items()}
    for day in every_day(first, first + timedelta(days=length)):
        post.run(lives, day)
        for item, each in lives.items():
            standing = post.standing(item, each, day)
            if status_on(standing, day).value not in SILENT:
                due_on = last_good_day(standing, day)
                kind = kinds.get((day - due_on).days)
                assert kind is None or (item, due_on, kind) in post.sent


@settings(max_examples=examples(60), deadline=None)
@given(HISTORIES, DAYS)
def test_the_due_day_is_the_one_that_the_calendar_shows(facts, day):
    standing = work_out(facts, as_at=day)
    due_on = due_day(standing, today=day)
    if due_on is None:
        assert status_on(standing, day).value in SILENT
    else:
        assert due_on == last_good_day(standing, day)


@settings(max_examples=examples(40), deadline=None)
@given(HISTORIES)
def test_no_due_day_spoken_of_before_a_pass_is_spoken_of_after_it(facts):
    post = Post()
    for day in every_day(FIRST, FIRST + timedelta(days=700)):
        post.run({"one": facts}, day)
    for period in facts.periods:
        before = {key[1] for day, key in post.keys if day < period.passed_on}
        after = {key[1] for day, key in post.keys if day >= period.passed_on}
        assert not before & after


@settings(max_examples=examples(60), deadline=None)
@given(HISTORIES, DAYS)
def test_the_days_of_a_series_rise_and_its_latest_step_is_the_one_due(facts, day):
    standing = work_out(facts, as_at=day)
    steps = series(standing, item="one", today=day)
    days = [step.comes_on for step in steps]
    assert days == sorted(set(days))
    assert [list(StepKind).index(step.kind) for step in steps] == sorted(list(StepKind).index(s.kind) for s in steps)
    step = step_due(standing, item="one", today=day)
    assert (step is None) == (not steps)
    if step is not None:
        assert step.comes_on == max(one for one in days if one <= day)
