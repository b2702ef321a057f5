"""Projections of facts: what people's facts come to in dates and reasons, and how many stand how in each unit."""

import uuid
from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned

# The unit that is the organisation itself; every other is a site, so this is the id of none.
WHOLE_ID = uuid.UUID(int=0)


class Measured:
    """What is counted of people, and of person and item: how many stand how."""

    heads: Mapped[int] = mapped_column(default=0)
    counted_heads: Mapped[int] = mapped_column(default=0)
    compliant_heads: Mapped[int] = mapped_column(default=0)
    several_heads: Mapped[int] = mapped_column(default=0)
    up_to_date: Mapped[int] = mapped_column(default=0)
    expiring_soon: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)
    overdue: Mapped[int] = mapped_column(default=0)
    not_yet_due: Mapped[int] = mapped_column(default=0)
    on_leave: Mapped[int] = mapped_column(default=0)
    exempt: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)


class StandingRow(TenantOwned, Base):
    """A projection of facts; `training standing rebuild` makes it anew and `verify` compares.

    One row for each person, requirement and item, judged for the organisation. Where somebody works at several sites,
    each of these judges by the jobs there, in a row more with its `site_id`.
    """

    __tablename__ = "standing"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "requirement_id"], ["requirement.organisation_id", "requirement.id"]),
        Index(None, "organisation_id", "requirement_id", "valid_until"),
        Index(None, "organisation_id", "next_change_on"),
        Index("ix_standing_late", "organisation_id", "person_id", "never_expires", "in_date_in_need", "valid_until"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=WHOLE_ID)
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


class OnFileRow(TenantOwned, Base):
    """The days on which a person is on file at a site: the present ones, or else the next. A projection too."""

    __tablename__ = "on_file"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "site_id"], ["site.organisation_id", "site.id"]),
        Index(None, "organisation_id", "next_change_on"),
        Index(None, "organisation_id", "site_id"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    # Of the present jobs there, their ids in order; none where it was worked out before this was kept.
    titles: Mapped[str | None] = mapped_column(Text)
    next_change_on: Mapped[date | None]
    worked_out_on: Mapped[date]


class DueRow(TenantOwned, Base):
    """How much falls due in a unit on a day, counted once for each person and item; a sum of standings too."""

    __tablename__ = "due_counter"

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class TitlesRow(TenantOwned, Measured, Base):
    """How many of those who have just these job titles in a unit stand how, over all items; each person is in one.

    Roles and single titles are sums of them: a title that gets another role moves none.
    """

    __tablename__ = "titles_counter"

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    titles: Mapped[str] = mapped_column(Text, primary_key=True)


class CounterRow(TenantOwned, Measured, Base):
    """How many stand how in a unit: the sums of standings as of the days they were worked out on.

    A unit is a site, or the organisation with the id of none; the item is empty for all of them together.
    """

    __tablename__ = "counter"

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
