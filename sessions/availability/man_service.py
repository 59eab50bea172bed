"""The only writer of when, where and how a man can come. Ended, never deleted."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from sessions.availability.adjust_kinds import Adjusts
from sessions.availability.breaking import Touched, weighed
from sessions.availability.kinds import CannotReason
from sessions.availability.limits_queries import how_he_can_come
from sessions.availability.models import (
    AgreedAdjustment,
    HowHeCanCome,
    PlaceBarred,
    Site,
    TimeHeCannot,
)
from sessions.availability.week_rules import TOO_FAR, over_midnight, too_far
from sessions.therapies import Gender, SessionMode

CLINICIANS_LIFT = "Only a clinician says that he may go there again."
OVER = "This has been taken back already."


@dataclass(frozen=True)
class TimeSaid:
    """A time he cannot come: on a day of the week (0 Monday), or every day of the range (None).

    `ends` is not later than `starts` where it lasts into the next day, as a curfew does.
    """

    weekday: int | None
    first_day: date
    last_day: date | None
    starts: time
    ends: time
    reason: CannotReason


@dataclass(frozen=True)
class HowSaid:
    """How he can be seen, and by whom."""

    modes: frozenset[SessionMode]
    therapist_gender: Gender = Gender.NOT_SAID
    step_free: bool = False
    travel: str = ""


def add_time(
    *, case_id: int, said: TimeSaid, by: int, accepted: Collection[uuid.UUID] = ()
) -> list[int]:
    """Record a time at which he cannot come; one over midnight is kept as two. Returns their keys.

    Raises:
        Refused: the days or times do not fit, or it is recorded already.
        WouldBreak: sessions are booked with him then.
    """
    cases.lock(case_id)
    if said.last_day is not None and said.last_day < said.first_day:
        raise Refused("The last day must not lie before the first.")
    if said.last_day is not None and said.last_day < clock.today():
        raise Refused("These days have passed.")
    if too_far(clock.today(), said.first_day, said.last_day):
        raise Refused(TOO_FAR)
    if said.starts == said.ends:
        raise Refused("It must not end at the time at which it starts.")
    made: list[int] = []
    parts = over_midnight(said.weekday, said.first_day, said.last_day, said.starts, said.ends)
    with weighed(_touched(case_id), accepted):
        for weekday, first, last, starts, ends in parts:
            row = TimeHeCannot(
                case_id=case_id,
                weekday=weekday,
                first_day=first,
                last_day=last,
                starts=starts,
                ends=ends,
                reason=said.reason,
                made_by=by,
            )
            _check_new(row)
            db.session.add(row)
            db.session.flush()
            made.append(row.id)
            audit.record("limits.time_added", by=by, case_id=case_id, time=row.id)
    return made


def end_time(*, case_id: int, time_id: int, by: int) -> None:
    """He can come then after all. It stays in the history.

    Raises:
        NotFound: no such time of his.
        Refused: it has been taken back already.
    """
    cases.lock(case_id)
    row = db.session.get(TimeHeCannot, time_id)
    if row is None or row.case_id != case_id:
        raise NotFound
    if row.ended_at is not None:
        raise Refused(OVER)
    row.ended_at, row.ended_by = clock.now(), by
    audit.record("limits.time_ended", by=by, case_id=case_id, time=row.id)
    _agreed_no_more(case_id, by)


def bar_place(
    *,
    case_id: int,
    site_id: int,
    reason: str = "",
    by: int,
    accepted: Collection[uuid.UUID] = (),
    agreed: bool = False,
    passed_on: bool = False,
) -> int:
    """Record that he may not go to a place; returns its key.

    The reason is a clinician's to write and to read.

    Args:
        agreed: it holds as long as an agreement with him, and is lifted with that. It stands in
            the way of no other, which goes on once the agreement has ended.
        passed_on: the reason is what somebody outside told, and goes with it whoever records it.

    Raises:
        Refused: no place of the writer's trust, recorded already, or a reason by no clinician.
        WouldBreak: sessions are booked with him there.
    """
    cases.lock(case_id)
    writer = db.session.get_one(Staff, by)
    site = db.session.get(Site, site_id)
    if site is None or site.organisation_id != writer.organisation_id:
        raise Refused("Select a place of the trust.")
    if reason.strip() and not passed_on and not _roles(writer) & CLINICAL_ROLES:
        raise Refused("Only a clinician writes down why.")
    if _bars(case_id, site_id) - (set() if agreed else _agreed_bars(case_id)):
        raise Refused("This is recorded already.")
    with weighed(_touched(case_id), accepted):
        row = PlaceBarred(
            case_id=case_id, site_id=site_id, reason=reason.strip() or None, made_by=by
        )
        db.session.add(row)
    audit.record("limits.place_barred", by=by, case_id=case_id, bar=row.id)
    return row.id


def _bars(case_id: int, site_id: int) -> set[int]:
    query = select(PlaceBarred.id).where(
        PlaceBarred.case_id == case_id,
        PlaceBarred.site_id == site_id,
        PlaceBarred.ended_at.is_(None),
    )
    return set(db.session.scalars(query))


def _agreed_bars(case_id: int) -> set[int]:
    query = select(AgreedAdjustment.made).where(
        AgreedAdjustment.case_id == case_id,
        AgreedAdjustment.kind == Adjusts.PLACE,
        AgreedAdjustment.ended_at.is_(None),
    )
    return {made["bar"] for made in db.session.scalars(query)}


def lift_agreed(*, case_id: int, bar_id: int, by: int) -> None:
    """An agreement not to see him at a place has ended: whoever records agreements may say so.

    A second time nothing is changed.

    Raises:
        NotFound: no such place of his.
    """
    cases.lock(case_id)
    row = db.session.get(PlaceBarred, bar_id)
    if row is None or row.case_id != case_id:
        raise NotFound
    if row.ended_at is None:
        row.ended_at, row.ended_by = clock.now(), by
        audit.record("limits.bar_lifted", by=by, case_id=case_id, bar=row.id)


def lift_bar(*, case_id: int, bar_id: int, by: int) -> None:
    """He may go there again: only a clinician, who can read why it was barred, says so.

    Raises:
        NotFound: no such place of his.
        Refused: not a clinician, or it has been lifted already.
    """
    cases.lock(case_id)
    row = db.session.get(PlaceBarred, bar_id)
    if row is None or row.case_id != case_id:
        raise NotFound
    if not _roles(db.session.get_one(Staff, by)) & CLINICAL_ROLES:
        raise Refused(CLINICIANS_LIFT)
    if row.ended_at is not None:
        raise Refused(OVER)
    row.ended_at, row.ended_by = clock.now(), by
    audit.record("limits.bar_lifted", by=by, case_id=case_id, bar=row.id)
    _agreed_no_more(case_id, by)


def say_how(
    *,
    case_id: int,
    said: HowSaid,
    version: int,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> None:
    """Record how he can be seen, and by whom.

    Args:
        version: of what was read; 0 where nothing was said yet.

    Raises:
        Refused: no way is left to see him.
        Stale: somebody changed it meanwhile.
        WouldBreak: booked sessions do not fit it.
    """
    cases.lock(case_id)
    if not said.modes:
        raise Refused("Select at least one way to see him.")
    row = how_he_can_come(case_id)
    if (row.version if row else 0) != version:
        raise Stale(row)
    with weighed(_touched(case_id), accepted):
        if row is None:
            row = HowHeCanCome(case_id=case_id, version=0)
            db.session.add(row)
        row.in_person = SessionMode.IN_PERSON in said.modes
        row.telephone = SessionMode.TELEPHONE in said.modes
        row.video = SessionMode.VIDEO in said.modes
        row.therapist_gender, row.step_free = said.therapist_gender, said.step_free
        row.travel, row.by_id = said.travel.strip(), by
        row.version += 1
    audit.record("limits.how_said", by=by, case_id=case_id)


def _agreed_no_more(case_id: int, by: int) -> None:
    """An agreement of which nothing is left has ended with what it had made."""
    query = select(AgreedAdjustment).where(
        AgreedAdjustment.case_id == case_id,
        AgreedAdjustment.ended_at.is_(None),
        AgreedAdjustment.kind != Adjusts.HOW,
    )
    for agreed in db.session.scalars(query.order_by(AgreedAdjustment.id)):
        made: list[TimeHeCannot | PlaceBarred] = [
            db.session.get_one(TimeHeCannot, key) for key in agreed.made.get("times", ())
        ]
        if "bar" in agreed.made:
            made.append(db.session.get_one(PlaceBarred, agreed.made["bar"]))
        if all(row.ended_at is not None for row in made):
            agreed.ended_at, agreed.ended_by = clock.now(), by
            audit.record("limits.adjustment_ended", by=by, case_id=case_id, adjustment=agreed.id)


def _check_new(row: TimeHeCannot) -> None:
    same = select(TimeHeCannot.id).where(
        TimeHeCannot.case_id == row.case_id,
        TimeHeCannot.ended_at.is_(None),
        TimeHeCannot.weekday.is_not_distinct_from(row.weekday),
        TimeHeCannot.first_day == row.first_day,
        TimeHeCannot.last_day.is_not_distinct_from(row.last_day),
        TimeHeCannot.starts == row.starts,
        TimeHeCannot.ends == row.ends,
    )
    if db.session.scalar(same) is not None:
        raise Refused("This is recorded already.")


def _roles(staff: Staff) -> set[Role]:
    return {row.role for row in staff.roles}


def _touched(case_id: int) -> Touched:
    return Touched(case_ids=frozenset({case_id}))
