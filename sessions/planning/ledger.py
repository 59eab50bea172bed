"""What is taken while a plan is put together, and whether one man's visits still fit beside it."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from sessions.planning.problem import Instance, Man, Visit, needs_room


class Ledger:
    """Clinicians, their days, rooms and men who must not meet, as far as a plan has got."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._taken: set[tuple[int, int, int]] = set()
        self._a_day: Counter[tuple[int, int]] = Counter(instance.booked)
        self._used: Counter[tuple[int, int, int]] = Counter()
        self._step_free: Counter[tuple[int, int, int]] = Counter()
        self._there: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        self._apart: dict[int, set[int]] = defaultdict(set)
        for one, other in instance.apart:
            self._apart[one].add(other)
            self._apart[other].add(one)
        self._rooms: dict[tuple[int, int, int], tuple[int, int]] = {}
        self.load: Counter[int] = Counter()
        """Visits of each clinician."""

    def fits(self, man: Man, visits: Iterable[Visit]) -> bool:
        """Whether a clinician, the clinician's day and a room are free for each of the visits."""
        return all(self._visit_fits(man, visit) for visit in visits)

    def take(self, man: Man, visits: Iterable[Visit], sign: int = 1) -> None:
        """Enter a man's visits; with a sign of -1, take them out again."""
        for visit in visits:
            here = (visit.clinician, visit.week, visit.slot)
            where = (visit.place, visit.week, visit.slot)
            self._a_day[visit.clinician, self._instance.day(visit)] += sign
            self._used[where] += sign
            self._step_free[where] += sign * man.step_free
            self.load[visit.clinician] += sign
            if sign > 0:
                self._taken.add(here)
                self._there[where].add(man.key)
            else:
                self._taken.discard(here)
                self._there[where].discard(man.key)

    def day_left(self, clinician: int, day: int) -> int | None:
        """How many sessions a clinician may still have on a day; None: without limit."""
        most = self._instance.daily_most.get(clinician)
        return None if most is None else most - self._a_day[clinician, day]

    def rooms_left(self, where: tuple[int, int, int]) -> tuple[int, int]:
        """How many rooms a place has left in a week and slot, and how many step-free ones."""
        rooms, step_free = self._open_rooms(where)
        return rooms - self._used[where], step_free - self._step_free[where]

    def _visit_fits(self, man: Man, visit: Visit) -> bool:
        if (visit.clinician, visit.week, visit.slot) in self._taken:
            return False
        left = self.day_left(visit.clinician, self._instance.day(visit))
        if left is not None and left <= 0:
            return False
        if not needs_room(visit.place):
            return True
        where = (visit.place, visit.week, visit.slot)
        rooms, step_free = self.rooms_left(where)
        if rooms <= 0 or (man.step_free and step_free <= 0):
            return False
        return man.key not in self._apart or not self._apart[man.key] & self._there[where]

    def _open_rooms(self, where: tuple[int, int, int]) -> tuple[int, int]:
        if where not in self._rooms:
            self._rooms[where] = open_rooms(self._instance, *where)
        return self._rooms[where]


def open_rooms(instance: Instance, place: int, week: int, slot: int) -> tuple[int, int]:
    """How many rooms a place has in a slot of a week, and how many of them are step-free."""
    rooms = [r for r in instance.rooms if r.place == place and (week, slot) not in r.shut]
    return len(rooms), sum(room.step_free for room in rooms)
