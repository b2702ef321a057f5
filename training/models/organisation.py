"""Organisations, their sites, their job titles and what role each title has."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
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
    created_at: Mapped[datetime]


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
