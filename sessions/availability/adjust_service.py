"""Adjustments agreed with a man: the only writer of them. Each becomes his need where needs are.

The need itself stands with when, where and how he can come (`man_service`), so that whoever books
or plans reads one thing; here stands who agreed it, why by category, and until when.
"""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.transaction import must_be_writing
from sessions.availability import man_service
from sessions.availability.adjust_kinds import (
    CANNOT,
    Adjusts,
    Agreed,
    How,
    how_of,
    is_over,
    put_back,
    without,
)
from sessions.availability.breaking import WouldBreak
from sessions.availability.kinds import CannotReason
from sessions.availability.limits_queries import how_he_can_come, modes_of
from sessions.availability.man_service import HowSaid, TimeSaid
from sessions.availability.models import (
    AgreedAdjustment,
    HowHeCanCome,
    PlaceBarred,
    Site,
    TimeHeCannot,
)
from sessions.availability.words import day_of_week, times
from sessions.therapies import Gender

RECORDERS = (*sorted(CLINICAL_ROLES), Role.ADMINISTRATOR)
SERVICE_ONLY = "Only the service records what was agreed."
ENDED = "It has ended already."
SAME = "He is seen in this way already"
NOT_YET = "How and where he is seen changes at once: it begins today"
PASSED = "This day has passed"


def agree_time(
    *,
    case_id: int,
    agreed: Agreed,
    said: TimeSaid,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> AgreedAdjustment:
    """Agree that he is not seen at some times.

    Raises:
        CannotBe: the days cannot be.
        Refused: `by` may not record it, or as `man_service.add_time`.
        WouldBreak: sessions are booked with him then.
    """
    _begin(case_id, by)
    _check_days(agreed)
    made = man_service.add_time(case_id=case_id, said=said, by=by, accepted=accepted)
    when = f"{day_of_week(said.weekday)}, {times(said.starts, said.ends)}"
    return _keep(case_id, Adjusts.TIME, agreed, f"Not seen: {when}", {"times": made}, by)


def agree_place(
    *,
    case_id: int,
    agreed: Agreed,
    site_id: int,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> AgreedAdjustment:
    """Agree that he is not seen at a place, from today on.

    Raises:
        CannotBe, Refused, WouldBreak: as `agree_time`.
    """
    _begin(case_id, by)
    _check_days(agreed, at_once=True)
    bar = man_service.bar_place(
        case_id=case_id, site_id=site_id, by=by, accepted=accepted, agreed=True
    )
    name = db.session.get_one(Site, site_id).name
    return _keep(case_id, Adjusts.PLACE, agreed, f"Not seen at {name}", {"bar": bar}, by)


def agree_how(
    *,
    case_id: int,
    agreed: Agreed,
    how: How,
    seen: int,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> AgreedAdjustment:
    """Agree how he is seen, from today on.

    Args:
        seen: the version of how he can come that was read; 0 where nothing was said yet.

    Raises:
        CannotBe, Refused, WouldBreak: as `agree_time`.
        Stale: somebody changed how he can come meanwhile, perhaps to what he needs.
    """
    _begin(case_id, by)
    held = how_he_can_come(case_id)
    if (held.version if held else 0) != seen:
        raise Stale(held)
    _check_days(agreed, at_once=True)
    before = how_now(case_id)
    if how == before:
        raise CannotBe(("modes", SAME))
    _see(case_id, how, by, accepted)
    made = {"before": before.stored(), "after": how.stored()}
    return _keep(case_id, Adjusts.HOW, agreed, how.words(), made, by)


def end(*, case_id: int, ref: uuid.UUID, by: int, accepted: Collection[uuid.UUID] = ()) -> None:
    """Take an adjustment back: the need goes with it, and it stays in the history.

    Raises:
        NotFound: no such adjustment of his.
        Refused: `by` may not, or it has ended already.
        WouldBreak: booked sessions rest on it.
    """
    _begin(case_id, by)
    query = select(AgreedAdjustment).where(
        AgreedAdjustment.ref == ref, AgreedAdjustment.case_id == case_id
    )
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        raise Refused(ENDED)
    _end(row, by, accepted)


def end_over(now: datetime) -> int:
    """End every adjustment whose last day has passed; returns how many.

    Sessions that do not fit any more are found where such sessions always are. A second run
    changes nothing.
    """
    must_be_writing()
    today = now.astimezone(clock.LONDON).date()
    query = select(AgreedAdjustment).where(
        AgreedAdjustment.ended_at.is_(None), AgreedAdjustment.last_day < today
    )
    rows = db.session.scalars(query.order_by(AgreedAdjustment.case_id, AgreedAdjustment.id)).all()
    done = 0
    for row in rows:
        cases.lock(row.case_id)
        db.session.refresh(row)
        if row.ended_at is not None:
            continue  # somebody took it back meanwhile
        try:
            _end(row, row.by_id, ())
        except WouldBreak as found:
            _end(row, row.by_id, [one.ref for one in found.broken])
        done += 1
    return done


def how_now(case_id: int) -> How:
    """How he can be seen today."""
    row = how_he_can_come(case_id)
    return How(modes_of(row), row.step_free if row else False)


def _end(row: AgreedAdjustment, by: int, accepted: Collection[uuid.UUID]) -> None:
    if row.kind is Adjusts.TIME:
        for time_id in row.made["times"]:
            if db.session.get_one(TimeHeCannot, time_id).ended_at is None:
                man_service.end_time(case_id=row.case_id, time_id=time_id, by=by)
    elif row.kind is Adjusts.PLACE:
        bar = db.session.get_one(PlaceBarred, row.made["bar"])
        man_service.lift_agreed(case_id=row.case_id, bar_id=bar.id, by=by)
    else:
        now, back = how_now(row.case_id), _seen_again(row)
        if back != now:
            _see(row.case_id, back, by, accepted)
    if row.ended_at is not None:
        return  # it ended with the last of what it had made
    row.ended_at, row.ended_by = clock.now(), by
    audit.record("limits.adjustment_ended", by=by, case_id=row.case_id, adjustment=row.id)


def _seen_again(row: AgreedAdjustment) -> How:
    """How he is seen once an agreement on it has ended.

    Where a later one runs, that one says so. Else what was before this one, and not because of
    another that has ended since.
    """
    query = select(AgreedAdjustment).where(
        AgreedAdjustment.case_id == row.case_id,
        AgreedAdjustment.kind == Adjusts.HOW,
        AgreedAdjustment.id != row.id,
    )
    others = db.session.scalars(query.order_by(AgreedAdjustment.id.desc())).all()
    now = how_now(row.case_id)
    if any(one.id > row.id and one.ended_at is None for one in others):
        return now
    ended = [
        (how_of(one.made["before"]), how_of(one.made["after"]))
        for one in others
        if one.id < row.id and one.ended_at is not None and one.ended_at >= row.created_at
    ]
    return put_back(now, without(how_of(row.made["before"]), ended), how_of(row.made["after"]))


def _see(case_id: int, how: How, by: int, accepted: Collection[uuid.UUID]) -> None:
    row: HowHeCanCome | None = how_he_can_come(case_id)
    man_service.say_how(
        case_id=case_id,
        said=HowSaid(
            modes=how.modes,
            therapist_gender=row.therapist_gender if row else Gender.NOT_SAID,
            step_free=how.step_free,
            travel=row.travel if row else "",
        ),
        version=row.version if row else 0,
        by=by,
        accepted=accepted,
    )


def _begin(case_id: int, by: int) -> None:
    must_be_writing()
    cases.lock(case_id)
    if not {*RECORDERS} & {row.role for row in db.session.get_one(Staff, by).roles}:
        raise Refused(SERVICE_ONLY)


def _check_days(agreed: Agreed, *, at_once: bool = False) -> None:
    today = clock.today()
    if at_once and agreed.first_day != today:
        raise CannotBe(("first", NOT_YET))
    if is_over(agreed.last_day, today):
        raise CannotBe(("last", PASSED))


def _keep(
    case_id: int, kind: Adjusts, agreed: Agreed, what: str, made: dict[str, Any], by: int
) -> AgreedAdjustment:
    row = AgreedAdjustment(
        case_id=case_id,
        kind=kind,
        why=agreed.why,
        agreed_by=agreed.by,
        first_day=agreed.first_day,
        last_day=agreed.last_day,
        what=what[:300],
        made=made,
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("limits.adjustment_agreed", by=by, case_id=case_id, adjustment=row.id)
    return row


def cannot_reason(agreed: Agreed) -> CannotReason:
    """The reason as scheduling calls it."""
    return CANNOT.get(agreed.why, CannotReason.OTHER)
