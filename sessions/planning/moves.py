"""The least change to what men were told, visit by visit, as a linear problem.

For each man there is a variable for every time at which he could come, one that says whether his
whole course is found, and one for each time at which he could have the last of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sessions.planning.cost import is_unusual
from sessions.planning.ledger import Ledger
from sessions.planning.linear import Linear, Terms
from sessions.planning.problem import (
    CHANGED,
    UNUSUAL,
    Instance,
    Man,
    Plan,
    Visit,
    may_come,
    needs_room,
)


class Moves:
    """The linear problem of mending a plan, and the way from plans to values and back."""

    def __init__(self, instance: Instance, held: Mapping[int, tuple[Visit, ...]]) -> None:
        self.instance = instance
        self.men = {man.key: man for man in instance.men if man.key not in held}
        if any(man.gaps for man in self.men.values()):
            raise ValueError("Gaps of their own are those of a new course, not of one that moves.")
        self.linear = Linear(constant=sum(man.unplaced for man in self.men.values()))
        self.ledger = Ledger(instance)
        for man in instance.men:
            self.ledger.take(man, held.get(man.key, ()))
        self.visits: dict[int, dict[Visit, int]] = {}
        self.last: dict[int, dict[int, int]] = {}
        self.with_whom: dict[int, dict[int, int]] = {}
        for man in self.men.values():
            self._man(man)
        self._limits()
        self._meetings()

    def _man(self, man: Man) -> None:
        times = [visit for visit in candidates(self.instance, man) if self._free(man, visit)]
        told = CHANGED * len(man.told)
        self.visits[man.key] = {
            visit: self.linear.variable(1, _price(man, visit)) for visit in times
        }
        self.with_whom[man.key] = {
            clinician: self.linear.variable(1, told - man.unplaced)
            for clinician in sorted({visit.clinician for visit in times})
        }
        placed = [(number, -1) for number in self.with_whom[man.key].values()]
        self.linear.row([(number, 1) for number, _ in placed], most=1)
        for clinician, number in self.with_whom[man.key].items():
            mine = [
                (n, 1) for visit, n in self.visits[man.key].items() if visit.clinician == clinician
            ]
            self.linear.row([*mine, (number, -man.visits)], 0, 0)
        by_day: dict[int, Terms] = defaultdict(list)
        for visit, number in self.visits[man.key].items():
            by_day[self.instance.day(visit)].append((number, 1))
        self._ends(man, by_day, placed)
        self._gaps(man, by_day, placed)
        for stands, count in man.stands:
            sooner = [term for day in by_day if day < stands for term in by_day[day]]
            self.linear.row([*sooner, *((n, -count) for n, _ in placed)], 0, 0)

    def _free(self, man: Man, visit: Visit) -> bool:
        return self.ledger.fits(man, (visit,))

    def _ends(self, man: Man, by_day: Mapping[int, Terms], placed: Terms) -> None:
        """One of his days is the last, and none comes after it."""
        due = max(visit.week for visit in man.told)
        ended: Terms = []
        self.last[man.key] = {}
        for day in sorted(by_day):
            if ended:
                self.linear.row([*by_day[day], *ended, *placed], most=0)
            late = max(0, day // 7 - due)
            number = self.linear.variable(1, man.weight * late)
            self.last[man.key][day] = number
            self.linear.row([(number, 1), *((n, -1) for n, _ in by_day[day])], most=0)
            ended.append((number, 1))
        self.linear.row([*ended, *placed], 0, 0)

    def _gaps(self, man: Man, by_day: Mapping[int, Terms], placed: Terms) -> None:
        days = sorted(by_day)
        for day in days:
            close = [t for d in days if day <= d < day + man.least_gap for t in by_day[d]]
            self.linear.row([*close, *placed], most=0)
            soon = [t for d in days if day < d <= day + man.most_gap for t in by_day[d]]
            here = [(number, -1) for number, _ in by_day[day]]
            self.linear.row([*soon, *here, (self.last[man.key][day], 1)], least=0)
        if man.seen_on is not None:
            until = man.seen_on + man.most_gap
            soon = [term for day in days if day <= until for term in by_day[day]]
            self.linear.row([*soon, *placed], least=0)

    def _limits(self) -> None:
        """One man at a time with a clinician, and as many as there is room and day for."""
        taken: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        a_day: dict[tuple[int, int], list[int]] = defaultdict(list)
        rooms: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        step_free: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for key, visits in self.visits.items():
            for visit, number in visits.items():
                taken[visit.clinician, visit.week, visit.slot].append(number)
                a_day[visit.clinician, self.instance.day(visit)].append(number)
                if needs_room(visit.place):
                    where = (visit.place, visit.week, visit.slot)
                    rooms[where].append(number)
                    if self.men[key].step_free:
                        step_free[where].append(number)
        for numbers in taken.values():
            self._most(numbers, 1)
        for (clinician, day), numbers in a_day.items():
            left = self.ledger.day_left(clinician, day)
            if left is not None:
                self._most(numbers, left)
        for where, numbers in rooms.items():
            self._most(numbers, self.ledger.rooms_left(where)[0])
        for where, numbers in step_free.items():
            self._most(numbers, self.ledger.rooms_left(where)[1])

    def _meetings(self) -> None:
        """Whom a held man must not meet was refused a time beside him already."""
        for one, other in sorted(self.instance.apart):
            if one not in self.men or other not in self.men:
                continue
            of_one, of_other = self._where(one), self._where(other)
            for where in of_one.keys() & of_other.keys():
                self._most(of_one[where] + of_other[where], 1)

    def _where(self, key: int) -> dict[tuple[int, int, int], list[int]]:
        where: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for visit, number in self.visits[key].items():
            if needs_room(visit.place):
                where[visit.place, visit.week, visit.slot].append(number)
        return where

    def _most(self, numbers: Iterable[int], most: int) -> None:
        terms = [(number, 1) for number in numbers]
        if len(terms) > most:
            self.linear.row(terms, most=most)

    def values(self, plan: Mapping[int, tuple[Visit, ...]]) -> list[int]:
        """What a plan is in the linear problem."""
        values = [0] * len(self.linear.highest)
        for key in self.men:
            visits = plan.get(key)
            if not visits:
                continue
            for visit in visits:
                values[self.visits[key][visit]] = 1
            values[self.with_whom[key][visits[0].clinician]] = 1
            values[self.last[key][max(self.instance.day(visit) for visit in visits)]] = 1
        return values

    def plan(self, values: list[int]) -> Plan:
        """The plan that values of the linear problem stand for."""
        return Plan(
            (key, tuple(sorted(visit for visit, number in visits.items() if values[number])))
            for key, visits in self.visits.items()
            if any(values[number] for number in visits.values())
        )


def _price(man: Man, visit: Visit) -> int:
    """Beside what it costs that nothing he was told of is so any more."""
    if visit in man.told:
        return -CHANGED
    return UNUSUAL if is_unusual(man, visit) else 0


def candidates(instance: Instance, man: Man) -> list[Visit]:
    """Every time at which he could come, whatever else is booked."""
    return sorted(
        visit
        for opening in instance.openings
        if may_come(man, opening)
        for week in opening.weeks
        if man.first_week <= week <= man.last_week and (week, opening.slot) not in man.cannot
        for visit in (Visit(week, opening.slot, opening.clinician, opening.place),)
        if man.seen_on is None or instance.day(visit) >= man.seen_on + man.least_gap
    )
