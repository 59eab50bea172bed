"""Risk of which clinicians tell probation, with exactly what was said."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was told in this way until now."""
    op.create_table(
        "risk_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=60), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("told_him", sa.String(length=60), nullable=False),
        sa.Column("not_told_why", sa.LargeBinary(), nullable=True),
        sa.Column("to_staff_id", sa.Integer(), nullable=True),
        sa.Column("to_unit_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(basis = 'exception') = (approver_id IS NOT NULL)"
            " AND (basis = 'exception') = (why IS NOT NULL)",
            name=op.f("ck_risk_statements_exception_has_reason_and_approver"),
        ),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> by_id",
            name=op.f("ck_risk_statements_approved_by_another"),
        ),
        sa.CheckConstraint(
            "(told_him = 'not_told') = (not_told_why IS NOT NULL)",
            name=op.f("ck_risk_statements_why_he_was_not_told"),
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["staff.id"], name=op.f("fk_risk_statements_approver_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_risk_statements_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_risk_statements_case_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["risk_statements.id"], name=op.f("fk_risk_statements_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_staff_id"], ["staff.id"], name=op.f("fk_risk_statements_to_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_unit_id"], ["organisations.id"], name=op.f("fk_risk_statements_to_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_statements")),
        sa.UniqueConstraint("ref", name=op.f("uq_risk_statements_ref")),
    )
    op.create_index("ix_risk_statements_case_id", "risk_statements", ["case_id", "id"])
    op.create_table(
        "risk_statement_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'withdrawn') = (words IS NOT NULL)",
            name=op.f("ck_risk_statement_steps_says_why_taken_back"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_risk_statement_steps_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["risk_statements.id"],
            name=op.f("fk_risk_statement_steps_statement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_statement_steps")),
    )
    op.create_index(
        "ix_risk_statement_steps_statement_id", "risk_statement_steps", ["statement_id", "id"]
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_table("risk_statement_steps")
    op.drop_table("risk_statements")
