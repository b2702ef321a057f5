"""How standings and days on file are stored: one line of the rules as one row of a table, and back."""

import uuid
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from training.domain.days import Span
from training.domain.need import Exemption
from training.domain.standing import Standing
from training.models import WHOLE_ID, OnFileRow, StandingRow

# Fields of a standing that are columns of the same name; the others are spans and take two or more columns.
PLAIN = tuple(name for name in Standing._fields if name not in {"requirement", "on_file", "on_leave", "exemption"})
PLAIN_OF = attrgetter(*PLAIN)

# Of a row, what its status on a day depends on; the rest is words.
DATED = (
    "need_begins_on",
    "need_ends_on",
    "first_due_on",
    "in_date_in_need",
    "grace_until",
    "last_passed_on",
    "valid_until",
    "window_opens_on",
    "never_expires",
)
SPANS = ("on_file_from", "on_file_until", "leave_from", "leave_until", "exempt_from", "exempt_until")
COUNTED = ("person_id", "item", "site_id", "worked_out_on", *DATED, *SPANS)
# The id of no requirement, for a line of which only its status is asked.
NO_REQUIREMENT = uuid.UUID(int=0)


class Line(NamedTuple):
    """One person's standing on one requirement, as the organisation judges or one of several sites."""

    person_id: uuid.UUID
    requirement_id: uuid.UUID
    item: str
    standing: Standing
    site_id: uuid.UUID = WHOLE_ID

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID, str, uuid.UUID]:
        """What tells it from every other of its organisation."""
        return self.person_id, self.requirement_id, self.item, self.site_id


@dataclass(frozen=True, slots=True)
class OnFile:
    """The days on which a person is on file at a site: the present ones, or else the next; and with which job titles.

    On `next_change_on` it may be otherwise. The titles are those of the day it was worked out on.
    """

    person_id: uuid.UUID
    site_id: uuid.UUID
    days: Span
    titles: tuple[str, ...] = ()
    next_change_on: date | None = None

    @property
    def key(self) -> tuple[uuid.UUID, None, uuid.UUID]:
        """What tells it from every other of its organisation, and from every line."""
        return self.person_id, None, self.site_id


def columns(line: Line, *, day: date) -> dict[str, object]:
    """Return a line as the columns of its row, worked out on a day."""
    standing, exemption = line.standing, line.standing.exemption
    on_file, on_leave, exempt = standing.on_file, standing.on_leave, exemption.span if exemption else None
    return {
        "person_id": line.person_id,
        "requirement_id": line.requirement_id,
        "item": line.item,
        "site_id": line.site_id,
        **{name: getattr(standing, name) for name in PLAIN},
        **span_columns("on_file", on_file),
        **span_columns("leave", on_leave),
        **span_columns("exempt", exempt),
        "exempt_who": exemption.who if exemption else "",
        "exempt_why": exemption.why if exemption else "",
        "worked_out_on": day,
    }


def span_columns(name: str, span: Span | None) -> dict[str, date | None]:
    """Return a span as its two columns."""
    return {f"{name}_from": span.from_ if span else None, f"{name}_until": span.until if span else None}


def span_of(row: StandingRow, name: str) -> Span | None:
    """Return the span in two columns."""
    from_ = getattr(row, f"{name}_from")
    return Span(from_, getattr(row, f"{name}_until")) if from_ else None


def line_of(row: StandingRow, *, requirement: str = "") -> Line:
    """Return a row as a line."""
    exempt = span_of(row, "exempt")
    standing = Standing(
        requirement=requirement,
        on_file=span_of(row, "on_file"),
        on_leave=span_of(row, "leave"),
        exemption=Exemption(exempt, row.exempt_who, row.exempt_why) if exempt else None,
        **dict(zip(PLAIN, PLAIN_OF(row), strict=True)),
    )
    return Line(row.person_id, row.requirement_id, row.item, standing, row.site_id)


def counted_line_of(row: Any) -> Line:  # noqa: ANN401 (a row of the counted columns, or a whole one)
    """Return a row as a line without its words, good for its status on a day; millions are read so."""
    exempt = span_of(row, "exempt")
    standing = Standing(
        on_file=span_of(row, "on_file"),
        on_leave=span_of(row, "leave"),
        exemption=Exemption(exempt, "", "") if exempt else None,
        **{name: getattr(row, name) for name in DATED},
    )
    return Line(row.person_id, NO_REQUIREMENT, row.item, standing, row.site_id)


def on_file_columns(place: OnFile, *, day: date) -> dict[str, object]:
    """Return days on file as the columns of their row, worked out on a day."""
    return {
        "person_id": place.person_id,
        "site_id": place.site_id,
        "starts_on": place.days.from_,
        "ends_on": place.days.until,
        "titles": " ".join(place.titles),
        "next_change_on": place.next_change_on,
        "worked_out_on": day,
    }


def on_file_of(row: OnFileRow) -> OnFile:
    """Return a row as days on file."""
    titles = tuple((row.titles or "").split())
    return OnFile(row.person_id, row.site_id, Span(row.starts_on, row.ends_on), titles, row.next_change_on)
