"""His own goals for goal-based outcomes: the only writer, and reading them.

Up to three at a time. A goal is never rewritten: it is ended, and another is set in its place. A
form keeps which goals it asks about from when it is opened, so that its ratings stay theirs.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from outcome_measures.definitions import AnswerState, Responses
from outcome_measures.goals.rules import GOAL_INSTRUMENT as GOAL_INSTRUMENT
from outcome_measures.goals.rules import Goal, asked_about, asked_of
from outcome_measures.models import MeasureGoal, MeasureOccasion, OccasionState

NUMBERS = (1, 2, 3)


def set_goal(*, case_id: int, words: str, by: int) -> MeasureGoal:
    """Write down a goal, in his words, at the first free number.

    A form of his that is open asks about it where this number is free in it too.

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
    _ask_in_open_forms(case_id)
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
        Goal(goal.id, goal.number, goal.words, goal.set_on, goal.ended_on)
        for goal in every_goal(case_id)
    )


def keep_goals(form: MeasureOccasion) -> bool:
    """Let a form keep which goals it asks about; whether it asks about another one now.

    Does nothing to a form of any other measure.
    """
    must_be_writing()
    if form.instrument != GOAL_INSTRUMENT:
        return False
    before = form.goal_ids or []
    asked = asked_about(goals_in_words(form.case_id), before, form.asked_on, clock.today())
    form.goal_ids = [goal.id for goal in asked]
    return bool(form.goal_ids != before)


def goals_asked(form: MeasureOccasion) -> Mapping[int, Goal]:
    """The goals that a form asks about, by number."""
    return asked_of(goals_in_words(form.case_id), form.goal_ids or ())


def refuse_not_set(form: MeasureOccasion, responses: Responses) -> None:
    """Refuse ratings of goals that a form does not ask about; does nothing to other measures.

    Raises:
        Refused: a goal he has not set is rated, or he has none.
    """
    if form.instrument != GOAL_INSTRUMENT:
        return
    asked = goals_asked(form)
    if not asked:
        raise Refused("He has set no goal. Set one under “His goals” first.")
    put_aside = (AnswerState.NOT_APPLICABLE, AnswerState.NOT_REACHED)
    for number, answer in sorted(responses.items()):
        if number not in asked and answer.state not in put_aside:
            raise Refused(f"Goal {number} is not set: it is not rated.")


def with_goals(case_ids: Collection[int]) -> frozenset[int]:
    """Those of these cases that have a goal now."""
    query = select(MeasureGoal.case_id).where(
        MeasureGoal.case_id.in_(case_ids), MeasureGoal.ended_on.is_(None)
    )
    return frozenset(db.session.scalars(query))


def has_goals(case_id: int, on: date) -> bool:
    """Whether a form of a day has a goal to ask about."""
    return bool(asked_about(goals_in_words(case_id), (), on, clock.today()))


def _ask_in_open_forms(case_id: int) -> None:
    open_forms = select(MeasureOccasion).where(
        MeasureOccasion.case_id == case_id,
        MeasureOccasion.instrument == GOAL_INSTRUMENT,
        MeasureOccasion.state == OccasionState.OPEN,
    )
    for form in db.session.scalars(open_forms.order_by(MeasureOccasion.id)):
        if keep_goals(form):
            # A page on which the goal does not stand yet is out of date.
            form.version += 1
    db.session.flush()
