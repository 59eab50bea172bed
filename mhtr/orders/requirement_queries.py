"""When the treatment requirements of many men run, with as many questions as for one."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import bindparam, select

from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.orders.endings import NEVER_WAS
from mhtr.orders.models import Order, OrderEnding, OrderPeriod, OrderTerms
from mhtr.orders.stored_terms import terms_from

_TERMS = (
    select(Order, OrderTerms, OrderPeriod)
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
    newest: dict[int, tuple[Order, OrderTerms, list[OrderPeriod]]] = {}
    rows = db.session.execute(_TERMS, {"cases": case_ids}) if case_ids else ()
    for order, terms, period in rows:
        held = newest.get(order.id)
        if held is None or held[1].id != terms.id:
            held = newest[order.id] = (order, terms, [])
        if period is not None:
            held[2].append(period)
    never = _never_were(newest)
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for key, (order, terms, periods) in newest.items():
        if key not in never:
            over = order.ended_on or terms_from(terms, periods).last_day
            found[order.case_id] += [_within(one, over) for one in periods]
    return {case_id: tuple(found[case_id]) for case_id in case_ids}


def _within(period: OrderPeriod, over: date | None) -> tuple[date, date]:
    if over is None or period.ends_on <= over:
        return period.starts_on, period.ends_on
    return min(period.starts_on, over), over


def _never_were(order_ids: Collection[int]) -> set[int]:
    """Orders whose ending says that nothing is counted from them."""
    rows = _ENDINGS.all({"orders": list(order_ids)}) if order_ids else ()
    last = {row.order_id: row.how for row in rows}
    return {order_id for order_id, how in last.items() if how in NEVER_WAS}
