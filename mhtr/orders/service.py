"""Recording an order and what the court changes of it: the only writer of terms."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import audit, clock
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.codes.lists import load
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.orders import order_tasks
from mhtr.orders.limits import Exceeded, Step, contradictions, exceeded
from mhtr.orders.models import Order, OrderPeriod, OrderTerms
from mhtr.orders.overriding import check_override
from mhtr.orders.queries import OnRecord, all_on_record, limits_table, on_record
from mhtr.orders.terms import Change, Terms

INSIDE = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
"""Who records orders for the service; probation records its own people’s."""
AFTERWARDS = frozenset({CaseState.ENDED, CaseState.DISCHARGED})
OVER = "The case under the order has ended. If that is wrong, take the end of the order back first."
NO_SENTENCE = "Record the court’s result first: no sentence with the requirement is on record."
ENDED = "The order has ended. If that is wrong, take the ending back first."
NEVER_CHANGES = (
    "No court changes which order it was, the day of the plea or finding, or the date of sentence. "
    "If one of them is recorded wrongly, choose “What was recorded was wrong”."
)
TWICE = "An order of that kind, that day and that court is recorded already."
LONGEST_COURSE = 60


@dataclass(frozen=True)
class Recorded:
    """What somebody records of an order: its terms, and what else the court said of it."""

    terms: Terms
    court_code: str
    sessions_expected: int
    magistrates_supervise: bool = False
    court_reviews: bool = False
    willing_on: date | None = None


class RecordedAlready(Refused):
    """One just like it is on record, and nobody said that this is another."""


def check_state(case: Case) -> None:
    """Refuse to record an order, or who supervises him, where the case is under none.

    Raises:
        Refused: no sentence with the requirement is on record, or the case under it has ended.
    """
    if case.state not in UNDER_ORDER:
        raise Refused(OVER if case.state in AFTERWARDS else NO_SENTENCE)


def _is_there(case_id: int, said: Recorded) -> bool:
    return any(
        (found.row.kind, found.row.made_on, found.row.court_code)
        == (said.terms.kind, said.terms.made_on, said.court_code)
        for found in all_on_record(case_id)
        if not found.never_was
    )


def record_order(
    *, case_id: int, said: Recorded, by: int, override: str = "", another: bool = False
) -> Order:
    """Record an order that the court made; a case may have several, each its own.

    Args:
        another: it is another order than the one of that kind, day and court on record.

    Raises:
        RecordedAlready: one just like it is on record, and `another` is not said.
        LimitExceeded: it exceeds a legal limit and no reason was given.
        Refused: no sentence with the requirement is on record, the terms contradict themselves,
            or `by` may not override a limit.
    """
    must_be_writing()
    case = cases.lock(case_id)
    check_state(case)
    _check(said)
    if not another and _is_there(case.id, said):
        raise RecordedAlready(TWICE)
    step = Step(Change.MADE, said.terms, said.willing_on, said.terms.made_on)
    found = _limits((step,), override, by)
    order = Order(
        case_id=case.id,
        kind=said.terms.kind,
        made_on=said.terms.made_on,
        treatment_ends_on=_treatment_ends(said.terms),
    )
    db.session.add(order)
    db.session.flush()
    _keep(order, 1, step, said, found, override, effective_on=said.terms.made_on, by=by)
    audit.record("orders.recorded", by=by, case_id=case.id, order=order.id)
    order_tasks.follow_orders(case, by=by)
    order_tasks.tell_of_change(case, order, 1, by=by, text=order_tasks.MADE)
    return order


def change_order(
    *,
    order_id: int,
    change: Change,
    said: Recorded,
    effective_on: date,
    version: int,
    by: int,
    override: str = "",
) -> None:
    """Record new terms of an order and how they came about; the earlier ones stay in its history.

    Raises:
        LimitExceeded: it exceeds a legal limit and no reason was given.
        Refused: nothing changed, the day does not fit, the order has ended, or it contradicts
            itself.
        Stale: somebody changed the order meanwhile.
    """
    must_be_writing()
    found = locked(order_id, version)
    case = db.session.get_one(Case, found.order.case_id)
    _check_change(found, change, said, effective_on)
    others = found.terms.others
    step = Step(change, replace(said.terms, others=others), said.willing_on, effective_on)
    _check(said)
    beyond = _limits((*found.steps(), step), override, by)
    number = found.row.number + 1
    _keep(found.order, number, step, said, beyond, override, effective_on=effective_on, by=by)
    found.order.kind, found.order.made_on = said.terms.kind, said.terms.made_on
    found.order.treatment_ends_on = _treatment_ends(said.terms)
    found.order.version += 1
    audit.record(
        "orders.changed", by=by, case_id=case.id, order=found.order.id, change=change.value
    )
    order_tasks.follow_orders(case, by=by)
    order_tasks.tell_of_change(case, found.order, number, by=by)


def locked(order_id: int, version: int) -> OnRecord:
    """An order whose case is locked, as somebody read it.

    Raises:
        Stale: it was changed since.
    """
    order = db.session.get_one(Order, order_id)
    cases.lock(order.case_id)
    db.session.flush()
    db.session.refresh(order)
    if order.version != version:
        raise Stale(order)
    return on_record(order)


def recheck(found: OnRecord) -> tuple[Exceeded, ...]:
    """What the terms that count exceed now, other requirements included."""
    return exceeded(found.steps(), limits_table())


def _check(said: Recorded) -> None:
    if wrong := contradictions(said.terms):
        raise Refused(*wrong)
    if said.terms.made_on > clock.today():
        raise Refused("The date of sentence cannot be in the future.")
    if load("courts").get(said.court_code) is None:
        raise Refused("Select the court that made the order.")
    if not 1 <= said.sessions_expected <= LONGEST_COURSE:
        raise Refused(f"Sessions expected must be a number from 1 to {LONGEST_COURSE}.")


def _check_change(found: OnRecord, change: Change, said: Recorded, on: date) -> None:
    if found.ending is not None:
        raise Refused(ENDED)
    if change is Change.MADE:
        raise Refused("Say how the order changed.")
    if on > clock.today():
        raise Refused("The day from which it holds cannot be in the future.")
    if on < said.terms.made_on:
        raise Refused("The day from which it holds is before the order was made.")
    if change is not Change.PUT_RIGHT and on < found.row.effective_on:
        raise Refused("An earlier change of this order holds from a later day.")
    if change is not Change.PUT_RIGHT and _fixed(said) != _fixed(recorded_of(found)):
        raise Refused(NEVER_CHANGES)
    if said == recorded_of(found):
        raise Refused("This is what is recorded already.")


def _fixed(said: Recorded) -> tuple[object, ...]:
    """What no court changes of an order it has made."""
    return said.terms.kind, said.terms.convicted_on, said.terms.made_on


def recorded_of(found: OnRecord) -> Recorded:
    """What counts of an order, as a form would give it."""
    row = found.row
    return Recorded(
        terms=replace(found.terms, others=()),
        court_code=row.court_code,
        sessions_expected=row.sessions_expected,
        magistrates_supervise=row.magistrates_supervise,
        court_reviews=row.court_reviews,
        willing_on=row.willing_on,
    )


def _limits(steps: tuple[Step, ...], override: str, by: int) -> tuple[Exceeded, ...]:
    found = exceeded(steps, limits_table())
    if found:
        check_override(found, override, by)
    return found


def _keep(
    order: Order,
    number: int,
    step: Step,
    said: Recorded,
    beyond: tuple[Exceeded, ...],
    override: str,
    *,
    effective_on: date,
    by: int,
) -> None:
    terms = step.terms
    row = OrderTerms(
        order_id=order.id,
        number=number,
        change=step.change,
        effective_on=effective_on,
        kind=terms.kind,
        convicted_on=terms.convicted_on,
        made_on=terms.made_on,
        ends_on=terms.ends_on,
        term_months=terms.term.months,
        term_weeks=terms.term.weeks,
        term_days=terms.term.days,
        operational_months=terms.operational_months,
        supervision_months=terms.supervision_months,
        **_beside(said),
        exceeded=" ".join(dict.fromkeys(one.code for one in beyond)),
        override_reason=override.strip() if beyond else "",
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(_periods(row.id, terms))
    db.session.flush()


def _beside(said: Recorded) -> dict[str, Any]:
    """What the court said of an order beside its terms."""
    return {
        "court_code": said.court_code,
        "sessions_expected": said.sessions_expected,
        "magistrates_supervise": said.magistrates_supervise,
        "court_reviews": said.court_reviews,
        "willing_on": said.willing_on,
    }


def _periods(terms_id: int, terms: Terms) -> list[OrderPeriod]:
    return [
        OrderPeriod(
            terms_id=terms_id,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            treatment=one.treatment,
            named=one.named,
            registration=one.number,
        )
        for one in terms.periods
    ]


def _treatment_ends(terms: Terms) -> date:
    return max(period.ends_on for period in terms.periods)
