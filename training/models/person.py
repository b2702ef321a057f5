"""People as one organisation knows them: who they are, where they work and what they may see."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base, TenantOwned
from training.models.dated import WITHDRAWN, TwiceDated

DAYS = ("starts_on", "ends_on", "withdrawn_at")


class Person(TenantOwned, Base):
    """Somebody in one organisation; an account may lead to several people in several organisations."""

    __tablename__ = "person"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        UniqueConstraint("organisation_id", "staff_number"),
        UniqueConstraint("organisation_id", "account_id"),
        UniqueConstraint("organisation_id", "email"),
        Index(None, "organisation_id", "name"),
        Index("ix_person_called", "organisation_id", "id", "name", "staff_number"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(320))
    staff_number: Mapped[str | None] = mapped_column(String(60))
    recorded_at: Mapped[datetime]


class Employment(TenantOwned, TwiceDated, Base):
    """The days on which a person does a job at a site."""

    __tablename__ = "employment"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "job_title_id"], ["job_title.organisation_id", "job_title.id"]),
        ForeignKeyConstraint(["organisation_id", "site_id"], ["site.organisation_id", "site.id"]),
        # They hold all that is asked of whoever works somewhere on a day, so that no row need be read for it.
        Index("ix_employment_site", "organisation_id", "site_id", "person_id", *DAYS),
        Index("ix_employment_person", "organisation_id", "person_id", "site_id", *DAYS),
        Index(None, "organisation_id", "recorded_at"),
        Index(None, "organisation_id", "withdrawn_at", postgresql_where=WITHDRAWN, sqlite_where=WITHDRAWN),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    job_title_id: Mapped[uuid.UUID]
    site_id: Mapped[uuid.UUID]


WHOLE = text("site_id IS NULL")


class Permission(TenantOwned, Base):
    """Leave to manage the whole organisation, or one site of it; or, as an auditor, to look at it and no more."""

    __tablename__ = "permission"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        ForeignKeyConstraint(["organisation_id", "site_id"], ["site.organisation_id", "site.id"]),
        UniqueConstraint("organisation_id", "person_id", "site_id"),
        # The constraint above takes two empty sites for different ones.
        Index(None, "organisation_id", "person_id", unique=True, postgresql_where=WHOLE, sqlite_where=WHOLE),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    site_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(String(10), default="manager", server_default="manager")
    recorded_at: Mapped[datetime]


class Invite(TenantOwned, Base):
    """A one-time way in, by a link or by a short code, with which a person sets what they sign in with.

    `sign_in_name` is kept for whoever has no account and no e-mail address, so that the slip can say it.
    """

    __tablename__ = "invite"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "person_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    sign_in_name: Mapped[str | None] = mapped_column(String(320), index=True)
    by_operator: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
