"""Work that takes longer than a page may, and the files it makes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def upgrade() -> None:
    op.create_table(
        "task",
        number("organisation_id"),
        sa.Column("id", sa.Uuid(), nullable=False),
        text("kind", 40),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(120), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        instant("asked_at", nullable=False),
        text("held_by", 120),
        instant("held_until", nullable=False),
        number("starts"),
        number("done"),
        number("whole"),
        instant("finished_at"),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        text("file_name", 255),
        text("media_type", 120),
        number("size"),
        instant("expires_at"),
        instant("seen_at"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_task")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "asked_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_task_organisation_id_asked_by"),
        ),
    )
    named = op.f("ix_task_organisation_id_asked_by_asked_at")
    op.create_index(named, "task", ["organisation_id", "asked_by", "asked_at"])
    op.create_index("ix_task_organisation_id_key", "task", ["organisation_id", "key"], unique=True)
    op.create_index(op.f("ix_task_finished_at_held_until"), "task", ["finished_at", "held_until"])
    op.create_table(
        "task_part",
        number("organisation_id"),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        number("number"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "task_id", "number", name=op.f("pk_task_part")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "task_id"],
            ["task.organisation_id", "task.id"],
            name=op.f("fk_task_part_organisation_id_task_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("task_part")
    op.drop_table("task")
