"""Accounts (ways to sign in), the sessions they open, and counters against guessing."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from training.db import Base


class Account(Base):
    """A way to sign in: one for each human being, whatever organisations know them.

    Whoever signs in with passkeys alone has an empty `password_hash`, which no password fits. `looks` is how pages look
    to them, as training.domain.looks keeps it; nothing where they never chose.
    """

    __tablename__ = "account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    sign_in_name: Mapped[str] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    recorded_at: Mapped[datetime]
    looks: Mapped[str | None] = mapped_column(String(30))


class SignInSession(Base):
    """A device that is signed in; the cookie holds the token, the row only its hash.

    `device` says in a few words what it is, and `passkey_id` with which passkey it signed in, if with one. With a
    `tablet_id` it is open on that shared tablet alone, and soon over.
    """

    __tablename__ = "session"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "person_id"], ["person.organisation_id", "person.id"]),
        Index(None, "organisation_id", "tablet_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int]
    person_id: Mapped[uuid.UUID]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str | None] = mapped_column(String(60))
    passkey_id: Mapped[uuid.UUID | None]
    tablet_id: Mapped[uuid.UUID | None]


class Throttle(Base):
    """How often something was tried since `window_at`, for one key."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    window_at: Mapped[datetime]
    count: Mapped[int]
