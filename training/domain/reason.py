"""The sentences that say why a standing is what it is on a day."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from training.domain.days import ONE_DAY, Span, format_day
from training.domain.language import N_, _
from training.domain.said import said
from training.domain.status import Status

if TYPE_CHECKING:
    from training.domain.standing import Standing

# They speak of something else than of where the training itself stands.
SPEAKS_OF_ANOTHER = frozenset({Status.HELD, Status.ON_LEAVE, Status.EXEMPT})


def reason_for(standing: "Standing", status: Status) -> str:
    """Say in one sentence why a status won."""
    return SENTENCES[status](standing)


def notes_for(standing: "Standing", status: Status, *, day: date) -> tuple[str, ...]:
    """Say what else is so on a day, or is booked to come, a sentence each."""
    if status is Status.NOT_ON_FILE:
        return ()
    notes = (
        _validity_note(standing, status, day),
        _window_note(standing, status),
        _moved_nothing_note(standing),
        _leave_note(standing.on_leave, day),
        _exemption_note(standing, status, day),
    )
    return tuple(filter(None, notes))


def _not_on_file(_standing: "Standing") -> str:
    return _("Not on file: no employment covers this day.")


def _held(standing: "Standing") -> str:
    last = format_day(standing.last_passed_on)
    return _("Not needed by the present role: last passed on %(day)s.", day=last)


def _not_needed(_standing: "Standing") -> str:
    return _("Not needed by the present role, and never passed.")


def _on_leave(standing: "Standing") -> str:
    leave = standing.on_leave
    if leave.until is None:
        words = N_("On leave from %(day)s with no end given, so no day is set to be due.")
        return _(words, day=format_day(leave.from_))
    words = N_("On leave from %(day)s until %(until)s, so nothing is due.")
    return _(words, day=format_day(leave.from_), until=format_day(leave.until))


def _exempt(standing: "Standing") -> str:
    exemption = standing.exemption
    agreed = {"why": _clause(exemption.why), "who": _clause(exemption.who)}
    if exemption.span.until is None:
        return _("Exempt: %(why)s (agreed by %(who)s).", **agreed)
    until = format_day(exemption.span.until)
    return _("Exempt until %(until)s: %(why)s (agreed by %(who)s).", until=until, **agreed)


def _in_date(standing: "Standing") -> str:
    reason = said(standing.valid_reason)
    if standing.never_expires:
        return _("In date: %(reason)s.", reason=reason)
    return _("In date until %(until)s: %(reason)s.", until=format_day(standing.valid_until), reason=reason)


def _not_yet_due(standing: "Standing") -> str:
    if standing.grace_until is not None and standing.grace_until == standing.due_until:
        words = N_("Not yet due: in date until %(until)s, and %(reason)s it is due again by %(day)s.")
        days = {"until": format_day(standing.valid_until), "day": format_day(standing.grace_until)}
        return _(words, reason=said(standing.grace_reason), **days)
    if standing.first_due_on is None:
        return _("Not yet due: no day is set, and %(passed)s.", passed=_not_passed(standing))
    due, reason = format_day(standing.first_due_on), said(standing.first_due_reason)
    return _("Not yet due: first due by %(day)s, %(reason)s.", day=due, reason=reason)


def _expired(standing: "Standing") -> str:
    last_day = max(standing.valid_until, standing.due_until)
    days = {"since": format_day(last_day + ONE_DAY), "until": format_day(standing.valid_until)}
    if last_day == standing.valid_until:
        return _("Expired since %(since)s: in date until %(until)s, and not renewed yet.", **days)
    words = N_("Expired since %(since)s: in date until %(until)s, due by %(due)s, and not renewed yet.")
    return _(words, due=format_day(last_day), **days)


def _overdue(standing: "Standing") -> str:
    since, due = format_day(standing.first_due_on + ONE_DAY), format_day(standing.first_due_on)
    words = N_("Overdue since %(since)s: first due by %(due)s, and %(passed)s.")
    return _(words, since=since, due=due, passed=_not_passed(standing))


def _not_passed(standing: "Standing") -> str:
    if standing.valid_until is None:
        return _("not passed yet")
    return _("not passed since being in date until %(until)s", until=format_day(standing.valid_until))


def _validity_note(standing: "Standing", status: Status, day: date) -> str:
    """Say where the training itself stands, when the status speaks of something else."""
    if status in SPEAKS_OF_ANOTHER:
        if standing.in_date_on(day):
            return _in_date(standing)
        if standing.valid_until is not None:
            return _("In date until %(until)s, and not since.", until=format_day(standing.valid_until))
        return _("Not passed yet.")
    if status is Status.NOT_YET_DUE and standing.valid_until is not None and standing.grace_until != standing.due_until:
        return _("In date until %(until)s, and not since.", until=format_day(standing.valid_until))
    return ""


def _window_note(standing: "Standing", status: Status) -> str:
    if status is not Status.EXPIRING_SOON:
        return ""
    return _("The window to renew opened on %(day)s.", day=format_day(standing.window_opens_on))


def _moved_nothing_note(standing: "Standing") -> str:
    if standing.last_passed_on == standing.earned_on:
        return ""
    return _("Passed again on %(day)s, which moved nothing.", day=format_day(standing.last_passed_on))


def _leave_note(leave: Span | None, day: date) -> str:
    if leave is None or leave.from_ <= day:
        return ""
    if leave.until is None:
        return _("On leave from %(day)s.", day=format_day(leave.from_))
    return _("On leave from %(day)s until %(until)s.", day=format_day(leave.from_), until=format_day(leave.until))


def _exemption_note(standing: "Standing", status: Status, day: date) -> str:
    exemption = standing.exemption
    if exemption is None or status is Status.EXEMPT:
        return ""
    if day < exemption.span.from_:
        return _exempt_ahead(exemption.span)
    return _exempt(standing) if day in exemption.span else ""


def _exempt_ahead(span: Span) -> str:
    if span.until is None:
        return _("Exempt from %(day)s.", day=format_day(span.from_))
    return _("Exempt from %(day)s until %(until)s.", day=format_day(span.from_), until=format_day(span.until))


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
