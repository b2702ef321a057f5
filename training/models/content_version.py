"""Every version of every item that anybody could have read, kept once and whole, and which items replace which."""

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class ContentVersion(Base):
    """A module or scenario as it was: `body` is the parsed item as JSON. Append-only, by trigger."""

    __tablename__ = "content_version"
    __table_args__ = (Index(None, "item"),)

    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(120))
    version: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class Replacement(Base):
    """An item that takes the place of an older one, itself or by way of others between. Append-only, by trigger."""

    __tablename__ = "replacement"

    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    older: Mapped[str] = mapped_column(String(120), primary_key=True)
    recorded_at: Mapped[datetime]


class CaughtUp(TenantOwned, Base):
    """How far an organisation's people have been looked at since an item was replaced: `after` is the last of them."""

    __tablename__ = "caught_up"

    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    older: Mapped[str] = mapped_column(String(120), primary_key=True)
    after: Mapped[uuid.UUID]
    finished_at: Mapped[datetime | None]
