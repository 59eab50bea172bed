"""The service says when a report can be ready; to which day she asks for an adjournment."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column; with earlier answers nobody was asked."""
    op.create_table(
        "ready_from",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_ready_from_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ready_from_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ready_from")),
    )
    op.create_index("ix_ready_from_case_id_id", "ready_from", ["case_id", "id"])
    with op.batch_alter_table("date_answers") as table:
        table.add_column(sa.Column("adjourn_to", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop both."""
    with op.batch_alter_table("date_answers") as table:
        table.drop_column("adjourn_to")
    op.drop_index("ix_ready_from_case_id_id", table_name="ready_from")
    op.drop_table("ready_from")
