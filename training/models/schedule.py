"""Reports that people want made for them again and again."""

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class ReportSchedule(TenantOwned, Base):
    """A report with its filters and form, made for its owner on every day of a rhythm until it has ended.

    `asked` are the filters as the words of an address, without any day: each report is as at the day it is made for.
    `next_on` is the next of these days, and none once it has ended; `ended_why` is empty where its owner ended it.
    """

    __tablename__ = "report_schedule"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "owner_id"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "owner_id", "recorded_at"),
        Index(None, "next_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    owner_id: Mapped[uuid.UUID]
    report: Mapped[str] = mapped_column(String(40))
    asked: Mapped[dict[str, str]] = mapped_column(JSON)
    form: Mapped[str] = mapped_column(String(10))
    rhythm: Mapped[str] = mapped_column(String(20))
    on_day: Mapped[int]
    starts_on: Mapped[date]
    next_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(Text, default="")
