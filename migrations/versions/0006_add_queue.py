"""The queue of `training worker` on PostgreSQL: Procrastinate's own tables, as the installed package has them."""

from collections.abc import Sequence

from alembic import op
from procrastinate.schema import SchemaManager

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Functions go first, with the triggers that call them: some of them return rows of the tables.
DROP_EVERYTHING = r"""
DO $$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || made.name || ' CASCADE';
    END LOOP;
    DROP TABLE procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs, procrastinate_workers;
    FOR made IN
        SELECT oid::regtype AS name FROM pg_type
        WHERE typname LIKE 'procrastinate\_%' AND typnamespace = current_schema()::regnamespace
            AND typtype IN ('c', 'e')
    LOOP
        EXECUTE 'DROP TYPE ' || made.name;
    END LOOP;
END;
$$
"""


def upgrade() -> None:
    run_on_postgresql(SchemaManager.get_schema())


def downgrade() -> None:
    run_on_postgresql(DROP_EVERYTHING)


def run_on_postgresql(script: str) -> None:
    """Run many statements at once: without parameters the driver neither splits them nor reads their `%`."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(script, execution_options={"no_parameters": True})
