"""Warnings that probation gave, and what it and the courts did."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing of it was recorded here before."""
    op.create_table(
        "breach_warnings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("given", sa.String(length=60), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("requirement", sa.String(length=120), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("worded_as", sa.String(length=60), nullable=True),
        sa.Column("says", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_by IS NULL)"
            " AND (withdrawn_on IS NULL) = (withdrawn_at IS NULL)",
            name=op.f("ck_breach_warnings_withdrawn_when_and_by_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_breach_warnings_by_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_breach_warnings_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["staff.id"], name=op.f("fk_breach_warnings_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_warnings")),
        sa.UniqueConstraint("ref", name=op.f("uq_breach_warnings_ref")),
    )
    op.create_index("ix_breach_warnings_order_id", "breach_warnings", ["order_id", "id"])
    op.create_table(
        "enforcement_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_enforcement_steps_taken_back_by_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_enforcement_steps_by_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_enforcement_steps_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_enforcement_steps_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enforcement_steps")),
        sa.UniqueConstraint("ref", name=op.f("uq_enforcement_steps_ref")),
    )
    op.create_index("ix_enforcement_steps_order_id", "enforcement_steps", ["order_id", "id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("enforcement_steps")
    op.drop_table("breach_warnings")
