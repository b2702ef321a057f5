"""What devices sent of attempts that they finished by themselves: each different sending, once."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned


class Outcome(StrEnum):
    """What became of a sending: it was the first, or came after other answers under the same attempt."""

    FIRST = "first"
    AFTER_OTHERS = "after-others"


class Delivery(TenantOwned, Base):
    """One sending of an attempt, with the times that the device told; `carried_by` is who brought it as a file.

    The same answers sent again are the same sending: `digest` is their hash. Append-only, by trigger.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "carried_by"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "person_id"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID]
    carried_by: Mapped[uuid.UUID | None]
    item: Mapped[str] = mapped_column(String(120))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[str] = mapped_column(String(20))
    ticket_given_at: Mapped[datetime]
    device_started_at: Mapped[datetime]
    device_finished_at: Mapped[datetime]
    device_sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
