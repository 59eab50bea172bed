"""His own goals and his ratings of them: the words a number stood for, and what is compared.

Sums of different goals, or of different numbers of them, are not compared.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from outcome_measures.definitions import Instrument, Responses

GOAL_INSTRUMENT = "gbo"


@dataclass(frozen=True, slots=True)
class Goal:
    """One of his goals: its key, its number, his words, and the days between which it was his."""

    id: int
    number: int
    words: str
    set_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Rating:
    """How near he said he was to one goal, in points."""

    number: int
    goal: str
    """In his words; `Goal 1` where none are on record."""
    points: int
    goal_id: int | None = None
    """None where the form does not know which of his goals it was."""


def asked_about(
    goals: Collection[Goal], kept: Collection[int], on: date, today: date
) -> tuple[Goal, ...]:
    """The goals that a form of a day asks about, by number.

    What it asks about already stays; only a number that is free in it takes a goal: of today one
    that is his now, of an earlier day the one that was his then. Where a number was given again on
    that day it is the later goal; before a goal was written down, the first of its number that had
    not ended by then.

    Args:
        kept: the keys of the goals that the form asks about already.
    """
    fixed = asked_of(goals, kept)
    found: dict[int, Goal] = {}
    for goal in sorted(goals, key=lambda one: (one.set_on, one.id)):
        if not _was_his(goal, on, today):
            continue
        if goal.number not in found or goal.set_on <= on:
            found[goal.number] = goal
    found |= fixed
    return tuple(found[number] for number in sorted(found))


def _was_his(goal: Goal, on: date, today: date) -> bool:
    return goal.ended_on is None or (on <= goal.ended_on and on < today)


def asked_of(goals: Iterable[Goal], kept: Collection[int]) -> Mapping[int, Goal]:
    """The goals that a form asks about, by number."""
    return {goal.number: goal for goal in goals if goal.id in kept}


def ratings_of(responses: Responses, asked: Mapping[int, Goal]) -> tuple[Rating, ...]:
    """The ratings of one form, by number. What does not apply to him is left out."""
    return tuple(
        Rating(number, asked[number].words, answer.value, asked[number].id)
        if number in asked
        else Rating(number, f"Goal {number}", answer.value)
        for number, answer in sorted(responses.items())
        if answer.value is not None
    )


def same_goals(last: Sequence[Rating], other: Sequence[Rating], *, complete: bool) -> bool:
    """Whether two forms can be compared; one that is not complete may lack a goal of the last."""
    wanted, there = ({(one.number, one.goal_id) for one in each} for each in (last, other))
    return there == wanted if complete else there <= wanted


def of_goals(instrument: Instrument, number: int) -> Instrument:
    """The instrument as a man with so many goals is asked it: its range is theirs."""
    kept = instrument.items[:number] or instrument.items
    return replace(instrument, items=kept)
