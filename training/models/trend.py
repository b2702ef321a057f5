"""The trend: how many stood how at each month's end, and how far the work on it is. A projection of facts."""

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned
from training.models.standing import Measured


class TrendFigure(TenantOwned, Measured, Base):
    """How many stood how in a unit on a day, over one item or, where that is empty, over all.

    A unit is a site, or the organisation with the id of none. What is being worked out is a draft, which nobody sees.
    """

    __tablename__ = "trend_figure"

    draft: Mapped[bool] = mapped_column(primary_key=True)
    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class TrendState(TenantOwned, Base):
    """Which days an organisation's figures are of, with what was known at an instant, and the draft of others.

    A draft has got as far as the person `draft_after`, in order of id.
    """

    __tablename__ = "trend_state"
    __table_args__ = (ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),)

    days: Mapped[list[str]] = mapped_column(JSON)
    known_at: Mapped[datetime | None]
    draft_days: Mapped[list[str]] = mapped_column(JSON)
    draft_known_at: Mapped[datetime | None]
    draft_after: Mapped[uuid.UUID | None]
