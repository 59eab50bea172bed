"""His own goals as his ratings of them say: each in his words, and each read for itself.

Sums of different goals, or of different numbers of them, are not compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from outcome_measures.definitions import Instrument, Responses
from outcome_measures.words import MORE_IS_BETTER, Said, day, moved

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


def goal_facts(course: Iterable[tuple[date, Sequence[Rating]]]) -> tuple[Said, ...]:
    """Each goal in his words with its first and its last rating.

    Args:
        course: the days on which he was asked, in order, with the ratings of each.
    """
    found: dict[tuple[int, str], list[tuple[date, int]]] = {}
    for on, ratings in course:
        for one in ratings:
            found.setdefault((one.number, one.goal), []).append((on, one.points))
    return tuple(Said(goal, _rated(rated)) for (_, goal), rated in found.items())


def _rated(rated: Sequence[tuple[date, int]]) -> str:
    (first_on, first), (last_on, last) = rated[0], rated[-1]
    now = f"{last} out of 10 on {day(last_on)}"
    if len(rated) == 1:
        return f"{now}: rated once so far"
    way = f" ({MORE_IS_BETTER})" if last != first else ""
    return f"{now}, {moved(last - first)} from {first} on {day(first_on)}{way}"
