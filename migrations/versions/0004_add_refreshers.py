"""Refreshers: the questions that an attempt asks where it is not the whole item, and why it asks them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Columns are added and dropped in place: a table made anew would lose the triggers that refuse changes.
COLUMNS = (("draft", "question_ids"), ("draft", "why"), ("attempt", "question_ids"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.JSON(), nullable=True))


def downgrade() -> None:
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
