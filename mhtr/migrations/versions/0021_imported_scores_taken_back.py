"""Which file an imported score came from, and who took it back and why."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table. Scores imported before get their row when one is taken back."""
    op.create_table(
        "imported_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) "
            "AND (withdrawn_at IS NULL) = (withdrawn_because IS NULL)",
            name=op.f("ck_imported_scores_withdrawn_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["measure_occasions.id"], name=op.f("fk_imported_scores_occasion_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["past_score_runs.id"], name=op.f("fk_imported_scores_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["staff.id"], name=op.f("fk_imported_scores_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_scores")),
        sa.UniqueConstraint("occasion_id", name=op.f("uq_imported_scores_occasion_id")),
    )
    op.create_index("ix_imported_scores_run_id", "imported_scores", ["run_id", "id"])


def downgrade() -> None:
    """Drop it. What was taken back stays so; why is lost."""
    op.drop_index("ix_imported_scores_run_id", "imported_scores")
    op.drop_table("imported_scores")
