"""An organisation's own clinical sign-off of content, and its withdrawal: both can only be added to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


APPEND_ONLY = ("content_signoff", "content_signoff_withdrawal")


def upgrade() -> None:
    create_tables()
    refuse_changes()


def refuse_changes() -> None:
    """Let the database itself refuse to change or delete what has happened."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def create_tables() -> None:
    op.create_table(
        "content_signoff",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("profession", sa.String(length=255), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_hash"], ["content_version.content_hash"], name=op.f("fk_content_signoff_content_hash")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_content_signoff_organisation_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_content_signoff")),
    )
    with op.batch_alter_table("content_signoff", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_content_signoff_organisation_id_item"), ["organisation_id", "item"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_content_signoff_organisation_id_content_hash"),
            ["organisation_id", "content_hash"],
            unique=False,
        )

    op.create_table(
        "content_signoff_withdrawal",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("signoff_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_content_signoff_withdrawal_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "signoff_id"],
            ["content_signoff.organisation_id", "content_signoff.id"],
            name=op.f("fk_content_signoff_withdrawal_organisation_id_signoff_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "signoff_id", name=op.f("pk_content_signoff_withdrawal")),
    )


def downgrade() -> None:
    op.drop_table("content_signoff_withdrawal")
    with op.batch_alter_table("content_signoff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_content_signoff_organisation_id_content_hash"))
        batch_op.drop_index(batch_op.f("ix_content_signoff_organisation_id_item"))

    op.drop_table("content_signoff")
