"""A better plan in little time: a few men at once give up their visits and are placed anew.

It is the first answer of a plan that is mended, and all there is where the solver gets no time.
Now and then a worse plan is gone on from, the more rarely the later, so as not to stay at the first
one that no single step betters. What is drawn is drawn from a fixed seed: the same question has the
same answer, unless the time was too short for all rounds.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from sessions.planning.cheapest import cheapest
from sessions.planning.cost import is_unusual, price_of
from sessions.planning.ledger import Ledger
from sessions.planning.moves import candidates
from sessions.planning.problem import CHANGED, UNUSUAL, Instance, Man, Plan, Visit

ROUNDS = 300
_BESIDE = 6
"""So many others are placed anew with a man, at most."""
_WORSE = 4.0
"""By how much a plan may be worse at first, in weeks of delay, to be gone on from often."""


def shuffled(
    instance: Instance,
    held: Mapping[int, tuple[Visit, ...]],
    first: Plan,
    go_on: Callable[[], bool],
) -> Plan:
    """The best plan found from a first one, by placing men who are not held anew.

    Args:
        held: visits that stay.
        first: a plan that holds; what is found costs no more.
        go_on: asked before each round.
    """
    table = _Table(instance, held, first)
    chance = random.Random(instance.weeks)  # noqa: S311 - it decides what is tried, no more
    best, least = dict(first), table.total()
    for number in range(ROUNDS):
        if least == 0 or not go_on():
            break
        before, total = dict(table.plan), table.total()
        chosen = table.some(chance)
        for key in chosen:
            table.out(key)
        for place, key in enumerate(chosen):
            table.place(key, chosen[place + 1 :])
        worse = table.total() - total
        if worse > 0 and chance.random() >= math.exp(-worse * ROUNDS / _WORSE / (ROUNDS - number)):
            table.back(chosen, before)
        elif table.total() < least:
            best, least = dict(table.plan), table.total()
    return best


class _Table:
    """Who has which visits, and what each man could have."""

    def __init__(
        self, instance: Instance, held: Mapping[int, tuple[Visit, ...]], first: Plan
    ) -> None:
        self.instance = instance
        self.men = {man.key: man for man in instance.men if man.key not in held}
        self.plan: Plan = {}
        self.ledger = Ledger(instance)
        for man in instance.men:
            self.ledger.take(man, held.get(man.key, ()))
        self.times = {key: self._times(man) for key, man in self.men.items()}
        self.wanted: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        self.expected: dict[Visit, list[int]] = defaultdict(list)
        for key, man in self.men.items():
            for visit in self.times[key]:
                self.wanted[visit.clinician, visit.week, visit.slot].append(key)
            for visit in man.told:
                self.expected[visit].append(key)
        for key, visits in first.items():
            self.take(key, visits)

    def _times(self, man: Man) -> list[Visit]:
        found = candidates(self.instance, man)
        free = [visit for visit in found if self.ledger.fits(man, (visit,))]
        return sorted(free, key=lambda visit: (self.instance.day(visit), visit))

    def total(self) -> int:
        """What the plan costs."""
        return sum(self.price(key) for key in self.men)

    def price(self, key: int) -> int:
        """What one man costs."""
        visits = self.plan.get(key)
        man = self.men[key]
        return price_of(man, visits) if visits else man.unplaced

    def some(self, chance: random.Random) -> list[int]:
        """A man, the likelier the more he costs, then some of those who want times of his."""
        keys = list(self.men)
        first = chance.choices(keys, [self.price(key) + 1 for key in keys])[0]
        beside = {
            key
            for visit in self.times[first]
            for key in self.wanted[visit.clinician, visit.week, visit.slot]
        }
        others = sorted(beside - {first})
        count = chance.randint(1, min(len(others), _BESIDE)) if others else 0
        chosen = [first, *chance.sample(others, count)]
        if chance.random() < 0.5:
            chance.shuffle(chosen)
        return chosen

    def place(self, key: int, later: Iterable[int]) -> None:
        """Give a man his cheapest course; what those after him were told of is dearer."""
        man, after = self.men[key], set(later)
        free: dict[int, list[Visit]] = defaultdict(list)
        for visit in self.times[key]:
            if self.ledger.fits(man, (visit,)):
                free[visit.clinician].append(visit)
        found = []
        for times in free.values():
            prices = [self._asked(man, visit, after) for visit in times]
            if visits := cheapest(self.instance, man, times, prices):
                found.append((price_of(man, visits), visits))
        if found and min(found)[0] < man.unplaced:
            self.take(key, min(found)[1])

    def _asked(self, man: Man, visit: Visit, after: set[int]) -> int:
        dearer = CHANGED * sum(other in after for other in self.expected[visit])
        if visit in man.told:
            return dearer - CHANGED
        return dearer + UNUSUAL * is_unusual(man, visit)

    def take(self, key: int, visits: tuple[Visit, ...]) -> None:
        """Enter a man's visits."""
        self.plan[key] = visits
        self.ledger.take(self.men[key], visits)

    def out(self, key: int) -> None:
        """Take a man's visits out, where he has any."""
        self.ledger.take(self.men[key], self.plan.pop(key, ()), -1)

    def back(self, keys: Iterable[int], before: Plan) -> None:
        """As it was before some men were placed anew."""
        for key in keys:
            self.out(key)
        for key in keys:
            if key in before:
                self.take(key, before[key])
