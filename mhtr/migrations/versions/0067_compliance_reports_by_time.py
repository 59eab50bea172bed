"""Compliance reports that the program releases by time."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was set up until now."""
    op.create_table(
        "compliance_schedules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("every", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("to_kind", sa.String(length=60), nullable=False),
        sa.Column("to_staff_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("made_for", sa.Date(), nullable=True),
        sa.Column("last_id", sa.Integer(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(length=60), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended IS NULL)", name=op.f("ck_compliance_schedules_ended_why")
        ),
        sa.CheckConstraint(
            "every <> 'court' OR case_id IS NOT NULL",
            name=op.f("ck_compliance_schedules_court_day_of_one_man"),
        ),
        sa.CheckConstraint(
            "(to_kind = 'unit' AND to_staff_id IS NULL)"
            " OR (to_kind IN ('myself', 'colleague') AND to_staff_id IS NOT NULL)",
            name=op.f("ck_compliance_schedules_to_whom"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_compliance_schedules_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_compliance_schedules_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["last_id"], ["compliance_releases.id"], name=op.f("fk_compliance_schedules_last_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_staff_id"], ["staff.id"], name=op.f("fk_compliance_schedules_to_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_schedules")),
        sa.UniqueConstraint("ref", name=op.f("uq_compliance_schedules_ref")),
    )
    op.create_index("ix_compliance_schedules_by_id", "compliance_schedules", ["by_id", "id"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("compliance_schedules")
