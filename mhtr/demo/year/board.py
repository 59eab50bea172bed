"""Which times are free over the year: hours, rooms, closures, leave, and what is booked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from mhtr.core.clock import LONDON
from mhtr.core.database import db
from mhtr.demo.simulation import at
from sessions.availability.queries import clinicians_open, rooms_open
from sessions.availability.shapes import ClinicianOpen, RoomOpen, Span
from sessions.booking.lanes import Lane, kind_of, lane_of
from sessions.booking.models import TakenTime
from sessions.booking.shapes import Place
from sessions.therapies import SessionMode

Weekly = Iterator[tuple[date, time]]
"""The days of a weekly time, with the time."""
WEEK = timedelta(days=7)
ROOM_FOR = 2
_Days = dict[date, list[tuple[Span, int | None]]]


def day_of(moment: datetime) -> date:
    """The London day of a moment."""
    return moment.astimezone(LONDON).date()


class Board:
    """The free times of one trust, from a day to another."""

    def __init__(self, organisation_id: int, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.clinicians = clinicians_open(organisation_id, first, last)
        self._open = {
            key: _by_day((one.span, one.site_id) for one in found.open)
            for key, found in self.clinicians.items()
        }
        rooms = sorted(
            rooms_open(organisation_id, first, last).values(), key=lambda one: one.capacity
        )
        self._rooms: dict[int, list[tuple[RoomOpen, _Days]]] = {}
        for room in rooms:
            if room.capacity >= ROOM_FOR:
                opened = _by_day((span, room.room_id) for span in room.open)
                self._rooms.setdefault(room.site_id, []).append((room, opened))
        self._taken: dict[tuple[int, date], list[Span]] = defaultdict(list)
        for lane, starts, ends in db.session.execute(
            select(TakenTime.lane, TakenTime.starts_at, TakenTime.ends_at)
        ):
            if kind_of(lane) is not Lane.MAN:
                self._taken[lane, day_of(starts)].append(Span(starts, ends))

    def days(self, weekday: int) -> Iterator[date]:
        """Every such day of the week."""
        day = self.first + timedelta(days=(weekday - self.first.weekday()) % 7)
        while day <= self.last:
            yield day
            day += WEEK

    def free(self, staff_id: int, day: date, begins: time, minutes: int) -> Place | None:
        """A clinician's time in a room of where he is then; None where there is none."""
        starts = at(day, begins.hour, begins.minute)
        span = Span(starts, starts + timedelta(minutes=minutes))
        clinician = self.clinicians[staff_id]
        lane = (lane_of(Lane.CLINICIAN, staff_id), day)
        if len(self._taken[lane]) >= clinician.daily_most:
            return None
        if _meets(self._taken[lane], self._kept(clinician, span)):
            return None
        for open_then, site_id in self._open[staff_id].get(day, ()):
            if open_then.holds(span) and site_id is not None:
                return self._in_a_room(staff_id, day, span, site_id)
        return None

    def _in_a_room(self, staff_id: int, day: date, span: Span, site_id: int) -> Place | None:
        for room, opened in self._rooms.get(site_id, ()):
            holds = any(one.holds(span) for one, _ in opened.get(day, ()))
            if holds and not _meets(self._taken[lane_of(Lane.ROOM, room.room_id), day], span):
                return Place(staff_id, SessionMode.IN_PERSON, span, site_id, room.room_id)
        return None

    def is_taken(self, where: Place) -> bool:
        """Whether the clinician or the room is booked then."""
        return any(_meets(self._taken[key], span) for key, span in self._of(where))

    def take(self, where: Place) -> None:
        """A time is booked."""
        for key, span in self._of(where):
            self._taken[key].append(span)

    def give_back(self, where: Place) -> None:
        """A time is free again."""
        for key, span in self._of(where):
            self._taken[key].remove(span)

    def _of(self, where: Place) -> list[tuple[tuple[int, date], Span]]:
        day = day_of(where.span.starts_at)
        kept = self._kept(self.clinicians[where.clinician_id], where.span)
        lanes = [((lane_of(Lane.CLINICIAN, where.clinician_id), day), kept)]
        if where.room_id is not None:
            lanes.append(((lane_of(Lane.ROOM, where.room_id), day), where.span))
        return lanes

    def _kept(self, clinician: ClinicianOpen, span: Span) -> Span:
        return Span(span.starts_at, span.ends_at + timedelta(minutes=clinician.buffer_minutes))


def _by_day(spans: Iterable[tuple[Span, int | None]]) -> _Days:
    found: _Days = defaultdict(list)
    for span, key in spans:
        found[day_of(span.starts_at)].append((span, key))
    return found


def _meets(taken: Iterable[Span], span: Span) -> bool:
    return any(one.overlaps(span) for one in taken)
