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
    gaps: tuple[tuple[int, int], ...] = ()
    """Of a whole course: the least and the most days before each session but the first, where
    these differ from `least_gap` and `most_gap`, which then are those before the first."""
    stands: tuple[tuple[int, int], ...] = ()
    """Days of sessions of his that stay as they are, and how many of these visits come before."""


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
    """The whole courses he could have in an opening: the weeks of each, by its first week.

    Each session is in the first week that his least gap, the opening and he himself allow, and
    within the longest gap.
    """
    if not may_come(man, opening):
        return {}
    open_weeks = opening.weeks
    if any(slot == opening.slot for _, slot in man.cannot):
        open_weeks = tuple(w for w in open_weeks if (w, opening.slot) not in man.cannot)
    found = _stretches(open_weeks, man.first_week, man.last_week, steps_of(man))
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
    open_weeks: tuple[int, ...], first: int, last: int, steps: tuple[tuple[int, int], ...]
) -> dict[int, tuple[int, ...]]:
    usable = [week for week in open_weeks if first <= week <= last]
    found: dict[int, tuple[int, ...]] = {}
    for number, start in enumerate(usable):
        weeks, ahead = [start], usable[number + 1 :]
        for least, most in steps:
            ahead = [week for week in ahead if week >= weeks[-1] + least]
            if not ahead or ahead[0] > weeks[-1] + most:
                break
            weeks.append(ahead[0])
        else:
            found[start] = tuple(weeks)
    return found


def gaps_of(man: Man) -> tuple[tuple[int, int], ...]:
    """The least and the most days before each of his visits but the first."""
    return man.gaps or ((man.least_gap, man.most_gap),) * (man.visits - 1)


def steps_of(man: Man) -> tuple[tuple[int, int], ...]:
    """The same in whole weeks."""
    return tuple((-(-least // DAYS_A_WEEK), most // DAYS_A_WEEK) for least, most in gaps_of(man))


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
