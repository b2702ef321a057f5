"""The status that each stored standing has until its next change, and an index to find people and tries by.

A row that is there already is given the status of the day on which it was worked out.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATUS = """
UPDATE standing SET status = CASE
    WHEN on_file_from IS NULL OR on_file_from > worked_out_on OR on_file_until < worked_out_on THEN 'not-on-file'
    WHEN need_begins_on IS NULL OR need_begins_on > worked_out_on OR need_ends_on < worked_out_on
        THEN CASE WHEN last_passed_on IS NULL THEN 'not-needed' ELSE 'held' END
    WHEN leave_from <= worked_out_on AND (leave_until IS NULL OR leave_until >= worked_out_on) THEN 'on-leave'
    WHEN exempt_from <= worked_out_on AND (exempt_until IS NULL OR exempt_until >= worked_out_on) THEN 'exempt'
    WHEN never_expires OR valid_until >= worked_out_on
        THEN CASE WHEN window_opens_on <= worked_out_on THEN 'expiring-soon' ELSE 'up-to-date' END
    WHEN (first_due_on IS NULL AND grace_until IS NULL) OR first_due_on >= worked_out_on OR grace_until >= worked_out_on
        THEN 'not-yet-due'
    WHEN in_date_in_need THEN 'expired'
    ELSE 'overdue'
END
"""
# To tell who stands so, and who tried what, without reading the rows themselves.
BY_STATUS = ("organisation_id", "person_id", "status", "site_id")
TRIES = ("organisation_id", "person_id", "item", "completed_at", "passed")
REFRESHERS = ("organisation_id", "person_id")
IS_REFRESHER = sa.text("question_ids IS NOT NULL")


def upgrade() -> None:
    column = sa.Column("status", sa.String(20), nullable=False, server_default="not-on-file")
    op.add_column("standing", column)
    op.execute(STATUS)
    op.create_index(name("standing", BY_STATUS), "standing", BY_STATUS)
    op.create_index(name("attempt", TRIES), "attempt", TRIES)
    op.drop_index(name("attempt", TRIES[:3]), "attempt")
    where = {"postgresql_where": IS_REFRESHER, "sqlite_where": IS_REFRESHER}
    op.create_index(name("attempt", REFRESHERS), "attempt", REFRESHERS, **where)


def downgrade() -> None:
    op.drop_index(name("attempt", REFRESHERS), "attempt")
    op.create_index(name("attempt", TRIES[:3]), "attempt", TRIES[:3])
    op.drop_index(name("attempt", TRIES), "attempt")
    op.drop_index(name("standing", BY_STATUS), "standing")
    op.drop_column("standing", "status")


def name(table: str, columns: Sequence[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"
