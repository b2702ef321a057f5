"""Requirements: people with this role must hold this item."""

import uuid

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned
from training.models.dated import TwiceDated


class Requirement(TenantOwned, TwiceDated, Base):
    """One role's duty to hold one item, with the terms on which a pass counts."""

    __tablename__ = "requirement"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        Index(None, "organisation_id", "item"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    due_days: Mapped[int]
    valid_months: Mapped[int | None]
    window_days: Mapped[int]
    basis: Mapped[str] = mapped_column(String(20))
    fixed_month: Mapped[int | None]
    fixed_day: Mapped[int | None]
    minimum_months: Mapped[int]
