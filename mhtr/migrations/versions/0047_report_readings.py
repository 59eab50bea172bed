"""Each time that he read or heard his report before release, and what he said."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now only the last answer was kept; what was said before cannot be known."""
    op.create_table(
        "report_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=30), nullable=False),
        sa.Column("answer", sa.String(length=30), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_report_readings_assessment_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_report_readings_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_readings")),
    )
    op.create_index("ix_report_readings_assessment_id", "report_readings", ["assessment_id"])


def downgrade() -> None:
    """Forget them; the last answer stands with the assessment."""
    op.drop_table("report_readings")
