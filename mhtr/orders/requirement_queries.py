"""When the treatment requirements of many men run, with as many questions as for one."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.core.prepared import Prepared
from mhtr.orders.endings import NEVER_WAS
from mhtr.orders.models import Order, OrderEnding, OrderPeriod, OrderTerms
from mhtr.orders.terms import last_day_to_comply

_TERMS = Prepared(
    select(
        Order.id,
        Order.case_id,
        Order.ended_on,
        OrderTerms.id.label("terms_id"),
        OrderTerms.kind,
        OrderTerms.made_on,
        OrderTerms.ends_on,
        OrderTerms.supervision_months,
        OrderPeriod.starts_on.label("begins"),
        OrderPeriod.ends_on.label("ends"),
    )
    .join(OrderTerms, OrderTerms.order_id == Order.id)
    .outerjoin(OrderPeriod, OrderPeriod.terms_id == OrderTerms.id)
    .where(Order.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(Order.made_on, Order.id, OrderTerms.number, OrderPeriod.starts_on, OrderPeriod.id)
)
_ENDINGS = Prepared(
    select(OrderEnding.order_id, OrderEnding.how)
    .where(
        OrderEnding.order_id.in_(bindparam("orders", expanding=True)),
        OrderEnding.taken_back_at.is_(None),
    )
    .order_by(OrderEnding.id)
)
Days = tuple[tuple[date, date], ...]


def requirement_days(case_ids: Collection[int]) -> dict[int, Days]:
    """First and last day of each period of each case's requirements, none after its order ends.

    Orders that were recorded by mistake are left out. As `queries.all_on_record` says of one case.
    """
    newest: dict[int, list[Any]] = {}
    for line in _TERMS.all({"cases": list(case_ids)}) if case_ids else ():
        held = newest.get(line.id)
        if held is None or held[0].terms_id != line.terms_id:
            newest[line.id] = [line]
        else:
            held.append(line)
    never = _never_were(newest)
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for key, lines in newest.items():
        if key not in never:
            over = _over(lines[0])
            found[lines[0].case_id] += [
                _within(line.begins, line.ends, over) for line in lines if line.begins is not None
            ]
    return {case_id: tuple(found[case_id]) for case_id in case_ids}


def ended_on(case_ids: Collection[int]) -> dict[int, date]:
    """The day on which the last order of each of these cases ended, where one has.

    Orders that were recorded by mistake are left out.
    """
    lines = [one for one in _TERMS.all({"cases": list(case_ids)}) if one.ended_on is not None]
    never = _never_were({one.id for one in lines})
    found: dict[int, date] = {}
    for one in lines:
        if one.id not in never:
            found[one.case_id] = max(one.ended_on, found.get(one.case_id, one.ended_on))
    return found


def is_within(on: date, days: Days) -> bool:
    """Whether a day lies in a period of a requirement."""
    return any(begins <= on <= ends for begins, ends in days)


def _over(line: Any) -> date | None:
    """The last day on which a requirement of an order can be complied with; None: it has none."""
    if line.ended_on is not None:
        ended: date = line.ended_on
        return ended
    return last_day_to_comply(line.kind, line.made_on, line.ends_on, line.supervision_months)


def _within(begins: date, ends: date, over: date | None) -> tuple[date, date]:
    if over is None or ends <= over:
        return begins, ends
    return min(begins, over), over


def _never_were(order_ids: Collection[int]) -> set[int]:
    """Orders whose ending says that nothing is counted from them."""
    rows = _ENDINGS.all({"orders": list(order_ids)}) if order_ids else ()
    last = {row.order_id: row.how for row in rows}
    return {order_id for order_id, how in last.items() if how in NEVER_WAS}
