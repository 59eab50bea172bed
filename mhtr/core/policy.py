"""Policy values: deadlines, thresholds and switches a service sets for itself.

Each feature declares its values with unit, default and source; an administrator changes them
with a date from which the change holds; rules are given frozen values. Legal limits are not
policy: they ship as dated data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core import audit, clock
from mhtr.core.database import Id, Model, db
from mhtr.core.errors import Refused
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import remembered

Value = bool | int | str


@dataclass(frozen=True)
class PolicyValue:
    """A setting's declaration."""

    key: str
    label: str
    default: Value
    unit: str
    source: str
    verified: bool = False
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 100_000
    fault: Callable[[Value], str] | None = None
    """What is wrong with a value, in words; empty where it may stand."""


class PolicySetting(Model):
    """A value set by an administrator, from a date on. Never changed, only followed by another."""

    __tablename__ = "policy_settings"
    __table_args__ = (Index("ix_policy_settings_key_valid_from", "key", "valid_from"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)
    valid_from: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    set_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime]


_declared: dict[str, PolicyValue] = {}


def declare(value: PolicyValue) -> PolicyValue:
    """Make a value known. Called once per value when its feature's `policy` is imported.

    Raises:
        ValueError: the key is declared twice.
    """
    if value.key in _declared:
        raise ValueError(f"policy value {value.key} is declared twice")
    _declared[value.key] = value
    return value


def declared() -> tuple[PolicyValue, ...]:
    """Every declared value, by key."""
    return tuple(_declared[key] for key in sorted(_declared))


def label_of(key: str) -> str:
    """What a setting is called; empty where none of this key is declared."""
    return _declared[key].label if key in _declared else ""


def values(*wanted: PolicyValue, on: date | None = None) -> dict[str, Value]:
    """The values in force on a date (today unless given), by the last part of their key."""
    held = in_force(*wanted, on=on)
    return {value.key.rpartition(".")[2]: held[value.key] for value in wanted}


def in_force(*wanted: PolicyValue, on: date | None = None) -> dict[str, Value]:
    """The values in force on a date (today unless given), by their whole key."""
    day = on or clock.today()
    latest = remembered(("in force", day), PolicySetting, lambda: _latest(day))
    return {value.key: latest.get(value.key, value.default) for value in wanted}


def history(*wanted: PolicyValue) -> tuple[tuple[date, dict[str, Value]], ...]:
    """The values by the day from which they held, up to today; the first ones since ever."""
    today, held = clock.today(), {value.key: value.default for value in wanted}
    found = [(date.min, dict(held))]
    for key, value, since in _settings():
        if key not in held or since > today:
            continue
        held[key] = value
        if found[-1][0] == since:
            found.pop()
        found.append((since, dict(held)))
    return tuple(found)


_SETTINGS = Prepared(
    select(PolicySetting.key, PolicySetting.value, PolicySetting.valid_from).order_by(
        PolicySetting.valid_from, PolicySetting.id
    )
)


def _latest(day: date) -> dict[str, Value]:
    return {key: value for key, value, since in _settings() if since <= day}


def _settings() -> Sequence[tuple[str, Value, date]]:
    """Every setting ever made, the one that counts last: there are few, and one step asks often."""
    return remembered("all", PolicySetting, lambda: _SETTINGS.all({}))


def check(declaration: PolicyValue, value: Value) -> None:
    """Refuse a value of the wrong kind or out of range.

    Raises:
        Refused: with the reason in words.
    """
    if type(value) is not type(declaration.default):
        raise Refused(f"{declaration.label} needs {declaration.unit}.")
    if declaration.choices and value not in declaration.choices:
        raise Refused(f"{declaration.label} must be one of: {', '.join(declaration.choices)}.")
    if declaration.fault is not None and (wrong := declaration.fault(value)):
        raise Refused(wrong)
    if type(value) is int and not declaration.minimum <= value <= declaration.maximum:
        raise Refused(
            f"{declaration.label} must be between {declaration.minimum} and {declaration.maximum}."
        )


def set_value(key: str, value: Value, *, valid_from: date, reason: str, by: int) -> None:
    """Set a value from a date on.

    Raises:
        Refused: unknown key, wrong value, no reason, or a date in the past.
    """
    declaration = _declared.get(key)
    if declaration is None:
        raise Refused("There is no such setting.")
    check(declaration, value)
    if valid_from < clock.today():
        raise Refused("A setting cannot change in the past.")
    if not reason.strip():
        raise Refused("Say why the setting changes.")
    db.session.add(
        PolicySetting(
            key=key,
            value=value,
            valid_from=valid_from,
            reason=reason.strip(),
            set_by=by,
            set_at=clock.now(),
        )
    )
    audit.record("policy.set", by=by, key=key, valid_from=valid_from.isoformat())
