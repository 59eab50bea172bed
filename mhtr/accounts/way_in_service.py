"""The only writer of links to set a password, and the one who forgets a lost authenticator.

Either alone lets nobody else in. Both together make their maker the holder, so for one account
they take two people.
"""

from datetime import timedelta
from secrets import token_urlsafe

from sqlalchemy import delete, select, update

from mhtr.accounts import policy, sessions
from mhtr.accounts.authority import lock, must_manage
from mhtr.accounts.listeners import Happened, tell_what_happened
from mhtr.accounts.models import AuthenticatorReset, Invitation, RecoveryCode, Staff
from mhtr.accounts.rules import WayIn, did_the_other_step
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.policy import values

RESET_BEFORE = (
    "You reset the authenticator of this account. Whoever does both could sign in as its holder, "
    "so somebody else must make the link."
)
LINK_BEFORE = (
    "You made a link for this account. Whoever does both could sign in as its holder, "
    "so somebody else must reset the authenticator."
)


def invite(staff_id: int, *, by: int | None) -> str:
    """Make the one-time link's token with which somebody sets a first or a new password.

    Earlier links stop working and his sessions end. The link never replaces his authenticator:
    whoever has one still needs its code to sign in.

    Raises:
        Refused: he is disabled, it is one's own account, or one reset its authenticator oneself.
    """
    must_manage(by, of=staff_id)
    staff = lock(staff_id)
    if staff.disabled_at is not None:
        raise Refused("This account is disabled. Enable it first.")
    _must_be_somebody_else(by, _resets(staff), RESET_BEFORE)
    void_invitations(staff.id)
    token = token_urlsafe(32)
    days = int(values(policy.INVITATION_DAYS)["invitation_days"])
    db.session.add(
        Invitation(
            staff_id=staff.id,
            token_hash=sessions.token_hash(token),
            made_by=by,
            expires_at=clock.now() + timedelta(days=days),
        )
    )
    audit.record("accounts.invited", by=by, staff=staff.id)
    sessions.end_all(staff.id, by=by, because="invited")
    tell_what_happened(Happened.LINK, staff, (), by)
    return token


def reset_totp(staff_id: int, *, by: int | None) -> None:
    """Forget a lost authenticator and its recovery codes; a new one is set up at next sign-in.

    Raises:
        Refused: it is one's own account, or one made a link for it oneself.
    """
    must_manage(by, of=staff_id)
    staff = lock(staff_id)
    _must_be_somebody_else(by, _links(staff_id), LINK_BEFORE)
    staff.totp_secret = staff.totp_next_secret = staff.totp_confirmed_at = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    db.session.add(AuthenticatorReset(staff_id=staff.id, reset_by=by))
    audit.record("accounts.totp_reset", by=by, staff=staff.id)
    sessions.end_all(staff.id, by=by, because="totp_reset")
    tell_what_happened(Happened.RESET, staff, (), by)


def void_invitations(staff_id: int) -> None:
    """Links he was sent stop working."""
    db.session.execute(
        update(Invitation)
        .where(Invitation.staff_id == staff_id, Invitation.used_at.is_(None))
        .values(used_at=clock.now())
    )


def _must_be_somebody_else(by: int | None, other_steps: list[WayIn], words: str) -> None:
    days = int(values(policy.TWO_STEPS_DAYS)["two_steps_days"])
    if did_the_other_step(by, other_steps, now=clock.now(), days=days):
        raise Refused(words)


def _resets(staff: Staff) -> list[WayIn]:
    rows = db.session.scalars(
        select(AuthenticatorReset).where(AuthenticatorReset.staff_id == staff.id)
    )
    return [WayIn(row.reset_by, row.created_at, open=staff.totp_secret is None) for row in rows]


def _links(staff_id: int) -> list[WayIn]:
    now = clock.now()
    rows = db.session.scalars(select(Invitation).where(Invitation.staff_id == staff_id))
    return [WayIn(row.made_by, row.used_at or min(row.expires_at, now)) for row in rows]
