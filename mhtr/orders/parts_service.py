"""Other requirements and review hearings of an order: added, taken out, never deleted."""

from datetime import date
from typing import TypeVar

from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import audit, clock
from mhtr.core.codes.lists import load
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders import order_tasks
from mhtr.orders.models import OrderRequirement, OrderReview
from mhtr.orders.overriding import check_override
from mhtr.orders.queries import OnRecord, on_record
from mhtr.orders.service import ENDED, locked, recheck
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
    override: str = "",
) -> None:
    """Record another requirement of the order.

    Raises:
        LimitExceeded: it would last longer than the order.
        Refused: the order has ended.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = _open(order_id, version)
    _check_requirement(found, kind, amount.strip(), until)
    before = recheck(found)
    row = OrderRequirement(
        order_id=order_id, kind=kind, amount=amount.strip(), until=until, by_id=by
    )
    db.session.add(row)
    db.session.flush()
    new = tuple(one for one in recheck(on_record(found.order)) if one not in before)
    if new:
        check_override(new, override, by)
        row.override_reason = override.strip()
    found.order.version += 1
    audit.record("orders.requirement_added", by=by, case_id=found.order.case_id, requirement=row.id)
    _tell(found, by)


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
    _tell(found, by)


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
    if found.counts_on is not None and on > found.counts_on:
        raise Refused(f"The order is over by {day_words(found.counts_on)}.")
    if any(one.on == on and one.taken_out_at is None for one in found.reviews):
        raise Refused("A review hearing on that day is recorded already.")
    if load("courts").get(court_code) is None:
        raise Refused("Select the court of the review hearing.")
    row = OrderReview(order_id=order_id, on=on, court_code=court_code, by_id=by)
    db.session.add(row)
    db.session.flush()
    found.order.version += 1
    audit.record("orders.review_added", by=by, case_id=found.order.case_id, review=row.id)
    _tell(found, by)


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
    _tell(found, by)


def _check_requirement(found: OnRecord, kind: OtherKind, amount: str, until: date | None) -> None:
    if until is not None and until < found.order.made_on:
        raise Refused("The requirement ends before the order was made.")
    live = [one for one in found.others if one.taken_out_at is None]
    if any((one.kind, one.amount, one.until) == (kind, amount, until) for one in live):
        raise Refused("This requirement is recorded already.")


def _tell(found: OnRecord, by: int) -> None:
    case = db.session.get_one(Case, found.order.case_id)
    order_tasks.tell_of_change(case, found.order, found.order.version, by=by, key="order-part")


def _open(order_id: int, version: int) -> OnRecord:
    found = locked(order_id, version)
    if found.ending is not None:
        raise Refused(ENDED)
    return found


def _numbered(rows: list[_Row], number: int) -> _Row:
    if not 1 <= number <= len(rows):
        raise NotFound
    return rows[number - 1]
