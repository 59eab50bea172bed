"""Short ways to write the dated facts of a scenario down."""

from datetime import date, time
from typing import Any

from mhtr.compliance.attendance import Happened
from mhtr.compliance.standing import facts as f
from mhtr.orders.terms import OrderKind

CO = f.Order(OrderKind.COMMUNITY, date(2026, 4, 1))
SSO = f.Order(OrderKind.SUSPENDED, date(2026, 4, 1))


def day(text: str) -> date:
    """A day as `2026-06-01`."""
    return date.fromisoformat(text)


def terms(
    order: f.Order,
    *,
    on: str = "2026-04-01",
    first: str = "2026-04-01",
    last: str = "2027-03-31",
    end: str = "2028-03-31",
) -> f.TermsHeld:
    """Treatment for a year. The operational period of a suspended sentence runs a year longer."""
    later = day(end).replace(year=day(end).year + 1)
    operational = later if order.kind is OrderKind.SUSPENDED else None
    return f.TermsHeld(
        on=day(on),
        periods=((day(first), day(last)),),
        last_day=day(end),
        operational_last_day=operational,
    )


def session(key: str, on: str, happened: Happened | None, **more: Any) -> f.Session:
    required = more.pop("required", True)
    return f.Session(key=key, on=day(on), required=required, happened=happened, **more)


def miss(key: str, on: str, **more: Any) -> f.Session:
    """He did not come."""
    return session(key, on, Happened.DID_NOT_COME, **more)


def decided(key: str, on: str, opinion: f.Opinion, *, until: str = "", **more: Any) -> f.Decided:
    end = day(until) if until else None
    return f.Decided(session=key, on=day(on), opinion=opinion, until=end, **more)


def no(key: str, on: str, **more: Any) -> f.Decided:
    """Not accepted."""
    return decided(key, on, f.Opinion.NO_EXCUSE, **more)


def yes(key: str, on: str, **more: Any) -> f.Decided:
    """Accepted."""
    return decided(key, on, f.Opinion.EXCUSED, **more)


def failed(key: str, missed_on: str, decided_on: str) -> tuple[f.Session, f.Decided]:
    """Missed, and not accepted."""
    return miss(key, missed_on), no(key, decided_on)


def warn(key: str, on: str, *about: str, **more: Any) -> f.Warned:
    """A warning: about sessions, or with `requirement` about another one of the order."""
    for name in ("posted_on", "delivered_on"):
        if name in more:
            more[name] = day(more[name])
    return f.Warned(key=key, on=day(on), about=frozenset(about), **more)


def withdraw(key: str, on: str) -> f.WarningWithdrawn:
    return f.WarningWithdrawn(warning=key, on=day(on))


def refer(on: str, *about: str) -> f.Referred:
    return f.Referred(on=day(on), about=frozenset(about))


def laid(on: str, *about: str) -> f.InformationLaid:
    return f.InformationLaid(on=day(on), about=frozenset(about))


def court(on: str, outcome: f.Outcome) -> f.Concluded:
    return f.Concluded(on=day(on), outcome=outcome)


def ended(on: str, by: f.EndedBy) -> f.Ended:
    return f.Ended(on=day(on), by=by)


def at(hour: int) -> time:
    return time(hour)
