"""Completions: the passes that periods are worked out from."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class Completion(TenantOwned, Base):
    """A pass of an item on a day; its code is the receipt and the certificate's check code. Append-only, by trigger."""

    __tablename__ = "completion"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "attempt_id"], ["attempt.organisation_id", "attempt.id"]),
        UniqueConstraint("organisation_id", "attempt_id"),
        # It holds all that is added up of somebody's passes, so that no row need be read for it.
        Index("ix_completion_of", "organisation_id", "person_id", "item", "passed_on", "content_hash", "id"),
        Index(None, "organisation_id", "recorded_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    item: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(ForeignKey("content_version.content_hash"))
    attempt_id: Mapped[uuid.UUID]
    passed_on: Mapped[date]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    recorded_at: Mapped[datetime]


class Revocation(TenantOwned, Base):
    """A pass that never counted, from the moment this was recorded. Append-only, by trigger."""

    __tablename__ = "revocation"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "completion_id"], ["completion.organisation_id", "completion.id"]),
        ForeignKeyConstraint(["organisation_id", "revoked_by"], ["person.organisation_id", "person.id"]),
    )

    completion_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    revoked_by: Mapped[uuid.UUID]
    why: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
