"""Judges a plan by going through it visit by visit; knows nothing of how plans are made."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sessions.planning.problem import Instance, Man, Visit, needs_room


class Fault(StrEnum):
    """What is wrong with a plan."""

    UNKNOWN_MAN = "unknown_man"
    NOT_WHOLE = "not_whole"
    """Not as many sessions as he needs."""
    TOO_EARLY = "too_early"
    AFTER_REQUIREMENT = "after_requirement"
    HE_CANNOT = "he_cannot"
    WRONG_PLACE = "wrong_place"
    WRONG_CLINICIAN = "wrong_clinician"
    TOO_CLOSE = "too_close"
    TOO_FAR_APART = "too_far_apart"
    OUT_OF_ORDER = "out_of_order"
    """On the wrong side of a session of his that stays as it is."""
    TWO_CLINICIANS = "two_clinicians"
    """His sessions are not all with one clinician."""
    CLINICIAN_NOT_THERE = "clinician_not_there"
    CLINICIAN_TAKEN = "clinician_taken"
    CLINICIAN_DAY_FULL = "clinician_day_full"
    NO_ROOM = "no_room"
    NO_STEP_FREE_ROOM = "no_step_free_room"
    MUST_NOT_MEET = "must_not_meet"


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault of a plan and where it is."""

    fault: Fault
    man: int | None
    visit: Visit | None


def violations(instance: Instance, plan: Mapping[int, tuple[Visit, ...]]) -> tuple[Violation, ...]:
    """Everything that is wrong with a plan; empty when it can be held as it stands."""
    men = {man.key: man for man in instance.men}
    planned = {key: visits for key, visits in plan.items() if visits}
    found: list[Violation] = []
    for key, visits in planned.items():
        if key not in men:
            found.append(Violation(Fault.UNKNOWN_MAN, key, None))
            continue
        found += _of_man(instance, men[key], tuple(sorted(visits)))
    found += _of_clinicians(instance, planned)
    found += _of_rooms(instance, men, planned)
    found += _of_meetings(instance, planned)
    return tuple(found)


def _of_man(instance: Instance, man: Man, visits: tuple[Visit, ...]) -> Iterator[Violation]:
    if len(visits) != man.visits:
        yield Violation(Fault.NOT_WHOLE, man.key, None)
    if len({visit.clinician for visit in visits}) > 1:
        yield Violation(Fault.TWO_CLINICIANS, man.key, None)
    for visit in visits:
        for fault, wrong in (
            (Fault.TOO_EARLY, visit.week < man.first_week),
            (Fault.AFTER_REQUIREMENT, visit.week > man.last_week),
            (Fault.HE_CANNOT, visit.slot not in man.slots),
            (Fault.HE_CANNOT, (visit.week, visit.slot) in man.cannot),
            (Fault.WRONG_PLACE, visit.place not in man.places),
            (Fault.WRONG_CLINICIAN, visit.clinician not in man.clinicians),
        ):
            if wrong:
                yield Violation(fault, man.key, visit)
    yield from _of_days(instance, man, visits)


def _of_days(instance: Instance, man: Man, visits: tuple[Visit, ...]) -> Iterator[Violation]:
    days = [instance.day(visit) for visit in visits]
    before = [man.seen_on, *days[:-1]]
    for number, (earlier, later) in enumerate(zip(before, days, strict=True)):
        if earlier is None:
            continue
        least, most = man.least_gap, man.most_gap
        if number and number <= len(man.gaps):
            least, most = man.gaps[number - 1]
        if later - earlier < least:
            yield Violation(Fault.TOO_CLOSE, man.key, visits[number])
        if later - earlier > most:
            yield Violation(Fault.TOO_FAR_APART, man.key, visits[number])
    for stands, count in man.stands:
        if sum(day < stands for day in days) != count:
            yield Violation(Fault.OUT_OF_ORDER, man.key, None)


def _of_clinicians(
    instance: Instance, plan: Mapping[int, tuple[Visit, ...]]
) -> Iterator[Violation]:
    there = {
        Visit(week, opening.slot, opening.clinician, opening.place)
        for opening in instance.openings
        for week in opening.weeks
    }
    taken: Counter[tuple[int, int, int]] = Counter()
    a_day: Counter[tuple[int, int]] = Counter(instance.booked)
    for key, visits in plan.items():
        for visit in visits:
            if visit not in there:
                yield Violation(Fault.CLINICIAN_NOT_THERE, key, visit)
            taken[visit.clinician, visit.week, visit.slot] += 1
            if taken[visit.clinician, visit.week, visit.slot] > 1:
                yield Violation(Fault.CLINICIAN_TAKEN, key, visit)
            day = instance.day(visit)
            a_day[visit.clinician, day] += 1
            most = instance.daily_most.get(visit.clinician)
            if most is not None and a_day[visit.clinician, day] > most:
                yield Violation(Fault.CLINICIAN_DAY_FULL, key, visit)


def _of_rooms(
    instance: Instance, men: Mapping[int, Man], plan: Mapping[int, tuple[Visit, ...]]
) -> Iterator[Violation]:
    used: Counter[tuple[int, int, int]] = Counter()
    step_free: Counter[tuple[int, int, int]] = Counter()
    for key, visits in plan.items():
        for visit in visits:
            if not needs_room(visit.place):
                continue
            where = (visit.place, visit.week, visit.slot)
            open_rooms = [
                room
                for room in instance.rooms
                if room.place == visit.place and (visit.week, visit.slot) not in room.shut
            ]
            used[where] += 1
            if used[where] > len(open_rooms):
                yield Violation(Fault.NO_ROOM, key, visit)
            if key in men and men[key].step_free:
                step_free[where] += 1
                if step_free[where] > sum(room.step_free for room in open_rooms):
                    yield Violation(Fault.NO_STEP_FREE_ROOM, key, visit)


def _of_meetings(instance: Instance, plan: Mapping[int, tuple[Visit, ...]]) -> Iterator[Violation]:
    where: dict[int, set[tuple[int, int, int]]] = defaultdict(set)
    for key, visits in plan.items():
        where[key] = {(v.place, v.week, v.slot) for v in visits if needs_room(v.place)}
    for one, other in sorted(instance.apart):
        if where[one] & where[other]:
            yield Violation(Fault.MUST_NOT_MEET, one, None)
