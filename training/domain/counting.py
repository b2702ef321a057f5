"""What one person adds to the counters of the units they are on file in: sums, so that whatever moved can move back."""

from collections import Counter
from collections.abc import Hashable, Mapping
from datetime import date

from training.domain.compliance import Tally, field_of, tally_counts
from training.domain.status import Status

# The item that stands for all of them together.
EVERY_ITEM = ""
# What is counted of people; the other measures count person and item, under the names of a tally's fields.
HEADS, COUNTED_HEADS, COMPLIANT_HEADS, SEVERAL_HEADS = "heads", "counted_heads", "compliant_heads", "several_heads"
# Who never needed an item follows from the heads, so that an item nobody holds yet needs no counter.
COUNTED_APART = {status: field_of(status) for status in Status if status not in {Status.NOT_ON_FILE, Status.NOT_NEEDED}}

# The job titles that somebody has in a unit, in order; in place of an item they count all items of whoever has these.
Titles = tuple[str, ...]
# How many, by unit, item and measure; a day as the measure counts what falls due on it.
Moves = Counter[tuple[Hashable, str | Titles, str | date]]


def count_person(statuses: Mapping[Hashable, Mapping[str, Status]]) -> Moves:
    """Return what a person adds, from their status by unit and item; a unit is named where they are on file in it."""
    moves: Moves = Counter()
    for unit, by_item in statuses.items():
        counted = [status for status in by_item.values() if status.counted]
        moves[unit, EVERY_ITEM, HEADS] += 1
        if counted:
            moves[unit, EVERY_ITEM, COUNTED_HEADS] += 1
            moves[unit, EVERY_ITEM, COMPLIANT_HEADS] += all(status.compliant for status in counted)
        # The organisation and one site are two units; whoever is in more works at several sites.
        moves[unit, EVERY_ITEM, SEVERAL_HEADS] += len(statuses) > 2
        for item, status in by_item.items():
            if status in COUNTED_APART:
                moves[unit, item, COUNTED_APART[status]] += 1
                moves[unit, EVERY_ITEM, COUNTED_APART[status]] += 1
    return moves


def tally_of(counted: Mapping[str, int], *, lines: int) -> Tally:
    """Return a tally from counted measures, in which whoever has none of so many lines never needed it."""
    counts = {status: counted.get(field, 0) for status, field in COUNTED_APART.items()}
    return tally_counts({**counts, Status.NOT_NEEDED: lines - sum(counts.values())})
