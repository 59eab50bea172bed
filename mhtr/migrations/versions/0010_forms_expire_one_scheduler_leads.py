"""When a form was last kept, how the jobs went, and which scheduler leads."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; a form on record counts as kept when it was submitted, or else when opened."""
    with op.batch_alter_table("measure_occasions", table_args=(_typed(),)) as batch_op:
        batch_op.add_column(sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE measure_occasions SET kept_at = coalesce(submitted_at, created_at)")
    with op.batch_alter_table("measure_occasions", table_args=(_typed(),)) as batch_op:
        batch_op.alter_column("kept_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_index("ix_measure_occasions_state_created_at")
        batch_op.create_index("ix_measure_occasions_state_kept_at", ["state", "kept_at", "id"])
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.alter_column("done_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.add_column(sa.Column("did", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("failure", sa.String(length=80), nullable=True))
    op.create_table(
        "job_leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_leases")),
    )


def _typed() -> sa.CheckConstraint:
    """SQLite builds a table anew and would lose its check, which cannot be read back."""
    return sa.CheckConstraint(
        "(origin = 'total') = (typed_total IS NOT NULL)",
        name=op.f("ck_measure_occasions_total_typed_or_scored"),
    )


def downgrade() -> None:
    """Drop them; a job that never ran to its end is forgotten."""
    op.drop_table("job_leases")
    op.execute("DELETE FROM job_runs WHERE done_at IS NULL")
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.drop_column("failure")
        batch_op.drop_column("failed_at")
        batch_op.drop_column("did")
        batch_op.alter_column("done_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    with op.batch_alter_table("measure_occasions", table_args=(_typed(),)) as batch_op:
        batch_op.drop_index("ix_measure_occasions_state_kept_at")
        batch_op.create_index(
            "ix_measure_occasions_state_created_at", ["state", "created_at", "id"]
        )
        batch_op.drop_column("kept_at")
