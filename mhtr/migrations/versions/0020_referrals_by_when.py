"""Referrals of a referrer and of an organisation by when they were made."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    op.create_index(
        "ix_referrals_referrer_id_referred_at", "referrals", ["referrer_id", "referred_at", "id"]
    )
    op.create_index(
        "ix_referrals_organisation_id_referred_at",
        "referrals",
        ["organisation_id", "referred_at", "id"],
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_referrals_organisation_id_referred_at", table_name="referrals")
    op.drop_index("ix_referrals_referrer_id_referred_at", table_name="referrals")
