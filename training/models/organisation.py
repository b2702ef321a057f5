"""Organisations, their sites, their job titles and what role each title has."""

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned
from training.models.dated import TwiceDated


class Organisation(Base):
    """An employer whose people learn here, or the built-in `public` one."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    time_zone: Mapped[str] = mapped_column(String(60))
    long_leave_days: Mapped[int] = mapped_column(default=28, server_default="28")
    reminders_on: Mapped[bool] = mapped_column(default=True, server_default=true())
    quiet_from: Mapped[time] = mapped_column(default=time(20), server_default="20:00:00.000000")
    quiet_until: Mapped[time] = mapped_column(default=time(8), server_default="08:00:00.000000")
    digest_weekday: Mapped[int] = mapped_column(default=1, server_default="1")
    # The day on which everybody was looked through last; nobody waits for a new step within a day.
    reminded_on: Mapped[date | None]
    created_at: Mapped[datetime]


class LongLeaveChange(TenantOwned, Base):
    """A change of how long leave must be to count as long. Append-only, by trigger.

    What was known at an instant is `days_before` of the first change after it.
    """

    __tablename__ = "long_leave_change"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "decided_by"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "recorded_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    days_before: Mapped[int]
    days: Mapped[int]
    decided_by: Mapped[uuid.UUID]
    preview: Mapped[dict[str, Any]] = mapped_column(JSON)
    recorded_at: Mapped[datetime]


class Site(TenantOwned, Base):
    """A place where people work."""

    __tablename__ = "site"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        UniqueConstraint("organisation_id", "name"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(255))
    recorded_at: Mapped[datetime]


class JobTitle(TenantOwned, Base):
    """A job title in the organisation's own words."""

    __tablename__ = "job_title"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        UniqueConstraint("organisation_id", "name"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(255))
    recorded_at: Mapped[datetime]


class TitleRole(TenantOwned, TwiceDated, Base):
    """The days on which a job title has a role."""

    __tablename__ = "title_role"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "job_title_id"], ["job_title.organisation_id", "job_title.id"]),
        Index(None, "organisation_id", "job_title_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    job_title_id: Mapped[uuid.UUID]
    role: Mapped[str] = mapped_column(String(20))
