"""Whole weekly courses as a linear problem that counts men instead of telling them apart.

A course is a stretch of weeks in one weekly slot. Clinicians whom exactly the same men may see in
a slot, in the same weeks, are one group with a capacity: stretches of which no more than that
overlap can always be shared out. Within a group only three things count: which men are in it, how
many courses start in each week, and that nobody starts before he can or too late. So the men of a
group flow from the week in which they can start to that in which they do, and courses flow from
their first week to their last: rows of few terms. Nothing is lost against one variable for each
man, clinician, slot and week.
"""

from collections import defaultdict
from collections.abc import Mapping

from sessions.planning.cost import price_of
from sessions.planning.groups import Group, Kind, Starts, crowded, grouped, several, shared_out
from sessions.planning.ledger import open_rooms
from sessions.planning.linear import Linear, Terms
from sessions.planning.problem import (
    DAYS_A_WEEK,
    Instance,
    Plan,
    Visit,
    needs_room,
    visits_in,
)


class Weekly:
    """The linear problem of an instance, and the way from plans to values and back."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.linear = Linear(constant=sum(man.unplaced for man in instance.men))
        self._of_man: dict[int, Terms] = defaultdict(list)
        self._crowded = crowded(instance)
        self._several = several(instance)
        self.groups = grouped(instance)
        for group in self.groups:
            for kind, starts in group.kinds.items():
                self._variables(group, kind, starts)
            self._capacity(group)
        for terms in self._of_man.values():
            self.linear.row(terms, most=1)
        self._rooms()
        self._days()
        self._elsewhere()
        self._meetings()

    def _variables(self, group: Group, kind: Kind, starts: Starts) -> None:
        men = {man.key: man for man in self.instance.men if man.key in starts.men}
        if len(men) == 1:
            ((key, man),) = men.items()
            for start, weeks in starts.men[key].items():
                price = price_of(man, visits_in(group.first, weeks)) - man.unplaced
                starts.counts[start] = number = self.linear.variable(1, price)
                self._of_man[key].append((number, 1))
            return
        for key, man in men.items():
            price = -man.unplaced - kind.weight * man.first_week
            starts.chosen[key] = number = self.linear.variable(1, price)
            self._of_man[key].append((number, 1))
        for start in sorted(starts.courses):
            starts.counts[start] = self.linear.variable(len(group.openings), kind.weight * start)
        self._waiting(starts)
        self._in_time(starts)

    def _waiting(self, starts: Starts) -> None:
        """Who starts in a week could have started then: he waited, or can from that week on."""
        came: dict[int, list[int]] = defaultdict(list)
        for key, found in starts.men.items():
            came[min(found)].append(starts.chosen[key])
        before: int | None = None
        weeks = sorted(starts.counts)
        for week in weeks:
            terms = [(number, 1) for number in came[week]] + [(starts.counts[week], -1)]
            if before is not None:
                terms.append((before, 1))
            if week != weeks[-1]:
                starts.waiting[week] = before = self.linear.variable(len(starts.men))
                terms.append((before, -1))
            self.linear.row(terms, 0, 0)

    def _in_time(self, starts: Starts) -> None:
        """Enough starts in every stretch of weeks for those who can start in no other (Hall)."""
        ends = {key: (min(found), max(found)) for key, found in starts.men.items()}
        final = max(last for _, last in ends.values())
        for last in {last for _, last in ends.values()} - {final}:
            bound = {key: first for key, (first, end) in ends.items() if end <= last}
            for first in {first for key, first in bound.items()}:
                inside = [key for key, week in bound.items() if week >= first]
                if all(ends[key][1] < last for key in inside):
                    continue
                terms = [(starts.chosen[key], 1) for key in inside]
                terms += [(n, -1) for week, n in starts.counts.items() if first <= week <= last]
                self.linear.row(terms, most=0)

    def _capacity(self, group: Group) -> None:
        """Courses under way: those of the week before, with the new, without the ended."""
        change: dict[int, Terms] = defaultdict(list)
        for starts in group.kinds.values():
            for start, weeks in starts.courses.items():
                for number, week in enumerate(group.first.weeks):
                    before = group.first.weeks[number - 1] if number else None
                    come = (week in weeks) - (before in weeks)
                    if come:
                        change[week].append((starts.counts[start], come))
        before_it: int | None = None
        for week in group.first.weeks:
            group.running[week] = self.linear.variable(len(group.openings))
            terms = [*change[week], (group.running[week], -1)]
            if before_it is not None:
                terms.append((before_it, 1))
            self.linear.row(terms, 0, 0)
            before_it = group.running[week]

    def _rooms(self) -> None:
        beside: dict[tuple[int, int], list[Group]] = defaultdict(list)
        for group in self.groups:
            if needs_room(group.first.place):
                beside[group.first.place, group.first.slot].append(group)
        for (place, slot), groups in beside.items():
            for week in range(self.instance.weeks):
                there = [group for group in groups if week in group.first.weeks]
                rooms, step_free = open_rooms(self.instance, place, week, slot)
                if sum(len(group.openings) for group in there) > rooms:
                    self._most([group.running[week] for group in there], rooms)
                self._most(_step_free(there, week), step_free)

    def _days(self) -> None:
        for clinician, most in self.instance.daily_most.items():
            mine = [group for group in self.groups if group.first.clinician == clinician]
            for day in sorted(set(self.instance.days)):
                of_day = [g for g in mine if self.instance.days[g.first.slot] == day]
                for week in range(self.instance.weeks):
                    there = [g.running[week] for g in of_day if week in g.running]
                    taken = self.instance.booked.get((clinician, week * DAYS_A_WEEK + day), 0)
                    if clinician in self._crowded:
                        self._most(there, max(0, most - taken))

    def _elsewhere(self) -> None:
        """A clinician who could be in several places in a slot is in one of them."""
        for clinician, slot in sorted(self._several):
            mine = [
                group
                for group in self.groups
                if (group.first.clinician, group.first.slot) == (clinician, slot)
            ]
            for week in range(self.instance.weeks):
                self._most([g.running[week] for g in mine if week in g.running], 1)

    def _meetings(self) -> None:
        for one, other in sorted(self.instance.apart):
            of_one, of_other = self._where(one), self._where(other)
            for where in of_one.keys() & of_other.keys():
                self._most(of_one[where] + of_other[where], 1)

    def _where(self, key: int) -> dict[tuple[int, int, int], list[int]]:
        where: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for group in self.groups:
            for kind, starts in group.kinds.items():
                if kind.alone == key and needs_room(group.first.place):
                    for start, weeks in starts.courses.items():
                        for week in weeks:
                            here = (group.first.place, group.first.slot, week)
                            where[here].append(starts.counts[start])
        return where

    def _most(self, numbers: list[int], most: int) -> None:
        if sum(self.linear.highest[number] for number in numbers) > most:
            self.linear.row([(number, 1) for number in numbers], most=most)

    def values(self, plan: Mapping[int, tuple[Visit, ...]]) -> list[int]:
        """What a plan is in the linear problem."""
        values = [0] * len(self.linear.highest)
        for group in self.groups:
            here = {(o.clinician, o.slot, o.place) for o in group.openings}
            for starts in group.kinds.values():
                for key in starts.men:
                    visits = plan.get(key)
                    if not visits:
                        continue
                    first = min(visits)
                    if (first.clinician, first.slot, first.place) in here:
                        values[starts.counts[first.week]] += 1
                        if key in starts.chosen:
                            values[starts.chosen[key]] = 1
                        for week in range(min(starts.men[key]), first.week):
                            if week in starts.waiting:
                                values[starts.waiting[week]] += 1
                        for visit in visits:
                            values[group.running[visit.week]] += 1
        return values

    def plan(self, values: list[int]) -> Plan:
        """The plan that values of the linear problem stand for."""
        plan = Plan()
        load: dict[int, int] = defaultdict(int)
        for group in self.groups:
            for key, weeks, opening in shared_out(group, values, load):
                plan[key] = visits_in(opening, weeks)
        return plan


def _step_free(groups: list[Group], week: int) -> list[int]:
    """The counts of courses under way in a week of men who need a room without steps."""
    return [
        starts.counts[start]
        for group in groups
        for kind, starts in group.kinds.items()
        if kind.step_free
        for start, weeks in starts.courses.items()
        if week in weeks
    ]
