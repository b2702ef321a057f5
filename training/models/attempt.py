"""Attempts: work in progress, and what was sent and marked."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class Draft(TenantOwned, Base):
    """An attempt that is not finished; gone once it is sent."""

    __tablename__ = "draft"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        UniqueConstraint("organisation_id", "person_id", "item"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID]
    item: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(ForeignKey("content_version.content_hash"))
    role: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]


class Attempt(TenantOwned, Base):
    """A finished attempt as it was sent and marked; its id was made by the client. Append-only, by trigger."""

    __tablename__ = "attempt"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "person_id", "item"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID]
    item: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(ForeignKey("content_version.content_hash"))
    role: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    passed: Mapped[bool]
    percent: Mapped[int | None]
    started_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
