"""Answers about dates that cannot be met are kept one by one."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What a request says now is the last answer there was. Its author is taken for who gave it.
KNOWN = """
INSERT INTO date_answers (request_id, answer, at, by_id, due_on, earliest_on)
SELECT id, date_answer, date_answered_at, author_id, due_on, earliest_on
FROM report_requests
WHERE date_answer <> '' AND date_answered_at IS NOT NULL
ORDER BY id
"""


def upgrade() -> None:
    """Make the table and take over the answer each request holds."""
    op.create_table(
        "date_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_date_answers_by_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["report_requests.id"], name=op.f("fk_date_answers_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_answers")),
    )
    with op.batch_alter_table("date_answers", schema=None) as batch_op:
        batch_op.create_index("ix_date_answers_request_id_id", ["request_id", "id"], unique=False)
    op.execute(KNOWN)


def downgrade() -> None:
    """Requests keep the answer that counts."""
    with op.batch_alter_table("date_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_date_answers_request_id_id")
    op.drop_table("date_answers")
