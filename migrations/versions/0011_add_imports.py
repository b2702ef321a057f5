"""Imports: plans and their rows, passes from elsewhere, and steps of reminders that count as said."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RUN, ROW, PASS, STEP = "import_run", "import_row", "imported_pass", "quiet_step"
INDEXES = (
    (RUN, ["organisation_id", "applied_at"]),
    (ROW, ["organisation_id", "import_id", "outcome", "place"]),
    (PASS, ["organisation_id", "person_id", "item"]),
    (PASS, ["organisation_id", "import_id"]),
)


def upgrade() -> None:
    create_runs()
    create_rows()
    create_passes()
    create_steps()
    for table, columns in INDEXES:
        op.create_index(op.f("_".join(["ix", table, *columns])), table, columns)


def organisation() -> sa.Column:
    return sa.Column("organisation_id", sa.Integer(), nullable=False)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}"),
    )


def create_runs() -> None:
    op.create_table(
        RUN,
        organisation(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("evidence", sa.String(255), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        instant("recorded_at"),
        instant("expires_at"),
        instant("applied_at", nullable=True),
        instant("undone_at", nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f(f"pk_{RUN}")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f(f"fk_{RUN}_organisation_id")),
        refers(RUN, "made_by", "person"),
    )


def create_rows() -> None:
    op.create_table(
        ROW,
        organisation(),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("read_faults", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "import_id", "place", name=op.f(f"pk_{ROW}")),
        refers(ROW, "import_id", RUN),
    )


def create_passes() -> None:
    op.create_table(
        PASS,
        organisation(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("passed_on", sa.Date(), nullable=False),
        sa.Column("given_until", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(255), nullable=False),
        instant("recorded_at"),
        instant("withdrawn_at", nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f(f"pk_{PASS}")),
        refers(PASS, "person_id", "person"),
        refers(PASS, "import_id", RUN),
    )


def create_steps() -> None:
    op.create_table(
        STEP,
        organisation(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        instant("recorded_at"),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "item", "due_on", "step", name=op.f(f"pk_{STEP}")),
        refers(STEP, "person_id", "person"),
    )


def downgrade() -> None:
    for table in (STEP, PASS, ROW, RUN):
        op.drop_table(table)
