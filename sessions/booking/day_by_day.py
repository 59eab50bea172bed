"""A diary cut into days, so that a time is compared with what is near it and not with months."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from sessions.availability.shapes import RoomOpen, Span
from sessions.booking.shapes import Diary, joined, london_day

_A_DAY = timedelta(days=1)
_One = TypeVar("_One")


class Days:
    """What binds a session that begins on a London day and ends within the day after."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self._days: dict[date, Diary] = {}
        self._taken: dict[date, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
        for lane, spans in diary.taken.items():
            for span in spans:
                for day in _touched(span):
                    self._taken[day][lane].append(span)
        self._near: dict[tuple[int, date], Sequence[RoomOpen]] = {}
        self._rooms: dict[int, list[tuple[RoomOpen, dict[date, list[Span]]]]] = {}

    def of(self, day: date) -> Diary:
        """The diary with the times near this day only, and no clinicians or rooms."""
        if day not in self._days:
            self._days[day] = self._of(day)
        return self._days[day]

    def rooms(self, site_id: int | None, day: date) -> Sequence[RoomOpen]:
        """The rooms of a place with their hours near this day, the smallest first."""
        if site_id is None:
            return ()
        known = self._near.get((site_id, day))
        if known is None:
            known = self._near[site_id, day] = [
                replace(room, open=tuple(joined(hours.get(day, ()))))
                for room, hours in self._rooms_of(site_id)
            ]
        return known

    def _rooms_of(self, site_id: int) -> list[tuple[RoomOpen, dict[date, list[Span]]]]:
        if site_id not in self._rooms:
            there = [room for room in self._diary.rooms.values() if room.site_id == site_id]
            there.sort(key=lambda room: (room.capacity, room.name, room.room_id))
            self._rooms[site_id] = [
                (room, _by_day((span, span) for span in room.open)) for room in there
            ]
        return self._rooms[site_id]

    def _of(self, day: date) -> Diary:
        return replace(
            self._diary,
            clinicians={},
            rooms={},
            men=tuple(
                replace(man, cannot=tuple(c for c in man.cannot if day in _touched(c.span)))
                for man in self._diary.men
            ),
            taken={lane: tuple(spans) for lane, spans in self._taken[day].items()},
            meets={
                case: tuple(at for at in met if day in _touched(at.span))
                for case, met in self._diary.meets.items()
            },
        )


def _by_day(what: Iterable[tuple[_One, Span]]) -> dict[date, list[_One]]:
    found: dict[date, list[_One]] = defaultdict(list)
    for one, span in what:
        for day in _touched(span):
            found[day].append(one)
    return found


def _touched(span: Span) -> list[date]:
    """The days whose sessions this stretch can be in the way of: the one before it too."""
    first, last = london_day(span.starts_at) - _A_DAY, london_day(span.ends_at)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
