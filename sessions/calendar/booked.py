"""Booked sessions of a stretch of days, with those who come as far as the viewer may know."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.models import Attendance
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.models import Person
from mhtr.web.reads import shows
from sessions.availability.models import Room, Site
from sessions.availability.shapes import Span
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.therapies import MODE_WORDS, SessionMode

SEEN_FOR = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
_LONGEST = timedelta(days=1)
"""What is booked takes a day at most (`sessions.booking.models.TakenTime`)."""

# Made once: making them takes longer than asking them.
_PLACES = (
    select(SessionPlace)
    .where(
        SessionPlace.session_id.in_(bindparam("sessions", expanding=True)),
        SessionPlace.state == BookingState.BOOKED,
    )
    .order_by(SessionPlace.id)
)
_CASES = select(Case).where(
    Case.id.in_(bindparam("cases", expanding=True)), visible(ANYBODY, Case.id, Case.restricted)
)
_ATTENDANCE = (
    select(Attendance)
    .where(Attendance.subject.in_(bindparam("subjects", expanding=True)))
    .order_by(Attendance.number)
)


@dataclass(frozen=True, slots=True)
class Coming:
    """One man who comes to a session, as far as the viewer may know."""

    place: SessionPlace
    case: Case | None
    """None: not the viewer's to see."""
    attendance: Attendance | None

    @property
    def person(self) -> Person | None:
        """Who he is; None where the viewer may not know."""
        return self.case.person if self.case else None

    @property
    def name(self) -> str:
        """His name, or that somebody comes."""
        person = self.person
        return f"{person.given_name} {person.family_name}" if person else "Somebody"


@dataclass(frozen=True, slots=True)
class Booked:
    """One booked session with its place and those who come."""

    row: TreatmentSession
    clinician: str
    site: Site | None
    room: Room | None
    coming: tuple[Coming, ...]

    @property
    def where(self) -> str:
        """The room and place, or how he is seen otherwise."""
        if self.row.mode is not SessionMode.IN_PERSON:
            return MODE_WORDS[self.row.mode]
        return ", ".join(part.name for part in (self.room, self.site) if part)

    @property
    def span(self) -> Span:
        """When."""
        return Span(self.row.starts_at, self.row.ends_at)


def booked(
    viewer: Viewer, first: datetime, last: datetime, *which: ColumnElement[bool]
) -> list[Booked]:
    """Booked sessions that touch the time from `first` until `last`, in order of time.

    What is shown of men is audited with the page.

    Args:
        which: whose or where.
    """
    rows = db.session.execute(
        select(TreatmentSession, Staff.name, Site, Room)
        .join(Staff, Staff.id == TreatmentSession.clinician_id)
        .outerjoin(Site, Site.id == TreatmentSession.site_id)
        .outerjoin(Room, Room.id == TreatmentSession.room_id)
        .where(
            TreatmentSession.state == BookingState.BOOKED,
            # By the index, no further back than a session can reach.
            TreatmentSession.starts_at > first - _LONGEST,
            TreatmentSession.starts_at < last,
            TreatmentSession.ends_at > first,
            *which,
        )
        .order_by(TreatmentSession.starts_at, TreatmentSession.id)
    ).all()
    coming = _coming(viewer, [row.id for row, *_ in rows])
    return [Booked(row, name, site, room, tuple(coming[row.id])) for row, name, site, room in rows]


def _coming(viewer: Viewer, session_ids: Collection[int]) -> dict[int, list[Coming]]:
    places = db.session.scalars(_PLACES, {"sessions": session_ids}).all()
    seen = _seen(viewer, {place.case_id for place in places})
    recorded = _recorded(places)
    found: dict[int, list[Coming]] = defaultdict(list)
    for place in places:
        found[place.session_id].append(
            Coming(place, seen.get(place.case_id), recorded.get(place.id))
        )
    shows("case", *seen)
    shows("person", *(case.person_id for case in seen.values()))
    return found


def _seen(viewer: Viewer, case_ids: Collection[int]) -> dict[int, Case]:
    given = {"cases": case_ids, **asked_by(viewer, *SEEN_FOR)}
    return {case.id: case for case in db.session.scalars(_CASES, given)}


def _recorded(places: Sequence[SessionPlace]) -> dict[int, Attendance]:
    """What was recorded last of each place."""
    by_ref = {place.ref: place.id for place in places}
    rows = db.session.scalars(_ATTENDANCE, {"subjects": list(by_ref)})
    return {by_ref[row.subject]: row for row in rows}
