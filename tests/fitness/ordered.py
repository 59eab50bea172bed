"""A court order with everything that hangs on it, and who supervises him."""

from datetime import date
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcing import Given, Says, StepKind
from mhtr.core.database import db
from mhtr.orders.endings import HowEnded
from mhtr.orders.induction import Item, Outcome
from mhtr.orders.models import (
    DirectingChange,
    InductionStep,
    Order,
    OrderEnding,
    OrderPeriod,
    OrderRequirement,
    OrderReview,
    OrderTerms,
    ProbationContact,
)
from mhtr.orders.terms import Change, OrderKind, OtherKind, Treatment

MADE, ENDS = date(2026, 11, 2), date(2027, 11, 1)


def ordered(case_id: int, by: int) -> dict[str, Any]:
    """Hang a row of each table on a case; the reference of the order."""
    order = Order(case_id=case_id, kind=OrderKind.COMMUNITY, made_on=MADE, treatment_ends_on=ENDS)
    db.session.add(order)
    db.session.flush()
    terms = OrderTerms(
        order_id=order.id,
        number=1,
        change=Change.MADE,
        effective_on=MADE,
        kind=OrderKind.COMMUNITY,
        convicted_on=MADE,
        made_on=MADE,
        court_code="B01KR",
        ends_on=ENDS,
        sessions_expected=12,
        exceeded="community-end",
        override_reason="Said",
        by_id=by,
    )
    db.session.add(terms)
    db.session.flush()
    unit = select(Organisation.id).where(Organisation.kind == OrganisationKind.PROBATION_UNIT)
    db.session.add_all(
        [
            OrderPeriod(
                terms_id=terms.id,
                starts_on=MADE,
                ends_on=ENDS,
                treatment=Treatment.INSTITUTION,
                named="A clinic",
            ),
            OrderRequirement(order_id=order.id, kind=OtherKind.CURFEW, amount="At night", by_id=by),
            OrderReview(order_id=order.id, on=date(2027, 2, 1), court_code="B01KR", by_id=by),
            OrderEnding(
                order_id=order.id,
                how=HowEnded.REVOKED,
                on=MADE,
                by_id=by,
                taken_back_at=order.created_at,
                taken_back_by=by,
            ),
            DirectingChange(
                order_id=order.id,
                since=MADE,
                was_named="Dr Said",
                was_registration="PYL1",
                by_id=by,
            ),
            InductionStep(
                case_id=case_id,
                item=Item.NEEDS,
                outcome=Outcome.CHANGED,
                on=MADE,
                note="Said",
                by_id=by,
            ),
            ProbationContact(
                case_id=case_id,
                unit_id=db.session.scalars(unit.order_by(Organisation.id)).first(),
                name="Said",
                email="Said",
                phone="Said",
                by_id=by,
            ),
        ]
    )
    warning = BreachWarning(
        order_id=order.id,
        on=MADE,
        given=Given.LETTER,
        about=[],
        requirement="Curfew",
        says=[],
        by_id=by,
        withdrawn_on=MADE,
        withdrawn_at=order.created_at,
        withdrawn_by=by,
        withdrawn_why="Said",
    )
    live = BreachWarning(
        order_id=order.id,
        on=MADE,
        given=Given.LETTER,
        about=[],
        requirement="Curfew",
        says=[one.value for one in Says],
        by_id=by,
    )
    step = EnforcementStep(order_id=order.id, kind=StepKind.CONFIRMED, on=MADE, about=[], by_id=by)
    db.session.add_all([warning, live, step])
    db.session.flush()
    return {"order_ref": order.ref, "warning_ref": warning.ref, "step_ref": step.ref}
