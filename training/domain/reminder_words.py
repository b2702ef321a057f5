"""The question that a run of reminders stops with, in words."""

from training.domain.days import format_day
from training.domain.language import N_, _, ngettext
from training.domain.numbers import number_words
from training.domain.reminder_run import Flood, Limit

QUESTIONS = {
    Limit.MANY_PEOPLE: N_(
        "Reminders on %(day)s would go to %(people)s of %(all)s on file, more than 200 people. "
        "Nothing is sent until you approve it."
    ),
    Limit.MOST_OF_THEM: N_(
        "Reminders on %(day)s would go to %(people)s of %(all)s on file, more than half of the organisation. "
        "Nothing is sent until you approve it."
    ),
}


def flood_question(flood: Flood) -> str:
    """Return what a manager is asked before a run goes on."""
    people = ngettext("%(number)s person", "%(number)s people", flood.people, number=number_words(flood.people))
    asked = _(QUESTIONS[flood.limit], day=format_day(flood.day), people=people, all=number_words(flood.on_file))
    if flood.agreed is None:
        return asked
    before = _("A run of %(number)s was approved for that day.", number=number_words(flood.agreed))
    return f"{asked} {before}"
