"""His own goals and his ratings of them: the words a number stood for, and what is compared.

Sums of different goals, or of different numbers of them, are not compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from outcome_measures.definitions import Instrument, Responses

GOAL_INSTRUMENT = "gbo"


@dataclass(frozen=True, slots=True)
class Goal:
    """One of his goals: its number, his words, and the days between which it was his."""

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


def words_on(goals: Iterable[Goal], on: date) -> dict[int, str]:
    """His goals of a day by number, in his words.

    Where a number was given again on that day, the later goal. A form of a day before a goal was
    written down is about the first goal of its number that had not ended by then.
    """
    found: dict[int, Goal] = {}
    for goal in sorted(goals, key=lambda one: one.set_on):
        if goal.ended_on is not None and goal.ended_on < on:
            continue
        if goal.number not in found or goal.set_on <= on:
            found[goal.number] = goal
    return {number: found[number].words for number in sorted(found)}


def ratings_of(responses: Responses, words: Mapping[int, str]) -> tuple[Rating, ...]:
    """The ratings of one form, by number. What does not apply to him is left out."""
    return tuple(
        Rating(number, words.get(number, f"Goal {number}"), answer.value)
        for number, answer in sorted(responses.items())
        if answer.value is not None
    )


def same_goals(last: Sequence[Rating], other: Sequence[Rating], *, complete: bool) -> bool:
    """Whether two forms can be compared; one that is not complete may lack a goal of the last."""
    wanted, there = ({(one.number, one.goal) for one in each} for each in (last, other))
    return there == wanted if complete else there <= wanted


def of_goals(instrument: Instrument, number: int) -> Instrument:
    """The instrument as a man with so many goals is asked it: its range is theirs."""
    kept = instrument.items[:number] or instrument.items
    return replace(instrument, items=kept)
