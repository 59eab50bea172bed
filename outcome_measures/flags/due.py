"""Which measures are due for a man, overdue or missing. Functions of values and dates.

A measure is asked at a treatment session he came to, as often as the service has set; it is asked
once on one day, wherever that was. A form that ended unfinished does not count, except at the
session at which it was asked: that it is missing from the outcome is the business of the flags.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from outcome_measures.course_parts import InCourse, Parts, in_course
from outcome_measures.time_points import TimePoint


class Schedule(StrEnum):
    """When the service asks an instrument: the choices of the policy."""

    NEVER = "never"
    EACH_SESSION = "each_session"
    START_AND_END = "start_and_end"
    START_MIDDLE_END = "start_middle_and_end"


class Urgency(StrEnum):
    """How a measure that was not asked stands."""

    DUE = "due"
    """To be asked now."""
    OVERDUE = "overdue"
    """Its day is past and the contact is still open: it can be recorded from paper."""
    MISSING = "missing"
    """The contact is closed, or treatment has ended, without it."""


class Place(StrEnum):
    """Where in treatment a measure belongs."""

    BASELINE = "baseline"
    SESSION = "session"
    END = "end"


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that took place, as far as measures are concerned; see also `attended_at`."""

    ref: str
    held_on: date
    point: TimePoint
    session_number: int | None = None
    closed: bool = False

    def settled(self, today: date) -> bool:
        """Whether nobody is filling anything in at it any more."""
        return self.closed or self.held_on < today


ATTENDED = "attended:"
"""Begins the reference of a session that no contact records: attendance says he was seen."""


def attended_at(held_on: date, number: int | None, *, closed: bool) -> Contact:
    """A treatment session at which he was seen and nobody recorded measures.

    Args:
        closed: nobody is expected to record any from paper still.
    """
    ref = f"{ATTENDED}{held_on.isoformat()}:{number or ''}"
    return Contact(ref, held_on, TimePoint.SESSION, number, closed)


def session_in(ref: str) -> tuple[str, str] | None:
    """The day and number, as text, of a session that no contact records; None of a contact."""
    if not ref.startswith(ATTENDED):
        return None
    day, _, number = ref.removeprefix(ATTENDED).partition(":")
    return day, number


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure that was asked on a day. `finished`: its form is not open any more."""

    instrument: str
    on: date
    point: TimePoint
    finished: bool = True
    complete: bool = False
    unfinished_at: int | None = None
    """Where its form was closed unfinished: the session at which it was asked, 0 for none. It
    counts as asked at that session only."""


@dataclass(frozen=True, slots=True)
class Due:
    """One measure that was not asked: which, where it belongs, and how it stands.

    `on` and `contact_ref` are those of the contact; None and empty where there has been none.
    """

    instrument: str
    place: Place
    urgency: Urgency
    on: date | None = None
    contact_ref: str = ""
    session_number: int | None = None
    begun: bool = False
    """Its form is open, half-finished."""


Schedules = Mapping[str, Schedule]
"""When each instrument is asked, by its id, in the order in which they are asked."""
History = Sequence[tuple[date, Schedules]]
"""Schedules by the day from which they were in force, the earliest first."""


def in_force_on(history: History, day: date, otherwise: Schedules) -> Schedules:
    """The schedules in force on a day; `otherwise` where nothing was kept that goes so far back."""
    found = otherwise
    for since, schedules in history:
        if since <= day:
            found = schedules
    return found


@dataclass(frozen=True, slots=True)
class DueState:
    """What decides what is due.

    Args:
        schedules: those in force today.
        history: those of earlier days: a session is judged by what was in force on its day. Empty:
            they never changed.
        planned_sessions: the number of the last treatment session planned; None where nobody has
            said.
        parts: his courses, where he has had more than one.
        awaits_treatment: the court has made the requirement and treatment has not ended.
        ended: treatment has ended.
    """

    schedules: Schedules
    contacts: Sequence[Contact]
    asked: Sequence[Asked]
    planned_sessions: int | None = None
    awaits_treatment: bool = False
    ended: bool = False
    history: History = ()
    parts: Parts = ()

    def schedules_on(self, day: date) -> Schedules:
        """What was asked when, on a day."""
        return in_force_on(self.history, day, self.schedules)

    def place_of(self, contact: Contact) -> InCourse:
        """Where in its course a session lies."""
        number, planned = contact.session_number, self.planned_sessions
        return in_course(number, contact.held_on, self.parts, planned)


def asked_at(schedule: Schedule, place: InCourse) -> bool:
    """Whether an instrument is asked at a treatment session, by its place in its course.

    Middle and end cannot be told while nobody has said how many sessions are planned; a session
    beyond the plan counts as an end.
    """
    session_number, planned = place.number, place.planned
    if schedule is Schedule.EACH_SESSION:
        return True
    if schedule is Schedule.NEVER or session_number is None:
        return False
    if session_number == 1:
        return True
    if planned is None:
        return False
    if schedule is Schedule.START_MIDDLE_END and session_number == middle(planned):
        return True
    return session_number >= planned


def middle(planned: int) -> int:
    """The session in the middle of a course: the sixth of twelve, the fourth of seven."""
    return (planned + 1) // 2


def due(state: DueState, today: date) -> tuple[Due, ...]:
    """Every measure that was not asked where it should have been, the latest contact first."""
    sessions = in_order(state.contacts)
    found: list[Due] = []
    for contact in reversed(sessions):
        for instrument, schedule in state.schedules_on(contact.held_on).items():
            if asked_at(schedule, state.place_of(contact)):
                found += _at(contact, instrument, state, today)
    begun = sessions or any(asked.point is TimePoint.SESSION for asked in state.asked)
    if not begun and state.awaits_treatment:
        found += _baseline(state)
    if sessions and state.ended:
        found += _end(sessions[-1], state, found)
    return tuple(found)


def in_order(contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    """The treatment sessions among contacts, the first one first."""
    sessions = (contact for contact in contacts if contact.point is TimePoint.SESSION)
    return tuple(sorted(sessions, key=lambda c: (c.held_on, c.session_number or 0, c.ref)))


def _at(contact: Contact, instrument: str, state: DueState, today: date) -> list[Due]:
    same = [a for a in state.asked if a.instrument == instrument and a.on == contact.held_on]
    if any(_settles(asked, contact) for asked in same):
        return []
    urgency = Urgency.DUE
    if contact.closed:
        urgency = Urgency.MISSING
    elif contact.held_on < today:
        urgency = Urgency.OVERDUE
    place = _place(state.place_of(contact))
    number = contact.session_number
    begun = any(not asked.finished for asked in same)
    return [Due(instrument, place, urgency, contact.held_on, contact.ref, number, begun)]


def _settles(asked: Asked, contact: Contact) -> bool:
    """Whether it need not be asked at this contact any more."""
    ended_elsewhere = asked.unfinished_at not in (None, contact.session_number or 0)
    return asked.finished and not ended_elsewhere


def _place(at: InCourse) -> Place:
    """The baseline and the end are those of treatment: of the first course and of the last."""
    if at.number == 1 and at.is_first:
        return Place.BASELINE
    if at.is_last and at.planned is not None and (at.number or 0) >= at.planned:
        return Place.END
    return Place.SESSION


def _baseline(state: DueState) -> list[Due]:
    """Before the first session: measures without a complete score since the assessment."""
    have = {
        asked.instrument
        for asked in state.asked
        if asked.complete and asked.point is TimePoint.BETWEEN
    }
    return [
        Due(instrument, Place.BASELINE, Urgency.DUE)
        for instrument, schedule in state.schedules.items()
        if schedule is not Schedule.NEVER and instrument not in have
    ]


def _end(last: Contact, state: DueState, found: Sequence[Due]) -> list[Due]:
    """After treatment: measures without a complete score on or after the last session's day."""
    known = {one.instrument for one in found if one.contact_ref == last.ref}
    have = {
        asked.instrument
        for asked in state.asked
        if asked.complete and asked.on >= last.held_on and asked.point is not TimePoint.FOLLOW_UP
    }
    return [
        Due(instrument, Place.END, Urgency.MISSING, last.held_on, last.ref, last.session_number)
        for instrument, schedule in state.schedules_on(last.held_on).items()
        if schedule is not Schedule.NEVER and instrument not in have | known
    ]
