"""At which times sessions of one man can begin, all days and clinicians at once, as arrays.

It asks what `booking.finding.why_not` asks of one time; tests hold the two together. Time goes in
stretches of five minutes from the first London midnight: whatever begins or ends between two counts
as taking the whole stretch.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from mhtr.core.errors import Refused
from sessions.availability.shapes import ClinicianOpen, ManLimits, Span
from sessions.booking.finding import MODES
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.shapes import LONDON, Diary, Wanted, london_day
from sessions.therapies import Gender, SessionMode

Free = NDArray[np.bool_]

STEP = 30
"""Minutes between the beginnings that are tried, on the wall clock."""
_UNIT = 5
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class How:
    """How he is seen, and where."""

    mode: SessionMode
    site_id: int | None


class FreeTimes:
    """The free beginnings of one man's sessions, by day, time of day and how he is seen."""

    def __init__(self, diary: Diary, first: date, last: date) -> None:
        if len(diary.men) != 1:
            raise Refused("A course is planned for one man.")
        self.diary, self.man = diary, diary.men[0]
        self._found: dict[tuple[int, Wanted], dict[How, Free]] = {}
        self._somewhere: dict[tuple[int, int], Free] = {}
        self.days = [first + n * _A_DAY for n in range((last - first).days + 1)]
        self._midnights = [_midnight(day) for day in self.days]
        self._begins = self._midnights[0]
        self._units = _ceil(_midnight(last + _A_DAY) - self._begins)
        minutes = np.arange(0, 24 * 60, STEP)
        self.minutes = [int(minute) for minute in minutes]
        offsets = np.array([_ceil(at - self._begins) for at in self._midnights])
        self._starts = offsets[:, None] + minutes[None, :] // _UNIT
        his = self._taken(lane_of(Lane.MAN, self.man.person_id))
        self._his = his | self._covered(one.span for one in self.man.cannot)
        self._rooms = {
            key: self._open(room.open) & ~self._taken(lane_of(Lane.ROOM, key))
            for key, room in diary.rooms.items()
            if room.capacity > 1 and (room.step_free or not self.man.step_free)
        }

    def of(self, clinician: ClinicianOpen, wanted: Wanted) -> dict[How, Free]:
        """When a session can begin with a clinician, for each way in which it can be held."""
        bare = replace(wanted, first=None, ideal=None, last=None, until=None, usual=None)
        if (clinician.staff_id, bare) not in self._found:
            self._found[clinician.staff_id, bare] = self._of(clinician, bare)
        return self._found[clinician.staff_id, bare]

    def _of(self, clinician: ClinicianOpen, wanted: Wanted) -> dict[How, Free]:
        found: dict[How, Free] = {}
        if not may_see(wanted, self.man, clinician):
            return found
        days = self._days_of(clinician, wanted)
        lane = lane_of(Lane.CLINICIAN, clinician.staff_id)
        busy = self._taken(lane)
        length, kept = wanted.minutes, clinician.buffer_minutes
        base = self._long(~self._his, length) & self._long(~busy, length + kept)
        base &= days[:, None] & self._from(wanted.now)
        for how in self._ways(clinician):
            spans = [o.span for o in clinician.open if how.site_id in (None, o.site_id)]
            free = base & self._long(self._open(spans), length)
            if how.site_id is not None:
                free &= self._with_room(how.site_id, length)
                free &= ~self._met(how.site_id, wanted)
            if free.any():
                found[how] = free
        return found

    def _ways(self, clinician: ClinicianOpen) -> list[How]:
        ways = []
        for mode in MODES:
            if mode not in self.man.modes:
                continue
            if mode is SessionMode.IN_PERSON:
                sites = {o.site_id for o in clinician.open if o.site_id is not None}
                ways += [How(mode, s) for s in sorted(sites - self.man.barred_sites)]
            elif clinician.telephone if mode is SessionMode.TELEPHONE else clinician.video:
                ways.append(How(mode, None))
        return ways

    def _days_of(self, clinician: ClinicianOpen, wanted: Wanted) -> Free:
        """The days on which the requirement runs and the clinician has not too much already."""
        lane = lane_of(Lane.CLINICIAN, clinician.staff_id)
        held = Counter(london_day(span.starts_at) for span in self.diary.taken.get(lane, ()))
        return np.array(
            [
                (not wanted.required or any(a <= day <= b for a, b in self.man.within))
                and held[day] < clinician.daily_most
                and (wanted.interpreter_from is None or day >= wanted.interpreter_from)
                for day in self.days
            ],
            dtype=np.bool_,
        )

    def _with_room(self, site_id: int, minutes: int) -> Free:
        if (site_id, minutes) not in self._somewhere:
            any_room = np.zeros(self._starts.shape, dtype=np.bool_)
            for key, free in self._rooms.items():
                if self.diary.rooms[key].site_id == site_id:
                    any_room |= self._long(free, minutes)
            self._somewhere[site_id, minutes] = any_room
        return self._somewhere[site_id, minutes]

    def _met(self, site_id: int, wanted: Wanted) -> Free:
        """Beginnings at which somebody whom he must not meet would be there about that time."""
        margin = timedelta(minutes=wanted.apart_minutes)
        there = [
            Span(at.span.starts_at - margin, at.span.ends_at + margin)
            for at in self.diary.meets.get(self.man.case_id, ())
            if at.site_id == site_id
        ]
        return ~self._long(~self._covered(there), wanted.minutes)

    def _from(self, now: datetime) -> Free:
        soonest = _ceil(now.astimezone(UTC) - self._begins)
        return np.asarray(self._starts >= soonest, dtype=np.bool_)

    def _taken(self, lane: int) -> Free:
        return self._covered(self.diary.taken.get(lane, ()))

    def _covered(self, spans: Iterable[Span]) -> Free:
        """Stretches that a span touches."""
        covered = np.zeros(self._units, dtype=np.bool_)
        for span in spans:
            start = max(0, _floor(span.starts_at.astimezone(UTC) - self._begins))
            covered[start : max(0, _ceil(span.ends_at.astimezone(UTC) - self._begins))] = True
        return covered

    def _open(self, spans: Sequence[Span]) -> Free:
        """Stretches that lie wholly inside a span."""
        covered = np.zeros(self._units, dtype=np.bool_)
        for span in spans:
            start = max(0, _ceil(span.starts_at.astimezone(UTC) - self._begins))
            covered[start : max(0, _floor(span.ends_at.astimezone(UTC) - self._begins))] = True
        return covered

    def _long(self, free: Free, minutes: int) -> Free:
        """Beginnings, by day and time of day, from which so many minutes on all is free."""
        units = -(-minutes // _UNIT)
        # What lies beyond the last day is not known, so nothing may reach into it by more than
        # the time that is kept free after a session.
        padded = np.concatenate([free, np.ones(units + 24 * 60 // _UNIT, dtype=np.bool_)])
        summed = np.concatenate([[0], np.cumsum(~padded)])
        clear = summed[self._starts + units] == summed[self._starts]
        return np.asarray(clear, dtype=np.bool_)


def may_see(wanted: Wanted, man: ManLimits, clinician: ClinicianOpen) -> bool:
    """Whether this clinician may see him for this at all, whenever and however it is."""
    fits = wanted.therapy is None or wanted.therapy in clinician.therapies
    return fits and man.therapist_gender in (Gender.NOT_SAID, clinician.gender)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _ceil(stretch: timedelta) -> int:
    return -(-int(stretch.total_seconds()) // (_UNIT * 60))


def _floor(stretch: timedelta) -> int:
    return int(stretch.total_seconds()) // (_UNIT * 60)
