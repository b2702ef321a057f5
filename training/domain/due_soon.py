"""What falls due, and how much of it within so many days, counted once for each person and item."""

from collections.abc import Mapping, Sequence
from datetime import date

from training.domain.standing import Standing
from training.domain.status import Status

SOON = (30, 60, 90)
# Nothing is due of whoever is let off or does not need it; what is late was due before.
DUE = frozenset({Status.UP_TO_DATE, Status.EXPIRING_SOON, Status.NOT_YET_DUE})


def falls_due_on(standing: Standing, status: Status, day: date) -> date | None:
    """Return the last day on which all is well without another pass, for somebody with this status on a day."""
    if status not in DUE:
        return None
    return standing.valid_until if standing.in_date_on(day) else standing.due_until


def due_within(by_days_left: Mapping[int, int], bands: Sequence[int] = SOON) -> dict[int, int]:
    """Return how much falls due within each of some numbers of days, each with what falls due sooner."""
    return {band: sum(count for left, count in by_days_left.items() if left <= band) for band in bands}
