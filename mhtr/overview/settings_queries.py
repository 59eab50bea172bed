"""Reading the settings: every declared value, what holds now, what will, and what held."""

import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock, policy
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.policy import PolicySetting, PolicyValue, Value
from outcome_measures.signing.offered import what_waits

PACKAGES = ("mhtr", "sessions", "outcome_measures")


@dataclass(frozen=True)
class Change:
    """A value that somebody set."""

    value: str
    valid_from: date
    reason: str
    by: str
    at: datetime
    future: bool


@dataclass(frozen=True)
class Setting:
    """A declared value with what holds."""

    declaration: PolicyValue
    now: str
    default: str
    changes: tuple[Change, ...]
    waits: str
    """What has to happen before it has an effect; empty where it has one."""

    @property
    def group(self) -> str:
        """The feature it belongs to."""
        return self.declaration.key.partition(".")[0].replace("_", " ").capitalize()

    @property
    def coming(self) -> tuple[Change, ...]:
        """Values that do not hold yet, the next first."""
        return tuple(sorted((c for c in self.changes if c.future), key=lambda c: c.valid_from))


@cache
def load_declarations() -> None:
    """Import every feature's `policy`, so that each value is known."""
    for name in PACKAGES:
        package = import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if found.name.endswith(".policy"):
                import_module(found.name)


def every() -> list[Setting]:
    """Every setting, by key."""
    load_declarations()
    return _settings(policy.declared())


def find(key: str) -> Setting:
    """One setting with its history, newest first.

    Raises:
        NotFound: there is no such setting.
    """
    load_declarations()
    for declaration in policy.declared():
        if declaration.key == key:
            return _settings((declaration,))[0]
    raise NotFound


def words(value: Value) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value:,}" if isinstance(value, int) else str(value).replace("_", " ") or "–"


def _settings(declarations: Iterable[PolicyValue]) -> list[Setting]:
    """What holds and what was set of each, all read together."""
    wanted, today = tuple(declarations), clock.today()
    rows = db.session.execute(
        select(PolicySetting, Staff.name)
        .join(Staff, Staff.id == PolicySetting.set_by)
        .where(PolicySetting.key.in_([declaration.key for declaration in wanted]))
        .order_by(PolicySetting.id.desc())
    )
    changes: dict[str, list[Change]] = {}
    for row, name in rows:
        future = row.valid_from > today
        changes.setdefault(row.key, []).append(
            Change(words(row.value), row.valid_from, row.reason, name, row.set_at, future)
        )
    now, waiting = policy.in_force(*wanted), what_waits()
    return [
        Setting(
            declaration,
            words(now[declaration.key]),
            words(declaration.default),
            tuple(changes.get(declaration.key, ())),
            waiting.get(declaration.key, ""),
        )
        for declaration in wanted
    ]
