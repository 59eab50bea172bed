"""The only writer of passwords, authenticators and recovery codes, and of signing in with them.

Passwords come here as hashes: hashing takes long, and nothing here may hold the lock for long.
"""

from sqlalchemy import delete, func, select, update

from mhtr.accounts import recovery_codes, sessions, totp
from mhtr.accounts.authority import lock
from mhtr.accounts.models import Invitation, RecoveryCode, Staff
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing

GONE = "This link no longer works. Ask your administrator for a new one."


def live_invitation(token: str) -> Staff | None:
    """Whom a link invites, while it is good. Reading it does not use it up."""
    return db.session.scalars(
        select(Staff)
        .join(Invitation, Invitation.staff_id == Staff.id)
        .where(
            Invitation.token_hash == sessions.token_hash(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
            Staff.disabled_at.is_(None),
        )
    ).one_or_none()


def accept_invitation(token: str, password_hash: str) -> Staff:
    """Use a link up and set the password. It signs nobody in.

    Raises:
        Refused: the link was used, has run out or was replaced, or the account is disabled.
    """
    must_be_writing()
    staff = live_invitation(token)
    if staff is None:
        raise Refused(GONE)
    staff = lock(staff.id)
    used = db.session.scalars(
        update(Invitation)
        .where(
            Invitation.token_hash == sessions.token_hash(token),
            Invitation.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(Invitation.id)
    ).all()
    if not used:
        raise Refused(GONE)
    _set_password(staff, password_hash)
    audit.record("accounts.invitation_used", by=staff.id, invitation=used[0])
    sessions.end_all(staff.id, by=staff.id, because="password_changed")
    return staff


def change_password(staff_id: int, password_hash: str, *, session_id: int) -> None:
    """Set one's own new password; every other session of his ends."""
    staff = lock(staff_id)
    _set_password(staff, password_hash)
    audit.record("accounts.password_changed", by=staff.id)
    sessions.end_all(staff.id, by=staff.id, because="password_changed", but=session_id)


def renew_hash(staff_id: int, *, old: str, new: str) -> None:
    """Store the same password hashed at today's costs, unless it was changed meanwhile."""
    staff = lock(staff_id)
    if staff.password_hash == old:
        staff.password_hash = new


def begin_enrolment(staff_id: int) -> None:
    """Make the secret of an authenticator to be set up. The present one stays good until then."""
    staff = lock(staff_id)
    staff.totp_next_secret = totp.new_secret()


def finish_enrolment(staff_id: int, code: str) -> list[str] | None:
    """Take the new authenticator into use if the code is from it.

    Returns:
        Ten new recovery codes, shown this once; None when the code is not right.
    """
    staff = lock(staff_id)
    if staff.totp_next_secret is None or staff.disabled_at is not None:
        return None
    step = totp.matching_step(staff.totp_next_secret, code, now=clock.now(), last_step=0)
    if step is None:
        return None
    staff.totp_secret, staff.totp_next_secret = staff.totp_next_secret, None
    staff.totp_confirmed_at, staff.totp_last_step = clock.now(), step
    audit.record("accounts.authenticator_set", by=staff.id)
    return new_recovery_codes(staff.id)


def new_recovery_codes(staff_id: int) -> list[str]:
    """Ten new recovery codes; earlier ones stop working. Only their hashes are stored."""
    staff = lock(staff_id)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    codes = recovery_codes.new_codes()
    db.session.add_all(
        RecoveryCode(staff_id=staff.id, code_hash=recovery_codes.code_hash(code)) for code in codes
    )
    audit.record("accounts.recovery_codes_made", by=staff.id)
    return codes


def codes_left(staff_id: int) -> int:
    """How many recovery codes are still good."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def use_code(staff_id: int, code: str) -> bool:
    """Whether this is the authenticator's code of now; it is used up by asking."""
    staff = lock(staff_id)
    if staff.totp_secret is None or staff.disabled_at is not None:
        return False
    step = totp.matching_step(
        staff.totp_secret, code, now=clock.now(), last_step=staff.totp_last_step
    )
    if step is None:
        return False
    staff.totp_last_step = step
    return True


def use_recovery_code(staff_id: int, code: str) -> bool:
    """Whether this is a good recovery code; it is used up by asking."""
    staff = lock(staff_id)
    if staff.totp_secret is None or staff.disabled_at is not None:
        return False
    used = db.session.scalars(
        update(RecoveryCode)
        .where(
            RecoveryCode.staff_id == staff.id,
            RecoveryCode.code_hash == recovery_codes.code_hash(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    ).all()
    if used:
        audit.record("accounts.recovery_code_used", by=staff.id, code=used[0])
    return bool(used)


def _set_password(staff: Staff, password_hash: str) -> None:
    staff.password_hash, staff.password_set_at = password_hash, clock.now()
    staff.version += 1
