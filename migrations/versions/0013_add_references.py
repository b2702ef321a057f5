"""References of sites and people in other systems, what the ASC-WDS file says, and saved ESR mappings."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SITE, PERSON, ITEM, SETTING, MAPPING = (
    "workplace_reference",
    "worker_reference",
    "asc_wds_item",
    "asc_wds_setting",
    "esr_mapping",
)


def upgrade() -> None:
    create_reference(SITE, column="site_id", other="site")
    create_reference(PERSON, column="person_id", other="person")
    create_items()
    create_settings()
    create_mappings()


def organisation() -> sa.Column:
    return sa.Column("organisation_id", sa.Integer(), nullable=False)


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def recorded_at() -> sa.Column:
    return sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False)


def of_organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id"))


def create_reference(table: str, *, column: str, other: str) -> None:
    op.create_table(
        table,
        organisation(),
        sa.Column(column, sa.Uuid(), nullable=False),
        text("reference", 50),
        recorded_at(),
        sa.PrimaryKeyConstraint("organisation_id", column, name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["organisation_id", column],
            [f"{other}.organisation_id", f"{other}.id"],
            name=op.f(f"fk_{table}_organisation_id_{column}"),
        ),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f(f"uq_{table}_organisation_id_reference")),
    )


def create_items() -> None:
    op.create_table(
        ITEM,
        organisation(),
        text("item", 120),
        sa.Column("category", sa.Integer(), nullable=False),
        text("name", 120),
        recorded_at(),
        sa.PrimaryKeyConstraint("organisation_id", "item", name=op.f(f"pk_{ITEM}")),
        of_organisation(ITEM),
    )


def create_settings() -> None:
    op.create_table(
        SETTING,
        organisation(),
        text("layout", 40),
        text("accredited", 3),
        text("delivered_by", 1),
        text("provider", 20),
        recorded_at(),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f(f"pk_{SETTING}")),
        of_organisation(SETTING),
    )


def create_mappings() -> None:
    op.create_table(
        MAPPING,
        organisation(),
        sa.Column("id", sa.Uuid(), nullable=False),
        text("name", 255),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("competences", sa.JSON(), nullable=False),
        text("day_form", 20),
        recorded_at(),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f(f"pk_{MAPPING}")),
        of_organisation(MAPPING),
        sa.UniqueConstraint("organisation_id", "name", name=op.f(f"uq_{MAPPING}_organisation_id_name")),
    )


def downgrade() -> None:
    for table in (MAPPING, SETTING, ITEM, PERSON, SITE):
        op.drop_table(table)
