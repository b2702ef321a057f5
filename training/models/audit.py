"""The audit log: one chain of entries for each organisation, and how far each chain has come."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class AuditEntry(TenantOwned, Base):
    """One administrative act: who did what to whom, when and from where. Append-only, by trigger.

    People stand here by their ids alone, and nothing refers to their rows: an entry outlives their names. None refers
    to the organisation's row either: an act that ends must wait for nobody who has that locked.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "organisation_id", "actor_id", "number"),
        Index(None, "organisation_id", "subject_id", "number"),
        Index(None, "organisation_id", "act", "number"),
        Index(None, "organisation_id", "recorded_at"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[uuid.UUID | None]
    act: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[uuid.UUID | None]
    client: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(TenantOwned, Base):
    """The number and hash of an organisation's latest entry; whoever writes the next one waits for this row."""

    __tablename__ = "audit_head"

    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
