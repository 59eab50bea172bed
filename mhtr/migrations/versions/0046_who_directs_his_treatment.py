"""That somebody whom an order names no longer directs the treatment, and who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing of it was recorded until now."""
    op.create_table(
        "directing_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("was_named", sa.String(length=160), nullable=False),
        sa.Column("was_registration", sa.String(length=20), nullable=False),
        sa.Column("now_named", sa.String(length=160), nullable=False),
        sa.Column("now_registration", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("noticed_to", sa.String(length=120), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noticed_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(noticed_on IS NULL) = (noticed_by IS NULL)",
            name=op.f("ck_directing_changes_noticed_when_and_by_whom"),
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_directing_changes_taken_back_by_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_directing_changes_by_id")),
        sa.ForeignKeyConstraint(
            ["noticed_by"], ["staff.id"], name=op.f("fk_directing_changes_noticed_by")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_directing_changes_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_directing_changes_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directing_changes")),
    )
    op.create_index("ix_directing_changes_order_id", "directing_changes", ["order_id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("directing_changes")
