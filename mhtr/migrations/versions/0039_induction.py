"""What is seen to between the sentence and the first session."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nothing was recorded yet."""
    op.create_table(
        "induction_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_induction_steps_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_induction_steps_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_induction_steps")),
    )
    op.create_index("ix_induction_steps_case_id", "induction_steps", ["case_id", "id"])


def downgrade() -> None:
    """Forget what was seen to."""
    op.drop_table("induction_steps")
