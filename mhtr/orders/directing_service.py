"""Somebody whom an order names no longer directs: recorded, told to probation, taken back.

What the order names stays as the court made it; see `mhtr.orders.directing`.
"""

from datetime import date

from sqlalchemy import select

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders import order_tasks
from mhtr.orders.directing import Practitioner, named_from, objections, same
from mhtr.orders.models import DirectingChange, Order, OrderPeriod, OrderTerms
from mhtr.orders.queries import OnRecord, on_record
from mhtr.orders.service import ENDED, locked

NOT_WAITING = "Nothing is left to be told of this: look at the order again."
NO_NAME = "Enter to whom the notice was given."


def record_change(
    *,
    order_id: int,
    was: Practitioner,
    now: Practitioner | None,
    since: date,
    version: int,
    by: int | None,
) -> DirectingChange:
    """Record that somebody whom the order names does not direct any more from a day on.

    A task asks for written notice, or for the court's amendment, until one is on record; whoever
    supervises him hears of it at once.

    Args:
        now: who directs instead; None where nobody does yet.
        by: None for the program, when an account was closed.

    Raises:
        Refused: the order has ended or does not name him then, it is known already, or it is he
            who directs now.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = locked(order_id, version)
    if found.ending is not None:
        raise Refused(ENDED)
    if wrong := objections(was, now, since, found.terms, _known(found)):
        raise Refused(*wrong)
    row = _row(order_id, was, now, since, by)
    db.session.add(row)
    _changed(found)
    case_id = found.order.case_id
    audit.record("orders.directing_changed", by=by, case_id=case_id, directing=row.id)
    case, text = cases.lock(case_id), order_tasks.DIRECTING
    order_tasks.follow_orders(case, by=by)
    order_tasks.tell_of_change(case, found.order, row.id, by=by, text=text, key="order-directing")
    return row


def _row(
    order_id: int, was: Practitioner, now: Practitioner | None, since: date, by: int | None
) -> DirectingChange:
    return DirectingChange(
        order_id=order_id,
        since=since,
        was_named=was.name,
        was_registration=was.registration,
        now_named=now.name if now else "",
        now_registration=now.registration if now else "",
        by_id=by,
    )


def give_notice(
    *, order_id: int, number: int, on: date, to: str, version: int, by: int
) -> DirectingChange:
    """Record that the responsible officer was given written notice of it.

    Args:
        number: its place among those that were not taken back, from 1.
        on: the day of the notice.

    Raises:
        NotFound: there is no such change.
        Refused: it was told or amended meanwhile, the day does not fit, or nobody is named.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = locked(order_id, version)
    row = _numbered(found, number)
    if not found.waits_for_notice(row):
        raise Refused(NOT_WAITING)
    if not to.strip():
        raise Refused(NO_NAME)
    if not found.order.made_on <= on <= clock.today():
        raise Refused("The day of the notice lies between the order and today.")
    row.noticed_on, row.noticed_to = on, to.strip()
    row.noticed_at, row.noticed_by = clock.now(), by
    _changed(found)
    case_id = found.order.case_id
    audit.record("orders.directing_noticed", by=by, case_id=case_id, directing=row.id)
    order_tasks.follow_orders(cases.lock(case_id), by=by)
    return row


def take_back(*, order_id: int, number: int, version: int, by: int) -> None:
    """He directs after all, or something of it was recorded wrongly. It stays in the history.

    Raises:
        NotFound: there is no such change.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = locked(order_id, version)
    row = _numbered(found, number)
    row.taken_back_at, row.taken_back_by = clock.now(), by
    _changed(found)
    case_id = found.order.case_id
    audit.record("orders.directing_taken_back", by=by, case_id=case_id, directing=row.id)
    order_tasks.follow_orders(cases.lock(case_id), by=by)


def _known(found: OnRecord) -> list[Practitioner]:
    rows = [row for row in found.directing if row.taken_back_at is None]
    return [Practitioner(row.was_named, row.was_registration) for row in rows]


def _changed(found: OnRecord) -> None:
    found.order.version += 1
    db.session.flush()


def _numbered(found: OnRecord, number: int) -> DirectingChange:
    rows = [row for row in found.directing if row.taken_back_at is None]
    if not 1 <= number <= len(rows):
        raise NotFound
    return rows[number - 1]


def _left(staff_id: int, _organisation_id: int, by: int | None) -> None:
    """An account with a registration was closed: orders that name it ask who directs now."""
    staff = db.session.get_one(Staff, staff_id)
    registration = staff.registration
    if staff.disabled_at is None or registration is None:
        return
    named = (
        select(Order.case_id, Order.id)
        .join(OrderTerms, OrderTerms.order_id == Order.id)
        .join(OrderPeriod, OrderPeriod.terms_id == OrderTerms.id)
        .where(OrderPeriod.registration == registration.number, Order.ended_on.is_(None))
        .distinct()
    )
    leaver = Practitioner(staff.name, registration.number)
    # By case, as everybody locks several: two who waited for each other would both fail.
    for case_id, order_id in db.session.execute(named.order_by(Order.case_id, Order.id)).all():
        cases.lock(case_id)
        _leaves(on_record(db.session.get_one(Order, order_id)), leaver, by)


def _leaves(found: OnRecord, leaver: Practitioner, by: int | None) -> None:
    today = clock.today()
    was = next((one for one in named_from(found.terms, today) if same(one, leaver)), None)
    if was is None or not found.stands_on(today):
        return
    if not objections(was, None, today, found.terms, _known(found)):
        record_change(
            order_id=found.order.id,
            was=was,
            now=None,
            since=today,
            version=found.order.version,
            by=by,
        )


account_listeners.staff_left.append(_left)
