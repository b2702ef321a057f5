"""Every version of every item that anybody could have read, kept once and whole."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base


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
