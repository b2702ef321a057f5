"""Requirements in versions, absences, exemptions, revocations, decisions, jobs; a standing for each item required."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPEND_ONLY = ("content_decision", "revocation")
TERMS = ("due_days", "valid_months", "window_days", "basis", "fixed_month", "fixed_day", "minimum_months")
FIRST_VERSIONS = {
    "sqlite": """
        INSERT INTO requirement_version (organisation_id, id, requirement_id, items, track, roles, job_title_ids,
            site_ids, reach, due_days, valid_months, window_days, basis, fixed_month, fixed_day, minimum_months,
            starts_on, ends_on, recorded_at, withdrawn_at)
        SELECT organisation_id, id, id, json_array(item), NULL, json_array(role), json_array(), json_array(),
            'at-next-renewal', due_days, valid_months, window_days, basis, fixed_month, fixed_day, minimum_months,
            starts_on, ends_on, recorded_at, withdrawn_at
        FROM requirement""",
    "postgresql": """
        INSERT INTO requirement_version (organisation_id, id, requirement_id, items, track, roles, job_title_ids,
            site_ids, reach, due_days, valid_months, window_days, basis, fixed_month, fixed_day, minimum_months,
            starts_on, ends_on, recorded_at, withdrawn_at)
        SELECT organisation_id, id, id, json_build_array(item), NULL, json_build_array(role), '[]', '[]',
            'at-next-renewal', due_days, valid_months, window_days, basis, fixed_month, fixed_day, minimum_months,
            starts_on, ends_on, recorded_at, withdrawn_at
        FROM requirement""",
}


def upgrade() -> None:
    create_tables()
    move_requirements()
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(sa.Column("long_leave_days", sa.Integer(), server_default="28", nullable=False))
    with op.batch_alter_table("standing") as batch:
        batch.drop_constraint("pk_standing", type_="primary")
        batch.create_primary_key("pk_standing", ["organisation_id", "person_id", "requirement_id", "item"])
    refuse_changes()


def refuse_changes() -> None:
    """Let the database itself refuse to change or delete what has happened."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def twice_dated() -> list[sa.Column]:
    return [
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
    ]


def key(table: str, *more: str) -> list:
    """Return the key's columns, organisation first, and what every row points to."""
    names = more or ("id",)
    return [
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in names),
        sa.PrimaryKeyConstraint("organisation_id", *names, name=op.f(f"pk_{table}")),
    ]


def points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}"),
    )


def create_tables() -> None:
    op.create_table(
        "requirement_version",
        *key("requirement_version"),
        sa.Column("requirement_id", sa.Uuid(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("track", sa.String(length=20), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("job_title_ids", sa.JSON(), nullable=False),
        sa.Column("site_ids", sa.JSON(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("fixed_month", sa.Integer(), nullable=True),
        sa.Column("fixed_day", sa.Integer(), nullable=True),
        sa.Column("minimum_months", sa.Integer(), nullable=False),
        sa.Column("reach", sa.String(length=20), nullable=False),
        sa.Column("again_by", sa.Date(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("preview", sa.JSON(), nullable=True),
        *twice_dated(),
        points_to("requirement_version", "requirement_id", "requirement"),
    )
    op.create_table(
        "content_decision",
        *key("content_decision"),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reach", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("again_by", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("preview", sa.JSON(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        points_to("content_decision", "decided_by", "person"),
        sa.ForeignKeyConstraint(
            ["content_hash"], ["content_version.content_hash"], name=op.f("fk_content_decision_content_hash")
        ),
    )
    op.create_table(
        "absence",
        *key("absence"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        *twice_dated(),
        points_to("absence", "person_id", "person"),
        points_to("absence", "site_id", "site"),
    )
    op.create_table(
        "exemption",
        *key("exemption"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("who", sa.String(length=255), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        *twice_dated(),
        points_to("exemption", "person_id", "person"),
    )
    op.create_table(
        "revocation",
        *key("revocation", "completion_id"),
        sa.Column("revoked_by", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        points_to("revocation", "completion_id", "completion"),
        points_to("revocation", "revoked_by", "person"),
    )
    op.create_table(
        "job",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("held_by", sa.String(length=120), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("watermark", sa.String(length=120), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_organisation_id_{column}"), table, ["organisation_id", column])


INDEXES = (
    ("requirement_version", "requirement_id"),
    ("content_decision", "item"),
    ("absence", "person_id"),
    ("exemption", "person_id"),
)


def move_requirements() -> None:
    """Give every requirement its first version, and keep of itself the name alone."""
    with op.batch_alter_table("requirement") as batch:
        batch.add_column(sa.Column("name", sa.String(length=255), server_default="", nullable=False))
        batch.add_column(sa.Column("edition", sa.Integer(), server_default="1", nullable=False))
    op.execute(FIRST_VERSIONS[op.get_bind().dialect.name])
    op.execute(
        "UPDATE requirement SET name = CASE role WHEN 'prescriber' THEN 'Prescriber' WHEN 'non-prescriber' "
        "THEN 'Health professional who does not prescribe' WHEN 'social-care' THEN 'Social care worker' "
        "ELSE 'Family carer' END"
    )
    with op.batch_alter_table("requirement") as batch:
        batch.drop_index("ix_requirement_organisation_id_item")
        for column in ("item", "role", *TERMS, "starts_on", "ends_on", "withdrawn_at"):
            batch.drop_column(column)
    with op.batch_alter_table("requirement") as batch:
        batch.alter_column("name", existing_type=sa.String(length=255), server_default=None)
        batch.alter_column("edition", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    """Go back to one item and one role for each requirement; requirements of several keep the first."""
    op.execute("DELETE FROM standing")
    with op.batch_alter_table("standing") as batch:
        batch.drop_constraint("pk_standing", type_="primary")
        batch.create_primary_key("pk_standing", ["organisation_id", "person_id", "requirement_id"])
    with op.batch_alter_table("organisation") as batch:
        batch.drop_column("long_leave_days")
    op.execute("DELETE FROM requirement_version")
    op.execute("DELETE FROM requirement")
    for table in ("job", "revocation", "exemption", "absence", "content_decision", "requirement_version"):
        op.drop_table(table)
    with op.batch_alter_table("requirement") as batch:
        batch.drop_column("name")
        batch.drop_column("edition")
        batch.add_column(sa.Column("item", sa.String(length=120), nullable=False))
        batch.add_column(sa.Column("role", sa.String(length=20), nullable=False))
        batch.add_column(sa.Column("due_days", sa.Integer(), nullable=False))
        batch.add_column(sa.Column("valid_months", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("window_days", sa.Integer(), nullable=False))
        batch.add_column(sa.Column("basis", sa.String(length=20), nullable=False))
        batch.add_column(sa.Column("fixed_month", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("fixed_day", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("minimum_months", sa.Integer(), nullable=False))
        batch.add_column(sa.Column("starts_on", sa.Date(), nullable=False))
        batch.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_requirement_organisation_id_item"), "requirement", ["organisation_id", "item"])
