"""Urgent handovers recorded outside an assessment: who received one, when, what was said."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "urgent_handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("received_by", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("in_emergency", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_urgent_handovers_case_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_urgent_handovers_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgent_handovers")),
    )
    with op.batch_alter_table("urgent_handovers") as table:
        table.create_index("ix_urgent_handovers_case_id_id", ["case_id", "id"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("urgent_handovers")
