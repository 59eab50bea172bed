"""A plan at once: each man in turn gets the cheapest course that is still free."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from sessions.planning.cost import cost, delay_of, is_unusual, price_of
from sessions.planning.ledger import Ledger
from sessions.planning.moves import candidates
from sessions.planning.problem import (
    Instance,
    Man,
    Opening,
    Plan,
    Visit,
    courses,
    visits_in,
)

_Order = tuple[int, ...]


def greedy(instance: Instance) -> Plan:
    """The cheapest of four: by clinical priority first, then by who must end or can start soonest.

    Each of the two once more, with those first who came too late in it for their best course.
    """
    plans = []
    for order in (_by_end, _by_start):
        plan = _in_turn(instance, order)
        plans += [plan, _in_turn(instance, _late_first(instance, plan, order))]
    return min(plans, key=lambda plan: cost(instance, plan).total)


def _late_first(
    instance: Instance, plan: Plan, order: Callable[[Man], _Order]
) -> Callable[[Man], _Order]:
    """The same order, after those who have no course in a plan or a later one than could be."""
    late = {
        man.key for man in instance.men if man.key not in plan or delay_of(man, plan[man.key]) > 0
    }
    return lambda man: (man.key not in late, *order(man))


def _by_end(man: Man) -> _Order:
    return -man.weight, man.last_week, man.first_week, man.key


def _by_start(man: Man) -> _Order:
    return -man.weight, man.first_week, man.last_week, man.key


def _in_turn(instance: Instance, order: Callable[[Man], _Order]) -> Plan:
    ledger, plan = Ledger(instance), Plan()
    for man in sorted(instance.men, key=order):
        for opening, weeks in _cheapest_first(instance, ledger, man):
            visits = visits_in(opening, weeks)
            if ledger.fits(man, visits):
                ledger.take(man, visits)
                plan[man.key] = visits
                break
    return plan


def _cheapest_first(
    instance: Instance, ledger: Ledger, man: Man
) -> Iterator[tuple[Opening, tuple[int, ...]]]:
    """His courses, with the clinician who has least to do first where several are as cheap."""
    found = []
    for number, opening in enumerate(instance.openings):
        for start, weeks in courses(instance, man, opening).items():
            price = man.weight * (start - man.first_week)
            if man.told:
                visits = visits_in(opening, weeks)
                price = price_of(man, visits)
            if price < man.unplaced:
                found.append((price, ledger.load[opening.clinician], number, start, weeks))
    for _, _, number, _, weeks in sorted(found):
        yield instance.openings[number], weeks


def mended(instance: Instance, held: Mapping[int, tuple[Visit, ...]]) -> Plan:
    """What men were told, with the visits that cannot be at the next times that are free."""
    ledger, plan = Ledger(instance), Plan()
    for man in instance.men:
        ledger.take(man, held.get(man.key, ()))
    kept: dict[int, list[Visit]] = {}
    moved = sorted((man for man in instance.men if man.key not in held), key=_by_end)
    times = {man.key: candidates(instance, man) for man in moved}
    for man in moved:
        kept[man.key] = []
        for visit in sorted(man.told.intersection(times[man.key])):
            if ledger.fits(man, (visit,)):
                ledger.take(man, (visit,))
                kept[man.key].append(visit)
    for man in moved:
        visits = _filled_up(instance, ledger, man, kept[man.key], times[man.key])
        if visits:
            plan[man.key] = visits
    return plan


def _filled_up(
    instance: Instance, ledger: Ledger, man: Man, visits: list[Visit], times: list[Visit]
) -> tuple[Visit, ...]:
    due = max(visit.week for visit in man.told)
    whom = {visit.clinician for visit in visits or man.told}
    for visit in sorted(times, key=lambda v: (max(0, v.week - due), is_unusual(man, v), v)):
        if len(visits) == man.visits:
            break
        day = instance.day(visit)
        far = all(abs(instance.day(other) - day) >= man.least_gap for other in visits)
        if far and visit.clinician in whom and ledger.fits(man, (visit,)):
            ledger.take(man, (visit,))
            visits.append(visit)
    if _whole(instance, man, visits):
        return tuple(sorted(visits))
    ledger.take(man, visits, -1)
    return ()


def _whole(instance: Instance, man: Man, visits: list[Visit]) -> bool:
    days = sorted(instance.day(visit) for visit in visits)
    if man.seen_on is not None:
        days = [man.seen_on, *days]
    order = all(sum(day < stands for day in days) == n for stands, n in man.stands)
    near = all(man.least_gap <= b - a <= man.most_gap for a, b in pairwise(days))
    return (
        near
        and order
        and len(visits) == man.visits
        and len({visit.clinician for visit in visits}) == 1
        and price_of(man, tuple(visits)) < man.unplaced
    )
