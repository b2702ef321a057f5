"""Phones and browsers that people asked to be reminded on."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class PushDevice(TenantOwned, Base):
    """A phone or browser that takes messages for one person; `session_hash` is the session that was last seen there.

    `push_key` is the key of ours that it was asked with: under another it takes nothing.
    """

    __tablename__ = "push_device"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        # Whoever used a device last is reminded there, whatever organisation they are of.
        UniqueConstraint("endpoint_hash"),
        Index(None, "organisation_id", "person_id"),
        Index(None, "session_hash"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(80))
    endpoint: Mapped[str] = mapped_column(Text)
    endpoint_hash: Mapped[str] = mapped_column(String(64))
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    push_key: Mapped[str] = mapped_column(String(100))
    session_hash: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
    seen_at: Mapped[datetime]
