"""Who covers for an officer of probation, for all of his men or for one."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody covered for anybody here before."""
    op.create_table(
        "officer_covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "first_day <= last_day", name=op.f("ck_officer_covers_first_before_last")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_officer_covers_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_officer_covers_case_id")),
        sa.ForeignKeyConstraint(
            ["cover_id"], ["staff.id"], name=op.f("fk_officer_covers_cover_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["staff.id"], name=op.f("fk_officer_covers_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_officer_covers_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_covers")),
        sa.UniqueConstraint("ref", name=op.f("uq_officer_covers_ref")),
    )
    op.create_index("ix_officer_covers_officer_id", "officer_covers", ["officer_id", "last_day"])
    op.create_index("ix_officer_covers_cover_id", "officer_covers", ["cover_id", "last_day"])
    op.create_index(op.f("ix_officer_covers_case_id"), "officer_covers", ["case_id"])
    with op.batch_alter_table("probation_contacts") as table:
        table.add_column(sa.Column("why", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it, and the reasons for which men were given to somebody else."""
    with op.batch_alter_table("probation_contacts") as table:
        table.drop_column("why")
    op.execute("DELETE FROM grants WHERE because = 'orders.covers'")
    op.drop_table("officer_covers")
