"""Adjustments that were agreed with a man."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None are on record."""
    op.create_table(
        "agreed_adjustments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("why", sa.String(length=60), nullable=False),
        sa.Column("agreed_by", sa.String(length=60), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "last_day IS NULL OR first_day <= last_day",
            name=op.f("ck_agreed_adjustments_first_before_last"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_agreed_adjustments_ended_by_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_agreed_adjustments_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_agreed_adjustments_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["staff.id"], name=op.f("fk_agreed_adjustments_ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_adjustments")),
        sa.UniqueConstraint("ref", name=op.f("uq_agreed_adjustments_ref")),
    )
    op.create_index("ix_agreed_adjustments_case_id", "agreed_adjustments", ["case_id", "ended_at"])


def downgrade() -> None:
    """Forget who agreed them; the needs that they made stay."""
    op.drop_table("agreed_adjustments")
