"""Planned sessions finished, and whether further treatment is required."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of courses that were finished before nothing is told afterwards."""
    op.create_table(
        "sessions_finished",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=60), nullable=True),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=60), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(how IS NULL) = (why IS NOT NULL)",
            name=op.f("ck_sessions_finished_finished_or_why_not"),
        ),
        sa.CheckConstraint(
            '(how IS NULL) = ("on" IS NULL)', name=op.f("ck_sessions_finished_finished_since")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_sessions_finished_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_sessions_finished_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_sessions_finished_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions_finished")),
        sa.UniqueConstraint("ref", name=op.f("uq_sessions_finished_ref")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_sessions_finished_case_id_number")),
    )
    op.create_index("ix_sessions_finished_course_id", "sessions_finished", ["course_id"])
    op.create_table(
        "further_treatment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("finished_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=60), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=60), nullable=False),
        sa.Column("registration", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(answer = 'reported') = (reported_on IS NOT NULL)",
            name=op.f("ck_further_treatment_reported_on_a_day"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_further_treatment_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_further_treatment_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["finished_id"],
            ["sessions_finished.id"],
            name=op.f("fk_further_treatment_finished_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_further_treatment")),
        sa.UniqueConstraint("ref", name=op.f("uq_further_treatment_ref")),
        sa.UniqueConstraint(
            "finished_id", "number", name=op.f("uq_further_treatment_finished_id_number")
        ),
    )
    op.create_index("ix_further_treatment_case_id", "further_treatment", ["case_id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("further_treatment")
    op.drop_table("sessions_finished")
