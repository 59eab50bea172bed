"""What the pages of a group show: who has a place, who may get one, and what was changed."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import ONLY_NAMED
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.models import Person
from mhtr.web.reads import shows
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.queries import counts_in, place_of, places_in
from sessions.booking.told import Where, where_each
from sessions.courses.models import Course, CourseSession
from sessions.therapies import SIDE_WORDS

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
OFFERED = 200
"""Men that are offered a place at most."""
CHANGES = 50


@dataclass(frozen=True)
class Member:
    """One place in a group; without a name where the man is not the viewer's to see."""

    place: SessionPlace
    case: Case | None


@dataclass(frozen=True)
class Comer:
    """A man who can be given a place."""

    case_ref: uuid.UUID
    name: str


@dataclass(frozen=True)
class Meeting:
    """One meeting of a group, and how many have a place in it."""

    session: TreatmentSession
    where: Where
    count: int


@dataclass(frozen=True)
class Change:
    """A meeting that was moved or cancelled, or a place that was given up."""

    what: str
    of: str
    """The meeting as it was, or the man."""
    who: str
    reason: str
    at: datetime
    by: str


_SEEN = (
    select(Case)
    .where(
        Case.id.in_(bindparam("cases", expanding=True)),
        visible(ANYBODY, Case.id, Case.restricted),
    )
    .options(ONLY_NAMED)
)
_Under = aliased(Case)
_MAY_COME = Prepared(
    select(Case.id, Case.ref, Person.given_name, Person.family_name, Person.sort_name)
    .join(Person, Person.id == Case.person_id)
    .where(
        visible(ANYBODY, Case.id, Case.restricted),
        # So that it begins with those under an order, by their state, not with all men there were.
        Case.id.in_(select(_Under.id).where(_Under.state.in_(sorted(UNDER_ORDER)))),
        Case.paused.is_(False),
        Case.id.not_in(bindparam("there", expanding=True)),
    )
    .order_by(Case.id)
    .limit(OFFERED)
)
_WANTING = Prepared(
    select(Course.case_id)
    .join(CourseSession, CourseSession.course_id == Course.id)
    .where(
        Course.case_id.in_(bindparam("cases", expanding=True)),
        Course.ended_at.is_(None),
        CourseSession.in_group,
        CourseSession.therapy == bindparam("therapy"),
        CourseSession.skipped_at.is_(None),
        ~select(SessionPlace.id)
        .where(
            SessionPlace.course_session_id == CourseSession.id,
            SessionPlace.state == BookingState.BOOKED,
        )
        .exists(),
    )
)
_MOVED_TO = select(TreatmentSession).where(
    TreatmentSession.uid == bindparam("uid"),
    TreatmentSession.state == BookingState.BOOKED,
    TreatmentSession.id != bindparam("this"),
)
_CLOSED = (
    select(TreatmentSession)
    .where(
        TreatmentSession.series == bindparam("series"),
        TreatmentSession.state != BookingState.BOOKED,
    )
    .order_by(TreatmentSession.closed_at.desc(), TreatmentSession.id.desc())
    .limit(CHANGES)
)
_LEFT = (
    select(SessionPlace)
    .where(
        SessionPlace.session_id == bindparam("session"),
        SessionPlace.state == BookingState.CANCELLED,
    )
    .order_by(SessionPlace.closed_at.desc(), SessionPlace.id.desc())
    .limit(CHANGES)
)
_NAMED = Prepared(
    select(Staff.id, Staff.name).where(Staff.id.in_(bindparam("staff", expanding=True)))
)


def members_of(viewer: Viewer, session_ids: Collection[int]) -> list[Member]:
    """Who has a place in these meetings."""
    return _with_cases(viewer, places_in(session_ids))


def _with_cases(viewer: Viewer, places: Collection[SessionPlace]) -> list[Member]:
    ids = {one.case_id for one in places}
    given = {**asked_by(viewer, *PURPOSES), "cases": ids}
    seen = {case.id: case for case in db.session.scalars(_SEEN, given)} if ids else {}
    for case in seen.values():
        shows("case", case.id, case_id=case.id)
    return [Member(one, seen.get(one.case_id)) for one in places]


def names_in(members: Collection[Member]) -> tuple[list[str], int]:
    """The names of those whom the viewer may see, in order, and how many others there are."""
    names = {one.place.case_id: one.case.person.name if one.case else "" for one in members}
    return sorted(name for name in names.values() if name), list(names.values()).count("")


def who_may_come(viewer: Viewer, session: TreatmentSession) -> list[Comer]:
    """Men who can be given a place, those with such a group in their course first."""
    there = {one.case_id for one in places_in([session.id])}
    given = {**asked_by(viewer, *PURPOSES), "there": there}
    found = _MAY_COME.all(given)
    for one in found:
        shows("case", one.id, case_id=one.id)
    wanting = _with_such_a_group(session, [one.id for one in found])
    found.sort(key=lambda one: (one.id not in wanting, one.sort_name))
    return [Comer(one.ref, f"{one.given_name} {one.family_name}".strip()) for one in found]


def _with_such_a_group(session: TreatmentSession, case_ids: Collection[int]) -> set[int]:
    """Those of these cases with a group of this therapy in their course that is not booked."""
    return set(_WANTING.values({"cases": case_ids, "therapy": session.therapy}))


def meetings_of(rows: Collection[TreatmentSession]) -> list[Meeting]:
    """Meetings with their words and how many come, with as many questions as for one."""
    known = list(rows)
    wheres = where_each([place_of(row) for row in known])
    counts = counts_in([row.id for row in known])
    return [Meeting(row, said, counts[row.id]) for row, said in zip(known, wheres, strict=True)]


def moved_to(session: TreatmentSession) -> TreatmentSession | None:
    """Where a meeting is booked now that was moved; None where it was not, or is cancelled."""
    given = {"uid": session.uid, "this": session.id}
    return db.session.scalars(_MOVED_TO, given).one_or_none()


def changes_of(viewer: Viewer, session: TreatmentSession) -> list[Change]:
    """What was moved or cancelled of a group, and who gave up his place in this meeting."""
    closed = db.session.scalars(_CLOSED, {"series": session.series}).all()
    left = db.session.scalars(_LEFT, {"session": session.id}).all()
    who = _names({*(row.closed_by for row in closed), *(row.closed_by for row in left)})
    wheres = where_each([place_of(row) for row in closed])
    found = [
        _change(row, _WHAT[row.state], f"{said.day} at {said.time}", who)
        for row, said in zip(closed, wheres, strict=True)
    ]
    if session.state is BookingState.BOOKED:
        found += [
            _change(one.place, "Place given up", one.case.person.name, who)
            for one in _with_cases(viewer, left)
            if one.case is not None
        ]
    return sorted(found, key=lambda one: one.at, reverse=True)


_WHAT = {BookingState.MOVED: "Moved", BookingState.CANCELLED: "Cancelled"}


def _change(
    row: TreatmentSession | SessionPlace, what: str, of: str, who: dict[int, str]
) -> Change:
    return Change(
        what=what,
        of=of,
        who=SIDE_WORDS[row.side] if row.side else "",
        reason=row.reason or "",
        at=row.closed_at or row.created_at,
        by=who[row.closed_by] if row.closed_by else "The program",
    )


def _names(staff_ids: Collection[int | None]) -> dict[int, str]:
    wanted = {one for one in staff_ids if one}
    return dict(_NAMED.all({"staff": wanted})) if wanted else {}
