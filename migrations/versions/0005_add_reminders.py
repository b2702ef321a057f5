"""Reminders: messages with what became of them, their steps, stopped runs and approvals, settings, unsubscribing."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("unsubscribe", "run_approval", "stopped_run", "reminder", "message")
SETTINGS = ("reminders_on", "quiet_from", "quiet_until", "digest_weekday", "reminded_on")


def upgrade() -> None:
    for column in (
        sa.Column("reminders_on", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("quiet_from", sa.Time(), server_default="20:00:00.000000", nullable=False),
        sa.Column("quiet_until", sa.Time(), server_default="08:00:00.000000", nullable=False),
        sa.Column("digest_weekday", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
    ):
        op.add_column("organisation", column)
    create_messages()
    create_decisions()


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def of_organisation() -> sa.Column:
    return sa.Column("organisation_id", sa.Integer(), nullable=False)


def of_person(table: str, column: str = "person_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        ["person.organisation_id", "person.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}"),
    )


def create_messages() -> None:
    op.create_table(
        "message",
        of_organisation(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        instant("next_try_at", nullable=True),
        instant("sent_at", nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        instant("recorded_at"),
        of_person("message"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "organisation_id", "person_id", "kind", "day", name=op.f("uq_message_organisation_id_person_id_kind_day")
        ),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_message_organisation_id_key")),
    )
    named = op.f("ix_message_organisation_id_status_next_try_at")
    op.create_index(named, "message", ["organisation_id", "status", "next_try_at"])
    op.create_table(
        "reminder",
        of_organisation(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        instant("recorded_at"),
        of_person("reminder"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "message_id"],
            ["message.organisation_id", "message.id"],
            name=op.f("fk_reminder_organisation_id_message_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "item", "due_on", "step", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_organisation_id_message_id"), "reminder", ["organisation_id", "message_id"])


def create_decisions() -> None:
    op.create_table(
        "stopped_run",
        of_organisation(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("on_file", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        instant("recorded_at"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_stopped_run_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "day", name=op.f("pk_stopped_run")),
    )
    op.create_table(
        "run_approval",
        of_organisation(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        instant("recorded_at"),
        of_person("run_approval", "approved_by"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_run_approval")),
    )
    op.create_index(op.f("ix_run_approval_organisation_id_day"), "run_approval", ["organisation_id", "day"])
    op.create_table(
        "unsubscribe",
        of_organisation(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        instant("recorded_at"),
        of_person("unsubscribe"),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "topic", name=op.f("pk_unsubscribe")),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for column in reversed(SETTINGS):
        op.drop_column("organisation", column)
