"""Compliance reports that left, as they were made, and who is in them."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was kept of one until now."""
    op.create_table(
        "compliance_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=60), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("as_on", sa.Date(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("to_kind", sa.String(length=60), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("to_staff_id", sa.Integer(), nullable=True),
        sa.Column("to_unit_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(number = 1) = (replaces_id IS NULL) AND (number = 1 OR why IS NOT NULL)",
            name=op.f("ck_compliance_releases_later_versions_replace_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(to_kind = 'unit') = (to_unit_id IS NOT NULL)"
            " AND (to_kind IN ('myself', 'colleague')) = (to_staff_id IS NOT NULL)",
            name=op.f("ck_compliance_releases_to_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_compliance_releases_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_compliance_releases_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["compliance_releases.id"],
            name=op.f("fk_compliance_releases_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["to_staff_id"], ["staff.id"], name=op.f("fk_compliance_releases_to_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_unit_id"], ["organisations.id"], name=op.f("fk_compliance_releases_to_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_releases")),
        sa.UniqueConstraint("ref", name=op.f("uq_compliance_releases_ref")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_compliance_releases_replaces_id")),
    )
    op.create_index("ix_compliance_releases_by_id", "compliance_releases", ["by_id", "id"])
    op.create_table(
        "compliance_release_men",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_compliance_release_men_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["compliance_releases.id"],
            name=op.f("fk_compliance_release_men_release_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_release_men")),
        sa.UniqueConstraint(
            "release_id", "case_id", name=op.f("uq_compliance_release_men_release_id_case_id")
        ),
    )
    op.create_index(
        "ix_compliance_release_men_case_id", "compliance_release_men", ["case_id", "release_id"]
    )


def downgrade() -> None:
    """Forget what left."""
    op.drop_table("compliance_release_men")
    op.drop_table("compliance_releases")
