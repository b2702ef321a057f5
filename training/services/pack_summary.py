"""The summary of a pack: what is asked, how the organisation stands, and what is being done about the gaps."""

from training.domain.compliance import PERSON_MODULES, Tally, denominator_sentence, percent_words
from training.domain.counting import COMPLIANT_HEADS, COUNTED_HEADS
from training.domain.days import count_of
from training.domain.pack import COVER_NOTE, MANIFEST
from training.domain.paper import Paper, Section
from training.domain.report import Column, Kind, Row, Table
from training.models import WHOLE_ID
from training.services.figures import Figure, item_figures, site_figures
from training.services.pack_duties import Duties, people
from training.services.pack_gathering import REMINDED, Gathered
from training.services.pack_papers import REMINDERS, Papers, asked_sections
from training.services.report_questions import SOON
from training.services.rosters import Roster
from training.services.unit_counts import UnitCounts

WHAT_IT_IS = (
    "This pack shows what training on stopping the over-medication of people with a learning disability and autistic "
    "people is asked of staff here, who holds it, and how that was decided. It speaks of the day above, by what was on "
    "record at the instant above. It shows learning; it does not by itself show competence."
)
INSIDE = (
    "compliance.xlsx: everybody and everything asked of them, with status, dates and the reason for each.",
    "certificates: one for each pass that counts on the day, and a register of them.",
    "curriculum: each piece of training with its version, sources and sign-off.",
    "why-each-track.pdf: what is asked of which role, since when, and the decision behind it.",
    "refresher-policy.pdf: how long a pass lasts, and what becomes of it in time.",
    "audit-extract.csv: administrative acts, in a chain of hashes.",
    f"{MANIFEST}: every file with its SHA-256. {COVER_NOTE} says how to check them.",
)
FIGURES = (
    Column("Percent", Kind.PERCENT),
    Column("Compliant", Kind.NUMBER),
    Column("Counted", Kind.NUMBER),
    Column("Expired", Kind.NUMBER),
    Column("Overdue", Kind.NUMBER),
    Column("On file", Kind.NUMBER),
)


def summary(papers: Papers, roster: Roster, gathered: Gathered, duties: Duties) -> Paper:
    """Return the summary in plain words."""
    counts = UnitCounts(unit=WHOLE_ID, sites=roster.sites, titles=roster.titles, counted=gathered.counted)
    asked = tuple(asked_sections(duties))
    return papers.paper(
        "Summary for inspectors",
        Section("What this pack is", words=(WHAT_IT_IS,), points=INSIDE),
        Section("How it stands", words=standing_words(counts), tables=standing_tables(counts)),
        Section("What is being done about the gaps", words=gap_words(gathered, counts.tally()), points=REMINDERS),
        Section("What is asked of staff", words=() if asked else ("Nothing is asked of anybody on this day.",)),
        *asked,
    )


def standing_words(counts: UnitCounts) -> tuple[str, ...]:
    """Say the figure, what it is made of, and how many people hold everything."""
    tally = counts.tally()
    heads, counted = counts.heads(), counts.heads(COUNTED_HEADS)
    if not counted:
        return ("Nobody is counted on this day, so there is no percentage.", denominator(tally))
    hold = "holds" if counts.heads(COMPLIANT_HEADS) == 1 else "hold"
    return (
        f"{percent_words(tally)} of what is asked is held and in date: {tally.compliant:,} of {tally.counted:,}. "
        "One person and one piece of training count as one. Percentages are rounded down.",
        denominator(tally),
        f"{people(heads)} on file. {counts.heads(COMPLIANT_HEADS):,} of {counted:,} people counted {hold} everything "
        "that is asked of them.",
    )


def denominator(tally: Tally) -> str:
    """Say how heads on file come to those counted."""
    return denominator_sentence(tally, unit=PERSON_MODULES)


def standing_tables(counts: UnitCounts) -> tuple[Table, ...]:
    """Return the figures by training and by site."""
    return (
        figures_table("By training", item_figures(counts)),
        figures_table("By site", site_figures(counts)),
    )


def figures_table(title: str, figures: object) -> Table:
    """Return a row for each figure."""
    rows = [Row((one.name, *figure_cells(one))) for one in figures]
    return Table(title.lower().replace(" ", "-"), title, (Column("Name"), *FIGURES), rows)


def figure_cells(figure: Figure) -> tuple[object, ...]:
    """Return a figure as cells."""
    tally = figure.tally
    return tally.percent, tally.compliant, tally.counted, tally.expired, tally.overdue, tally.on_file


def gap_words(gathered: Gathered, tally: Tally) -> tuple[str, ...]:
    """Say how large the gaps are, what is coming, and what has been sent."""
    if gathered.late_lines:
        who = f"{people(gathered.late_people)} {has(gathered.late_people)}"
        gap = f"{who} training that is expired or overdue, {gathered.late_lines:,} pieces in all."
    else:
        gap = "Nobody has training that is expired or overdue."
    coming = ", ".join(f"{gathered.due_within[days]:,} within {days} days" for days in SOON)
    sent = (
        f"In the {REMINDED.days} days up to this day {count_of(gathered.reminders, 'reminder')} of training went out."
    )
    apart = f"{tally.on_leave:,} on long leave and {tally.exempt:,} exempt are not counted, and are not reminded."
    return (
        f"{gap} compliance.xlsx names each of them, with the reason.",
        f"Of what is in date or not yet due, this much runs out or falls due: {coming}.",
        sent,
        apart,
    )


def has(number: int) -> str:
    """Return the verb that goes with so many people."""
    return "has" if number == 1 else "have"
