"""What is proposed for a man, in words: what he was told, what he would be told, what changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

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


def told_words(changes: Sequence[Change], names: Names, most_gap: int) -> Told:
    """What changes for one man.

    Args:
        most_gap: the most days between two sessions by his course.
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
        notes=tuple(_notes(was, will, names, most_gap)),
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


def _notes(was: Sequence[Place], will: Sequence[Place], names: Names, most_gap: int) -> list[str]:
    said = []
    days = sorted(london_day(place.span.starts_at) for place in will)
    gap = max(((b - a).days for a, b in zip(days, days[1:], strict=False)), default=0)
    if was:
        late = (days[-1] - max(london_day(place.span.starts_at) for place in was)).days // 7
        if late > 0:
            said.append(f"He finishes {_weeks(late)} later, on {day_words(days[-1])}.")
        if late < 0:
            said.append(f"He finishes {_weeks(-late)} sooner, on {day_words(days[-1])}.")
        others = {place.clinician_id for place in will} - {place.clinician_id for place in was}
        said += [f"He sees another therapist: {names.staff.get(key, '?')}." for key in others]
    elif days:
        said.append(f"He finishes on {day_words(days[-1])}.")
    if gap > most_gap:
        said.append(f"One gap is {gap} days, longer than the {most_gap} of his course.")
    return said


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


def quality_words(cost: int, bound: int) -> str:
    """How good an answer is: what it costs and what none can cost less than."""
    costs = f"This plan costs {cost} weeks of delay"
    if cost <= bound:
        return f"{costs}. No plan can cost less: it is the best there is."
    return (
        f"{costs}; no plan can cost less than {bound}. A better one, if there is one, saves "
        f"{_weeks(cost - bound)} at most."
    )
