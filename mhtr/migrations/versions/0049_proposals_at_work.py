"""Proposals of the planner at work: who is at it, what came of it, what was booked."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a job and its review need; no proposal was ever made before."""
    with op.batch_alter_table("proposals") as table:
        table.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("answer", sa.LargeBinary(), nullable=True))
        table.add_column(
            sa.Column("fault", sa.String(length=120), nullable=False, server_default="")
        )
    with op.batch_alter_table("proposals") as table:
        table.alter_column("attempts", server_default=None)
        table.alter_column("fault", server_default=None)
    with op.batch_alter_table("proposal_parts") as table:
        table.add_column(sa.Column("made", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("refused", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("proposal_parts") as table:
        table.drop_column("refused")
        table.drop_column("made")
    with op.batch_alter_table("proposals") as table:
        for name in ("fault", "answer", "attempts", "seen_at"):
            table.drop_column(name)
