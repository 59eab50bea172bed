"""The only writer of sign-in attempts. A try is counted before it is checked.

So that tries made at the same moment all count, a try is noted first and taken back when it was
right. Names and addresses are stored as keyed hashes, and forgotten after the window.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from mhtr.accounts import policy
from mhtr.accounts.keyed import keyed
from mhtr.accounts.models import SignInAttempt
from mhtr.accounts.throttle import Limits, in_minutes, wait
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing

KEPT = timedelta(hours=1)
"""At least so long: searches for emergency access are counted here too, by the hour."""


@dataclass
class TooManyTries(Exception):
    """Nobody may try now, with this name or from this address. Nothing was checked."""

    minutes: int

    @property
    def text(self) -> str:
        """What the person is told."""
        unit = "minute" if self.minutes == 1 else "minutes"
        return f"There were too many tries. Wait {self.minutes} {unit}, then try again"


@dataclass(frozen=True)
class Try:
    """A try that was counted and not yet found right."""

    ids: tuple[int, ...]


def start(kind: str, who: str, *, address: str) -> Try | TooManyTries:
    """Count a try, or say how long to wait.

    Args:
        kind: `password` or `code`.
        who: the name as typed, whether such an account exists or not.
        address: the network address the request came from.
    """
    must_be_writing()
    now = clock.now()
    set_values = values(
        policy.THROTTLE_MINUTES,
        policy.TRIES_PER_ACCOUNT,
        policy.TRIES_PER_ADDRESS,
        policy.LONGEST_WAIT_MINUTES,
    )
    window = timedelta(minutes=int(set_values["throttle_minutes"]))
    kept = max(window, KEPT)
    longest = timedelta(minutes=int(set_values["longest_wait_minutes"]))
    account, place = keyed(kind, who.strip().lower()), keyed("address", address)
    _one_at_a_time(account, place)
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - kept))
    left = max(
        wait(_failures(key), now, Limits(int(set_values[free]), longest, window))
        for key, free in ((account, "tries_per_account"), (place, "tries_per_address"))
    )
    if left:
        return TooManyTries(in_minutes(left))
    rows = [SignInAttempt(key=key, at=now) for key in (account, place)]
    db.session.add_all(rows)
    db.session.flush()
    return Try(tuple(row.id for row in rows))


def take_back(made: Try) -> None:
    """The try was right: it does not count as a failure."""
    must_be_writing()
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(made.ids)))


def forget(kind: str, who: str) -> None:
    """He is in: earlier failures of this account no longer count. Those of the address do."""
    must_be_writing()
    key = keyed(kind, who.strip().lower())
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.key == key))


def _failures(key: str) -> list[datetime]:
    return list(db.session.scalars(select(SignInAttempt.at).where(SignInAttempt.key == key)))


def _one_at_a_time(*keys: str) -> None:
    """On PostgreSQL, let tries with the same key wait for each other (SQLite has one writer)."""
    if db.engine.dialect.name == "postgresql":
        for number in sorted(int(key[:15], 16) for key in keys):
            db.session.execute(select(func.pg_advisory_xact_lock(number)))
