"""What the planner is asked, and what it answers, as numbers.

A week has slots (Monday 9:00 is one); weeks count from the first one planned. Men, clinicians and
places are numbers that mean something to the caller only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

REMOTE = -1
"""The place of a session by telephone or video: it needs no room. So does every one below it."""

UNPLACED = 60
"""What a man for whom no whole course is found costs, in weeks of delay."""

CHANGED = 2
"""What one visit that he was told of and that is no longer so costs, in weeks of delay."""

UNUSUAL = 2
"""What a new visit costs at another weekday and hour than those he was told of: more than a week
of delay of a man whom nothing hurries."""

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    """One session of one man."""

    week: int
    slot: int
    clinician: int
    place: int


@dataclass(frozen=True, slots=True)
class Opening:
    """A weekly slot in which a clinician can be booked at a place, and in which weeks."""

    clinician: int
    slot: int
    place: int
    weeks: tuple[int, ...]
    """Ascending; none in which the clinician is away or taken."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room of a place, for one session at a time."""

    place: int
    step_free: bool = True
    shut: frozenset[tuple[int, int]] = frozenset()
    """Weeks and slots in which it cannot be used."""


@dataclass(frozen=True, slots=True)
class Man:
    """One man: what he needs, when and where he can come, and what he was told."""

    key: int
    visits: int
    """Sessions still ahead of him, one a week at most."""
    first_week: int
    """He can start in this week; every week later is a week of delay."""
    last_week: int
    """The last one inside his requirement."""
    slots: frozenset[int]
    places: frozenset[int]
    clinicians: frozenset[int]
    """Who may see him. His therapist alone once the first session is held."""
    cannot: frozenset[tuple[int, int]] = frozenset()
    """Weeks and slots in which he cannot come though he can in other weeks."""
    step_free: bool = False
    weight: int = 1
    """What a week of delay costs, by the priority a clinician gave him."""
    unplaced: int = UNPLACED
    least_gap: int = 5
    """Days from one session to the next, at least."""
    most_gap: int = 14
    told: frozenset[Visit] = frozenset()
    """What he was told and still expects."""
    usual: frozenset[int] = frozenset()
    """Slots he is used to, which a new visit had better keep to; empty where none is better."""
    seen_on: int | None = None
    """The day of his last session before these, day 0 being the Monday of week 0."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One question to the planner."""

    weeks: int
    days: tuple[int, ...]
    """The weekday of each slot, 0 Monday."""
    openings: tuple[Opening, ...]
    rooms: tuple[Room, ...]
    men: tuple[Man, ...]
    daily_most: Mapping[int, int] = field(default_factory=dict)
    """Sessions a day at most, by clinician; who is not in it has no limit."""
    booked: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Sessions with others that a clinician has on a day already, counted from week 0."""
    apart: frozenset[tuple[int, int]] = frozenset()
    """Keys of two men who must not be at one place at one time."""

    def day(self, visit: Visit) -> int:
        """The day of a visit, counted from the Monday of week 0."""
        return visit.week * DAYS_A_WEEK + self.days[visit.slot]


Plan = dict[int, tuple[Visit, ...]]
"""The visits of each man, by his key. Who is not in it has no course."""


def courses(instance: Instance, man: Man, opening: Opening) -> dict[int, tuple[int, ...]]:
    """The whole weekly courses he could have in an opening: the weeks of each, by its first week.

    A week that is not open, or in which he cannot come, is skipped where his longest gap
    allows it.
    """
    if not may_come(man, opening) or man.least_gap > DAYS_A_WEEK:
        return {}
    open_weeks = opening.weeks
    if any(slot == opening.slot for _, slot in man.cannot):
        open_weeks = tuple(w for w in open_weeks if (w, opening.slot) not in man.cannot)
    found = _stretches(open_weeks, man.first_week, man.last_week, man.visits, man.most_gap)
    if man.seen_on is None:
        return found
    since = instance.days[opening.slot] - man.seen_on
    return {
        start: weeks
        for start, weeks in found.items()
        if man.least_gap <= start * DAYS_A_WEEK + since <= man.most_gap
    }


@lru_cache(maxsize=4096)
def _stretches(
    open_weeks: tuple[int, ...], first: int, last: int, visits: int, most_gap: int
) -> dict[int, tuple[int, ...]]:
    usable = [week for week in open_weeks if first <= week <= last]
    found: dict[int, tuple[int, ...]] = {}
    for number in range(len(usable) - visits + 1):
        weeks = usable[number : number + visits]
        gaps = zip(weeks, weeks[1:], strict=False)
        if all((later - earlier) * DAYS_A_WEEK <= most_gap for earlier, later in gaps):
            found[weeks[0]] = tuple(weeks)
    return found


def may_come(man: Man, opening: Opening) -> bool:
    """Whether the slot, the place and the clinician of an opening suit him."""
    return (
        opening.slot in man.slots
        and opening.place in man.places
        and opening.clinician in man.clinicians
    )


def needs_room(place: int) -> bool:
    """Whether a session there needs a room."""
    return place > REMOTE


def visits_in(opening: Opening, weeks: Iterable[int]) -> tuple[Visit, ...]:
    """The visits of a course in an opening."""
    return tuple(Visit(week, opening.slot, opening.clinician, opening.place) for week in weeks)
