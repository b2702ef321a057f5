"""Inspector packs that were made, and the time-limited links to them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def column(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return column(name, sa.DateTime(timezone=True), nullable=nullable)


def person(table: str, name: str) -> sa.ForeignKeyConstraint:
    named = op.f(f"fk_{table}_organisation_id_{name}")
    return sa.ForeignKeyConstraint(["organisation_id", name], ["person.organisation_id", "person.id"], name=named)


def upgrade() -> None:
    op.create_table(
        "pack",
        column("organisation_id", sa.Integer()),
        column("id", sa.Uuid()),
        column("as_at", sa.Date()),
        instant("known_at"),
        column("site_ids", sa.JSON(), nullable=True),
        column("covers", sa.Text()),
        column("manifest_hash", sa.String(64)),
        column("asked_by", sa.Uuid()),
        instant("recorded_at"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_pack")),
        person("pack", "asked_by"),
    )
    op.create_index(op.f("ix_pack_organisation_id_recorded_at"), "pack", ["organisation_id", "recorded_at"])
    op.create_table(
        "pack_link",
        column("organisation_id", sa.Integer()),
        column("id", sa.Uuid()),
        column("pack_id", sa.Uuid()),
        column("token_hash", sa.String(64)),
        column("made_by", sa.Uuid()),
        instant("recorded_at"),
        instant("expires_at"),
        instant("withdrawn_at", nullable=True),
        column("opened", sa.Integer()),
        instant("last_opened_at", nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_pack_link")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "pack_id"],
            ["pack.organisation_id", "pack.id"],
            name=op.f("fk_pack_link_organisation_id_pack_id"),
        ),
        person("pack_link", "made_by"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pack_link_token_hash")),
    )
    op.create_index(op.f("ix_pack_link_organisation_id_pack_id"), "pack_link", ["organisation_id", "pack_id"])


def downgrade() -> None:
    op.drop_table("pack_link")
    op.drop_table("pack")
