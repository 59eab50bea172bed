"""Somebody whose password was right and whose code is still to come.

Held in the signed form cookie for ten minutes. It opens nothing but the page for the code. It is
bound to the password it was made with, so that a changed password voids it.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import session
from sqlalchemy import select

from mhtr.accounts.keyed import keyed
from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db

KEY = "half_way"
GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class HalfWay:
    """Who it is, as of this request, and where he wanted to go."""

    staff: Staff
    goes_to: str


def remember(staff: Staff, goes_to: str) -> None:
    """Note that the password was right. Whatever the form cookie held before is dropped."""
    session.clear()
    session[KEY] = {
        "who": str(staff.ref),
        "at": clock.now().isoformat(),
        "mark": _mark(staff),
        "goes_to": goes_to,
    }


def recall() -> HalfWay | None:
    """Who is half way, or None: never begun, too long ago, disabled, or the password changed."""
    held = session.get(KEY)
    if not isinstance(held, dict):
        return None
    age = clock.now() - datetime.fromisoformat(held["at"])
    staff = db.session.scalars(
        select(Staff).where(Staff.ref == uuid.UUID(held["who"]), Staff.disabled_at.is_(None))
    ).one_or_none()
    if staff is None or not timedelta(0) <= age < GOOD_FOR or held["mark"] != _mark(staff):
        return None
    return HalfWay(staff, str(held["goes_to"]))


def _mark(staff: Staff) -> str:
    return keyed("half_way", staff.password_hash)[:16]
