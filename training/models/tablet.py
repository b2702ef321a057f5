"""Browsers that a home shares, the sites whose people use them, and the PINs by which those sign in there."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class Tablet(TenantOwned, Base):
    """A browser that several people share; its cookie holds the token, the row only its hash."""

    __tablename__ = "tablet"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "made_by"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "recorded_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(255))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class TabletSite(TenantOwned, Base):
    """A site whose people a shared tablet lists."""

    __tablename__ = "tablet_site"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "tablet_id"], ["tablet.organisation_id", "tablet.id"]),
        ForeignKeyConstraint(["organisation_id", "site_id"], ["site.organisation_id", "site.id"]),
        Index(None, "organisation_id", "site_id"),
    )

    tablet_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Pin(TenantOwned, Base):
    """The PIN of a person, and how often it was wrong since it was last right; it opens nothing but shared tablets."""

    __tablename__ = "pin"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),)

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    pin_hash: Mapped[str] = mapped_column(String(255))
    recorded_at: Mapped[datetime]
    wrong: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
