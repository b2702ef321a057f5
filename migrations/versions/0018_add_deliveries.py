"""What devices sent of attempts that they finished by themselves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "delivery"


def column(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return column(name, sa.DateTime(timezone=True), nullable=nullable)


def person(name: str) -> sa.ForeignKeyConstraint:
    named = op.f(f"fk_{TABLE}_organisation_id_{name}")
    return sa.ForeignKeyConstraint(["organisation_id", name], ["person.organisation_id", "person.id"], name=named)


def upgrade() -> None:
    op.create_table(
        TABLE,
        column("organisation_id", sa.Integer()),
        column("attempt_id", sa.Uuid()),
        column("digest", sa.String(64)),
        column("person_id", sa.Uuid()),
        column("carried_by", sa.Uuid(), nullable=True),
        column("item", sa.String(120)),
        column("answers", sa.JSON()),
        column("outcome", sa.String(20)),
        instant("ticket_given_at"),
        instant("device_started_at"),
        instant("device_finished_at"),
        instant("device_sent_at", nullable=True),
        instant("received_at"),
        sa.PrimaryKeyConstraint("organisation_id", "attempt_id", "digest", name=op.f("pk_delivery")),
        person("person_id"),
        person("carried_by"),
    )
    op.create_index(op.f("ix_delivery_organisation_id_person_id"), TABLE, ["organisation_id", "person_id"])
    refuse_changes()


def refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_refuses_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {TABLE}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
