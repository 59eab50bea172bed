"""Signed-in browsers: begin, recognise, keep alive, end. The cookie's token is never stored."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from mhtr.accounts.models import BreakGlass, SignInSession, Staff
from mhtr.core import audit, clock, formats
from mhtr.core.access import CLINICAL_ROLES, Viewer, purposes_of
from mhtr.core.database import UtcDateTime, db
from mhtr.core.transaction import must_be_writing

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
TOUCH_AFTER = timedelta(seconds=60)
CLOCK_SLACK = timedelta(minutes=1)
"""How far the clock may be set back under a session. Beyond it the session ends: otherwise a
clock set back would give it that much more time."""


# One statement, and made once: every page begins with it.
_RECOGNISE = (
    select(SignInSession, Staff)
    .join(Staff, Staff.id == SignInSession.staff_id)
    .where(SignInSession.token_hash == bindparam("token_hash"))
    .options(joinedload(Staff.roles), joinedload(Staff.memberships))
)

# Made once as well: every page of a clinician asks it.
_EMERGENCY = (
    select(BreakGlass.until)
    .where(
        BreakGlass.staff_id == bindparam("staff"),
        BreakGlass.ended_at.is_(None),
        BreakGlass.until > bindparam("now", type_=UtcDateTime()),
    )
    .order_by(BreakGlass.until)
)


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Lapsed:
    """A session that is over: whose it was, and when it had begun."""

    staff_id: int
    since: datetime
    ran_out: bool
    """It only ran out. Otherwise it was ended, or the account was disabled."""


@dataclass(frozen=True)
class Recognised:
    """The outcome of looking at a session cookie."""

    viewer: Viewer | None
    lapsed: Lapsed | None = None
    """Whose session it was, where it is over (so that nothing he typed is lost)."""
    since: datetime | None = None
    """When a session that stands began."""
    seconds_left: int = 0
    needs_touch: bool = False


def begin(staff: Staff, *, browser: str = "") -> str:
    """Start a session after sign-in and return its token for the cookie."""
    must_be_writing()
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInSession(
            staff_id=staff.id,
            token_hash=token_hash(token),
            last_seen_at=clock.now(),
            stepped_up_at=clock.now(),
            browser=browser[:120],
        )
    )
    audit.record("accounts.signed_in", by=staff.id)
    return token


def recognise(token: str) -> Recognised:
    """Who is behind a cookie. A disabled or ended session is nobody at once."""
    found = db.session.execute(_RECOGNISE, {"token_hash": token_hash(token)}).unique().one_or_none()
    if found is None:
        return Recognised(None)
    row, staff = found
    if row.ended_at is not None or staff.disabled_at is not None:
        return Recognised(None, Lapsed(staff.id, row.created_at, ran_out=False))
    now = clock.now()
    ends = min(row.last_seen_at + IDLE, row.created_at + ABSOLUTE)
    if now >= ends or now < row.last_seen_at - CLOCK_SLACK:
        return Recognised(None, Lapsed(staff.id, row.created_at, ran_out=True))
    return Recognised(
        viewer_of(staff, row.id),
        since=row.created_at,
        seconds_left=int((min(now + IDLE, row.created_at + ABSOLUTE) - now).total_seconds()),
        needs_touch=now - row.last_seen_at >= TOUCH_AFTER,
    )


def viewer_of(staff: Staff, session_id: int = 0) -> Viewer:
    """The viewer a member of staff is, as of now."""
    roles = frozenset(role.role for role in staff.roles)
    return Viewer(
        staff_id=staff.id,
        staff_ref=staff.ref,
        name=staff.name,
        roles=roles,
        principal_id=staff.principal_id,
        group_principal_ids=staff.groups(),
        organisation_id=staff.organisation_id,
        organisation_kind=staff.organisation.kind.value,
        organisation_name=staff.organisation.name,
        job_title=staff.job_title,
        session_id=session_id,
        purposes=purposes_of(roles),
        break_glass=_emergency_words(staff.id) if roles & CLINICAL_ROLES else "",
    )


def _emergency_words(staff_id: int) -> str:
    """What the banner says while emergency access is open; empty while it is not."""
    ends = db.session.scalars(_EMERGENCY, {"staff": staff_id, "now": clock.now()}).first()
    if ends is None:
        return ""
    return f"It ends at {formats.clock_time(ends)}. The privacy officer reviews what you open."


def touch(session_id: int) -> None:
    """Note that he is still here; never revives what has ended."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(last_seen_at=clock.now())
    )


def proved_again(session_id: int, *, by: int) -> None:
    """Note that he has just entered a code again, for sensitive actions."""
    must_be_writing()
    db.session.get_one(SignInSession, session_id).stepped_up_at = clock.now()
    audit.record("accounts.stepped_up", by=by, session=session_id)


def proved_within(session_id: int, minutes: int) -> bool:
    """Whether he has entered a code in the last minutes."""
    row = db.session.get(SignInSession, session_id)
    if row is None or row.stepped_up_at is None:
        return False
    return -CLOCK_SLACK <= clock.now() - row.stepped_up_at < timedelta(minutes=minutes)


def end(session_id: int, *, by: int, because: str) -> None:
    """End one session."""
    must_be_writing()
    row = db.session.get_one(SignInSession, session_id)
    if row.ended_at is None:
        row.ended_at, row.ended_because = clock.now(), because
        audit.record("accounts.session_ended", by=by, session=session_id, because=because)


def end_all(staff_id: int, *, by: int | None, because: str, but: int = 0) -> int:
    """End every live session of a member of staff (except one) and return how many."""
    must_be_writing()
    moment: datetime = clock.now()
    rows = db.session.scalars(
        select(SignInSession).where(
            SignInSession.staff_id == staff_id,
            SignInSession.ended_at.is_(None),
            SignInSession.id != but,
        )
    ).all()
    for row in rows:
        row.ended_at, row.ended_because = moment, because
    if rows:
        audit.record("accounts.sessions_ended", by=by, staff=staff_id, because=because)
    return len(rows)


def own_sessions(staff_id: int) -> list[SignInSession]:
    """A member of staff's live sessions, newest first."""
    now = clock.now()
    return list(
        db.session.scalars(
            select(SignInSession)
            .where(
                SignInSession.staff_id == staff_id,
                SignInSession.ended_at.is_(None),
                SignInSession.last_seen_at > now - IDLE,
                SignInSession.created_at > now - ABSOLUTE,
            )
            .order_by(SignInSession.last_seen_at.desc())
        )
    )


def by_ref(staff_id: int, ref: uuid.UUID) -> SignInSession | None:
    """One of a member of staff's own sessions."""
    return db.session.scalars(
        select(SignInSession).where(SignInSession.staff_id == staff_id, SignInSession.ref == ref)
    ).one_or_none()
