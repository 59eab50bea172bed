"""What the page of a man's sessions shows."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.compliance.attendance import in_words
from mhtr.compliance.notice_queries import HowTold, how_told, notices_of
from mhtr.compliance.queries import recorded_of
from mhtr.compliance.standing.facts import Notice
from mhtr.core import clock
from mhtr.core.database import db
from sessions.availability.queries import man_limits
from sessions.booking.gap_rules import off_course
from sessions.booking.models import BookingState, TreatmentSession
from sessions.booking.queries import Booked, all_of, place_of
from sessions.booking.told import Where, where_each
from sessions.booking.wishes import Plan, plan_of
from sessions.courses.models import CourseSession
from sessions.therapies import SIDE_WORDS


@dataclass(frozen=True)
class Row:
    """One session of his."""

    session: TreatmentSession
    title: str
    where: Where
    voluntary: bool
    outside: bool
    """A required session on a day outside the requirement, since the order changed."""
    gap: str
    """What is wrong with the days since the session before; mostly empty."""
    told: str
    """Whether it is on record that he was told of it."""
    proven: bool


@dataclass(frozen=True)
class PastRow:
    """A session whose time has come, and what is recorded of it."""

    row: Row
    place_ref: uuid.UUID
    happened: str
    """Empty while nothing is recorded."""


@dataclass(frozen=True)
class Before:
    """Something that was booked and is not any more."""

    title: str
    where: Where
    moved: bool
    who: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Shown:
    """Everything booked for a man."""

    coming: tuple[Row, ...]
    past: tuple[PastRow, ...]
    before: tuple[Before, ...]
    unbooked: tuple[CourseSession, ...]
    has_course: bool
    session_ids: tuple[int, ...]
    ends: str
    """The last day of the requirement, in words; empty where none is on record."""

    @property
    def untold(self) -> int:
        """How many sessions to come nothing proves yet that he was told of."""
        return sum(not row.proven for row in self.coming)


def shown(case: Case) -> Shown:
    """What the page of his sessions shows."""
    plan, everything = plan_of(case.id), all_of(case.id)
    today = clock.today()
    within = man_limits(case, today, today).within
    booked = [one for one in everything if one.place.state is BookingState.BOOKED]
    known = how_told(notices_of(case.id), {one.place.ref: one.session.starts_at for one in booked})
    wheres = dict(
        zip(
            [one.place.id for one in everything],
            where_each([place_of(one.session) for one in everything]),
            strict=True,
        )
    )
    rows = [_row(one, plan, within, known[one.place.ref], wheres[one.place.id]) for one in booked]
    gone = [one for one in everything if one.place.state is not BookingState.BOOKED]
    gone.sort(key=lambda one: one.place.closed_at or clock.now(), reverse=True)
    now = clock.now()
    past = [
        (one, row) for one, row in zip(booked, rows, strict=True) if one.session.starts_at <= now
    ]
    return Shown(
        coming=tuple(row for row in rows if row.session.starts_at > now),
        past=_with_outcomes(past),
        before=tuple(_before(one, plan, wheres[one.place.id]) for one in gone),
        unbooked=tuple(plan.unbooked),
        has_course=plan.course is not None,
        session_ids=tuple(one.session.id for one in everything),
        ends=day_words(max(last for _, last in within)) if within else "",
    )


def _with_outcomes(past: list[tuple[Booked, Row]]) -> tuple[PastRow, ...]:
    """The newest first, each with what is recorded of it."""
    known = recorded_of([one.place.ref for one, _ in past])
    said = {ref: in_words(one.happened, one.minutes_late) for ref, one in known.items()}
    return tuple(
        PastRow(row, one.place.ref, said.get(one.place.ref, "")) for one, row in reversed(past)
    )


def title_of(one: Booked, plan: Plan) -> str:
    """What a session is called: its part of the course, or what it is beside it."""
    part = plan.session(one.place.course_session_id)
    if part is not None:
        number = plan.sessions.index(part) + 1
        said = f"Session {number} of {len(plan.sessions)}"
        return said if part.name.startswith("Session ") else f"{said}: {part.name}"
    return one.session.title or "Meeting outside the course"


def _row(
    one: Booked,
    plan: Plan,
    within: tuple[tuple[date, date], ...],
    told: HowTold,
    where: Where,
) -> Row:
    day = one.session.starts_at.astimezone(clock.LONDON).date()
    inside = any(first <= day <= last for first, last in within)
    return Row(
        session=one.session,
        title=title_of(one, plan),
        where=where,
        voluntary=not one.place.required,
        outside=one.place.required and not inside,
        gap=_gap(one, plan, day),
        told=told.words,
        proven=told.notice is Notice.PROVEN,
    )


def _gap(one: Booked, plan: Plan, day: date) -> str:
    part = plan.session(one.place.course_session_id)
    before = plan.before(part, clock.today()) if part else None
    if part is None or before is None or one.session.starts_at <= clock.now():
        return ""
    return off_course((day - plan.days[before.id]).days, part.least_gap, part.most_gap)


def _before(one: Booked, plan: Plan, where: Where) -> Before:
    place = one.place
    return Before(
        title=title_of(one, plan),
        where=where,
        moved=place.state is BookingState.MOVED,
        who=SIDE_WORDS[place.side] if place.side else "",
        reason=place.reason or "",
        at=place.closed_at or place.created_at,
        by=db.session.get_one(Staff, place.closed_by).name if place.closed_by else "The program",
    )
