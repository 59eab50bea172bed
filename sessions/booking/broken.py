"""Booked sessions that edits of what there is to schedule with would break.

`sessions.availability` asks before and after an edit; the rota asks before leave is planned.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, or_, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock, formats
from mhtr.core.database import UtcDateTime, db
from mhtr.tasks import listeners
from sessions.availability.breaking import Broken, Touched, what_breaks
from sessions.availability.models import Site
from sessions.availability.queries import clinicians_open, man_limits, rooms_open
from sessions.availability.shapes import ClinicianOpen, ManLimits, Span
from sessions.booking.misfit_rules import (
    TOO_MANY,
    Booked,
    of_clinician,
    of_man,
    of_room,
    too_many,
)
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.courses.models import CourseSession
from sessions.therapies import MODE_WORDS, Gender, Therapy

_MOST_NAMED = 5


@dataclass
class _Found:
    """The sessions asked about, and who comes to each."""

    rows: Sequence[TreatmentSession]
    cases: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    therapies: dict[int, set[Therapy]] = field(default_factory=lambda: defaultdict(set))

    def booked(self, row: TreatmentSession) -> Booked:
        """One of them as the rules read it."""
        return Booked(
            session_id=row.id,
            span=Span(row.starts_at, row.ends_at),
            clinician_id=row.clinician_id,
            mode=row.mode,
            site_id=row.site_id,
            room_id=row.room_id,
            in_group=row.in_group,
            people=max(len(self.cases[row.id]), row.capacity if row.in_group else 1),
            therapies=frozenset(self.therapies[row.id]),
        )


def misfits(touched: Touched) -> tuple[Broken, ...]:
    """The booked sessions ahead, of those touched, that do not fit what is on record now."""
    asked = {
        "now": clock.now(),
        "staff": sorted(touched.staff_ids),
        "sites": sorted(touched.site_ids),
        "cases": sorted(touched.case_ids),
    }
    rows = db.session.scalars(_TOUCHED, asked).all()
    if not rows:
        return ()
    found = _who_comes(rows)
    staff, sites = _names(rows)
    return tuple(
        Broken(
            ref=row.ref,
            starts_at=row.starts_at,
            clinician=staff[row.clinician_id],
            where=sites[row.site_id] if row.site_id else MODE_WORDS[row.mode],
            case_ids=tuple(found.cases[row.id]),
            why=why,
        )
        for row, why in _unfit(found, touched)
    )


_TOUCHED = (
    select(TreatmentSession)
    .where(
        TreatmentSession.state == BookingState.BOOKED,
        TreatmentSession.starts_at > bindparam("now", type_=UtcDateTime()),
        or_(
            TreatmentSession.clinician_id.in_(bindparam("staff", expanding=True)),
            TreatmentSession.site_id.in_(bindparam("sites", expanding=True)),
            TreatmentSession.id.in_(
                select(SessionPlace.session_id).where(
                    SessionPlace.case_id.in_(bindparam("cases", expanding=True)),
                    SessionPlace.state == BookingState.BOOKED,
                )
            ),
        ),
    )
    .order_by(TreatmentSession.starts_at, TreatmentSession.id)
)
"""Made once: asked before and after each edit of what there is to schedule with."""


def _who_comes(rows: Sequence[TreatmentSession]) -> _Found:
    found = _Found(rows)
    query = (
        select(SessionPlace.session_id, SessionPlace.case_id, CourseSession.therapy)
        .outerjoin(CourseSession, CourseSession.id == SessionPlace.course_session_id)
        .where(
            SessionPlace.session_id.in_([row.id for row in rows]),
            SessionPlace.state == BookingState.BOOKED,
        )
        .order_by(SessionPlace.id)
    )
    for session_id, case_id, therapy in db.session.execute(query):
        found.cases[session_id].append(case_id)
        if therapy is not None:
            found.therapies[session_id].add(therapy)
    return found


def _unfit(found: _Found, touched: Touched) -> Iterator[tuple[TreatmentSession, str]]:
    """Each that does not fit, and why."""
    by_trust: dict[int, list[TreatmentSession]] = defaultdict(list)
    for row in found.rows:
        by_trust[row.organisation_id].append(row)
    for organisation_id, rows in by_trust.items():
        days = [_day(row) for row in rows]
        first, last = min(days), max(days)
        staff = {row.clinician_id for row in rows}
        people = clinicians_open(organisation_id, first, last, staff_ids=staff)
        rooms = rooms_open(organisation_id, first, last)
        men = _limits(found, touched.case_ids, first, last)
        beyond = _beyond(found, rows, people, touched.staff_ids)
        for row in rows:
            booked, who = found.booked(row), people.get(row.clinician_id)
            room, gender = rooms.get(row.room_id or 0), who.gender if who else Gender.NOT_SAID
            why = of_clinician(booked, who) or of_room(booked, room)
            why = why or (TOO_MANY if row.id in beyond else "")
            mine = (men[case_id] for case_id in found.cases[row.id] if case_id in men)
            why = why or next(filter(None, (of_man(booked, one, gender, room) for one in mine)), "")
            if why:
                yield row, why


def _limits(
    found: _Found, case_ids: Collection[int], first: date, last: date
) -> dict[int, ManLimits]:
    """What binds the men whose limits an edit touches; of the others nothing changes."""
    comes = {case_id for cases in found.cases.values() for case_id in cases}
    rows = db.session.scalars(select(Case).where(Case.id.in_(comes.intersection(case_ids))))
    return {case.id: man_limits(case, first, last) for case in rows.all()}


def _beyond(
    found: _Found,
    rows: Collection[TreatmentSession],
    people: Mapping[int, ClinicianOpen],
    staff_ids: Collection[int],
) -> frozenset[int]:
    """Sessions beyond the daily most of those clinicians all of whose sessions were read."""
    days: dict[tuple[int, date], list[Booked]] = defaultdict(list)
    for row in rows:
        if row.clinician_id in staff_ids and row.clinician_id in people:
            days[row.clinician_id, _day(row)].append(found.booked(row))
    return frozenset(
        session_id
        for (staff_id, _), booked in days.items()
        for session_id in too_many(booked, people[staff_id].daily_most)
    )


def _names(
    rows: Collection[TreatmentSession],
) -> tuple[dict[int, str], dict[int, str]]:
    """Names of the clinicians and of the places."""
    staff = select(Staff.id, Staff.name).where(Staff.id.in_({row.clinician_id for row in rows}))
    sites = select(Site.id, Site.name).where(Site.id.in_({row.site_id for row in rows}))
    return (
        {key: name for key, name in db.session.execute(staff)},
        {key: name for key, name in db.session.execute(sites)},
    )


def _day(row: TreatmentSession) -> date:
    return row.starts_at.astimezone(clock.LONDON).date()


def _taken_away(
    organisation_id: int, staff_id: int | None, first: date, last: date
) -> tuple[str, ...]:
    """What leave, or a closure of the trust, would break: sessions booked on its days."""
    query = select(TreatmentSession).where(
        TreatmentSession.state == BookingState.BOOKED,
        TreatmentSession.starts_at > clock.now(),
        TreatmentSession.starts_at >= _end_of(first - timedelta(days=1)),
        TreatmentSession.starts_at < _end_of(last),
        TreatmentSession.organisation_id == organisation_id
        if staff_id is None
        else TreatmentSession.clinician_id == staff_id,
    )
    ordered = query.order_by(TreatmentSession.starts_at, TreatmentSession.id)
    rows = db.session.scalars(ordered).all()
    if not rows:
        return ()
    named = ", ".join(formats.short_moment(row.starts_at) for row in rows[:_MOST_NAMED])
    more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
    if len(rows) == 1:
        return (f"A session is booked then: {named}.",)
    return (f"{len(rows)} sessions are booked then: {named}{more}.",)


def _end_of(day: date) -> datetime:
    """Midnight in London at the end of a day."""
    return clock.from_london(datetime.combine(day + timedelta(days=1), time()))


what_breaks.append(misfits)
listeners.taken_away.append(_taken_away)
