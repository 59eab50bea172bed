"""What is looked for when a session of a course is booked or moved: its length, gaps and limits."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mhtr.core import clock
from mhtr.tasks.calendar import working_calendar
from sessions.availability.shapes import ManLimits
from sessions.booking import policy
from sessions.booking.gap_rules import next_is_late, off_course
from sessions.booking.models import TreatmentSession
from sessions.booking.queries import Booked, booked_of, booked_of_each, may_have_been
from sessions.booking.shapes import Usual, Wanted, london_day, london_minute
from sessions.booking.spacing import Gaps
from sessions.courses.models import Course, CourseSession
from sessions.courses.queries import open_course, sessions_of, sessions_of_each


@dataclass(frozen=True)
class Plan:
    """A man's course, and on which days its sessions are booked."""

    case_id: int
    course: Course | None
    sessions: tuple[CourseSession, ...]
    """In their order, without those that are skipped."""
    days: Mapping[int, date]
    """By session of the course."""
    held: Mapping[int, TreatmentSession]
    begun: bool = False
    """Whether a session of it was held, so far as anybody has recorded it."""

    @property
    def only_id(self) -> int | None:
        """His therapist, once a session was held: nobody else sees him, but in a group."""
        return self.course.therapist_id if self.course is not None and self.begun else None

    def session(self, course_session_id: int | None) -> CourseSession | None:
        """The session of the course with this key; None where it has none such."""
        return next((one for one in self.sessions if one.id == course_session_id), None)

    @property
    def unbooked(self) -> list[CourseSession]:
        """Sessions of the course that no time is booked for, in order."""
        return [one for one in self.sessions if one.id not in self.days]

    def before(self, one: CourseSession, today: date) -> CourseSession | None:
        """The last session booked before this one, by the days they are on.

        One that follows it in the course and is over already comes before it as well: this one is
        caught up on.
        """
        place = self.sessions.index(one)
        earlier = [s for s in self.sessions[:place] if s.id in self.days]
        over = [s for s in self._later(one) if self.days[s.id] < today]
        return max([*earlier, *over], key=lambda s: self.days[s.id], default=None)

    def after(self, one: CourseSession, today: date) -> CourseSession | None:
        """The first session booked after this one that is not over, by the days they are on."""
        ahead = [s for s in self._later(one) if self.days[s.id] >= today]
        return min(ahead, key=lambda s: self.days[s.id], default=None)

    def _later(self, one: CourseSession) -> list[CourseSession]:
        place = self.sessions.index(one)
        return [s for s in self.sessions[place + 1 :] if s.id in self.days]


def plan_of(case_id: int, *, leaving_out: Sequence[int] = ()) -> Plan:
    """The open course of a case with what is booked of it.

    Args:
        leaving_out: bookings that are about to move.
    """
    course = open_course(case_id)
    sessions = [s for s in sessions_of(course.id) if s.skipped_at is None] if course else []
    booked = [one for one in booked_of(case_id) if one.session.id not in leaving_out]
    return _plan(case_id, course, sessions, booked, _seen({case_id: booked}))


def plans_of(courses: Collection[Course], *, leaving_out: Sequence[int] = ()) -> dict[int, Plan]:
    """The same of several open courses, by case, with as many questions as for one."""
    sessions = sessions_of_each([course.id for course in courses])
    booked = {
        case_id: [one for one in rows if one.session.id not in leaving_out]
        for case_id, rows in booked_of_each([course.case_id for course in courses]).items()
    }
    seen = _seen(booked)
    return {
        course.case_id: _plan(
            course.case_id, course, sessions[course.id], booked[course.case_id], seen
        )
        for course in courses
    }


def _seen(booked: Mapping[int, Sequence[Booked]]) -> frozenset[uuid.UUID]:
    """Places of all these men at which they were seen, so far as anybody has recorded it."""
    now = clock.now()
    begun = [
        one.place.ref for rows in booked.values() for one in rows if one.session.starts_at <= now
    ]
    return frozenset(may_have_been(begun))


def _plan(
    case_id: int,
    course: Course | None,
    sessions: Sequence[CourseSession],
    booked: Sequence[Booked],
    seen: Collection[uuid.UUID],
) -> Plan:
    own = {session.id for session in sessions}
    begun = any(one.place.ref in seen and one.place.course_session_id in own for one in booked)
    held = {
        one.place.course_session_id: one.session
        for one in booked
        if one.place.course_session_id is not None
    }
    days = {key: london_day(row.starts_at) for key, row in held.items()}
    return Plan(case_id, course, tuple(sessions), days, held, begun)


def with_days(plan: Plan, days: Mapping[int, date]) -> Plan:
    """The plan with these sessions on these days too."""
    return replace(plan, days={**plan.days, **days})


def wanted_for(plan: Plan, one: CourseSession, men: Sequence[ManLimits]) -> Wanted:
    """What a time for a session of the course has to keep to."""
    today = clock.today()
    before, after = plan.before(one, today), plan.after(one, today)
    wanted = general(men, one.minutes)
    wanted = replace(
        wanted,
        therapy=one.therapy,
        in_group=one.in_group,
        required=one.required,
        therapist_id=plan.course.therapist_id if plan.course else None,
        only_id=None if one.in_group else plan.only_id,
        until=plan.days[after.id] if after else None,
        least_after=after.least_gap if after else 1,
    )
    if before is None:
        return wanted
    day, was = plan.days[before.id], plan.held.get(before.id)
    last = day + timedelta(days=one.most_gap)
    return replace(
        wanted,
        first=day + timedelta(days=one.least_gap),
        ideal=max(day + timedelta(days=one.ideal_gap), today),
        # Once the most days have passed, any day is late, and the soonest is best.
        last=last if last >= today else None,
        usual=Usual(london_minute(was.starts_at), was.site_id, was.mode) if was else None,
    )


def off_plan(plan: Plan, one: CourseSession, day: date) -> tuple[str, ...]:
    """What a day does to the gaps of his course: that it, or the next, comes later than planned."""
    today = clock.today()
    before, after = plan.before(one, today), plan.after(one, today)
    said = []
    if before is not None:
        said.append(off_course((day - plan.days[before.id]).days, one.least_gap, one.most_gap))
    if after is not None:
        on = plan.days[after.id]
        said.append(next_is_late(on, (on - day).days, after.most_gap))
    return tuple(words for words in said if words)


def between(wanted: Wanted, limits: Sequence[Wanted]) -> Wanted:
    """What is wanted, kept as far from all these neighbours as the nearest of them asks.

    With whom it has to be is kept as well, where one of them says so.
    """
    after = [one for one in limits if one.latest is not None]
    nearest = min(after, key=lambda one: one.latest or date.max, default=wanted)
    return replace(
        wanted,
        first=max((one.first for one in limits if one.first), default=None),
        until=nearest.until,
        least_after=nearest.least_after,
        only_id=next((one.only_id for one in limits if one.only_id is not None), None),
    )


def general(men: Sequence[ManLimits], minutes: int) -> Wanted:
    """What every time has to keep to, whatever it is for."""
    needed = any(man.interpreter for man in men)
    lead = working_calendar().add(clock.today(), policy.interpreter_lead())
    return Wanted(
        minutes=minutes,
        now=clock.now(),
        interpreter_from=lead if needed else None,
        apart_minutes=policy.apart_minutes(),
    )


def gaps_of(one: CourseSession) -> Gaps:
    """The days between it and the session before."""
    return Gaps(one.least_gap, one.ideal_gap, one.most_gap)
