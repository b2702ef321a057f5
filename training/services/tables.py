"""Reports as cells: the same rows as their pages, for every file that can be downloaded."""

from dataclasses import dataclass

from training.domain.compliance import APART
from training.services.reports import Overview, PeopleReport


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
            ("As at", report.as_at.isoformat()),
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
            ("As at", report.as_at.isoformat()),
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
