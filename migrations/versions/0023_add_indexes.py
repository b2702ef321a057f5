"""Indexes by which to find who is out of date, who tried what, and who took refreshers, without reading whole rows."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_DATE = ("organisation_id", "person_id", "never_expires", "valid_until")
TRIES = ("organisation_id", "person_id", "item", "completed_at", "passed")
REFRESHERS = ("organisation_id", "person_id")
IS_REFRESHER = sa.text("question_ids IS NOT NULL")


def upgrade() -> None:
    op.create_index(name("standing", IN_DATE), "standing", IN_DATE)
    op.create_index(name("attempt", TRIES), "attempt", TRIES)
    op.drop_index(name("attempt", TRIES[:3]), "attempt")
    where = {"postgresql_where": IS_REFRESHER, "sqlite_where": IS_REFRESHER}
    op.create_index(name("attempt", REFRESHERS), "attempt", REFRESHERS, **where)


def downgrade() -> None:
    op.drop_index(name("attempt", REFRESHERS), "attempt")
    op.create_index(name("attempt", TRIES[:3]), "attempt", TRIES[:3])
    op.drop_index(name("attempt", TRIES), "attempt")
    op.drop_index(name("standing", IN_DATE), "standing")


def name(table: str, columns: Sequence[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"
