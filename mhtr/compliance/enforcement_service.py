"""Recording warnings and what probation did: the only writer of both."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.compliance import issued, listeners
from mhtr.compliance.decision_queries import decisions_of
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcing import (
    GivenWarning,
    Step,
    StepKind,
    step_objections,
    warning_objections,
)
from mhtr.compliance.order_facts import facts_of
from mhtr.compliance.reading_queries import in_force
from mhtr.compliance.standing.facts import Opinion
from mhtr.compliance.standing.known import Known
from mhtr.core import audit, clock
from mhtr.core.access import SUPERVISES
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders.models import Order

PROBATION_ONLY = "Only probation records warnings and what it did."
NOT_FAILED = "Only sessions that you did not accept can be named."
WHY = "Say why it is withdrawn."
WHEN = "It was withdrawn on its own day or after it, and not later than today"
GONE = "It is taken back already."


def record_step(*, order_id: int, step: Step, by: int) -> EnforcementStep:
    """Record something that probation or a court did about an order.

    Raises:
        CannotBe: its day cannot be, a failure is not named, or nothing is open that could end.
        Refused: `by` is not of probation, or a session is named that was not failed.
    """
    must_be_writing()
    order = _order(order_id, by)
    _check_about(order, step.about)
    wrong = step_objections(
        step, made_on=order.made_on, today=clock.today(), open_matter=_is_open(order)
    )
    if wrong:
        raise CannotBe(*wrong)
    row = EnforcementStep(
        order_id=order.id, kind=step.kind, on=step.on, about=sorted(step.about), by_id=by
    )
    db.session.add(row)
    db.session.flush()
    audit.record("enforcement.step", by=by, case_id=order.case_id, enforcement=row.id)
    if row.kind is StepKind.LAID:
        issued.went_to_court(order.case_id, row, row.about)
    _changed(order.case_id, by)
    return row


def take_back_step(*, case_id: int, ref: uuid.UUID, by: int) -> EnforcementStep:
    """Take back a step that was recorded by mistake; it stays in the history.

    Raises:
        NotFound: no such step on this case.
        Refused: `by` is not of probation, or it is taken back already.
    """
    must_be_writing()
    cases.lock(case_id)
    _must_decide(by)
    query = (
        select(EnforcementStep)
        .join(Order, Order.id == EnforcementStep.order_id)
        .where(EnforcementStep.ref == ref, Order.case_id == case_id)
    )
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    if row.taken_back_at is not None:
        raise Refused(GONE)
    row.taken_back_at, row.taken_back_by = clock.now(), by
    audit.record("enforcement.step_taken_back", by=by, case_id=case_id, enforcement=row.id)
    db.session.flush()
    if row.kind is StepKind.LAID:
        issued.court_taken_back(case_id, row, row.about, by)
    _changed(case_id, by)
    return row


def record_warning(*, order_id: int, warning: GivenWarning, by: int) -> BreachWarning:
    """Record a warning that probation gave. One that lacks something is kept, and does not count.

    Raises:
        CannotBe: a day cannot be, or nothing says what it is about.
        Refused: `by` is not of probation, or a session is named that was not failed.
    """
    must_be_writing()
    order = _order(order_id, by)
    _check_about(order, warning.about)
    wrong = warning_objections(warning, made_on=order.made_on, today=clock.today())
    if wrong:
        raise CannotBe(*wrong)
    row = BreachWarning(
        order_id=order.id,
        on=warning.on,
        given=warning.given,
        about=sorted(warning.about),
        requirement=warning.requirement.strip(),
        posted_on=warning.posted_on,
        delivered_on=warning.delivered_on,
        worded_as=warning.worded_as,
        says=sorted(warning.says),
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("enforcement.warning", by=by, case_id=order.case_id, warning=row.id)
    issued.warned(order.case_id, row)
    return row


def withdraw_warning(*, case_id: int, ref: uuid.UUID, on: date, why: str, by: int) -> BreachWarning:
    """Record that probation withdrew a warning: it is as if it had never been given.

    Raises:
        CannotBe: the day lies in the future or before the warning, or no reason is given.
        NotFound: no such warning on this case.
        Refused: `by` is not of probation, or it is withdrawn already.
    """
    must_be_writing()
    cases.lock(case_id)
    _must_decide(by)
    query = (
        select(BreachWarning)
        .join(Order, Order.id == BreachWarning.order_id)
        .where(BreachWarning.ref == ref, Order.case_id == case_id)
    )
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    if row.withdrawn_on is not None:
        raise Refused("It is withdrawn already.")
    if not row.on <= on <= clock.today():
        raise CannotBe(("on", WHEN))
    if not why.strip():
        raise CannotBe(("why", WHY))
    row.withdrawn_on, row.withdrawn_at, row.withdrawn_by = on, clock.now(), by
    row.withdrawn_why = why.strip()
    audit.record("enforcement.warning_withdrawn", by=by, case_id=case_id, warning=row.id)
    issued.warning_withdrawn(case_id, row, by)
    return row


def failed_sessions(case_id: int) -> frozenset[str]:
    """References of the sessions that probation did not accept, as it stands now."""
    last = {row.subject: row.opinion for row in decisions_of([case_id])}
    return frozenset(str(ref) for ref, one in last.items() if one is Opinion.NO_EXCUSE)


def _changed(case_id: int, by: int) -> None:
    for listener in listeners.steps_changed:
        listener(case_id, by)


def _order(order_id: int, by: int) -> Order:
    order = db.session.get_one(Order, order_id)
    cases.lock(order.case_id)
    _must_decide(by)
    return order


def _must_decide(by: int) -> None:
    if not {*SUPERVISES} & {row.role for row in db.session.get_one(Staff, by).roles}:
        raise Refused(PROBATION_ONLY)


def _check_about(order: Order, about: Collection[str]) -> None:
    if not set(about) <= failed_sessions(order.case_id):
        raise Refused(NOT_FAILED)


def _is_open(order: Order) -> bool:
    """Whether something was referred, or laid before the court, and is not concluded."""
    held = next((one for one in facts_of(order.case_id) if one.held.order.id == order.id), None)
    if held is None:
        return False
    today = clock.today()
    known = Known(held.order, held.facts, today, in_force(today).readings)
    return known.referral_open() or known.laid_open()
