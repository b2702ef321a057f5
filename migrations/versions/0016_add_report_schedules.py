"""Reports that people want made for them again and again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def column(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "report_schedule",
        column("organisation_id", sa.Integer()),
        column("id", sa.Uuid()),
        column("owner_id", sa.Uuid()),
        column("report", sa.String(40)),
        column("asked", sa.JSON()),
        column("form", sa.String(10)),
        column("rhythm", sa.String(20)),
        column("on_day", sa.Integer()),
        column("starts_on", sa.Date()),
        column("next_on", sa.Date(), nullable=True),
        column("recorded_at", sa.DateTime(timezone=True)),
        column("ended_at", sa.DateTime(timezone=True), nullable=True),
        column("ended_why", sa.Text()),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_report_schedule")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_report_schedule_organisation_id_owner_id"),
        ),
    )
    named = op.f("ix_report_schedule_organisation_id_owner_id_recorded_at")
    op.create_index(named, "report_schedule", ["organisation_id", "owner_id", "recorded_at"])
    op.create_index(op.f("ix_report_schedule_next_on"), "report_schedule", ["next_on"])


def downgrade() -> None:
    op.drop_table("report_schedule")
