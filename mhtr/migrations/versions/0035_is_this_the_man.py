"""Whether a man on record is the one whom a warning names as somebody typed him."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_NAMES = {"flag_id": "flags", "person_id": "people", "answered_by": "staff"}


def upgrade() -> None:
    """Make the table; nothing was asked yet."""
    op.create_table(
        "flag_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_flag_questions_{column}")
            )
            for column, table in _NAMES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_questions")),
        sa.UniqueConstraint(
            "flag_id", "person_id", name=op.f("uq_flag_questions_flag_id_person_id")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_flag_questions_ref")),
    )
    op.create_index(op.f("ix_flag_questions_person_id"), "flag_questions", ["person_id"])


def downgrade() -> None:
    """Forget the questions and their answers; a warning that was linked stays linked."""
    op.drop_table("flag_questions")
