"""Shares the load of clinicians fairly, where that costs no man anything."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from sessions.planning.ledger import Ledger
from sessions.planning.problem import Instance, Man, Opening, Plan, Visit, courses, visits_in

_ROUNDS = 3


def fair(instance: Instance, plan: Mapping[int, tuple[Visit, ...]]) -> Plan:
    """The same plan, with men moved away from clinicians who have more of their hours filled.

    A man is moved only where he starts in the same week and was told of nothing yet, so that the
    cost stays what it was.
    """
    ledger = Ledger(instance)
    men = {man.key: man for man in instance.men if plan.get(man.key)}
    for key, man in men.items():
        ledger.take(man, plan[key])
    evened = Plan(plan)
    hours: Counter[int] = Counter()
    for opening in instance.openings:
        hours[opening.clinician] += len(opening.weeks)
    for _ in range(_ROUNDS):
        moved = False
        for man in men.values():
            if man.told or len(man.clinicians) == 1:
                continue
            better = _better(instance, ledger, hours, man, evened[man.key])
            if better:
                evened[man.key], moved = better, True
        if not moved:
            break
    return evened


def filled(instance: Instance, plan: Mapping[int, tuple[Visit, ...]]) -> dict[int, Fraction]:
    """What share of the open hours of each clinician a plan fills."""
    hours: Counter[int] = Counter()
    for opening in instance.openings:
        hours[opening.clinician] += len(opening.weeks)
    used = Counter(visit.clinician for visits in plan.values() for visit in visits)
    return {clinician: Fraction(used[clinician], count) for clinician, count in hours.items()}


def _better(
    instance: Instance,
    ledger: Ledger,
    hours: Mapping[int, int],
    man: Man,
    now: tuple[Visit, ...],
) -> tuple[Visit, ...] | None:
    """The same weeks with the clinician who would then still have less to do than his has now."""
    mine = now[0].clinician
    full = Fraction(ledger.load[mine], hours[mine])

    def after(opening: Opening) -> Fraction:
        return Fraction(ledger.load[opening.clinician] + len(now), hours[opening.clinician])

    others = [o for o in instance.openings if o.clinician != mine and after(o) < full]
    ledger.take(man, now, -1)
    for opening in sorted(others, key=lambda o: (after(o), o.slot, o.clinician)):
        weeks = courses(instance, man, opening).get(now[0].week)
        visits = visits_in(opening, weeks) if weeks else ()
        if visits and ledger.fits(man, visits):
            ledger.take(man, visits)
            return visits
    ledger.take(man, now)
    return None
