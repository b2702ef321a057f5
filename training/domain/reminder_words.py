"""The question that a run of reminders stops with, in words."""

from training.domain.days import format_day
from training.domain.reminder_run import Flood, Limit

LIMITS = {
    Limit.MANY_PEOPLE: "more than 200 people",
    Limit.MOST_OF_THEM: "more than half of the organisation",
}


def flood_question(flood: Flood) -> str:
    """Return what a manager is asked before a run goes on."""
    before = "" if flood.agreed is None else f" A run of {flood.agreed:,} was approved for that day."
    return (
        f"Reminders on {format_day(flood.day)} would go to {_people(flood.people)} of {flood.on_file:,} on file, "
        f"{LIMITS[flood.limit]}. Nothing is sent until you approve it.{before}"
    )


def _people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"
