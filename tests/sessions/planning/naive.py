"""One variable for each man, opening and first week: many, but nothing in it is clever.

A second opinion on what the planner's own, counting problem comes to.
"""

from collections import defaultdict

from sessions.planning.cost import price_of
from sessions.planning.ledger import open_rooms
from sessions.planning.linear import Linear
from sessions.planning.problem import REMOTE, Instance, Man, Visit, courses, visits_in

_Taken = dict[tuple[object, ...], list[int]]


def naive(instance: Instance) -> Linear:
    """The linear problem of weekly courses."""
    linear = Linear(constant=sum(man.unplaced for man in instance.men))
    taken: _Taken = defaultdict(list)
    for man in instance.men:
        for opening in instance.openings:
            for weeks in courses(instance, man, opening).values():
                visits = visits_in(opening, weeks)
                number = linear.variable(1, price_of(man, visits) - man.unplaced)
                taken["man", man.key].append(number)
                for visit in visits:
                    _take(instance, taken, man, visit, number)
    for (kind, *which), numbers in list(taken.items()):
        most = _most(instance, str(kind), which)
        if most is not None:
            linear.row([(number, 1) for number in numbers], most=most)
    for one, other in sorted(instance.apart):
        for (kind, *which), numbers in list(taken.items()):
            if kind == "there" and which[0] == one:
                beside = taken.get(("there", other, *which[1:]), [])
                linear.row([(number, 1) for number in numbers + beside], most=1)
    return linear


def _take(instance: Instance, taken: _Taken, man: Man, visit: Visit, number: int) -> None:
    where = (visit.place, visit.week, visit.slot)
    taken["clinician", visit.clinician, visit.week, visit.slot].append(number)
    taken["day", visit.clinician, instance.day(visit)].append(number)
    if visit.place == REMOTE:
        return
    taken["room", *where].append(number)
    if man.step_free:
        taken["step-free", *where].append(number)
    if any(man.key in pair for pair in instance.apart):
        taken["there", man.key, *where].append(number)


def _most(instance: Instance, kind: str, which: list[object]) -> int | None:
    if kind in ("room", "step-free"):
        place, week, slot = (int(str(part)) for part in which)
        return open_rooms(instance, place, week, slot)[kind == "step-free"]
    if kind == "day":
        return instance.daily_most.get(int(str(which[0])))
    return None if kind == "there" else 1
