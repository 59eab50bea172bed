"""Who said that two records are of two men, and took it back; links that a merge ended."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; what was answered before has no reason on record."""
    op.create_table(
        "identity_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("for_both", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_reason", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_identity_answers_taken_back_who_and_when"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["identity_questions.id"],
            name=op.f("fk_identity_answers_question_id"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_identity_answers_by_id")),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_identity_answers_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_answers")),
        sa.UniqueConstraint("ref", name=op.f("uq_identity_answers_ref")),
    )
    op.create_index("ix_identity_answers_question_id", "identity_answers", ["question_id"])
    _carry_over()
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merge_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_person_links_merge_id"), "merges", ["merge_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_person_links_merge_id"), ["merge_id"], unique=False)


def _carry_over() -> None:
    bind = op.get_bind()
    moment = sa.DateTime(timezone=True)
    questions = sa.table(
        "identity_questions",
        sa.column("id", sa.Integer),
        sa.column("answer", sa.String),
        sa.column("answered_at", moment),
        sa.column("answered_by", sa.Integer),
    )
    answers = sa.table(
        "identity_answers",
        sa.column("question_id", sa.Integer),
        sa.column("for_both", sa.Boolean),
        sa.column("by_id", sa.Integer),
        sa.column("ref", sa.Uuid),
        sa.column("created_at", moment),
    )
    rows = bind.execute(
        sa.select(questions.c.id, questions.c.answered_by, questions.c.answered_at)
        .where(questions.c.answer == "different", questions.c.answered_at.is_not(None))
        .order_by(questions.c.id)
    ).all()
    if rows:
        bind.execute(
            answers.insert(),
            [
                {
                    "question_id": row.id,
                    "for_both": False,
                    "by_id": row.answered_by,
                    "ref": uuid.uuid4(),
                    "created_at": row.answered_at,
                }
                for row in rows
            ],
        )


def downgrade() -> None:
    """Drop them: answers stay as they are, without their reasons."""
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_links_merge_id"))
        batch_op.drop_constraint(batch_op.f("fk_person_links_merge_id"), type_="foreignkey")
        batch_op.drop_column("merge_id")
    op.drop_index("ix_identity_answers_question_id", table_name="identity_answers")
    op.drop_table("identity_answers")
