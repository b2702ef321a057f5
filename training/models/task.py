"""Work that takes longer than a page may: who asked for what, how far it is, and the file it made."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class Task(TenantOwned, Base):
    """One order for long work: held by one process at a time, until `held_until` passes without a sign of life.

    `done` of `whole` are what is counted (people, rows), `words` what came of it, and `failed` says that nothing did.
    Its file, if it made one, is kept until `expires_at`; `key` stops one order from being given twice.
    """

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "asked_by"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "asked_by", "asked_at"),
        Index("ix_task_organisation_id_key", "organisation_id", "key", unique=True),
        Index(None, "finished_at", "held_until"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(120))
    asked_by: Mapped[uuid.UUID]
    asked_at: Mapped[datetime]
    held_by: Mapped[str] = mapped_column(String(120), default="")
    held_until: Mapped[datetime]
    starts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    whole: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    failed: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(255), default="")
    media_type: Mapped[str] = mapped_column(String(120), default="")
    size: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]


class TaskPart(TenantOwned, Base):
    """A part of the file that a task made; the parts in order are the file."""

    __tablename__ = "task_part"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "task_id"], ["task.organisation_id", "task.id"]),)

    task_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
