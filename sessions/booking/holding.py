"""What every change of bookings has in common: locks, limits, and the times that are taken."""

import functools
from collections.abc import Callable, Collection, Iterable
from typing import ParamSpec, TypeVar

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import DBAPIError

from mhtr.cases import service as cases
from mhtr.cases.away_service import is_away
from mhtr.cases.models import Case, PersonLink
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock, formats
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.people.queries import record_ids
from sessions.availability.models import Clinician, Site
from sessions.booking.finding import was_free, why_not
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.models import BookingState, TakenTime, TreatmentSession
from sessions.booking.shapes import Diary, Place, Wanted
from sessions.booking.spacing import taken_by

TAKEN = "That time has just been taken."
NOT_UNDER_ORDER = "Only a man who is under an order with the requirement can be booked."
AWAY = "He is in hospital or custody. Book again when it is recorded that he can attend."
GONE = "This session is not booked any more: it was moved or cancelled."
BEGUN = "This session has begun or is over. Record what happened instead."
_AT_ONCE = frozenset({"23P01", "40001", "40P01"})
"""PostgreSQL: excluded by another row; could not be put in order; waited for each other."""

P = ParamSpec("P")
R = TypeVar("R")


class JustTaken(Refused):
    """Somebody else was quicker; nothing was saved, and other times may be offered."""


def races(change: Callable[P, R]) -> Callable[P, R]:
    """Turn the database's own refusal of a double booking into `JustTaken`."""

    @functools.wraps(change)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return change(*args, **kwargs)
        except DBAPIError as error:
            if was_race(error):
                raise JustTaken(TAKEN) from error
            raise

    return guarded


def was_race(error: DBAPIError) -> bool:
    """Whether the database refused because somebody else took the time first."""
    code = getattr(error.orig, "sqlstate", None)
    return code in _AT_ONCE or "double_booking" in str(error.orig)


def bookable(case_id: int, *, moving: bool = False) -> Case:
    """The case, locked, if sessions can be booked for it now.

    Args:
        moving: what is booked already goes elsewhere, which may be just because he is away.

    Raises:
        Refused: he is under no order with the requirement, or is in hospital or custody.
    """
    case = cases.lock(case_id)
    if case.state not in UNDER_ORDER or case.paused:
        raise Refused(NOT_UNDER_ORDER)
    if not moving and is_away(case_id):
        raise Refused(AWAY)
    _lock_links(case.person_id)
    return case


def _lock_links(person_id: int) -> None:
    """Whoever books the same man under his record at another trust waits until commit.

    His two records have a lane each, so that no constraint holds between them: what is booked
    under the other is read after this lock.
    """
    own = record_ids(person_id)
    query = select(PersonLink.id).where(
        PersonLink.undone_at.is_(None),
        or_(PersonLink.one_id.in_(own), PersonLink.two_id.in_(own)),
    )
    db.session.execute(query.order_by(PersonLink.id).with_for_update(of=PersonLink)).all()


def lock_sessions(versions: dict[int, int]) -> list[TreatmentSession]:
    """Sessions, locked, that are booked and have not begun, in order of time.

    Args:
        versions: by session, the version somebody saw; -1 where none was shown.

    Raises:
        Refused: one is not booked any more, or has begun.
        Stale: one was changed since it was seen.
    """
    rows = db.session.scalars(
        select(TreatmentSession)
        .where(TreatmentSession.id.in_(versions))
        .order_by(TreatmentSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        if row.state is not BookingState.BOOKED:
            raise Refused(GONE)
        if row.starts_at <= clock.now():
            raise Refused(BEGUN)
        if versions[row.id] not in (-1, row.version):
            raise Stale(row)
    return sorted(rows, key=lambda row: (row.starts_at, row.id))


def lock_resources(places: Iterable[Place]) -> None:
    """Lock clinicians and places, always in one order.

    The daily most of a clinician, and that people do not meet at a place, no constraint can
    hold: whoever books with the same clinician or at the same place waits here.
    """
    wanted = list(places)
    staff = {one.clinician_id for one in wanted}
    sites = {one.site_id for one in wanted if one.site_id is not None}
    for table, column, keys in (
        (Clinician, Clinician.staff_id, staff),
        (Site, Site.id, sites),
    ):
        query = select(column).where(column.in_(keys)).order_by(column)
        db.session.execute(query.with_for_update(of=table)).all()


def check(wanted: Wanted, diary: Diary, place: Place, *, named: bool = False) -> None:
    """Refuse a time that is not possible. That it is later than the most days is allowed.

    Args:
        named: one of several, so that each reason says which.

    Raises:
        JustTaken: nothing but another booking stands against it.
        Refused: with every reason.
    """
    reasons = why_not(wanted, diary, place)
    if named:
        said = formats.moment(place.span.starts_at)
        reasons = tuple(f"{said}: {reason}" for reason in reasons)
    if reasons and was_free(reasons):
        raise JustTaken(TAKEN, *reasons)
    if reasons:
        raise Refused(*reasons)


def hold(session: TreatmentSession, diary: Diary, place: Place) -> None:
    """Take the times of a session: of its clinician, its room and every man of the diary."""
    lanes = sorted(taken_by(diary, place).items())
    db.session.add_all(
        TakenTime(lane=lane, starts_at=span.starts_at, ends_at=span.ends_at, session_id=session.id)
        for lane, span in lanes
    )
    db.session.flush()


def hold_for(session: TreatmentSession, person_id: int) -> None:
    """Take the time of one man more."""
    db.session.add(
        TakenTime(
            lane=lane_of(Lane.MAN, person_id),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            session_id=session.id,
        )
    )
    db.session.flush()


def release(session_ids: Collection[int]) -> None:
    """Give back everything that these sessions had taken."""
    db.session.flush()
    db.session.execute(delete(TakenTime).where(TakenTime.session_id.in_(session_ids)))


def release_for(session_id: int, person_id: int) -> None:
    """Give back what a session had taken of one man's time."""
    db.session.flush()
    lane = lane_of(Lane.MAN, person_id)
    db.session.execute(
        delete(TakenTime).where(TakenTime.session_id == session_id, TakenTime.lane == lane)
    )
