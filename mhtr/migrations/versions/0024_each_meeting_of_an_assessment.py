"""Each meeting of an assessment: its day, how, and who met him."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ASSESSMENTS = sa.table(
    "assessments",
    sa.column("id", sa.Integer),
    sa.column("case_id", sa.Integer),
    sa.column("author_id", sa.Integer),
    sa.column("mode", sa.String),
    sa.column("seen_on", sa.JSON),
    sa.column("meetings", sa.JSON),
)
_FACTS = sa.table("case_facts", sa.column("case_id", sa.Integer), sa.column("kind", sa.String))


def upgrade() -> None:
    """Put day and manner into meetings. After a take-over nobody recorded who met him."""
    with op.batch_alter_table("assessments") as table:
        table.add_column(sa.Column("meetings", sa.JSON(), nullable=False, server_default="[]"))
    bind = op.get_bind()
    taken_over = set(
        bind.scalars(sa.select(_FACTS.c.case_id).where(_FACTS.c.kind == "assessment_taken_over"))
    )
    for row in bind.execute(sa.select(_ASSESSMENTS)).all():
        by_id = None if row.case_id in taken_over else row.author_id
        days = row.seen_on if row.mode else []
        meetings = [{"on": day, "how": row.mode, "by_id": by_id} for day in days]
        _set(bind, row.id, {"meetings": meetings})
    with op.batch_alter_table("assessments") as table:
        table.alter_column("meetings", server_default=None, existing_type=sa.JSON())
        table.drop_column("mode")
        table.drop_column("seen_on")


def downgrade() -> None:
    """Keep the days, and the manner of the last one for all."""
    with op.batch_alter_table("assessments") as table:
        table.add_column(sa.Column("mode", sa.String(20), nullable=False, server_default=""))
        table.add_column(sa.Column("seen_on", sa.JSON(), nullable=False, server_default="[]"))
    bind = op.get_bind()
    for row in bind.execute(sa.select(_ASSESSMENTS)).all():
        days = sorted({one["on"] for one in row.meetings})
        mode = row.meetings[-1]["how"] if row.meetings else ""
        _set(bind, row.id, {"mode": mode, "seen_on": days})
    with op.batch_alter_table("assessments") as table:
        table.alter_column("mode", server_default=None, existing_type=sa.String(20))
        table.alter_column("seen_on", server_default=None, existing_type=sa.JSON())
        table.drop_column("meetings")


def _set(bind: sa.Connection, assessment_id: int, values: dict[str, Any]) -> None:
    bind.execute(sa.update(_ASSESSMENTS).where(_ASSESSMENTS.c.id == assessment_id).values(**values))
