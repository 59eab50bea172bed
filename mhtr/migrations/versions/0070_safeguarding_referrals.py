"""Safeguarding referrals: each version as it was made, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was referred in this way until now."""
    op.create_table(
        "safeguarding_referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_safeguarding_referrals_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_safeguarding_referrals_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_referrals")),
        sa.UniqueConstraint("ref", name=op.f("uq_safeguarding_referrals_ref")),
    )
    op.create_index(
        "ix_safeguarding_referrals_case_id", "safeguarding_referrals", ["case_id", "id"]
    )
    _versions()
    op.create_table(
        "safeguarding_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_safeguarding_steps_by_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["safeguarding_referrals.id"],
            name=op.f("fk_safeguarding_steps_referral_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_steps")),
    )
    op.create_index(
        "ix_safeguarding_steps_referral_id", "safeguarding_steps", ["referral_id", "id"]
    )


def _versions() -> None:
    op.create_table(
        "safeguarding_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("authority", sa.String(length=160), nullable=False),
        sa.Column("sent_how", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("concern", sa.LargeBinary(), nullable=False),
        sa.Column("done", sa.LargeBinary(), nullable=False),
        sa.Column("agreed", sa.String(length=60), nullable=False),
        sa.Column("override_why", sa.LargeBinary(), nullable=True),
        sa.Column("knows", sa.String(length=60), nullable=False),
        sa.Column("not_told_why", sa.LargeBinary(), nullable=True),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number = 1 OR why IS NOT NULL",
            name=op.f("ck_safeguarding_versions_put_right_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(agreed = 'yes') = (override_why IS NULL)",
            name=op.f("ck_safeguarding_versions_why_without_agreement"),
        ),
        sa.CheckConstraint(
            "(knows = 'told') = (not_told_why IS NULL)",
            name=op.f("ck_safeguarding_versions_why_he_was_not_told"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_safeguarding_versions_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["safeguarding_referrals.id"],
            name=op.f("fk_safeguarding_versions_referral_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_versions")),
        sa.UniqueConstraint(
            "referral_id", "number", name=op.f("uq_safeguarding_versions_referral_id_number")
        ),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("safeguarding_steps")
    op.drop_table("safeguarding_versions")
    op.drop_table("safeguarding_referrals")
