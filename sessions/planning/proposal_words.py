"""What is proposed for a man, in words: what he was told, what he would be told, what changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from mhtr.cases.wording import day_words
from sessions.booking.shapes import LONDON, Place, london_day
from sessions.planning.stored import Change
from sessions.therapies import MODE_WORDS

_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Names:
    """Names of clinicians and rooms, by key."""

    staff: Mapping[int, str]
    rooms: Mapping[int, str]
    sites: Mapping[int, str]

    def how(self, place: Place) -> str:
        """How and where he is seen, as he is told it."""
        how = MODE_WORDS[place.mode]
        return f"{how} at {self.sites.get(place.site_id, '?')}" if place.site_id else how


@dataclass(frozen=True, slots=True)
class Line:
    """One time, or several alike, in words."""

    when: str
    how: str


@dataclass(frozen=True)
class Told:
    """Before and after of one man, as he hears of it."""

    before: tuple[Line, ...]
    """What falls away."""
    after: tuple[Line, ...]
    """What comes new."""
    same: int
    """Appointments that stay as they are."""
    rooms: tuple[str, ...]
    """Only the room changes, which he was not told of."""
    notes: tuple[str, ...]
    """What else changes for him."""


def told_words(
    changes: Sequence[Change], names: Names, most: Mapping[int, int], *, ends: bool = True
) -> Told:
    """What changes for one man.

    Args:
        most: by session of his course, the most days since the one before.
        ends: his course ends with these; otherwise something follows.
    """
    was = [one.before.place for one in changes if one.before is not None]
    will = [one.after.place for one in changes]
    old, new = {_as_told(place) for place in was}, {_as_told(place) for place in will}
    rooms = [
        f"{_moment(place)}: {_room(names, place)} instead of {_room(names, before)}"
        for place in will
        for before in was
        if _as_told(place) == _as_told(before) and place.room_id != before.room_id
    ]
    return Told(
        before=_lines([place for place in was if _as_told(place) not in new], names),
        after=_lines([place for place in will if _as_told(place) not in old], names),
        same=len(old & new),
        rooms=tuple(rooms),
        notes=(*_ending(was, will, names, ends=ends), *_long_gaps(changes, most)),
    )


def _as_told(place: Place) -> tuple[object, ...]:
    """What he was told of a time: not the room."""
    return (
        place.span.starts_at,
        place.clinician_id,
        place.mode,
        place.site_id,
        place.span.ends_at,
    )


def _lines(places: Sequence[Place], names: Names) -> tuple[Line, ...]:
    """Times in order; many on one weekday at one time are said as one."""
    alike: dict[tuple[object, ...], list[Place]] = {}
    for place in sorted(places, key=lambda one: one.span.starts_at):
        local = _local(place)
        key = (
            *(local.weekday(), local.time(), _minutes(place)),
            *(place.clinician_id, place.mode, place.site_id),
        )
        alike.setdefault(key, []).append(place)
    lines: list[tuple[datetime, Line]] = []
    for found in alike.values():
        whom = names.staff.get(found[0].clinician_id, "?")
        how = f"{whom}, {_minutes(found[0])} minutes. {names.how(found[0])}"
        if len(found) >= _SEVERAL:
            lines.append((found[0].span.starts_at, Line(_several(found), how)))
        else:
            lines += [(one.span.starts_at, Line(_moment(one), how)) for one in found]
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


def _several(places: Sequence[Place]) -> str:
    first, last = _local(places[0]), _local(places[-1])
    days = [london_day(place.span.starts_at) for place in places]
    each = all((b - a).days == 7 for a, b in zip(days, days[1:], strict=False))
    said = f"{first:%A}s at {first:%H:%M}, {len(places)} times"
    return f"{said}{', weekly' if each else ''}: {day_words(first.date())} to {_day(last)}"


def _ending(
    was: Sequence[Place], will: Sequence[Place], names: Names, *, ends: bool
) -> Iterator[str]:
    """When he finishes, and with whom."""
    last = max((london_day(place.span.starts_at) for place in will), default=None)
    if last is None:
        return
    what = "He finishes" if ends else "The last of these is"
    if not was:
        yield f"{what} on {day_words(last)}."
        return
    late = (last - max(london_day(place.span.starts_at) for place in was)).days // 7
    if late:
        sooner = "later" if late > 0 else "sooner"
        yield f"{what} {_weeks(abs(late))} {sooner}, on {day_words(last)}."
    for key in {place.clinician_id for place in will} - {place.clinician_id for place in was}:
        yield f"He sees another therapist: {names.staff.get(key, '?')}."


def _long_gaps(changes: Sequence[Change], most: Mapping[int, int]) -> Iterator[str]:
    """The longest gap that is longer than his course says."""
    in_order = sorted((one.after for one in changes), key=lambda one: one.place.span)
    found = []
    for before, after in pairwise(in_order):
        days = london_day(after.place.span.starts_at) - london_day(before.place.span.starts_at)
        longest = most.get(after.course_session_id, days.days)
        if days.days > longest:
            found.append((days.days, longest))
    if found:
        gap, longest = max(found)
        yield f"One gap is {gap} days, longer than the {longest} of his course."


def _weeks(count: int) -> str:
    return f"{count} week{'' if count == 1 else 's'}"


def _room(names: Names, place: Place) -> str:
    return names.rooms.get(place.room_id or 0, "no room")


def _minutes(place: Place) -> int:
    return int((place.span.ends_at - place.span.starts_at).total_seconds() // 60)


def _moment(place: Place) -> str:
    local = _local(place)
    return f"{local:%A} {_day(local)} at {local:%H:%M}"


def _day(moment: datetime) -> str:
    return day_words(date(moment.year, moment.month, moment.day))


def _local(place: Place) -> datetime:
    return place.span.starts_at.astimezone(LONDON)


def quality_words(cost: int, bound: int, *, cut: bool = False) -> str:
    """How good an answer is: what it costs and what none can cost less than.

    Args:
        cut: the time was over before the planner was done.
    """
    costs = f"This plan costs {cost} weeks of delay"
    if cost <= bound:
        return f"{costs}. No plan can cost less: it is the best there is."
    if cut:
        return (
            f"{costs}. The time was over before the planner was done: this is the best it had by "
            "then, and how much better another could be is not known. With more time, or when "
            "the program has less to do, it may find one."
        )
    return (
        f"{costs}; no plan can cost less than {bound}. A better one, if there is one, saves "
        f"{_weeks(cost - bound)} at most."
    )
