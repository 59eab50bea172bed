"""Policy values: the default until somebody sets another, from a date on, with who and why."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core import clock, policy
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.policy import PolicyValue, Value
from mhtr.core.transaction import writing
from tests.makers import make_staff


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Iterator[PolicyValue]:
    monkeypatch.setattr(policy, "_declared", {})
    yield policy.declare(
        PolicyValue("test.days", "Days", 5, "working days", "nowhere", minimum=0, maximum=30)
    )


def set_days(value: Value, *, in_days: int = 0, reason: str = "agreed") -> None:
    by = make_staff(Role.SYSTEM_ADMINISTRATOR).id
    with writing():
        policy.set_value(
            "test.days",
            value,
            valid_from=clock.today() + timedelta(days=in_days),
            reason=reason,
            by=by,
        )


def test_the_default_holds_until_a_value_is_set(either_app: Flask, days: PolicyValue) -> None:
    assert policy.values(days) == {"days": 5}
    set_days(7)
    assert policy.values(days) == {"days": 7}


def test_a_value_holds_from_its_day(either_app: Flask, days: PolicyValue) -> None:
    set_days(7, in_days=3)
    assert policy.values(days) == {"days": 5}
    assert policy.values(days, on=clock.today() + timedelta(days=3)) == {"days": 7}


@pytest.mark.parametrize(
    ("value", "in_days", "reason"),
    [("7", 0, "x"), (True, 0, "x"), (31, 0, "x"), (-1, 0, "x"), (7, -1, "x"), (7, 0, "  ")],
)
def test_wrong_values_are_refused(
    app: Flask, days: PolicyValue, value: Value, in_days: int, reason: str
) -> None:
    with pytest.raises(Refused):
        set_days(value, in_days=in_days, reason=reason)
    assert policy.values(days) == {"days": 5}


def test_setting_is_audited(app: Flask, days: PolicyValue) -> None:
    set_days(7)
    assert "policy.set" in db.session.scalars(select(AuditEvent.action)).all()


def test_declaring_twice_is_refused(days: PolicyValue) -> None:
    with pytest.raises(ValueError, match="twice"):
        policy.declare(days)
