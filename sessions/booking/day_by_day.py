"""A diary cut into days, so that a time is compared with what is near it and not with months."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from sessions.availability.shapes import ClinicianOpen, RoomOpen, Span
from sessions.booking.shapes import Diary, london_day

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
        self._open: dict[int, dict[date, ClinicianOpen]] = {}
        self._rooms: dict[int, list[tuple[RoomOpen, dict[date, list[Span]]]]] = {}

    def of(self, day: date) -> Diary:
        """The diary with the times near this day only, and no clinicians or rooms."""
        if day not in self._days:
            self._days[day] = self._of(day)
        return self._days[day]

    def clinician(self, staff_id: int, day: date) -> ClinicianOpen:
        """The clinician with his hours near this day."""
        if staff_id not in self._open:
            whole = self._diary.clinicians[staff_id]
            hours = _by_day((one, one.span) for one in whole.open)
            self._open[staff_id] = {
                near: replace(whole, open=tuple(found)) for near, found in hours.items()
            }
        known = self._open[staff_id].get(day)
        return known or replace(self._diary.clinicians[staff_id], open=())

    def rooms(self, site_id: int | None, day: date) -> Iterator[RoomOpen]:
        """The rooms of a place with their hours near this day, the smallest first."""
        if site_id is None:
            return
        if site_id not in self._rooms:
            there = [room for room in self._diary.rooms.values() if room.site_id == site_id]
            there.sort(key=lambda room: (room.capacity, room.name, room.room_id))
            self._rooms[site_id] = [
                (room, _by_day((span, span) for span in room.open)) for room in there
            ]
        for room, hours in self._rooms[site_id]:
            yield replace(room, open=tuple(hours.get(day, ())))

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
