"""Other requirements and review hearings of an order: added, taken out, never deleted."""

from datetime import date
from typing import TypeVar

from mhtr.core import audit, clock
from mhtr.core.codes.lists import load
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders.models import OrderRequirement, OrderReview
from mhtr.orders.queries import OnRecord, on_record
from mhtr.orders.service import ENDED, LimitExceeded, locked, recheck
from mhtr.orders.terms import OtherKind

_Row = TypeVar("_Row", OrderRequirement, OrderReview)


def add_requirement(
    *,
    order_id: int,
    kind: OtherKind,
    amount: str,
    until: date | None,
    version: int,
    by: int,
) -> None:
    """Record another requirement of the order.

    Raises:
        LimitExceeded: it would last longer than the order.
        Refused: the order has ended.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = _open(order_id, version)
    before = recheck(found)
    row = OrderRequirement(
        order_id=order_id, kind=kind, amount=amount.strip(), until=until, by_id=by
    )
    db.session.add(row)
    db.session.flush()
    new = tuple(one for one in recheck(on_record(found.order)) if one not in before)
    if new:
        raise LimitExceeded(new)
    found.order.version += 1
    audit.record("orders.requirement_added", by=by, case_id=found.order.case_id, requirement=row.id)


def take_out_requirement(*, order_id: int, number: int, version: int, by: int) -> None:
    """Take out one that was recorded by mistake or that the court ended.

    Args:
        number: its place among those that count, from 1.

    Raises:
        NotFound: there is no such requirement.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = _open(order_id, version)
    row = _numbered([one for one in found.others if one.taken_out_at is None], number)
    row.taken_out_at, row.taken_out_by = clock.now(), by
    found.order.version += 1
    audit.record(
        "orders.requirement_taken_out", by=by, case_id=found.order.case_id, requirement=row.id
    )


def add_review(*, order_id: int, on: date, court_code: str, version: int, by: int) -> None:
    """Record a review hearing of the order.

    Raises:
        Refused: it is recorded already, before the order was made, or the order has ended.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = _open(order_id, version)
    if on < found.order.made_on:
        raise Refused("The review hearing is before the order was made.")
    if any(one.on == on and one.taken_out_at is None for one in found.reviews):
        raise Refused("A review hearing on that day is recorded already.")
    if load("courts").get(court_code) is None:
        raise Refused("Select the court of the review hearing.")
    row = OrderReview(order_id=order_id, on=on, court_code=court_code, by_id=by)
    db.session.add(row)
    db.session.flush()
    found.order.version += 1
    audit.record("orders.review_added", by=by, case_id=found.order.case_id, review=row.id)


def take_out_review(*, order_id: int, number: int, version: int, by: int) -> None:
    """Take out a review hearing that does not take place.

    Raises:
        NotFound: there is no such hearing.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = _open(order_id, version)
    row = _numbered([one for one in found.reviews if one.taken_out_at is None], number)
    row.taken_out_at, row.taken_out_by = clock.now(), by
    found.order.version += 1
    audit.record("orders.review_taken_out", by=by, case_id=found.order.case_id, review=row.id)


def _open(order_id: int, version: int) -> OnRecord:
    found = locked(order_id, version)
    if found.ending is not None:
        raise Refused(ENDED)
    return found


def _numbered(rows: list[_Row], number: int) -> _Row:
    if not 1 <= number <= len(rows):
        raise NotFound
    return rows[number - 1]
