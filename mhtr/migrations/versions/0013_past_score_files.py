"""Files of past scores, kept until they are imported or thrown away."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    op.create_table(
        "past_score_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_past_score_runs_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_score_runs")),
        sa.UniqueConstraint("ref", name=op.f("uq_past_score_runs_ref")),
    )
    op.create_index("ix_past_score_runs_by_id", "past_score_runs", ["by_id", "id"])


def downgrade() -> None:
    """Drop it; files that wait are lost, scores that were taken stay."""
    op.drop_index("ix_past_score_runs_by_id", "past_score_runs")
    op.drop_table("past_score_runs")
