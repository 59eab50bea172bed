"""How a man was told of his sessions, and what shows that it reached him."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing of it was recorded until now, and nothing is made up."""
    op.create_table(
        "session_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=60), nullable=False),
        sa.Column("came", sa.String(length=60), nullable=False),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "told_at < starts_at", name=op.f("ck_session_notices_told_before_it_begins")
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_session_notices_taken_back_by_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_session_notices_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_session_notices_case_id")),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_session_notices_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_notices")),
        sa.UniqueConstraint("ref", name=op.f("uq_session_notices_ref")),
    )
    op.create_index("ix_session_notices_case_id", "session_notices", ["case_id", "told_at", "id"])
    op.create_index("ix_session_notices_subject", "session_notices", ["subject", "told_at", "id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("session_notices")
