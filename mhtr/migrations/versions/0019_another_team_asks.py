"""Another team's request is a question; later readers of a released report are logged."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "take_over_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["staff.id"], name=op.f("fk_take_over_questions_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["staff.id"], name=op.f("fk_take_over_questions_asker_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_take_over_questions_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_take_over_questions_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_over_questions")),
        sa.UniqueConstraint("ref", name=op.f("uq_take_over_questions_ref")),
    )
    op.create_index(
        "ix_take_over_questions_case_id_answer", "take_over_questions", ["case_id", "answer", "id"]
    )
    op.create_index("ix_take_over_questions_asker_id_id", "take_over_questions", ["asker_id", "id"])
    op.create_table(
        "release_later_readers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("to_author_id", sa.Integer(), nullable=False),
        sa.Column("to_team_id", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_release_later_readers_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["report_releases.id"], name=op.f("fk_release_later_readers_release_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_author_id"], ["staff.id"], name=op.f("fk_release_later_readers_to_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_team_id"], ["teams.id"], name=op.f("fk_release_later_readers_to_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_later_readers")),
    )
    op.create_index("ix_release_later_readers_release_id", "release_later_readers", ["release_id"])


def downgrade() -> None:
    """Drop both: who asked and who read later is not known any more."""
    op.drop_index("ix_release_later_readers_release_id", table_name="release_later_readers")
    op.drop_table("release_later_readers")
    op.drop_index("ix_take_over_questions_asker_id_id", table_name="take_over_questions")
    op.drop_index("ix_take_over_questions_case_id_answer", table_name="take_over_questions")
    op.drop_table("take_over_questions")
