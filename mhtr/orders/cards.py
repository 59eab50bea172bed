"""The little that a list, or a case's page, says of the orders that have not ended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from mhtr.core.prepared import Prepared
from mhtr.orders.models import Order, OrderPeriod, OrderTerms
from mhtr.orders.policy import least_days_apart
from mhtr.orders.queries import clock_today, course_of, sessions_of
from mhtr.orders.terms import OrderKind, Period
from mhtr.orders.treatment_clock import Gap, TreatmentClock


class Running(NamedTuple):
    """An order that has not ended, in short."""

    id: int
    case_id: int
    kind: OrderKind
    made_on: date
    treatment_ends_on: date


@dataclass(frozen=True)
class Card:
    """What is said of one order."""

    order: Running
    expected: int
    """Sessions that the order asks for, however many were held."""
    clock: TreatmentClock


_RUNNING = Prepared(
    select(
        Order.id,
        Order.case_id,
        Order.kind,
        Order.made_on,
        Order.treatment_ends_on,
        OrderTerms.id.label("terms_id"),
        OrderTerms.sessions_expected,
        OrderPeriod.starts_on,
        OrderPeriod.ends_on,
        OrderPeriod.treatment,
        OrderPeriod.named,
        OrderPeriod.registration,
    )
    .join(OrderTerms, OrderTerms.order_id == Order.id)
    .join(OrderPeriod, OrderPeriod.terms_id == OrderTerms.id)
    .where(Order.case_id.in_(bindparam("cases", expanding=True)), Order.ended_on.is_(None))
    .order_by(Order.made_on, Order.id, OrderTerms.number, OrderPeriod.starts_on)
)
"""Each period of each set of terms; the last terms of an order count."""


def cards_of(case_id: int, gaps: Sequence[Gap] = ()) -> Sequence[Card]:
    """A case's orders that have not ended, each with its clock, in as few questions as possible."""
    return _cards([case_id], gaps).get(case_id, ())


def cards_of_each(case_ids: Collection[int]) -> Mapping[int, Sequence[Card]]:
    """The same of several cases, with as many questions as for one; without days he was away."""
    return _cards(case_ids, ())


def _cards(case_ids: Collection[int], gaps: Sequence[Gap]) -> dict[int, list[Card]]:
    newest: dict[int, list[Any]] = {}
    for line in _RUNNING.all({"cases": list(case_ids)}) if case_ids else ():
        held = newest.get(line.id)
        if held is None or held[0].terms_id != line.terms_id:
            newest[line.id] = [line]
        else:
            held.append(line)
    if not newest:
        return {}
    days = sessions_of({lines[0].case_id for lines in newest.values()})
    apart = least_days_apart()
    found: dict[int, list[Card]] = {}
    for lines in newest.values():
        order, expected = Running._make(lines[0][:5]), lines[0].sessions_expected
        periods = [Period(*line[7:]) for line in lines]
        course = course_of(expected, periods, days[order.case_id], apart)
        card = Card(order, expected, clock_today(periods, course, gaps))
        found.setdefault(order.case_id, []).append(card)
    return found
