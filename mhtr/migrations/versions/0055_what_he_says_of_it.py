"""What a man says of sessions that he missed; a decision names what was known of it."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing of it was recorded until now: who decided knew of none."""
    op.create_table(
        "absence_explanations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=60), nullable=False),
        sa.Column("given_by", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("for_probation", sa.LargeBinary(), nullable=True),
        sa.Column("for_clinicians", sa.LargeBinary(), nullable=True),
        sa.Column("paper", sa.String(length=60), nullable=False),
        sa.Column("seen_by", sa.String(length=60), nullable=True),
        sa.Column("bears_out", sa.String(length=60), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("side", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(seen_by IS NULL) = (bears_out IS NULL)",
            name=op.f("ck_absence_explanations_seen_and_what_it_shows"),
        ),
        sa.CheckConstraint(
            "(paper IN ('none', 'promised')) = (seen_by IS NULL)",
            name=op.f("ck_absence_explanations_seen_where_shown"),
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_absence_explanations_taken_back_by_whom"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_absence_explanations_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_absence_explanations_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_absence_explanations_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_explanations")),
        sa.UniqueConstraint("ref", name=op.f("uq_absence_explanations_ref")),
        sa.UniqueConstraint(
            "subject", "number", name=op.f("uq_absence_explanations_subject_number")
        ),
    )
    op.create_index("ix_absence_explanations_case_id", "absence_explanations", ["case_id", "id"])
    with op.batch_alter_table("absence_decisions") as table:
        table.add_column(sa.Column("explanation", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("absence_decisions") as table:
        table.alter_column("explanation", server_default=None, existing_type=sa.Integer())


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("absence_decisions") as table:
        table.drop_column("explanation")
    op.drop_table("absence_explanations")
