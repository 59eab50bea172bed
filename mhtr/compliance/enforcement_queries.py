"""Warnings and steps of a case's orders, and the facts that they are."""

import uuid
from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcing import OUTCOMES, Given, Says, StepKind
from mhtr.compliance.standing import facts as f
from mhtr.core.database import db
from mhtr.orders.models import Order

_WARNINGS = (
    select(BreachWarning)
    .join(Order, Order.id == BreachWarning.order_id)
    .where(Order.case_id == bindparam("case"))
    .order_by(BreachWarning.on, BreachWarning.id)
)
_STEPS = (
    select(EnforcementStep, Staff.name)
    .join(Order, Order.id == EnforcementStep.order_id)
    .join(Staff, Staff.id == EnforcementStep.by_id)
    .where(Order.case_id == bindparam("case"))
    .order_by(EnforcementStep.on, EnforcementStep.id)
)


def warnings_of(case_id: int) -> Sequence[BreachWarning]:
    """Every warning of a case's orders, withdrawn ones among them, the earliest first."""
    return db.session.scalars(_WARNINGS, {"case": case_id}).all()


def steps_of(case_id: int) -> list[tuple[EnforcementStep, str]]:
    """Every step of a case's orders with who recorded it, the earliest first."""
    return [(row, name) for row, name in db.session.execute(_STEPS, {"case": case_id})]


def facts_of_warning(row: BreachWarning) -> Iterator[f.Fact]:
    """A warning, and its withdrawal."""
    yield f.Warned(
        on=row.on,
        number=row.id,
        key=row.ref,
        about=frozenset(map(uuid.UUID, row.about)),
        requirement=row.requirement,
        posted_on=row.posted_on,
        delivered_on=row.delivered_on,
        oral=row.given is Given.ORAL,
        worded_as=row.worded_as,
        complete=frozenset(row.says) == frozenset(Says),
    )
    if row.withdrawn_on is not None:
        yield f.WarningWithdrawn(on=row.withdrawn_on, number=row.id, warning=row.ref)


def facts_of_step(row: EnforcementStep, by: str) -> Iterator[f.Fact]:
    """What a step is as a fact; nothing where it was taken back."""
    if row.taken_back_at is not None:
        return
    about = frozenset(map(uuid.UUID, row.about))
    if row.kind is StepKind.NO_ACTION:
        for one in sorted(about):
            yield f.NoAction(on=row.on, number=row.id, session=one)
    elif row.kind is StepKind.REFERRED:
        yield f.Referred(on=row.on, number=row.id, about=about)
    elif row.kind is StepKind.LAID:
        yield f.InformationLaid(on=row.on, number=row.id, about=about)
    elif row.kind is StepKind.CONFIRMED:
        yield f.WarningsConfirmed(on=row.on, number=row.id, by=by)
    else:
        yield f.Concluded(on=row.on, number=row.id, outcome=OUTCOMES[row.kind])
