"""A form of goal-based outcomes keeps which goals it asks about."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_GOALS = sa.table(
    "measure_goals",
    sa.column("id", sa.Integer),
    sa.column("case_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("set_on", sa.Date),
    sa.column("ended_on", sa.Date),
    sa.column("created_at", _MOMENT),
)
_FORMS = sa.table(
    "measure_occasions",
    sa.column("id", sa.Integer),
    sa.column("case_id", sa.Integer),
    sa.column("instrument", sa.String),
    sa.column("asked_on", sa.Date),
    sa.column("kept_at", _MOMENT),
    sa.column("historic", sa.Boolean),
    sa.column("goal_ids", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    """Add it; forms of before were about the goals that their page showed when last saved."""
    with op.batch_alter_table("measure_occasions") as table:
        table.add_column(sa.Column("goal_ids", sa.JSON(), nullable=True))
    bind = op.get_bind()
    goals: dict[int, list[Any]] = {}
    for goal in bind.execute(sa.select(_GOALS).order_by(_GOALS.c.id)):
        goals.setdefault(goal.case_id, []).append(goal)
    forms = sa.select(_FORMS).where(_FORMS.c.instrument == "gbo").order_by(_FORMS.c.id)
    for form in bind.execute(forms).all():
        about = _about(form, goals.get(form.case_id, ()))
        bind.execute(_FORMS.update().where(_FORMS.c.id == form.id).values(goal_ids=about))


def _about(form: Any, goals: Sequence[Any]) -> list[int]:
    """By number the goal that was his when the form was last saved; of an import, on its day.

    When a goal ended is known to the day only: on that day it was his until the next of its number
    was written down. Where none was his by then, it is the first of its number.
    """
    found: dict[int, Any] = {}
    for goal in goals:
        if goal.ended_on is not None and goal.ended_on < form.asked_on:
            continue
        there = goal.set_on <= form.asked_on if form.historic else goal.created_at <= form.kept_at
        if goal.number not in found or there:
            found[goal.number] = goal
    return [found[number].id for number in sorted(found)]


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("measure_occasions") as table:
        table.drop_column("goal_ids")
