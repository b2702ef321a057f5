"""Inspector packs that were made, and the links by which somebody without an account may open one."""

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class Pack(TenantOwned, Base):
    """A pack that was made: its id is that of the order whose file it is, and this row outlives the file.

    `site_ids` are the sites that it is about, or none where it is about the whole organisation.
    """

    __tablename__ = "pack"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "asked_by"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "recorded_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    as_at: Mapped[date]
    known_at: Mapped[datetime]
    site_ids: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    covers: Mapped[str] = mapped_column(Text)
    manifest_hash: Mapped[str] = mapped_column(String(64))
    asked_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime]


class PackLink(TenantOwned, Base):
    """A link to a pack: only the hash of its token is kept, so nobody who reads this row can follow the link."""

    __tablename__ = "pack_link"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "pack_id"], ["pack.organisation_id", "pack.id"]),
        ForeignKeyConstraint(["organisation_id", "made_by"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "pack_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    pack_id: Mapped[uuid.UUID]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]
