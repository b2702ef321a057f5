"""What is dated twice: the days a fact covers, and when we learned it."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column


class TwiceDated:
    """A fact that covers days and is known from one instant until it is withdrawn; `ends_on` is its last day."""

    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
