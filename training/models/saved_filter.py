"""Filters that people keep under a name of their own."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class SavedFilter(TenantOwned, Base):
    """What somebody asked a page for: the page's name and the words of its address, never what it answered."""

    __tablename__ = "saved_filter"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        UniqueConstraint("organisation_id", "person_id", "name"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(60))
    page: Mapped[str] = mapped_column(String(60))
    asked: Mapped[dict[str, str]] = mapped_column(JSON)
    recorded_at: Mapped[datetime]
