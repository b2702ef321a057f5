"""What a device says of the time: when it is believed, and what stands in its place where it is not."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Timed:
    """When an attempt counts as begun and finished; `replaced` where the device's own time was not believed."""

    started_at: datetime
    completed_at: datetime
    replaced: bool


def timed(*, started_at: datetime, finished_at: datetime, since: datetime, received_at: datetime) -> Timed:
    """Return the times of an attempt that a device finished.

    Its own are believed only between the last time that the server and the device spoke, `since`, and the receipt.
    Otherwise the attempt counts as finished when it was received, and as long as the device says that it took.
    """
    if since <= finished_at <= received_at:
        return Timed(min(started_at, finished_at), finished_at, replaced=False)
    took = max(finished_at - started_at, timedelta())
    return Timed(received_at - min(took, received_at - min(since, received_at)), received_at, replaced=True)
