"""Places of men in sessions, with what is recorded of them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, select

from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, in_scope
from mhtr.compliance.attendance import Happened
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import latest_of
from mhtr.compliance.service import Session
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.courses.models import CourseSession
from sessions.therapies import Side

INSIDE = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
NOT_HIS: Mapping[Side, Happened] = {
    Side.SERVICE: Happened.WE_CANCELLED,
    Side.PROBATION: Happened.OTHERS_CANCELLED,
}
"""What a cancelled booking says by itself. Never stored, so it can never become an absence."""


@dataclass(frozen=True)
class Placed:
    """One man's place with its session."""

    place: SessionPlace
    session: TreatmentSession
    case: Case


@dataclass(frozen=True)
class Line:
    """One of a man's sessions: what is recorded of it, or what its cancellation says."""

    placed: Placed
    attendance: Attendance | None
    happened: Happened | None
    """None: still to come, or nobody recorded it yet."""

    @property
    def is_booked(self) -> bool:
        """Whether the booking stands."""
        return self.placed.place.state is BookingState.BOOKED

    def is_over(self, now: datetime) -> bool:
        """Whether it was to begin before now."""
        return self.placed.session.starts_at <= now

    def waits(self, now: datetime) -> bool:
        """Whether it began and nobody recorded what happened."""
        return self.happened is None and self.is_over(now)


_PLACES = (
    select(SessionPlace, TreatmentSession, Case)
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .join(Case, Case.id == SessionPlace.case_id)
)
_BY_REF = _PLACES.where(SessionPlace.ref == bindparam("ref"))
_OF_CASE = (
    _PLACES.where(
        SessionPlace.case_id == bindparam("case"), SessionPlace.state != BookingState.MOVED
    )
    .order_by(TreatmentSession.starts_at, SessionPlace.id)
)  # fmt: skip


def find_place(viewer: Viewer, ref: uuid.UUID, *purposes: Purpose, moved: bool = False) -> Placed:
    """A place of a man whose case the viewer may see; one that was moved only where asked for.

    Raises:
        NotFound: no such place, or not this viewer's.
    """
    found = db.session.execute(_BY_REF, {"ref": ref}).one_or_none()
    if found is None:
        raise NotFound
    placed = Placed(*found)
    find_case(viewer, placed.case.ref, *(purposes or INSIDE))
    if placed.place.state is BookingState.MOVED and not moved:
        raise NotFound
    return placed


def placed_of(place: SessionPlace) -> Placed:
    """A place with its session and case."""
    return Placed(*db.session.execute(_BY_REF, {"ref": place.ref}).one())


def lines_of(case_id: int) -> list[Line]:
    """Every session of a case that was not moved, the earliest first."""
    rows = db.session.execute(_OF_CASE, {"case": case_id})
    return with_attendance([Placed(*row) for row in rows])


def with_attendance(held: Sequence[Placed]) -> list[Line]:
    """These places with what happened."""
    recorded = latest_of([one.place.ref for one in held])
    return [_line(one, recorded.get(one.place.ref)) for one in held]


def _line(one: Placed, row: Attendance | None) -> Line:
    if row is not None:
        return Line(one, row, row.happened)
    closed = one.place.state is BookingState.CANCELLED and one.place.side is not None
    return Line(one, None, NOT_HIS.get(one.place.side) if closed and one.place.side else None)


def group_of(viewer: Viewer, session_ref: uuid.UUID) -> tuple[TreatmentSession, list[Placed]]:
    """A session with the men of it whose cases the viewer may see, by name.

    Raises:
        NotFound: no such session, or nobody in it is this viewer's.
    """
    session = db.session.scalars(
        select(TreatmentSession).where(TreatmentSession.ref == session_ref)
    ).one_or_none()
    if session is None:
        raise NotFound
    rows: Select[SessionPlace, TreatmentSession, Case] = _PLACES.where(
        SessionPlace.session_id == session.id,
        SessionPlace.state == BookingState.BOOKED,
        in_scope(viewer, *INSIDE),
    )
    found = [Placed(*row) for row in db.session.execute(rows)]
    if not found:
        raise NotFound
    return session, sorted(found, key=lambda one: (one.case.person.name, one.place.id))


def beside(viewer: Viewer, session: TreatmentSession) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The meetings of its group before and after it, of those with a man the viewer may see."""
    if not session.in_group or session.series is None:
        return None, None
    found = db.session.execute(
        select(TreatmentSession.ref, TreatmentSession.starts_at)
        .join(SessionPlace, SessionPlace.session_id == TreatmentSession.id)
        .join(Case, Case.id == SessionPlace.case_id)
        .where(
            TreatmentSession.series == session.series,
            SessionPlace.state == BookingState.BOOKED,
            in_scope(viewer, *INSIDE),
        )
        .distinct()
        .order_by(TreatmentSession.starts_at)
    ).all()
    before = [ref for ref, starts_at in found if starts_at < session.starts_at]
    after = [ref for ref, starts_at in found if starts_at > session.starts_at]
    return next(reversed(before), None), next(iter(after), None)


def session_of(placed: Placed) -> Session:
    """A place as attendance knows it."""
    return Session(
        subject=placed.place.ref,
        starts_at=placed.session.starts_at,
        required=placed.place.required,
        session_number=number_of(placed.place),
        seen_by=placed.session.clinician_id,
    )


def number_of(place: SessionPlace) -> int | None:
    """Which session of his course it is for, counted from one; None outside it."""
    return numbers_of([place]).get(place.id)


def numbers_of(places: Collection[SessionPlace]) -> Mapping[int, int]:
    """By place: which session of his course it is for."""
    wanted = {one.course_session_id for one in places if one.course_session_id is not None}
    if not wanted:
        return {}
    courses = select(CourseSession.course_id).where(CourseSession.id.in_(wanted))
    rows = db.session.execute(
        select(CourseSession.id, CourseSession.course_id)
        .where(CourseSession.course_id.in_(courses), CourseSession.skipped_at.is_(None))
        .order_by(CourseSession.course_id, CourseSession.position, CourseSession.id)
    )
    counted: dict[int, int] = {}
    number: dict[int, int] = {}
    for key, course_id in rows:
        counted[course_id] = counted.get(course_id, 0) + 1
        number[key] = counted[course_id]
    return {
        one.id: number[one.course_session_id] for one in places if one.course_session_id in number
    }
