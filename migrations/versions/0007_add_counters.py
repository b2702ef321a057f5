"""Counters by unit and item, where people are on file, and standings by site for those who work at several."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOBODY = "00000000-0000-0000-0000-000000000000"
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
KEY = ["organisation_id", "person_id", "requirement_id", "item"]


def upgrade() -> None:
    """Make them empty; `training migrate` then works them out from the facts."""
    nobody = NOBODY.replace("-", "") if op.get_bind().dialect.name == "sqlite" else NOBODY
    with op.batch_alter_table("standing") as batch:
        batch.add_column(sa.Column("site_id", sa.Uuid(), server_default=nobody, nullable=False))
        batch.drop_constraint("pk_standing", type_="primary")
        batch.create_primary_key("pk_standing", [*KEY, "site_id"])
    op.create_table(
        "on_file",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("next_change_on", sa.Date(), nullable=True),
        sa.Column("worked_out_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_on_file_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "site_id"],
            ["site.organisation_id", "site.id"],
            name=op.f("fk_on_file_organisation_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "site_id", name=op.f("pk_on_file")),
    )
    for column in ("next_change_on", "site_id"):
        op.create_index(op.f(f"ix_on_file_organisation_id_{column}"), "on_file", ["organisation_id", column])
    op.create_table(
        "counter",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        *(sa.Column(measure, sa.Integer(), nullable=False) for measure in MEASURES),
        sa.PrimaryKeyConstraint("organisation_id", "site_id", "item", name=op.f("pk_counter")),
    )


def downgrade() -> None:
    op.drop_table("counter")
    op.drop_table("on_file")
    standing = sa.table("standing", sa.column("site_id", sa.Uuid()))
    op.execute(standing.delete().where(standing.c.site_id != uuid.UUID(NOBODY)))
    with op.batch_alter_table("standing") as batch:
        batch.drop_constraint("pk_standing", type_="primary")
        batch.create_primary_key("pk_standing", KEY)
        batch.drop_column("site_id")
