"""When the flags of each case were last worked out by the clock."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "flag_looks",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_flag_looks_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_flag_looks")),
    )


def downgrade() -> None:
    """Drop it; every case is looked at anew."""
    op.drop_table("flag_looks")
