"""The cheapest whole course of one man among times that are free. Numbers only."""

from collections import deque
from collections.abc import Sequence

from sessions.planning.problem import Instance, Man, Visit

_None = 10**9
"""The cost of what cannot be."""


def cheapest(
    instance: Instance, man: Man, times: Sequence[Visit], prices: Sequence[int]
) -> tuple[Visit, ...] | None:
    """The visits of a man who was told of some: as many as he needs, his days between them kept.

    Args:
        times: free times of one clinician, by day.
        prices: what each costs; lateness is added here.

    Returns:
        The visits in their order; None where no course is whole.
    """
    days = [instance.day(visit) for visit in times]
    costs, before = [0] * len(times), list[list[int]]()
    for number in range(man.visits):
        found, came = _reached(man, days, costs) if number else _first(man, days)
        for here, day in enumerate(days):
            if any((number < count) != (day < stands) for stands, count in man.stands):
                found[here] = _None
        costs = [min(_None, cost + price) for cost, price in zip(found, prices, strict=True)]
        before.append(came)
    due = max(visit.week for visit in man.told)
    ends = [
        (cost + man.weight * max(0, visit.week - due), here)
        for here, (visit, cost) in enumerate(zip(times, costs, strict=True))
        if cost < _None // 2
    ]
    if not ends:
        return None
    _, here = min(ends)
    visits = []
    for came in reversed(before):
        visits.append(times[here])
        here = came[here]
    return tuple(reversed(visits))


def _first(man: Man, days: Sequence[int]) -> tuple[list[int], list[int]]:
    """Which times can be the first visit: none too late after the session he had."""
    last = None if man.seen_on is None else man.seen_on + man.most_gap
    return [0 if last is None or day <= last else _None for day in days], [-1] * len(days)


def _reached(man: Man, days: Sequence[int], costs: Sequence[int]) -> tuple[list[int], list[int]]:
    """What the visit before each time costs at least, and which it is."""
    found, came = [_None] * len(days), [-1] * len(days)
    within, ahead = deque[int](), 0
    for here, day in enumerate(days):
        while ahead < here and days[ahead] <= day - max(1, man.least_gap):
            while within and costs[within[-1]] >= costs[ahead]:
                within.pop()
            within.append(ahead)
            ahead += 1
        while within and days[within[0]] < day - man.most_gap:
            within.popleft()
        if within:
            came[here] = within[0]
            found[here] = costs[within[0]]
    return found, came
