"""Codes and names on invite slips, passkeys with their challenges, and which device a session belongs to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add what is empty for the slips and sessions that are there: a slip without a code works by its link."""
    op.add_column("invite", sa.Column("code_hash", sa.String(64), nullable=True))
    op.add_column("invite", sa.Column("sign_in_name", sa.String(320), nullable=True))
    op.create_index(op.f("ix_invite_code_hash"), "invite", ["code_hash"], unique=True)
    op.create_index(op.f("ix_invite_sign_in_name"), "invite", ["sign_in_name"])
    op.add_column("session", sa.Column("device", sa.String(60), nullable=True))
    op.add_column("session", sa.Column("passkey_id", sa.Uuid(), nullable=True))
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("device_type", sa.String(20), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"])
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(100), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenge")),
    )
    op.create_index(op.f("ix_passkey_challenge_expires_at"), "passkey_challenge", ["expires_at"])


def downgrade() -> None:
    """Take it all away; whoever had nothing but a passkey then needs a new slip."""
    op.drop_table("passkey_challenge")
    op.drop_table("passkey")
    op.drop_column("session", "passkey_id")
    op.drop_column("session", "device")
    op.drop_index(op.f("ix_invite_sign_in_name"), table_name="invite")
    op.drop_index(op.f("ix_invite_code_hash"), table_name="invite")
    op.drop_column("invite", "sign_in_name")
    op.drop_column("invite", "code_hash")
