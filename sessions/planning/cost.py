"""What a plan costs: the one measure by which plans are compared, in weeks of delay."""

from collections.abc import Mapping
from dataclasses import dataclass

from sessions.planning.problem import CHANGED, UNUSUAL, Instance, Man, Visit


@dataclass(frozen=True, slots=True)
class Cost:
    """The parts of a cost."""

    unplaced: int
    """How many men have no whole course."""
    delay: int
    """Weeks of delay of all men together, not weighted."""
    changed: int
    """Visits that men were told of and that are no longer so."""
    unusual: int
    """New visits at another weekday and hour than those they were told of."""
    total: int


def cost(
    instance: Instance,
    plan: Mapping[int, tuple[Visit, ...]],
    left_out: frozenset[int] = frozenset(),
) -> Cost:
    """What a plan costs: unplaced men, weighted weeks of delay, and changes of what men know.

    Men who are left out by key are not asked about.
    """
    unplaced = delay = changed = unusual = total = 0
    for man in instance.men:
        if man.key in left_out:
            continue
        visits = plan.get(man.key, ())
        if not visits:
            unplaced += 1
            total += man.unplaced
            continue
        delay += delay_of(man, visits)
        changed += changes_of(man, visits)
        unusual += unusual_of(man, visits)
        total += price_of(man, visits)
    return Cost(unplaced, delay, changed, unusual, total)


def price_of(man: Man, visits: tuple[Visit, ...]) -> int:
    """What the whole course of one man costs."""
    return (
        man.weight * delay_of(man, visits)
        + CHANGED * changes_of(man, visits)
        + UNUSUAL * unusual_of(man, visits)
    )


def delay_of(man: Man, visits: tuple[Visit, ...]) -> int:
    """Weeks later than could be: in starting, or in finishing where he was told when."""
    if man.told:
        told_last = max(visit.week for visit in man.told)
        return max(0, max(visit.week for visit in visits) - told_last)
    return min(visit.week for visit in visits) - man.first_week


def changes_of(man: Man, visits: tuple[Visit, ...]) -> int:
    """How many of the visits he was told of are not among these."""
    return len(man.told.difference(visits))


def unusual_of(man: Man, visits: tuple[Visit, ...]) -> int:
    """How many of these visits are new to him and not at a weekday and hour he is used to."""
    return sum(is_unusual(man, visit) for visit in visits)


def is_unusual(man: Man, visit: Visit) -> bool:
    """Whether a visit is new to him and not at a weekday and hour he is used to."""
    return bool(man.usual) and visit.slot not in man.usual and visit not in man.told
