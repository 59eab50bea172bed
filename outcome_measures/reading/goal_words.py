"""What his ratings of his own goals say: each goal in his words, and each read for itself."""

from collections.abc import Iterable, Sequence
from datetime import date

from outcome_measures.goals.rules import Rating
from outcome_measures.reading.words import MORE_IS_BETTER, Said, day, moved


def goal_facts(course: Iterable[tuple[date, Sequence[Rating]]]) -> tuple[Said, ...]:
    """Each goal in his words with its first and its last rating.

    Args:
        course: the days on which he was asked, in order, with the ratings of each.
    """
    found: dict[tuple[int | None, str], list[tuple[date, int]]] = {}
    for on, ratings in course:
        for one in ratings:
            found.setdefault((one.goal_id, one.goal), []).append((on, one.points))
    return tuple(Said(goal, _rated(rated)) for (_, goal), rated in found.items())


def _rated(rated: Sequence[tuple[date, int]]) -> str:
    (first_on, first), (last_on, last) = rated[0], rated[-1]
    now = f"{last} out of 10 on {day(last_on)}"
    if len(rated) == 1:
        return f"{now}: rated once so far"
    way = f" ({MORE_IS_BETTER})" if last != first else ""
    return f"{now}, {moved(last - first)} from {first} on {day(first_on)}{way}"
