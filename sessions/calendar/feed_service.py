"""Secret addresses of calendar feeds: made, recognised, revoked. Only a hash is kept."""

import hashlib
import secrets
import uuid

from sqlalchemy import Select, select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from sessions.booking.models import CalendarFeed

NOT_UNDER_ORDER = "He is under no order, so there are no sessions for a calendar to show."


def make_for_staff(*, staff_id: int, by: int) -> str:
    """Make a clinician's own secret address; the one before stops at once.

    Returns:
        The secret, shown once.
    """
    must_be_writing()
    # The row is locked, so that of two made at once only one lives.
    db.session.scalars(select(Staff.id).where(Staff.id == staff_id).with_for_update()).one()
    _revoke(select(CalendarFeed).where(CalendarFeed.staff_id == staff_id), by=by)
    secret, feed = _new(by)
    feed.staff_id = staff_id
    _keep(feed)
    audit.record("calendar.feed_made", by=by, feed=feed.id, staff=staff_id)
    return secret


def make_for_man(*, case_id: int, by: int) -> str:
    """Make a man's secret address, to be given to him; the one before stops at once.

    Raises:
        Refused: he is under no order.
    """
    must_be_writing()
    case = cases.lock(case_id)
    if case.state not in UNDER_ORDER:
        raise Refused(NOT_UNDER_ORDER)
    _revoke(select(CalendarFeed).where(CalendarFeed.case_id == case.id), by=by)
    secret, feed = _new(by)
    feed.case_id = case.id
    _keep(feed)
    audit.record("calendar.feed_made", by=by, case_id=case.id, feed=feed.id)
    return secret


def revoke(
    *, ref: uuid.UUID, by: int, staff_id: int | None = None, case_id: int | None = None
) -> None:
    """End an address at once. Calendars that follow it are told that there is none.

    Raises:
        NotFound: no such address of this clinician or case.
    """
    must_be_writing()
    query = select(CalendarFeed).where(
        CalendarFeed.ref == ref,
        CalendarFeed.staff_id == staff_id if staff_id else CalendarFeed.case_id == case_id,
    )
    if db.session.scalars(query).one_or_none() is None:
        raise NotFound
    _revoke(query, by=by)


def live_feed(*, staff_id: int | None = None, case_id: int | None = None) -> CalendarFeed | None:
    """The address that is in use for a clinician or a case, if any."""
    whose = CalendarFeed.staff_id == staff_id if staff_id else CalendarFeed.case_id == case_id
    return db.session.scalars(
        select(CalendarFeed).where(whose, CalendarFeed.revoked_at.is_(None))
    ).one_or_none()


def recognise(secret: str) -> CalendarFeed | None:
    """The feed behind a secret; none for one that is unknown or revoked, or whose clinician is
    out, or whose man is under no order any more."""
    feed = db.session.scalars(
        select(CalendarFeed).where(
            CalendarFeed.token_hash == _hashed(secret), CalendarFeed.revoked_at.is_(None)
        )
    ).one_or_none()
    if feed is None:
        return None
    if feed.staff_id is not None:
        return feed if db.session.get_one(Staff, feed.staff_id).disabled_at is None else None
    case = db.session.get_one(Case, feed.case_id)
    return feed if case.state in UNDER_ORDER else None


def _new(by: int) -> tuple[str, CalendarFeed]:
    secret = secrets.token_urlsafe(32)
    return secret, CalendarFeed(token_hash=_hashed(secret), made_by=by)


def _keep(feed: CalendarFeed) -> None:
    db.session.add(feed)
    db.session.flush()


def _revoke(query: Select[CalendarFeed], *, by: int) -> None:
    for feed in db.session.scalars(query.where(CalendarFeed.revoked_at.is_(None))):
        feed.revoked_at, feed.revoked_by = clock.now(), by
        audit.record("calendar.feed_revoked", by=by, case_id=feed.case_id, feed=feed.id)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
