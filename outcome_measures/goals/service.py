"""His own goals for goal-based outcomes: the only writer, and reading them.

Up to three at a time. A goal is never rewritten: it is ended, and another is set in its place.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from outcome_measures.goals.rules import GOAL_INSTRUMENT as GOAL_INSTRUMENT
from outcome_measures.goals.rules import Goal, words_on
from outcome_measures.models import MeasureGoal

NUMBERS = (1, 2, 3)


def set_goal(*, case_id: int, words: str, by: int) -> MeasureGoal:
    """Write down a goal, in his words, at the first free number.

    Raises:
        Refused: no words, or three goals are set.
    """
    must_be_writing()
    cases.lock(case_id)
    if not words.strip():
        raise Refused("Write the goal down in his words.")
    taken = goals_of(case_id)
    free = next((number for number in NUMBERS if number not in taken), None)
    if free is None:
        raise Refused("He has three goals. End one before another is set.")
    made = MeasureGoal(
        case_id=case_id, number=free, words=words.strip(), set_on=clock.today(), set_by=by
    )
    db.session.add(made)
    db.session.flush()
    audit.record("measures.goal_set", by=by, case_id=case_id, goal=made.id)
    return made


def end_goal(*, case_id: int, goal_ref: uuid.UUID, by: int) -> None:
    """End a goal; its ratings stay, and its number is free.

    Raises:
        NotFound: the case has no such goal.
        Refused: it was ended before.
    """
    must_be_writing()
    cases.lock(case_id)
    goal = find_goal(case_id, goal_ref)
    if goal.ended_on is not None:
        raise Refused("This goal was ended before.")
    goal.ended_on = clock.today()
    db.session.flush()
    audit.record("measures.goal_ended", by=by, case_id=case_id, goal=goal.id)


def goals_of(case_id: int) -> Mapping[int, MeasureGoal]:
    """The goals he has now, by number."""
    return {goal.number: goal for goal in every_goal(case_id) if goal.ended_on is None}


def every_goal(case_id: int) -> Sequence[MeasureGoal]:
    """Every goal he ever set, the oldest first."""
    query = select(MeasureGoal).where(MeasureGoal.case_id == case_id).order_by(MeasureGoal.id)
    return db.session.scalars(query).all()


def find_goal(case_id: int, goal_ref: uuid.UUID) -> MeasureGoal:
    """One of his goals. Raises ``NotFound`` where the case has none of this reference."""
    query = select(MeasureGoal).where(MeasureGoal.case_id == case_id, MeasureGoal.ref == goal_ref)
    goal = db.session.scalars(query).one_or_none()
    if goal is None:
        raise NotFound
    return goal


def goals_in_words(case_id: int) -> tuple[Goal, ...]:
    """Every goal he ever set, for `rules`."""
    return tuple(
        Goal(goal.number, goal.words, goal.set_on, goal.ended_on) for goal in every_goal(case_id)
    )


def words_of(case_id: int, on: date) -> Mapping[int, str]:
    """His goals of a day by number, in his words."""
    return words_on(goals_in_words(case_id), on)
