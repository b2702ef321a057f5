"""Reports as cells: the same rows as their pages, for every file that can be downloaded."""

from dataclasses import dataclass
from datetime import datetime

from training.domain.compliance import APART
from training.services.reports import Overview, PeopleReport
from training.services.staff import AsOf


@dataclass(frozen=True, slots=True)
class Table:
    """A report as cells: what is said above it, its header and its rows."""

    preamble: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def overview_table(report: Overview) -> Table:
    """Return the overview as cells, the same figures as its page."""
    figures = [("Everything", report.whole), *(("Training", one) for one in report.by_item)]
    figures += [("Site", one) for one in report.by_site]
    return Table(
        preamble=(
            ("Organisation", report.organisation_name),
            ("Covers", report.scope),
            *as_of_rows(report.as_of),
            ("People on file", str(report.heads)),
            ("Fully compliant", f"{report.fully_compliant} of {report.counted_heads} people counted"),
            ("At several sites", str(report.at_several_sites)),
            (),
        ),
        header=("Of", "Name", "Percent", "Compliant", "Counted", "On file", *(status.label for status in APART), "Sum"),
        rows=tuple(
            (
                kind,
                one.name,
                one.percent,
                one.tally.compliant,
                one.tally.counted,
                one.tally.on_file,
                *one.tally.apart.values(),
                one.denominator,
            )
            for kind, one in figures
        ),
    )


def people_table(report: PeopleReport) -> Table:
    """Return the people asked for as cells, the same rows as the page."""
    return Table(
        preamble=(
            ("Organisation", report.organisation_name),
            *as_of_rows(report.as_of),
            ("Shows", report.asked_words),
            ("Percent", report.figure.percent),
            ("Denominator", report.figure.denominator),
            (),
        ),
        header=("Name", "Staff number", "Sites", "Job titles", "Training", "Status", "Reason"),
        rows=tuple(
            (
                line.worker.name,
                line.worker.staff_number,
                "; ".join(name for _, name in line.worker.sites),
                "; ".join(line.worker.titles),
                line.title,
                line.status.label,
                " ".join((line.reason, *line.notes)),
            )
            for line in report.lines
        ),
    )


def as_of_rows(as_of: AsOf) -> tuple[tuple[str, str], ...]:
    """Return the day that a report speaks of, and up to when what it says was known."""
    known = format_instant(as_of.known_at) if as_of.known_at else "now"
    return ("As at", as_of.day.isoformat() + (" (forecast)" if as_of.is_forecast else "")), ("As known at", known)


def format_instant(instant: datetime) -> str:
    """Write an instant in UTC to the second."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
