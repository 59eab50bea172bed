"""The next days in court of many men, with as many questions as for one."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, select

from mhtr.cases.models import Hearing
from mhtr.core.prepared import Prepared
from mhtr.orders.models import Order, OrderReview

_REVIEWS = Prepared(
    select(Order.case_id, OrderReview.on)
    .join(Order, Order.id == OrderReview.order_id)
    .where(
        Order.case_id.in_(bindparam("cases", expanding=True)),
        Order.ended_on.is_(None),
        OrderReview.taken_out_at.is_(None),
        OrderReview.on >= bindparam("today", type_=Date()),
    )
    .order_by(OrderReview.on)
)
_HEARINGS = Prepared(
    select(Hearing.case_id, Hearing.on)
    .where(
        Hearing.case_id.in_(bindparam("cases", expanding=True)),
        Hearing.superseded_at.is_(None),
        Hearing.on >= bindparam("today", type_=Date()),
    )
    .order_by(Hearing.on)
)


@dataclass(frozen=True, order=True)
class InCourt:
    """A day in court to come: a review of the order, or another hearing."""

    on: date
    words: str


def in_court_of(case_ids: Collection[int], today: date) -> Mapping[int, InCourt]:
    """The next day in court of each case that has one, from a day on."""
    if not case_ids:
        return {}
    given = {"cases": list(case_ids), "today": today}
    found: dict[int, list[InCourt]] = defaultdict(list)
    for asked, words in ((_REVIEWS, "Court review"), (_HEARINGS, "Hearing")):
        for line in asked.all(given):
            found[line.case_id].append(InCourt(line.on, words))
    return {case_id: min(held) for case_id, held in found.items()}
