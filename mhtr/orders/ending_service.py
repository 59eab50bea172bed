"""An order ends before its terms say, by a decision or by what else is recorded of him."""

from datetime import date

from sqlalchemy import select

from mhtr.cases import listeners, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, effective_facts
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders import order_tasks
from mhtr.orders.endings import BY_THE_COURT, NEVER_WAS, HowEnded, objections
from mhtr.orders.models import Order, OrderEnding
from mhtr.orders.queries import all_on_record
from mhtr.orders.service import locked

ALREADY = "The order has ended already."
NOT_ENDED = "The order has not ended."


def end_order(*, order_id: int, how: HowEnded, on: date, version: int, by: int) -> None:
    """Record that an order has ended, and tell whoever treats and whoever supervises him.

    Raises:
        Refused: it cannot have ended so on that day, or it has ended already.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = locked(order_id, version)
    if found.ending is not None:
        raise Refused(ALREADY)
    reviews = found.row.court_reviews
    if wrong := objections(how, on, found.terms, clock.today(), court_reviews=reviews):
        raise Refused(*wrong)
    _end(found.order, how, on, by=by)
    case = cases.lock(found.order.case_id)
    _follow_revoked(case, by=by)
    order_tasks.follow_orders(case, by=by)
    number = len(found.endings) + 1
    order_tasks.tell_of_change(
        case, found.order, number, by=by, text=order_tasks.ENDED, key="order-ended"
    )


def take_back(*, order_id: int, version: int, by: int) -> None:
    """The order has not ended after all; what was recorded stays in its history.

    Raises:
        Refused: it has not ended, or it ended with what else is recorded of him.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = locked(order_id, version)
    if found.ending is None:
        raise Refused(NOT_ENDED)
    if found.ending.how is HowEnded.DIED:
        raise Refused("Put his date of death right on his Person page: then the order goes on.")
    if found.ending.how is HowEnded.SENTENCE_TAKEN_BACK:
        raise Refused("Record the court’s result again: then the order counts again.")
    _take_back(found.order, found.ending, by=by)
    case = cases.lock(found.order.case_id)
    _correct_revoked(case, by=by)
    order_tasks.follow_orders(case, by=by)
    order_tasks.tell_of_change(
        case,
        found.order,
        len(found.endings),
        by=by,
        text=order_tasks.GOES_ON,
        key="order-goes-on",
    )


def _follow_revoked(case: Case, *, by: int) -> None:
    """No order stands any more, and the court ended one: the case under it ends."""
    orders = all_on_record(case.id)
    stands = any(found.stands_on(clock.today()) for found in orders)
    by_court = any(found.ending and found.ending.how in BY_THE_COURT for found in orders)
    if by_court and not stands:
        if rules.can(FactKind.ORDER_REVOKED, cases.facts_of(case.id), clock.today()).allowed:
            cases.add_fact(case, FactKind.ORDER_REVOKED, by=by)


def _correct_revoked(case: Case, *, by: int) -> None:
    """An order stands again: then the case under it goes on. One over by its terms brings none."""
    if not any(found.stands_on(clock.today()) for found in all_on_record(case.id)):
        return
    facts = effective_facts(cases.facts_of(case.id), clock.today())
    for fact in facts:
        if fact.kind is FactKind.ORDER_REVOKED:
            cases.add_fact(case, FactKind.CORRECTED, by=by, detail={"fact_id": fact.id})


def _end(order: Order, how: HowEnded, on: date, *, by: int | None) -> None:
    db.session.add(OrderEnding(order_id=order.id, how=how, on=on, by_id=by))
    # One that never was has no last day: it counts for nothing, see `OnRecord.never_was`.
    order.ended_on = order.made_on if how in NEVER_WAS else on
    order.version += 1
    db.session.flush()
    audit.record("orders.ended", by=by, case_id=order.case_id, order=order.id, how=how.value)


def _take_back(order: Order, ending: OrderEnding, *, by: int | None) -> None:
    ending.taken_back_at, ending.taken_back_by = clock.now(), by
    order.ended_on = None
    order.version += 1
    audit.record("orders.ending_taken_back", by=by, case_id=order.case_id, order=order.id)


def _by_what_is_recorded(case_id: int, how: HowEnded, on: date | None, by: int) -> None:
    """End the orders of a case that have not ended, or take back what had ended them so.

    Only a death put right moves the day: a sentence was taken back once, whatever is put right
    afterwards. Whoever treats him and whoever supervises him are told.
    """
    for found in all_on_record(case_id):
        ending, text = found.ending, ""
        if ending is not None and ending.how is how and _is_gone(ending, on):
            _take_back(found.order, ending, by=by)
            ending, text = None, order_tasks.GOES_ON
        if on is not None and ending is None:
            _end(found.order, how, on, by=by)
            text = order_tasks.ENDED
        if text:
            case = db.session.get_one(Case, case_id)
            order_tasks.tell_of_change(
                case,
                found.order,
                found.order.version,
                by=by,
                text=text,
                key="order-now",
                unit=how is not HowEnded.DIED,  # that is told of the case
            )


def _is_gone(ending: OrderEnding, on: date | None) -> bool:
    """Whether what had ended an order so is not true any more, or not of that day."""
    return on is None or (ending.how is HowEnded.DIED and ending.on != on)


def _died(case_id: int, by: int) -> None:
    case = db.session.get_one(Case, case_id)
    _by_what_is_recorded(case_id, HowEnded.DIED, case.person.died_on, by)


def _lives(case_id: int, by: int) -> None:
    _by_what_is_recorded(case_id, HowEnded.DIED, None, by)


def _follow_fact(case_id: int, kind: FactKind, by: int | None) -> None:
    """A sentence taken back takes its orders with it; one recorded again brings them back."""
    if kind not in (FactKind.CORRECTED, FactKind.SENTENCED_WITH_MHTR) or by is None:
        return
    if db.session.scalars(select(Order.id).where(Order.case_id == case_id)).first() is None:
        return
    case = cases.lock(case_id)
    gone = kind is FactKind.CORRECTED and case.state in BEFORE_SENTENCE
    if gone or kind is FactKind.SENTENCED_WITH_MHTR:
        on = clock.today() if gone else None
        _by_what_is_recorded(case_id, HowEnded.SENTENCE_TAKEN_BACK, on, by)


# Before the tasks are looked at: whether an order is missing depends on it.
listeners.fact_added.insert(0, _follow_fact)
listeners.death_recorded.append(_died)
listeners.death_taken_back.append(_lives)
