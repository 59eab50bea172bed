"""Reports on treatment to probation, their versions, and what became of them in court."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was written until now."""
    op.create_table(
        "treatment_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=60), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("opinion", sa.LargeBinary(), nullable=True),
        sa.Column("proposed", sa.LargeBinary(), nullable=True),
        sa.Column("willing", sa.String(length=60), nullable=True),
        sa.Column("willing_on", sa.Date(), nullable=True),
        sa.Column("willing_said", sa.LargeBinary(), nullable=True),
        sa.Column("why_again", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_treatment_reports_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["staff.id"], name=op.f("fk_treatment_reports_drafted_by")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_treatment_reports_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_reports")),
        sa.UniqueConstraint("ref", name=op.f("uq_treatment_reports_ref")),
    )
    op.create_index("ix_treatment_reports_case_id", "treatment_reports", ["case_id", "id"])
    op.create_index(
        "uq_treatment_reports_one_draft",
        "treatment_reports",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("drafted_at IS NOT NULL"),
        postgresql_where=sa.text("drafted_at IS NOT NULL"),
    )
    op.create_table(
        "treatment_report_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_hash", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=60), nullable=False),
        sa.Column("registration", sa.String(length=20), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=False),
        sa.Column("to_staff_id", sa.Integer(), nullable=True),
        sa.Column("to_unit_id", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.LargeBinary(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["treatment_reports.id"],
            name=op.f("fk_treatment_report_versions_report_id"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["staff.id"], name=op.f("fk_treatment_report_versions_signed_by")
        ),
        sa.ForeignKeyConstraint(
            ["to_staff_id"], ["staff.id"], name=op.f("fk_treatment_report_versions_to_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_unit_id"],
            ["organisations.id"],
            name=op.f("fk_treatment_report_versions_to_unit_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_report_versions")),
        sa.UniqueConstraint("ref", name=op.f("uq_treatment_report_versions_ref")),
        sa.UniqueConstraint(
            "report_id", "number", name=op.f("uq_treatment_report_versions_report_id_number")
        ),
    )
    op.create_table(
        "treatment_report_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_treatment_report_steps_taken_back_by_whom"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_treatment_report_steps_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["treatment_reports.id"],
            name=op.f("fk_treatment_report_steps_report_id"),
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_treatment_report_steps_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_report_steps")),
        sa.UniqueConstraint("ref", name=op.f("uq_treatment_report_steps_ref")),
    )
    op.create_index(
        "ix_treatment_report_steps_report_id", "treatment_report_steps", ["report_id", "id"]
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("treatment_report_steps")
    op.drop_table("treatment_report_versions")
    op.drop_table("treatment_reports")
