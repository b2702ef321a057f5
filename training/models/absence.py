"""Absences, and exemptions from an item: what takes a person out of the count for some days."""

import uuid

from sqlalchemy import ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned
from training.models.dated import TwiceDated


class Absence(TenantOwned, TwiceDated, Base):
    """The days on which a person is away from every job, or from the jobs at one site."""

    __tablename__ = "absence"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "site_id"], ["site.organisation_id", "site.id"]),
        Index(None, "organisation_id", "person_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    site_id: Mapped[uuid.UUID | None]
    recorded_by: Mapped[uuid.UUID]


class Exemption(TenantOwned, TwiceDated, Base):
    """The days on which a person need not hold an item: who decided it, and why."""

    __tablename__ = "exemption"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "person_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    item: Mapped[str] = mapped_column(String(120))
    who: Mapped[str] = mapped_column(String(255))
    why: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[uuid.UUID]
