"""The words of reminders, digests and floods, all in one place.

A subject and an opening may be read on a locked phone by anybody: they name no item, no person and no requirement.
"""

from dataclasses import dataclass

from training.domain.days import count_of, format_day
from training.domain.reminder import Message, Step, StepKind, Topic
from training.domain.reminder_digest import Digest, Group
from training.domain.reminder_run import Flood, Limit

DIGEST_SUBJECT = "Your team's training this week"


@dataclass(frozen=True, slots=True)
class Words:
    """A subject, and a sentence for the list; `{do}` is "do" or "renew" and `{due}` the due day."""

    subject: str
    sentence: str


COUNTDOWN = Words("Training to {do} by {due}", "Please {do} it by {due}.")
TODAY = Words("Training to {do} today, {due}", "Please {do} it today, {due}: from tomorrow it is late.")
LATE = Words("Training still to {do}: it was due by {due}", "It was due by {due}. Please {do} it as soon as you can.")
WORDS = {
    StepKind.NEED_BEGINS: Words("Training to {do} by {due}", "Your work now needs it. Please {do} it by {due}."),
    StepKind.WINDOW_OPENS: Words("Training you can renew now, by {due}", "You can renew it now, by {due}."),
    StepKind.DUE_AGAIN: Words("Training to {do} by {due}", "It has run out. Please {do} it by {due}."),
    StepKind.MONTH_BEFORE: COUNTDOWN,
    StepKind.WEEK_BEFORE: COUNTDOWN,
    StepKind.ON_THE_DAY: TODAY,
    StepKind.ONE_WEEK_AFTER: LATE,
    StepKind.TWO_WEEKS_AFTER: LATE,
    StepKind.THREE_WEEKS_AFTER: LATE,
    StepKind.FOUR_WEEKS_AFTER: LATE,
}
CLOSINGS = {
    Topic.REMINDERS: (
        "You get this because your work requires this training, so it cannot be turned off. "
        "If something keeps you from it, tell your manager."
    ),
    Topic.WINDOW_NEWS: "You get this because there is something you can renew early. You can turn news like this off.",
    Topic.DIGESTS: "You get this once a week. You can turn it off.",
}
LIMITS = {
    Limit.MANY_PEOPLE: "more than 200 people",
    Limit.MOST_OF_THEM: "more than half of the organisation",
}


def subject(message: Message) -> str:
    """Return the subject: the due day of the most urgent item, and how many more there are."""
    first, *others = message.steps
    more = f" (and {len(others):,} more)" if others else ""
    return _fill(_words(first, message).subject, first) + more


def opening(message: Message) -> str:
    """Return the first sentence, which a phone may show beneath the subject."""
    verb = "is" if len(message.steps) == 1 else "are"
    return f"There {verb} {count_of(len(message.steps), 'item')} on your training list."


def line(step: Step, message: Message, *, title: str) -> str:
    """Return what the message says of one step, in sentences: what to do, why, and which requirement set the day."""
    set_by = f" Set by: {step.requirement}." if step.requirement else ""
    reason = f" {step.reason}" if step.reason else ""
    return f"{title}. {_fill(_words(step, message).sentence, step)}{reason}{set_by}"


def closing(topic: Topic) -> str:
    """Return the last words: why this was sent, and whether it can be turned off."""
    return CLOSINGS[topic]


def digest_lines(digest: Digest) -> tuple[str, ...]:
    """Return how many people there are, then a sentence for each group with anybody in it or that all is well."""
    on_file = f"Your team has {_people(digest.people)} on file."
    if digest.all_well:
        return on_file, "Nobody is overdue or expired, and nothing is due within 30 days."
    groups = (
        ("Overdue", digest.overdue),
        ("Expired", digest.expired),
        ("Due within 30 days", digest.due_soon),
        ("Mail came back", digest.bounced),
    )
    said = (_group_line(label, group) for label, group in groups if group.people)
    return on_file, *said


def flood_question(flood: Flood) -> str:
    """Return what a manager is asked before a run goes on."""
    before = "" if flood.agreed is None else f" A run of {flood.agreed:,} was approved for that day."
    return (
        f"Reminders on {format_day(flood.day)} would go to {_people(flood.people)} of {flood.on_file:,} on file, "
        f"{LIMITS[flood.limit]}. Nothing is sent until you approve it.{before}"
    )


def _words(step: Step, message: Message) -> Words:
    """Return the words of a step on the day of its message: after a missed run the due day may have gone by."""
    return LATE if message.day > step.due_on else WORDS[step.kind]


def _fill(words: str, step: Step) -> str:
    return words.format(do="renew" if step.renews else "do", due=format_day(step.due_on))


def _group_line(label: str, group: Group) -> str:
    items = f", {count_of(group.items, 'item')}" if group.items else ""
    more = f" and {group.more:,} more" if group.more else ""
    return f"{label}: {_people(group.people)}{items}: {', '.join(group.names)}{more}."


def _people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"
