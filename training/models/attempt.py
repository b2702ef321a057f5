"""Attempts: work in progress, and what was sent and marked."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned

REFRESHER = text("question_ids IS NOT NULL")


class Draft(TenantOwned, Base):
    """An attempt that is not finished; gone once it is sent.

    `question_ids` are what a refresher asks, none for the whole item; `why` is what its first page says of them.
    """

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
    question_ids: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    why: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]


class Attempt(TenantOwned, Base):
    """A finished attempt as it was sent and marked; its id was made by the client. Append-only, by trigger.

    `question_ids` are what a refresher asked, none for the whole item.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "person_id", "item", "completed_at", "passed"),
        Index(None, "organisation_id", "person_id", postgresql_where=REFRESHER, sqlite_where=REFRESHER),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID]
    item: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(ForeignKey("content_version.content_hash"))
    role: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    question_ids: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    passed: Mapped[bool]
    percent: Mapped[int | None]
    started_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
