"""Imports: the plan of a file with its rows, passes from elsewhere, and steps that nobody is told of because of one."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned
from training.models.dated import WITHDRAWN


class ImportRun(TenantOwned, Base):
    """A file that somebody sent in: what it was called, what they chose, and when it was applied or undone.

    `made_by` is empty for the operator of the service. The file itself is not kept.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        ForeignKeyConstraint(["organisation_id", "made_by"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "applied_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(String(20))
    made_by: Mapped[uuid.UUID | None]
    file_name: Mapped[str] = mapped_column(String(255))
    evidence: Mapped[str] = mapped_column(String(255))
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    recorded_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportRow(TenantOwned, Base):
    """One row of an import: what it asks for, what comes of it, and once applied which facts it wrote and withdrew.

    `line` is its number in the file, empty for whoever is not in it.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "import_id"], ["import_run.organisation_id", "import_run.id"]),
        Index(None, "organisation_id", "import_id", "outcome", "place"),
    )

    import_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(20))
    says: Mapped[str] = mapped_column(Text)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    read_faults: Mapped[list[list[str]]] = mapped_column(JSON)
    faults: Mapped[list[list[str]]] = mapped_column(JSON)
    done: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ImportedPass(TenantOwned, Base):
    """A pass on another system's record: where it comes from, and the expiry that came with it, if any."""

    __tablename__ = "imported_pass"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "import_id"], ["import_run.organisation_id", "import_run.id"]),
        Index(None, "organisation_id", "person_id", "item"),
        Index(None, "organisation_id", "recorded_at"),
        Index(None, "organisation_id", "withdrawn_at", postgresql_where=WITHDRAWN, sqlite_where=WITHDRAWN),
        Index(None, "organisation_id", "import_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    import_id: Mapped[uuid.UUID]
    item: Mapped[str] = mapped_column(String(120))
    passed_on: Mapped[date]
    given_until: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(String(255))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class QuietStep(TenantOwned, Base):
    """A step of a reminder that an import made due at once: it counts as said, so that nobody is told."""

    __tablename__ = "quiet_step"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),)

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(20), primary_key=True)
    recorded_at: Mapped[datetime]
