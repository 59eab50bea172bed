"""Everything that binds the times of many men, with as many questions as for one.

It says what `diary_queries.diary` says of one man; a test holds the two together.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Exclusion, Purpose
from mhtr.core.access_models import EMERGENCY, Grant
from mhtr.core.database import db
from sessions.availability.limits_of_each import elsewhere, men_limits
from sessions.availability.queries import clinicians_open, rooms_open
from sessions.availability.shapes import ManLimits, Span
from sessions.booking.diary_queries import between, taken_in
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.models import TakenTime, TreatmentSession
from sessions.booking.shapes import At, Diary


@dataclass(frozen=True)
class DiaryOfMany:
    """What binds everybody, and who must not see whom."""

    diary: Diary
    men: Mapping[int, ManLimits]
    """By case."""
    kept_from: Mapping[int, frozenset[int]]
    """By case: clinicians of the trust who must not see it."""


def diary_of_many(
    organisation_id: int,
    cases: Sequence[Case],
    first: date,
    last: date,
    *,
    leaving_out: Collection[int] = (),
) -> DiaryOfMany:
    """What binds the sessions of these men, at this trust, on these days (both included).

    Args:
        leaving_out: sessions whose times count as free, because they may move.
    """
    clinicians = clinicians_open(organisation_id, first, last)
    rooms = rooms_open(organisation_id, first, last)
    men = men_limits(cases, first, last)
    others = elsewhere([man.person_id for man in men.values()])
    lanes = [
        *(lane_of(Lane.CLINICIAN, key) for key in clinicians),
        *(lane_of(Lane.ROOM, key) for key in rooms),
        *(lane_of(Lane.MAN, man.person_id) for man in men.values()),
        *(lane_of(Lane.MAN, key) for keys in others.values() for key in keys),
    ]
    days = between(first, last)
    taken = taken_in(lanes, days, leaving_out)
    for person_id, keys in others.items():
        away = sorted(span for key in keys for span in taken.get(lane_of(Lane.MAN, key), ()))
        own = lane_of(Lane.MAN, person_id)
        taken[own] = (*taken.get(own, ()), *away)
    diary = Diary(
        clinicians=clinicians,
        rooms=rooms,
        men=tuple(men.values()),
        taken=taken,
        meets=_meets(men, days, leaving_out),
    )
    return DiaryOfMany(diary, men, _kept_from(organisation_id, cases))


def diary_of_group(
    organisation_id: int,
    cases: Sequence[Case],
    first: date,
    last: date,
    *,
    leaving_out: Collection[int] = (),
) -> Diary:
    """What binds a session to which all these men come: nobody sees them who may not see one.

    Args:
        leaving_out: as `diary_of_many`.
    """
    found = diary_of_many(organisation_id, cases, first, last, leaving_out=leaving_out)
    kept_from = frozenset[int]().union(*found.kept_from.values())
    people = frozenset(man.person_id for man in found.men.values())
    return replace(
        found.diary,
        clinicians={
            key: one for key, one in found.diary.clinicians.items() if key not in kept_from
        },
        company={case_id: people - {man.person_id} for case_id, man in found.men.items()},
    )


def _meets(
    men: Mapping[int, ManLimits],
    days: tuple[datetime, datetime],
    leaving_out: Collection[int],
) -> dict[int, tuple[At, ...]]:
    """By case: when those whom he must not meet are at a place."""
    wanted = {key for man in men.values() for key in man.must_not_meet}
    at: dict[int, list[At]] = defaultdict(list)
    if wanted:
        rows = db.session.execute(
            select(
                TakenTime.lane,
                TreatmentSession.starts_at,
                TreatmentSession.ends_at,
                TreatmentSession.site_id,
            )
            .join(TakenTime, TakenTime.session_id == TreatmentSession.id)
            .where(
                TakenTime.lane.in_([lane_of(Lane.MAN, key) for key in wanted]),
                TakenTime.starts_at < days[1],
                TakenTime.starts_at > days[0],
                TreatmentSession.site_id.is_not(None),
                TreatmentSession.id.not_in(leaving_out),
            )
            .order_by(TreatmentSession.starts_at)
        )
        for lane, starts, ends, site in rows:
            if site is not None:
                at[lane].append(At(Span(starts, ends), site))
    return {
        case_id: tuple(one for key in man.must_not_meet for one in at[lane_of(Lane.MAN, key)])
        for case_id, man in men.items()
    }


def _kept_from(organisation_id: int, cases: Sequence[Case]) -> dict[int, frozenset[int]]:
    """By case the clinicians who must not see it: of a restricted one whoever is not named."""
    now = clock.now()
    out: dict[int, set[int]] = {case.id: set() for case in cases}
    rows = db.session.execute(
        select(Exclusion.case_id, Staff.id)
        .join(Exclusion, Exclusion.principal_id == Staff.principal_id)
        .where(
            Exclusion.case_id.in_(out),
            Exclusion.starts_at <= now,
            (Exclusion.ends_at.is_(None)) | (Exclusion.ends_at > now),
        )
    )
    for case_id, staff_id in rows:
        out[case_id].add(staff_id)
    restricted = [case.id for case in cases if case.restricted]
    if restricted:
        everybody = set(
            db.session.scalars(select(Staff.id).where(Staff.organisation_id == organisation_id))
        )
        named = _named(restricted, now)
        for case_id in restricted:
            out[case_id] |= everybody - named[case_id]
    return {case_id: frozenset(found) for case_id, found in out.items()}


def _named(case_ids: Collection[int], now: datetime) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {case_id: set() for case_id in case_ids}
    rows = db.session.execute(
        select(Grant.case_id, Staff.id)
        .join(Staff, Staff.principal_id == Grant.principal_id)
        .where(
            Grant.case_id.in_(case_ids),
            Grant.purpose == Purpose.CLINICAL,
            Grant.by_name,
            Grant.because != EMERGENCY,
            (Grant.ends_at.is_(None)) | (Grant.ends_at > now),
        )
    )
    for case_id, staff_id in rows:
        found[case_id].add(staff_id)
    return found
