"""The trend by month, quick ways to what was recorded since, what falls due by day, and filters that people keep."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MEASURES = (
    "heads",
    "counted_heads",
    "compliant_heads",
    "several_heads",
    "up_to_date",
    "expiring_soon",
    "expired",
    "overdue",
    "not_yet_due",
    "on_leave",
    "exempt",
    "held",
)
INDEXES = (
    ("completion", "recorded_at"),
    ("employment", "recorded_at"),
    ("employment", "withdrawn_at"),
    ("imported_pass", "recorded_at"),
    ("imported_pass", "withdrawn_at"),
)


def column(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    """Make them empty; `training migrate` then counts what falls due, and the work without a click fills the trend."""
    op.create_table(
        "trend_figure",
        column("organisation_id", sa.Integer()),
        column("draft", sa.Boolean()),
        column("site_id", sa.Uuid()),
        column("item", sa.String(120)),
        column("day", sa.Date()),
        *(column(measure, sa.Integer()) for measure in MEASURES),
        sa.PrimaryKeyConstraint("organisation_id", "draft", "site_id", "item", "day", name=op.f("pk_trend_figure")),
    )
    op.create_table(
        "trend_state",
        column("organisation_id", sa.Integer()),
        column("days", sa.JSON()),
        column("known_at", sa.DateTime(timezone=True), nullable=True),
        column("draft_days", sa.JSON()),
        column("draft_known_at", sa.DateTime(timezone=True), nullable=True),
        column("draft_after", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_trend_state")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_trend_state_organisation_id")),
    )
    for table, name in INDEXES:
        # Of rows that were withdrawn alone: else SQLite looks for somebody's jobs among all that were not.
        where = sa.text("withdrawn_at IS NOT NULL") if name == "withdrawn_at" else None
        named = op.f(f"ix_{table}_organisation_id_{name}")
        op.create_index(named, table, ["organisation_id", name], postgresql_where=where, sqlite_where=where)
    op.create_table(
        "due_counter",
        column("organisation_id", sa.Integer()),
        column("site_id", sa.Uuid()),
        column("due_on", sa.Date()),
        column("number", sa.Integer()),
        sa.PrimaryKeyConstraint("organisation_id", "site_id", "due_on", name=op.f("pk_due_counter")),
    )
    op.create_table(
        "saved_filter",
        column("organisation_id", sa.Integer()),
        column("id", sa.Uuid()),
        column("person_id", sa.Uuid()),
        column("name", sa.String(60)),
        column("page", sa.String(60)),
        column("asked", sa.JSON()),
        column("recorded_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_saved_filter")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_saved_filter_organisation_id_person_id"),
        ),
        sa.UniqueConstraint(
            "organisation_id", "person_id", "name", name=op.f("uq_saved_filter_organisation_id_person_id_name")
        ),
    )


def downgrade() -> None:
    op.drop_table("saved_filter")
    op.drop_table("due_counter")
    for table, name in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_organisation_id_{name}"), table_name=table)
    op.drop_table("trend_state")
    op.drop_table("trend_figure")
