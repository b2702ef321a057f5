"""Requirements: who must hold which items, in versions that are each in force on some days."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned
from training.models.dated import TwiceDated


class Requirement(TenantOwned, Base):
    """A duty with a name; `edition` counts its changes, so that two people changing it at once are told apart."""

    __tablename__ = "requirement"
    __table_args__ = (ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(255))
    edition: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime]


class RequirementVersion(TenantOwned, TwiceDated, Base):
    """What a requirement asks on some days, and the recorded decision whom the change to it reaches.

    `items`, `roles`, `job_title_ids` and `site_ids` are lists; empty titles or sites mean all of them. `track` is the
    role whose core the items were when it was made. `preview` holds the numbers that were shown before the decision.
    """

    __tablename__ = "requirement_version"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "requirement_id"], ["requirement.organisation_id", "requirement.id"]),
        Index(None, "organisation_id", "requirement_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    requirement_id: Mapped[uuid.UUID]
    items: Mapped[list[str]] = mapped_column(JSON)
    track: Mapped[str | None] = mapped_column(String(20))
    roles: Mapped[list[str]] = mapped_column(JSON)
    job_title_ids: Mapped[list[str]] = mapped_column(JSON)
    site_ids: Mapped[list[str]] = mapped_column(JSON)
    due_days: Mapped[int]
    valid_months: Mapped[int | None]
    window_days: Mapped[int]
    basis: Mapped[str] = mapped_column(String(20))
    fixed_month: Mapped[int | None]
    fixed_day: Mapped[int | None]
    minimum_months: Mapped[int]
    reach: Mapped[str] = mapped_column(String(20))
    again_by: Mapped[date | None]
    announced_on: Mapped[date | None]
    decided_by: Mapped[uuid.UUID | None]
    preview: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ContentDecision(TenantOwned, Base):
    """What an organisation decided about a new version of an item that matters. Append-only, by trigger."""

    __tablename__ = "content_decision"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "decided_by"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["content_hash"], ["content_version.content_hash"]),
        Index(None, "organisation_id", "item"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(String(64))
    reach: Mapped[str] = mapped_column(String(20))
    starts_on: Mapped[date]
    again_by: Mapped[date | None]
    decided_by: Mapped[uuid.UUID]
    preview: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    recorded_at: Mapped[datetime]
