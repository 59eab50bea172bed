"""Clinicians who may stand in for each other in a weekly slot, and the men who may see them."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sessions.planning.problem import (
    DAYS_A_WEEK,
    Instance,
    Man,
    Opening,
    courses,
    may_come,
    steps_of,
)

Weeks = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Men who differ in nothing but the weeks in which they can start."""

    visits: int
    steps: tuple[tuple[int, int], ...]
    """The least and the most weeks between each two sessions."""
    weight: int
    step_free: bool
    alone: int | None
    """The key of a man who is counted by himself."""


@dataclass(slots=True)
class Starts:
    """The men of one kind in one group: who may be in it and how many start when."""

    men: dict[int, dict[int, Weeks]] = field(default_factory=dict)
    """The courses of each man in this group, by first week."""
    chosen: dict[int, int] = field(default_factory=dict)
    """The variable that says whether a man is in it."""
    counts: dict[int, int] = field(default_factory=dict)
    """The variable that counts the courses starting in a week."""
    waiting: dict[int, int] = field(default_factory=dict)
    """The variable that counts those who could have started by a week and start later."""

    @property
    def courses(self) -> dict[int, Weeks]:
        """All courses of the kind, by first week."""
        return {start: weeks for each in self.men.values() for start, weeks in each.items()}


@dataclass(slots=True)
class Group:
    """Clinicians who may stand in for each other in one weekly slot."""

    openings: list[Opening]
    kinds: dict[Kind, Starts] = field(default_factory=dict)
    running: dict[int, int] = field(default_factory=dict)
    """The variable that counts the courses that are under way in a week."""

    @property
    def first(self) -> Opening:
        """One of its openings; the others differ in the clinician only."""
        return self.openings[0]


def grouped(instance: Instance) -> list[Group]:
    """The groups of an instance, in the order of its openings."""
    limited, elsewhere = crowded(instance), several(instance)
    apart = frozenset(key for pair in instance.apart for key in pair)
    men = {man.key: man for man in instance.men}
    groups: dict[object, Group] = {}
    for opening in instance.openings:
        able = {
            man.key: found
            for man in instance.men
            if may_come(man, opening) and (found := courses(instance, man, opening))
        }
        if not able:
            continue
        one = any(_tells_apart(men[key], opening) for key in able)
        one = one or opening.clinician in limited
        one = one or (opening.clinician, opening.slot) in elsewhere
        name = opening.clinician if one else None
        sign = (opening.slot, opening.place, opening.weeks, frozenset(able), name)
        if sign in groups:
            groups[sign].openings.append(opening)
            continue
        groups[sign] = group = Group([opening])
        for key, found in able.items():
            kind = _kind(men[key], opening, apart)
            group.kinds.setdefault(kind, Starts()).men[key] = found
    return list(groups.values())


def _tells_apart(man: Man, opening: Opening) -> bool:
    """Whether to him, or because of him, this clinician is not as good as another."""
    told = any((v.clinician, v.slot) == (opening.clinician, opening.slot) for v in man.told)
    pauses = any(least > 1 for least, _ in steps_of(man))
    return told or pauses or _skips(man, opening)


def _skips(man: Man, opening: Opening) -> bool:
    return any((week, opening.slot) in man.cannot for week in opening.weeks)


def _kind(man: Man, opening: Opening, apart: frozenset[int]) -> Kind:
    alone = man.told or man.usual or man.key in apart or _skips(man, opening)
    name = man.key if alone else None
    return Kind(man.visits, steps_of(man), man.weight, man.step_free, name)


def crowded(instance: Instance) -> frozenset[int]:
    """Clinicians with a day on which more is open than they may have sessions."""
    a_day: dict[tuple[int, int, int], int] = defaultdict(int)
    for opening in instance.openings:
        for week in opening.weeks:
            a_day[opening.clinician, instance.days[opening.slot], week] += 1
    return frozenset(
        clinician
        for (clinician, day, week), count in a_day.items()
        if clinician in instance.daily_most
        and count + instance.booked.get((clinician, week * DAYS_A_WEEK + day), 0)
        > instance.daily_most[clinician]
    )


def several(instance: Instance) -> frozenset[tuple[int, int]]:
    """Clinicians and slots with an opening at more than one place: one can be used at a time."""
    counts = Counter((opening.clinician, opening.slot) for opening in instance.openings)
    return frozenset(one for one, count in counts.items() if count > 1)


def shared_out(
    group: Group, values: list[int], load: dict[int, int]
) -> list[tuple[int, Weeks, Opening]]:
    """Who of a group starts when and with whom: the clinician who has least so far."""
    begun = sorted(
        (weeks, key)
        for starts in group.kinds.values()
        for key, weeks in _matched(starts, values).items()
    )
    # Not the last week of each alone: a course that leaves out weeks lets another in between.
    held: dict[int, set[int]] = {opening.clinician: set() for opening in group.openings}
    found = []
    for weeks, key in begun:
        opening = min(
            (o for o in group.openings if held[o.clinician].isdisjoint(weeks)),
            key=lambda o: (load[o.clinician], o.clinician),
        )
        held[opening.clinician].update(weeks)
        load[opening.clinician] += len(weeks)
        found.append((key, weeks, opening))
    return found


def _matched(starts: Starts, values: list[int]) -> dict[int, Weeks]:
    """Each man's weeks: of those who can start in a week, first who must start soonest."""
    if not starts.chosen:
        ((key, found),) = starts.men.items()
        begun = [found[start] for start, number in starts.counts.items() if values[number]]
        return dict.fromkeys((key,), begun[0]) if begun else {}
    waiting = {key for key, number in starts.chosen.items() if values[number]}
    matched: dict[int, Weeks] = {}
    for start, number in sorted(starts.counts.items()):
        for _ in range(values[number]):
            key = min(
                (key for key in waiting if min(starts.men[key]) <= start),
                key=lambda key: (max(starts.men[key]), key),
            )
            waiting.discard(key)
            matched[key] = starts.men[key][start]
    return matched
