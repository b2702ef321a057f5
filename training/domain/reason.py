"""The sentences that say why a standing is what it is on a day."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from training.domain.days import ONE_DAY, Span, format_day
from training.domain.status import Status

if TYPE_CHECKING:
    from training.domain.standing import Standing


def reason_for(standing: "Standing", status: Status) -> str:
    """Say in one sentence why a status won."""
    return SENTENCES[status](standing)


def notes_for(standing: "Standing", status: Status, *, day: date) -> tuple[str, ...]:
    """Say what else is so on a day, or is booked to come, a sentence each."""
    if status is Status.NOT_ON_FILE:
        return ()
    return tuple(
        note
        for note in (
            _validity_note(standing, status, day),
            _window_note(standing, status),
            _moved_nothing_note(standing),
            _leave_note(standing.on_leave, day),
            _exemption_note(standing, status, day),
        )
        if note
    )


def _not_on_file(_: "Standing") -> str:
    return "Not on file: no employment covers this day."


def _held(standing: "Standing") -> str:
    return f"Not needed by the present role: last passed on {format_day(standing.last_passed_on)}."


def _not_needed(_: "Standing") -> str:
    return "Not needed by the present role, and never passed."


def _on_leave(standing: "Standing") -> str:
    leave = standing.on_leave
    if leave.until is None:
        return f"On leave from {format_day(leave.from_)} with no end given, so no day is set to be due."
    return f"On leave {_days(leave)}, so nothing is due."


def _exempt(standing: "Standing") -> str:
    exemption = standing.exemption
    until = f" until {format_day(exemption.span.until)}" if exemption.span.until else ""
    return f"Exempt{until}: {_clause(exemption.why)} (agreed by {_clause(exemption.who)})."


def _in_date(standing: "Standing") -> str:
    until = "" if standing.never_expires else f" until {format_day(standing.valid_until)}"
    return f"In date{until}: {standing.valid_reason}."


def _not_yet_due(standing: "Standing") -> str:
    if standing.grace_until is not None and standing.grace_until == standing.due_until:
        until, grace_until = format_day(standing.valid_until), format_day(standing.grace_until)
        return f"Not yet due: in date until {until}, and {standing.grace_reason} it is due again by {grace_until}."
    if standing.first_due_on is None:
        return f"Not yet due: no day is set, and {_not_passed(standing)}."
    return f"Not yet due: first due by {format_day(standing.first_due_on)}, {standing.first_due_reason}."


def _expired(standing: "Standing") -> str:
    last_day = max(standing.valid_until, standing.due_until)
    due = "" if last_day == standing.valid_until else f", due by {format_day(last_day)}"
    since, until = format_day(last_day + ONE_DAY), format_day(standing.valid_until)
    return f"Expired since {since}: in date until {until}{due}, and not renewed yet."


def _overdue(standing: "Standing") -> str:
    since, due = format_day(standing.first_due_on + ONE_DAY), format_day(standing.first_due_on)
    return f"Overdue since {since}: first due by {due}, and {_not_passed(standing)}."


def _not_passed(standing: "Standing") -> str:
    if standing.valid_until is None:
        return "not passed yet"
    return f"not passed since being in date until {format_day(standing.valid_until)}"


def _validity_note(standing: "Standing", status: Status, day: date) -> str:
    """Say where the training itself stands, when the status speaks of something else."""
    if status in (Status.HELD, Status.ON_LEAVE, Status.EXEMPT):
        if standing.in_date_on(day):
            return _in_date(standing)
        if standing.valid_until is not None:
            return f"In date until {format_day(standing.valid_until)}, and not since."
        return "Not passed yet."
    if status is Status.NOT_YET_DUE and standing.valid_until is not None and standing.grace_until != standing.due_until:
        return f"In date until {format_day(standing.valid_until)}, and not since."
    return ""


def _window_note(standing: "Standing", status: Status) -> str:
    if status is not Status.EXPIRING_SOON:
        return ""
    return f"The window to renew opened on {format_day(standing.window_opens_on)}."


def _moved_nothing_note(standing: "Standing") -> str:
    if standing.last_passed_on == standing.earned_on:
        return ""
    return f"Passed again on {format_day(standing.last_passed_on)}, which moved nothing."


def _leave_note(leave: Span | None, day: date) -> str:
    return f"On leave {_days(leave)}." if leave is not None and day < leave.from_ else ""


def _exemption_note(standing: "Standing", status: Status, day: date) -> str:
    exemption = standing.exemption
    if exemption is None or status is Status.EXEMPT:
        return ""
    if day < exemption.span.from_:
        return f"Exempt {_days(exemption.span)}."
    return _exempt(standing) if day in exemption.span else ""


def _days(span: Span) -> str:
    until = f" until {format_day(span.until)}" if span.until else ""
    return f"from {format_day(span.from_)}{until}"


def _clause(text: str) -> str:
    """Return what someone wrote as part of a sentence, without a full stop or line break of its own."""
    return " ".join(text.split()).rstrip(".")


SENTENCES: dict[Status, Callable[["Standing"], str]] = {
    Status.NOT_ON_FILE: _not_on_file,
    Status.HELD: _held,
    Status.NOT_NEEDED: _not_needed,
    Status.ON_LEAVE: _on_leave,
    Status.EXEMPT: _exempt,
    Status.UP_TO_DATE: _in_date,
    Status.EXPIRING_SOON: _in_date,
    Status.NOT_YET_DUE: _not_yet_due,
    Status.EXPIRED: _expired,
    Status.OVERDUE: _overdue,
}
