"""The index by which to find who is out of date tells expired from overdue too, without reading whole rows."""

from collections.abc import Sequence

from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OLD, NEW = "ix_standing_organisation_id_person_id_never_expires_valid_until", "ix_standing_late"


def upgrade() -> None:
    op.create_index(
        NEW, "standing", ["organisation_id", "person_id", "never_expires", "in_date_in_need", "valid_until"]
    )
    op.drop_index(OLD, "standing")


def downgrade() -> None:
    op.create_index(OLD, "standing", ["organisation_id", "person_id", "never_expires", "valid_until"])
    op.drop_index(NEW, "standing")
