"""The steps of proving who one is, each with its throttle: count the try, check it, settle it."""

from collections.abc import Callable

from sqlalchemy import select

from mhtr.accounts import passwords, sign_in_service, throttle_service
from mhtr.accounts.models import Staff
from mhtr.accounts.throttle_service import TooManyTries, Try
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing, writing


def check_password(username: str, password: str, *, address: str) -> int | None:
    """The staff id behind a name and password, or None.

    An unknown name, a wrong password, an account without a password and a disabled one each cost
    the same: one hash verified, two short transactions, one audit row.

    Raises:
        TooManyTries: nothing was checked.
    """
    with writing():
        made = throttle_service.start("password", username, address=address)
        staff = db.session.scalars(
            select(Staff).where(Staff.username == username.strip().lower())
        ).one_or_none()
        staff_id = staff.id if staff else None
        usable = staff is not None and staff.disabled_at is None
        stored = staff.password_hash if staff else ""
    if isinstance(made, TooManyTries):
        raise made
    right = passwords.verify(stored, password) and usable
    renewed = passwords.hash_password(password) if right and passwords.is_outdated(stored) else None
    with writing():
        if not right or staff_id is None:
            audit.record("accounts.sign_in_failed", by=None, staff=staff_id)
            return None
        throttle_service.take_back(made)
        if renewed:
            sign_in_service.renew_hash(staff_id, old=stored, new=renewed)
    return staff_id


def check_code(
    staff_id: int, code: str, *, address: str, check: Callable[[int, str], bool]
) -> bool:
    """Whether a code is right, by `use_code` or `use_recovery_code`. Inside a write transaction.

    Raises:
        TooManyTries: nothing was checked.
    """
    made = start_code(staff_id, address=address)
    if not check(staff_id, code):
        audit.record("accounts.code_failed", by=None, staff=staff_id)
        return False
    code_was_right(made, staff_id)
    return True


def start_code(staff_id: int, *, address: str) -> Try:
    """Count a try at a code of this account.

    Raises:
        TooManyTries: nothing may be checked now.
    """
    must_be_writing()
    made = throttle_service.start("code", str(staff_id), address=address)
    if isinstance(made, TooManyTries):
        raise made
    return made


def code_was_right(made: Try, staff_id: int) -> None:
    """He has proved himself: what failed before no longer counts against his account."""
    throttle_service.take_back(made)
    throttle_service.forget("code", str(staff_id))
    staff = db.session.get_one(Staff, staff_id)
    throttle_service.forget("password", staff.username)
