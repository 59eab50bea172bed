"""Changes in how the law is read: proposed by one, signed by another."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every reading is the one that ships."""
    op.create_table(
        "reading_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(length=40), nullable=False),
        sa.Column("reading", sa.String(length=40), nullable=False),
        sa.Column("was", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("legal_note", sa.String(length=1000), nullable=False),
        sa.Column("of_probation", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_reading_changes_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_changes")),
        sa.UniqueConstraint("ref", name=op.f("uq_reading_changes_ref")),
        sa.UniqueConstraint("id", "by_id", name="uq_reading_changes_id_by_id"),
    )
    op.create_table(
        "reading_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(answer = 'taken_back') = (by_id = proposed_by_id)",
            name=op.f("ck_reading_answers_by_a_second_person"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_reading_answers_by_id")),
        sa.ForeignKeyConstraint(
            ["change_id", "proposed_by_id"],
            ["reading_changes.id", "reading_changes.by_id"],
            name="fk_reading_answers_change_id",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_answers")),
        sa.UniqueConstraint("change_id", name=op.f("uq_reading_answers_change_id")),
    )


def downgrade() -> None:
    """Forget them: every reading is the one that ships."""
    op.drop_table("reading_answers")
    op.drop_table("reading_changes")
