"""How a standing is stored: one line of the rules as one row of the table, and back."""

import uuid
from dataclasses import dataclass, fields
from datetime import date

from training.domain.days import Span
from training.domain.need import Exemption
from training.domain.standing import Standing
from training.models import StandingRow

# Fields of a standing that are columns of the same name; the others are spans and take two or more columns.
PLAIN = tuple(
    each.name for each in fields(Standing) if each.name not in {"requirement", "on_file", "on_leave", "exemption"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """One person's standing on one requirement."""

    person_id: uuid.UUID
    requirement_id: uuid.UUID
    item: str
    standing: Standing


def columns(line: Line) -> dict[str, object]:
    """Return a line as the columns of its row."""
    standing, exemption = line.standing, line.standing.exemption
    on_file, on_leave, exempt = standing.on_file, standing.on_leave, exemption.span if exemption else None
    return {
        "person_id": line.person_id,
        "requirement_id": line.requirement_id,
        "item": line.item,
        **{name: getattr(standing, name) for name in PLAIN},
        **span_columns("on_file", on_file),
        **span_columns("leave", on_leave),
        **span_columns("exempt", exempt),
        "exempt_who": exemption.who if exemption else "",
        "exempt_why": exemption.why if exemption else "",
    }


def span_columns(name: str, span: Span | None) -> dict[str, date | None]:
    """Return a span as its two columns."""
    return {f"{name}_from": span.from_ if span else None, f"{name}_until": span.until if span else None}


def span_of(row: StandingRow, name: str) -> Span | None:
    """Return the span in two columns."""
    from_ = getattr(row, f"{name}_from")
    return Span(from_, getattr(row, f"{name}_until")) if from_ else None


def line_of(row: StandingRow, *, requirement: str) -> Line:
    """Return a row as a line."""
    exempt = span_of(row, "exempt")
    standing = Standing(
        requirement=requirement,
        on_file=span_of(row, "on_file"),
        on_leave=span_of(row, "leave"),
        exemption=Exemption(exempt, row.exempt_who, row.exempt_why) if exempt else None,
        **{name: getattr(row, name) for name in PLAIN},
    )
    return Line(row.person_id, row.requirement_id, row.item, standing)
