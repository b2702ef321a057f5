"""How people stand by the job titles that they have, which roles and titles are sums of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
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


def upgrade() -> None:
    """Make the table empty and the titles unknown; `training migrate` then works out both."""
    op.create_table(
        "titles_counter",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("titles", sa.Text(), nullable=False),
        *(sa.Column(measure, sa.Integer(), nullable=False) for measure in MEASURES),
        sa.PrimaryKeyConstraint("organisation_id", "site_id", "titles", name=op.f("pk_titles_counter")),
    )
    op.add_column("on_file", sa.Column("titles", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("on_file", "titles")
    op.drop_table("titles_counter")
