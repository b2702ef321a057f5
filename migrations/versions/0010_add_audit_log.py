"""The audit log, and two kinds of permission: a manager's and an auditor's."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ENTRY, HEAD = "audit_entry", "audit_head"
INDEXES = (("actor_id", "number"), ("subject_id", "number"), ("act", "number"), ("recorded_at",))
WHOLE = "ix_permission_organisation_id_person_id"


def upgrade() -> None:
    op.add_column("permission", sa.Column("kind", sa.String(10), server_default="manager", nullable=False))
    allow_one_for_the_whole()
    create_entries()
    op.create_table(
        HEAD,
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f(f"pk_{HEAD}")),
    )
    refuse_changes()


def allow_one_for_the_whole() -> None:
    """Let nobody hold leave for the whole organisation twice: a unique key takes two empty sites for different ones."""
    op.execute(
        "DELETE FROM permission WHERE site_id IS NULL AND EXISTS (SELECT 1 FROM permission AS other WHERE "
        "other.organisation_id = permission.organisation_id AND other.person_id = permission.person_id "
        "AND other.site_id IS NULL AND other.id < permission.id)"
    )
    whole = sa.text("site_id IS NULL")
    columns = ["organisation_id", "person_id"]
    op.create_index(op.f(WHOLE), "permission", columns, unique=True, postgresql_where=whole, sqlite_where=whole)


def create_entries() -> None:
    op.create_table(
        ENTRY,
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("client", sa.String(60), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "number", name=op.f(f"pk_{ENTRY}")),
    )
    for columns in INDEXES:
        named = op.f("_".join(["ix", ENTRY, "organisation_id", *columns]))
        op.create_index(named, ENTRY, ["organisation_id", *columns])


def refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {ENTRY}_refuses_{act.lower()} BEFORE {act} ON {ENTRY} "
                f"BEGIN SELECT RAISE(ABORT, '{ENTRY} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {ENTRY}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {ENTRY} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Go back to managers alone: an auditor must not become one."""
    op.drop_table(HEAD)
    op.drop_table(ENTRY)
    op.drop_index(op.f(WHOLE), "permission")
    op.execute("DELETE FROM permission WHERE kind <> 'manager'")
    op.drop_column("permission", "kind")
