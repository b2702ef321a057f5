"""Shared tablets, the sites whose people use them, PINs, and which sessions are open on a tablet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def column(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return column(name, sa.DateTime(timezone=True), nullable=nullable)


def within(table: str, name: str, other: str) -> sa.ForeignKeyConstraint:
    named = op.f(f"fk_{table}_organisation_id_{name}")
    return sa.ForeignKeyConstraint(["organisation_id", name], [f"{other}.organisation_id", f"{other}.id"], name=named)


def upgrade() -> None:
    op.create_table(
        "tablet",
        column("organisation_id", sa.Integer()),
        column("id", sa.Uuid()),
        column("name", sa.String(255)),
        column("token_hash", sa.String(64)),
        column("made_by", sa.Uuid()),
        instant("recorded_at"),
        instant("last_used_at", nullable=True),
        instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_tablet")),
        within("tablet", "made_by", "person"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tablet_token_hash")),
    )
    op.create_index(op.f("ix_tablet_organisation_id_recorded_at"), "tablet", ["organisation_id", "recorded_at"])
    op.create_table(
        "tablet_site",
        column("organisation_id", sa.Integer()),
        column("tablet_id", sa.Uuid()),
        column("site_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("organisation_id", "tablet_id", "site_id", name=op.f("pk_tablet_site")),
        within("tablet_site", "tablet_id", "tablet"),
        within("tablet_site", "site_id", "site"),
    )
    op.create_index(op.f("ix_tablet_site_organisation_id_site_id"), "tablet_site", ["organisation_id", "site_id"])
    op.create_table(
        "pin",
        column("organisation_id", sa.Integer()),
        column("person_id", sa.Uuid()),
        column("pin_hash", sa.String(255)),
        instant("recorded_at"),
        column("wrong", sa.Integer()),
        instant("locked_until", nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", name=op.f("pk_pin")),
        within("pin", "person_id", "person"),
    )
    op.add_column("session", sa.Column("tablet_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_session_organisation_id_tablet_id"), "session", ["organisation_id", "tablet_id"])


def downgrade() -> None:
    """Take it all away, with the sessions open on tablets: they would be anybody's for a week."""
    session = sa.table("session", sa.column("tablet_id"))
    op.execute(session.delete().where(session.c.tablet_id.is_not(None)))
    op.drop_index(op.f("ix_session_organisation_id_tablet_id"), "session")
    op.drop_column("session", "tablet_id")
    for table in ("pin", "tablet_site", "tablet"):
        op.drop_table(table)
