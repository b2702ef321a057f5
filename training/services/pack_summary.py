"""The summary of a pack: how the organisation stands, what is being done about the gaps, and what is asked."""

from collections.abc import Iterable

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
LOWEST, MOST_SITES = 3, 30
FIGURES = (
    Column("Percent", Kind.PERCENT),
    Column("Compliant", Kind.NUMBER),
    Column("Counted", Kind.NUMBER),
    Column("Expired", Kind.NUMBER),
    Column("Overdue", Kind.NUMBER),
    Column("On file", Kind.NUMBER),
)


def summary(papers: Papers, roster: Roster, gathered: Gathered, duties: Duties) -> Paper:
    """Return the summary: a page in plain words, then the figures, and what is asked of staff."""
    counts = UnitCounts(unit=WHOLE_ID, sites=roster.sites, titles=roster.titles, counted=gathered.counted)
    asked = tuple(asked_sections(duties))
    return papers.paper(
        "Summary for inspectors",
        Section("In short", words=standing_words(counts, gathered), points=lowest_words(counts)),
        Section("What is being done about the gaps", words=gap_words(gathered)),
        Section("What this pack is", words=(WHAT_IT_IS,), points=INSIDE),
        Section("The figures", words=figures_words(counts), tables=standing_tables(counts), on_new_page=True),
        Section("Reminders", points=REMINDERS),
        Section("What is asked of staff", words=() if asked else ("Nothing is asked of anybody on this day.",)),
        *asked,
    )


def standing_words(counts: UnitCounts, gathered: Gathered) -> tuple[str, ...]:
    """Say how many people hold everything, how much of all that is asked is held, and how large the gaps are."""
    tally, heads, counted = counts.tally(), counts.heads(), counts.heads(COUNTED_HEADS)
    if not counted:
        return (f"{people(heads)} on file. Nobody is counted on this day, so there is no percentage.",)
    whole = counts.heads(COMPLIANT_HEADS)
    return (
        f"{people(heads)} on file, {counted:,} of them counted. {whole:,} of these {counted:,} "
        f"{'holds' if whole == 1 else 'hold'} everything that is asked of them, in date. Not "
        "counted is what somebody is on long leave or exempt from, is not due yet, or is not asked of their role.",
        f"Of all that is asked of them, {percent_words(tally)} is held and in date: {tally.compliant:,} of "
        f"{tally.counted:,}, one person and one piece of training counting as one.",
        late_words(gathered),
    )


def late_words(gathered: Gathered) -> str:
    """Say how many people are late, and with how much."""
    if not gathered.late_lines:
        return "Nobody has training that is expired or overdue."
    who = f"{people(gathered.late_people)} {has(gathered.late_people)}"
    late = f"{who} training that is expired or overdue, {count_of(gathered.late_lines, 'piece')} in all."
    return f"{late} compliance.xlsx names each of them, with the reason."


def lowest_words(counts: UnitCounts) -> tuple[str, ...]:
    """Say which sites and which training stand worst, the worst first, where there are several."""
    found = {"sites": worst(site_figures(counts)), "training": worst(item_figures(counts))}
    return tuple(
        f"Lowest {what}: " + "; ".join(f"{one.name}, {figure_words(one)}" for one in figures[:LOWEST]) + "."
        for what, figures in found.items()
        if len(figures) > 1
    )


def figure_words(figure: Figure) -> str:
    """Return a figure as it stands in a sentence."""
    return f"{figure.percent} ({figure.tally.compliant:,} of {figure.tally.counted:,})"


def worst(figures: Iterable[Figure]) -> list[Figure]:
    """Return the figures of which somebody is counted, the lowest first."""
    return sorted((one for one in figures if one.tally.counted), key=lambda one: (one.tally.percent, one.name))


def figures_words(counts: UnitCounts) -> tuple[str, ...]:
    """Say what the figures are made of, and which sites have no row of their own."""
    told = (
        f"{denominator(counts.tally())} A person-module is one person and one piece of training.",
        "Percentages are rounded down. Whoever works at several sites counts at each of them.",
    )
    number = len(counts.sites)
    more = f"The {MOST_SITES} lowest of {number:,} sites stand here; the workbook has all of them."
    return (*told, more) if number > MOST_SITES else told


def denominator(tally: Tally) -> str:
    """Say how heads on file come to those counted."""
    return denominator_sentence(tally, unit=PERSON_MODULES)


def standing_tables(counts: UnitCounts) -> tuple[Table, ...]:
    """Return the figures by training and by site, the lowest alone where there are very many."""
    sites = list(site_figures(counts))
    return (
        figures_table("By training", item_figures(counts)),
        figures_table("By site", sites if len(sites) <= MOST_SITES else worst(sites)[:MOST_SITES]),
    )


def figures_table(title: str, figures: Iterable[Figure]) -> Table:
    """Return a row for each figure."""
    rows = [Row((one.name, *figure_cells(one))) for one in figures]
    return Table(title.lower().replace(" ", "-"), title, (Column("Name"), *FIGURES), rows)


def figure_cells(figure: Figure) -> tuple[object, ...]:
    """Return a figure as cells."""
    tally = figure.tally
    return tally.percent, tally.compliant, tally.counted, tally.expired, tally.overdue, tally.on_file


def gap_words(gathered: Gathered) -> tuple[str, ...]:
    """Say what has been sent, what is coming, and who is left alone meanwhile."""
    coming = ", ".join(f"{gathered.due_within[days]:,} within {days} days" for days in SOON)
    sent = f"{count_of(gathered.reminders, 'reminder')} of training went out"
    return (
        f"{sent} in the {REMINDED.days} days up to this day. People on long leave or exempt are not counted, and are "
        "not reminded of what that covers.",
        f"Of what is in date or not yet due, this much runs out or falls due: {coming}.",
    )


def has(number: int) -> str:
    """Return the verb that goes with so many people."""
    return "has" if number == 1 else "have"
