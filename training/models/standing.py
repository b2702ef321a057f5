"""Standings: the dates and reasons that a person's facts come to, one row for each person, requirement and item."""

import uuid
from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class StandingRow(TenantOwned, Base):
    """A projection of facts; `training standing rebuild` makes it anew and `verify` compares."""

    __tablename__ = "standing"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "requirement_id"], ["requirement.organisation_id", "requirement.id"]),
        Index(None, "organisation_id", "requirement_id", "valid_until"),
        Index(None, "organisation_id", "next_change_on"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    on_file_from: Mapped[date | None]
    on_file_until: Mapped[date | None]
    need_begins_on: Mapped[date | None]
    need_ends_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    first_due_reason: Mapped[str] = mapped_column(Text)
    in_date_in_need: Mapped[bool]
    grace_until: Mapped[date | None]
    grace_reason: Mapped[str] = mapped_column(Text)
    last_passed_on: Mapped[date | None]
    earned_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    window_opens_on: Mapped[date | None]
    never_expires: Mapped[bool]
    valid_reason: Mapped[str] = mapped_column(Text)
    leave_from: Mapped[date | None]
    leave_until: Mapped[date | None]
    exempt_from: Mapped[date | None]
    exempt_until: Mapped[date | None]
    exempt_who: Mapped[str] = mapped_column(Text)
    exempt_why: Mapped[str] = mapped_column(Text)
    next_change_on: Mapped[date | None]
    worked_out_on: Mapped[date]
