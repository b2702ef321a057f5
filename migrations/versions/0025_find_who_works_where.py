"""Who works at a site, what they are called and what they passed is found in indexes, without reading whole rows."""

from collections.abc import Sequence

from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DAYS = ("starts_on", "ends_on", "withdrawn_at")
WIDER = {
    "ix_employment_site": ("employment", ("organisation_id", "site_id", "person_id", *DAYS)),
    "ix_employment_person": ("employment", ("organisation_id", "person_id", "site_id", *DAYS)),
    "ix_person_called": ("person", ("organisation_id", "id", "name", "staff_number")),
    "ix_completion_of": ("completion", ("organisation_id", "person_id", "item", "passed_on", "content_hash", "id")),
}
NARROWER = {
    "ix_employment_organisation_id_site_id": ("employment", ("organisation_id", "site_id")),
    "ix_employment_organisation_id_person_id": ("employment", ("organisation_id", "person_id")),
    "ix_completion_organisation_id_person_id_item": ("completion", ("organisation_id", "person_id", "item")),
}


def upgrade() -> None:
    for name, (table, columns) in WIDER.items():
        op.create_index(name, table, columns)
    for name, (table, _) in NARROWER.items():
        op.drop_index(name, table)


def downgrade() -> None:
    for name, (table, columns) in NARROWER.items():
        op.create_index(name, table, columns)
    for name, (table, _) in WIDER.items():
        op.drop_index(name, table)
