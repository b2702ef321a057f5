"""An organisation's clinical sign-off of content: one row for each signing, another where it is withdrawn."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class ContentSignoff(TenantOwned, Base):
    """Somebody has read one version of an item and signed it off. Append-only, by trigger."""

    __tablename__ = "content_signoff"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "item"),
        Index(None, "organisation_id", "content_hash"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(ForeignKey("content_version.content_hash"))
    person_id: Mapped[uuid.UUID]
    profession: Mapped[str] = mapped_column(String(255))
    note: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class SignoffWithdrawal(TenantOwned, Base):
    """A sign-off that stands no longer; its key lets each be withdrawn once. Append-only, by trigger."""

    __tablename__ = "content_signoff_withdrawal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "signoff_id"], ["content_signoff.organisation_id", "content_signoff.id"]
        ),
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
    )

    signoff_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID]
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
