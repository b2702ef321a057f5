"""Reminders of one person: the steps of each item, what may be turned off, and the one message of a day.

Nothing is planned ahead: each run asks which step has come, and what was sent is known by its key. A missed run, a pass
or a change of dates therefore needs nothing put right.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from training.domain.days import ONE_DAY
from training.domain.language import _
from training.domain.refusal import Refusal
from training.domain.standing import Standing, reason_on, status_on
from training.domain.status import Status

CHASED = (Status.EXPIRING_SOON, Status.NOT_YET_DUE, Status.EXPIRED, Status.OVERDUE)


class ReminderMandated(Refusal):
    """A reminder of what is required and due cannot be turned off."""


class SeveralStepsForOneItem(ValueError):
    """No message can be made from two lines on one item; only the strictest is to come in."""


class Topic(StrEnum):
    """What kind of thing a message says, known everywhere by its slug."""

    REMINDERS = "reminders"
    WINDOW_NEWS = "window-news"
    DIGESTS = "digests"

    @property
    def optional(self) -> bool:
        """Whether a person may turn it off: all but reminders of what is required and due."""
        return self is not Topic.REMINDERS


class StepKind(StrEnum):
    """A step of a series, in order, known everywhere by its slug."""

    NEED_BEGINS = "need-begins"
    WINDOW_OPENS = "window-opens"
    DUE_AGAIN = "due-again"
    MONTH_BEFORE = "30-days-before"
    WEEK_BEFORE = "7-days-before"
    ON_THE_DAY = "on-the-day"
    ONE_WEEK_AFTER = "1-week-after"
    TWO_WEEKS_AFTER = "2-weeks-after"
    THREE_WEEKS_AFTER = "3-weeks-after"
    FOUR_WEEKS_AFTER = "4-weeks-after"

    @property
    def topic(self) -> Topic:
        """The kind of thing it says: an open window is news, all else is a reminder."""
        return Topic.WINDOW_NEWS if self is StepKind.WINDOW_OPENS else Topic.REMINDERS


DAYS_FROM_DUE = {
    StepKind.MONTH_BEFORE: -30,
    StepKind.WEEK_BEFORE: -7,
    StepKind.ON_THE_DAY: 0,
    StepKind.ONE_WEEK_AFTER: 7,
    StepKind.TWO_WEEKS_AFTER: 14,
    StepKind.THREE_WEEKS_AFTER: 21,
    StepKind.FOUR_WEEKS_AFTER: 28,
}

Key = tuple[str, date, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of one item: the day it comes on, and the due day it speaks of.

    `renews` says that the item was in date at some time in this need, `was_passed` that it was passed at some time, if
    only before this need. `requirement` names the one that set the day, and `reason` is the sentence of the day on
    which the step was asked for.
    """

    item: str
    kind: StepKind
    comes_on: date
    due_on: date
    renews: bool
    was_passed: bool = False
    requirement: str = ""
    reason: str = ""

    @property
    def key(self) -> Key:
        """What makes it the same step whenever it is asked for; unique for one person."""
        return self.item, self.due_on, self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Someone to remind: the steps that are due, one an item, and what they were sent before.

    `way` is how they can be reached, None where there is no address or it bounced. `sent` are the keys of all steps
    sent to them, `last_sent_on` the day of their latest message, `muted` the topics they turned off.
    """

    person: UUID
    steps: tuple[Step, ...]
    way: str | None
    sent: Collection[Key] = frozenset()
    last_sent_on: date | None = None
    muted: frozenset[Topic] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """All that one person is told on one day, most urgent first; `keys` are the steps that it sends for the first time.

    A step that was sent before and is still due is listed again, so that no message hides what is more urgent.
    """

    person: UUID
    way: str | None
    day: date
    steps: tuple[Step, ...]
    keys: tuple[Key, ...]

    @property
    def topic(self) -> Topic:
        """What it was sent for: news where all that it sends for the first time is news."""
        news = all(StepKind(kind).topic is Topic.WINDOW_NEWS for _, _, kind in self.keys)
        return Topic.WINDOW_NEWS if news else Topic.REMINDERS


@dataclass(frozen=True, slots=True)
class Outbox:
    """What a run would send, and the messages of those whom it cannot reach; theirs are not recorded as sent."""

    messages: tuple[Message, ...] = ()
    unreachable: tuple[Message, ...] = ()


def due_day(standing: Standing, *, today: date) -> date | None:
    """Return the last day on which someone chased is still in good time, or None where nobody is chased.

    In date, it is the last valid day. Not in date, it is the first due day, or the one given after leave or exemption;
    for what ran out in this need and has none later, still the last valid day.
    """
    if status_on(standing, today) not in CHASED:
        return None
    if standing.in_date_on(today):
        return standing.valid_until
    if standing.in_date_in_need and standing.due_until is not None:
        return max(standing.valid_until, standing.due_until)
    return standing.due_until


def series(standing: Standing, *, item: str, today: date) -> tuple[Step, ...]:
    """Return every step towards the present due day, in order; none where nobody is chased.

    Steps before the need or the window are left out. Where the opening falls on the day of another step it is left out
    too: only what is required may be said on a day that counts, and that cannot be turned off.
    """
    due_on = due_day(standing, today=today)
    if due_on is None:
        return ()
    kind, opens_on = _opening(standing, due_on)
    later = {kind: due_on + timedelta(days=days) for kind, days in DAYS_FROM_DUE.items()}
    later = {kind: day for kind, day in later.items() if day >= opens_on}
    days = later if opens_on in later.values() else {kind: opens_on} | later
    about = {
        "item": item,
        "due_on": due_on,
        "renews": standing.in_date_in_need,
        "was_passed": standing.last_passed_on is not None,
        "requirement": standing.requirement,
        "reason": reason_on(standing, today),
    }
    return tuple(Step(kind=kind, comes_on=day, **about) for kind, day in days.items())


def step_due(standing: Standing, *, item: str, today: date) -> Step | None:
    """Return the latest step whose day has come, or None while there is none.

    It stays due until the next comes, the last for good: someone back from a year of leave hears of what was already
    overdue once, if the last step had not been sent.
    """
    come = [step for step in series(standing, item=item, today=today) if step.comes_on <= today]
    return come[-1] if come else None


def messages(recipients: Iterable[Recipient], *, today: date) -> Outbox:
    """Return the messages of a run, at most one a person; whoever it cannot reach is told of apart."""
    written = [message for each in recipients if (message := message_for(each, today=today)) is not None]
    return Outbox(
        messages=tuple(message for message in written if message.way is not None),
        unreachable=tuple(message for message in written if message.way is None),
    )


def message_for(recipient: Recipient, *, today: date) -> Message | None:
    """Return the message that a person is due, or None where they heard all of it, or heard something today.

    Steps of a topic that was turned off are left out, unless it cannot be. A run for a day before the latest message
    sends nothing.

    Raises:
        SeveralStepsForOneItem: two steps speak of one item.
    """
    _check_one_an_item(recipient.steps)
    if recipient.last_sent_on is not None and recipient.last_sent_on >= today:
        return None
    off = {topic for topic in recipient.muted if topic.optional}
    steps = most_urgent_first(step for step in recipient.steps if step.kind.topic not in off)
    keys = tuple(step.key for step in steps if step.key not in recipient.sent)
    if not keys:
        return None
    return Message(person=recipient.person, way=recipient.way, day=today, steps=steps, keys=keys)


def most_urgent_first(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Sort steps by due day; where days tie, what was never held comes before a renewal, then the item's name."""
    return tuple(sorted(steps, key=lambda step: (step.due_on, step.renews, step.item)))


def turn_off(topic: Topic, *, muted: frozenset[Topic]) -> frozenset[Topic]:
    """Return the topics that are off once one more is turned off.

    Raises:
        ReminderMandated: the topic is what is required and due.
    """
    if not topic.optional:
        raise ReminderMandated(_("Reminders of training that your work requires cannot be turned off."))
    return muted | {topic}


def _opening(standing: Standing, due_on: date) -> tuple[StepKind, date]:
    """Return the first step of a series: the need begins, the window opens, or what ran out has a new due day."""
    begins_on = standing.need_begins_on
    if not standing.in_date_in_need:
        return StepKind.NEED_BEGINS, begins_on
    if due_on > standing.valid_until:
        return StepKind.DUE_AGAIN, max(standing.valid_until + ONE_DAY, begins_on)
    return StepKind.WINDOW_OPENS, max(standing.window_opens_on or begins_on, begins_on)


def _check_one_an_item(steps: Iterable[Step]) -> None:
    twice = sorted(item for item, count in Counter(step.item for step in steps).items() if count > 1)
    if twice:
        raise SeveralStepsForOneItem(", ".join(twice))
