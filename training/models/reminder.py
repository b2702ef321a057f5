"""Messages to people, the steps each of them spoke of, and what managers and recipients decided about them."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class MessageRow(TenantOwned, Base):
    """A message that was claimed to be sent: its row is there before anything goes out, so nobody sends it twice.

    `next_try_at` is when a later one is tried again, and when one that waits for its answer is given up as unknown.
    """

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        UniqueConstraint("organisation_id", "person_id", "kind", "day"),
        UniqueConstraint("organisation_id", "key"),
        Index(None, "organisation_id", "status", "next_try_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    key: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(320))
    status: Mapped[str] = mapped_column(String(20))
    tries: Mapped[int]
    next_try_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class Reminder(TenantOwned, Base):
    """One step of one item that one person was sent; its key is what makes it unique for ever."""

    __tablename__ = "reminder"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "message_id"], ["message.organisation_id", "message.id"]),
        Index(None, "organisation_id", "message_id"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(20), primary_key=True)
    message_id: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime]


class StoppedRun(TenantOwned, Base):
    """A day's run that was too big to go unasked; nothing of it was sent until a manager agreed."""

    __tablename__ = "stopped_run"
    __table_args__ = (ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),)

    day: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int]
    on_file: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class RunApproval(TenantOwned, Base):
    """A manager agreed that a day's run messages so many people."""

    __tablename__ = "run_approval"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "approved_by"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "day"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    day: Mapped[date]
    people: Mapped[int]
    approved_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime]


class Unsubscribe(TenantOwned, Base):
    """A person turned a kind of message off."""

    __tablename__ = "unsubscribe"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),)

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(20), primary_key=True)
    recorded_at: Mapped[datetime]
