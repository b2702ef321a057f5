"""Phones and browsers that people asked to be reminded on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "push_device"


def column(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        TABLE,
        column("organisation_id", sa.Integer()),
        column("id", sa.Uuid()),
        column("person_id", sa.Uuid()),
        column("name", sa.String(80)),
        column("endpoint", sa.Text()),
        column("endpoint_hash", sa.String(64)),
        column("p256dh", sa.String(100)),
        column("auth", sa.String(40)),
        column("push_key", sa.String(100)),
        column("session_hash", sa.String(64)),
        column("recorded_at", sa.DateTime(timezone=True)),
        column("seen_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("endpoint_hash", name=op.f(f"uq_{TABLE}_endpoint_hash")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f(f"fk_{TABLE}_organisation_id_person_id"),
        ),
    )
    op.create_index(op.f(f"ix_{TABLE}_organisation_id_person_id"), TABLE, ["organisation_id", "person_id"])
    op.create_index(op.f(f"ix_{TABLE}_session_hash"), TABLE, ["session_hash"])


def downgrade() -> None:
    op.drop_table(TABLE)
