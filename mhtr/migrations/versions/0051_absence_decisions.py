"""What probation decides of absences."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody decided here before."""
    op.create_table(
        "absence_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attendance_id", sa.Integer(), nullable=False),
        sa.Column("opinion", sa.String(length=60), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("notice_why", sa.LargeBinary(), nullable=True),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(opinion = 'more_wanted') = (until IS NOT NULL)",
            name=op.f("ck_absence_decisions_until_when"),
        ),
        sa.ForeignKeyConstraint(
            ["attendance_id"], ["attendance.id"], name=op.f("fk_absence_decisions_attendance_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_absence_decisions_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_absence_decisions_case_id")
        ),
        sa.ForeignKeyConstraint(["for_id"], ["staff.id"], name=op.f("fk_absence_decisions_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_decisions")),
        sa.UniqueConstraint("ref", name=op.f("uq_absence_decisions_ref")),
        sa.UniqueConstraint("subject", "number", name=op.f("uq_absence_decisions_subject_number")),
    )
    op.create_index("ix_absence_decisions_case_id", "absence_decisions", ["case_id", "id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("absence_decisions")
