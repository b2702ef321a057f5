"""What is dated twice: the days a fact covers, and when we learned it."""

from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

# An index of what was withdrawn holds that alone: else SQLite looks for somebody's rows among all that were not.
WITHDRAWN = text("withdrawn_at IS NOT NULL")


class TwiceDated:
    """A fact that covers days and is known from one instant until it is withdrawn; `ends_on` is its last day."""

    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
