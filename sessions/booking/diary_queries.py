"""Everything that binds a time, read for the days that are looked at."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.link_queries import linked_ids
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Purpose
from mhtr.core.access_models import EMERGENCY, Grant
from mhtr.core.database import db
from mhtr.people.queries import record_ids
from mhtr.tasks.queries import excluded_staff
from sessions.availability.queries import clinicians_open, man_limits, rooms_open
from sessions.availability.shapes import ClinicianOpen, ManLimits, Span
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.models import TakenTime, TreatmentSession
from sessions.booking.shapes import LONDON, At, Diary, Place

_A_DAY = timedelta(days=1)


def diary(
    organisation_id: int,
    cases: Sequence[Case],
    first: date,
    last: date,
    *,
    leaving_out: Collection[int] = (),
    places: Collection[Place] | None = None,
) -> Diary:
    """What binds the sessions of these men, at this trust, on these days (both included).

    Args:
        leaving_out: sessions whose times count as free, because they are about to move.
        places: where only these are to be checked, nobody and no room beside them is read.
    """
    clinicians = _clinicians(organisation_id, cases, first, last, places)
    rooms = rooms_open(organisation_id, first, last, room_ids=_rooms_of(places))
    men = tuple(man_limits(case, first, last) for case in cases)
    lanes = [
        *(lane_of(Lane.CLINICIAN, key) for key in clinicians),
        *(lane_of(Lane.ROOM, key) for key in rooms),
        *(lane_of(Lane.MAN, man.person_id) for man in men),
    ]
    days = between(first, last)
    taken = taken_in(lanes, days, leaving_out)
    for man in men:
        own = lane_of(Lane.MAN, man.person_id)
        taken[own] = (*taken.get(own, ()), *_elsewhere(man.person_id, days, leaving_out))
    together = frozenset(man.person_id for man in men)
    return Diary(
        clinicians=clinicians,
        rooms=rooms,
        men=men,
        taken=taken,
        meets={man.case_id: _meets(man, days) for man in men},
        company={man.case_id: together - {man.person_id} for man in men},
    )


def in_company(found: Diary, person_ids: Collection[int]) -> Diary:
    """The diary with these people in the group too."""
    company = {
        man.case_id: found.company.get(man.case_id, frozenset())
        | (frozenset(person_ids) - {man.person_id})
        for man in found.men
    }
    return replace(found, company=company)


def _clinicians(
    organisation_id: int,
    cases: Sequence[Case],
    first: date,
    last: date,
    places: Collection[Place] | None,
) -> dict[int, ClinicianOpen]:
    staff_ids = {one.clinician_id for one in places} if places is not None else None
    found = clinicians_open(organisation_id, first, last, staff_ids=staff_ids)
    kept_from = _kept_from(organisation_id, cases)
    return {key: one for key, one in found.items() if key not in kept_from}


def _rooms_of(places: Collection[Place] | None) -> set[int] | None:
    """The rooms of these places; every room where one has none chosen, to say what is free."""
    if places is None or any(one.site_id is not None and one.room_id is None for one in places):
        return None
    return {one.room_id for one in places if one.room_id is not None}


def between(first: date, last: date) -> tuple[datetime, datetime]:
    """From the day before until the end of the day after: stretches reach over midnight."""
    starts = datetime.combine(first - _A_DAY, time(), LONDON)
    ends = datetime.combine(last + 2 * _A_DAY, time(), LONDON)
    return starts.astimezone(UTC), ends.astimezone(UTC)


def taken_in(
    lanes: Collection[int], between: tuple[datetime, datetime], leaving_out: Collection[int]
) -> dict[int, tuple[Span, ...]]:
    """What is taken of each lane between two moments."""
    rows = db.session.execute(
        select(TakenTime.lane, TakenTime.starts_at, TakenTime.ends_at)
        .where(
            TakenTime.lane.in_(lanes),
            TakenTime.starts_at < between[1],
            TakenTime.starts_at > between[0],
            TakenTime.session_id.not_in(leaving_out),
        )
        .order_by(TakenTime.lane, TakenTime.starts_at)
    )
    found: dict[int, list[Span]] = defaultdict(list)
    for lane, starts_at, ends_at in rows:
        found[lane].append(Span(starts_at, ends_at))
    return {lane: tuple(spans) for lane, spans in found.items()}


def _elsewhere(
    person_id: int, between: tuple[datetime, datetime], leaving_out: Collection[int]
) -> list[Span]:
    """His times under his records at other trusts: that he is busy, and nothing more."""
    own = record_ids(person_id)
    lanes = [lane_of(Lane.MAN, key) for key in linked_ids(person_id, own)]
    found = taken_in(lanes, between, leaving_out) if lanes else {}
    return sorted(span for spans in found.values() for span in spans)


def _meets(man: ManLimits, between: tuple[datetime, datetime]) -> tuple[At, ...]:
    """When those whom he must not meet are at a place."""
    if not man.must_not_meet:
        return ()
    rows = db.session.execute(
        select(TreatmentSession.starts_at, TreatmentSession.ends_at, TreatmentSession.site_id)
        .join(TakenTime, TakenTime.session_id == TreatmentSession.id)
        .where(
            TakenTime.lane.in_([lane_of(Lane.MAN, key) for key in man.must_not_meet]),
            TakenTime.starts_at < between[1],
            TakenTime.starts_at > between[0],
            TreatmentSession.site_id.is_not(None),
        )
        .order_by(TreatmentSession.starts_at)
    )
    return tuple(At(Span(starts, ends), site) for starts, ends, site in rows if site is not None)


def _kept_from(organisation_id: int, cases: Sequence[Case]) -> set[int]:
    """Clinicians of the trust who must not see one of these cases.

    Of a restricted case only staff who were let in by name can be booked: a booking lets in.
    """
    out: set[int] = set()
    for case in cases:
        out |= excluded_staff(case.id, clock.now())
        if case.restricted:
            out |= _not_named(organisation_id, case.id)
    return out


def _not_named(organisation_id: int, case_id: int) -> set[int]:
    moment = clock.now()
    named = select(Grant.principal_id).where(
        Grant.case_id == case_id,
        Grant.purpose == Purpose.CLINICAL,
        Grant.by_name,
        Grant.because != EMERGENCY,
        (Grant.ends_at.is_(None)) | (Grant.ends_at > moment),
    )
    query = select(Staff.id).where(
        Staff.organisation_id == organisation_id, Staff.principal_id.not_in(named)
    )
    return set(db.session.scalars(query))
