"""What a list of men says of warnings and of courts, with as many questions as for one man."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcement_queries import facts_of_step, facts_of_warning
from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.fold import standing
from mhtr.core.database import db
from mhtr.orders.models import Order

_WARNINGS = select(BreachWarning).where(
    BreachWarning.order_id.in_(bindparam("orders", expanding=True))
)
_STEPS = (
    select(EnforcementStep, Staff.name)
    .join(Staff, Staff.id == EnforcementStep.by_id)
    .where(EnforcementStep.order_id.in_(bindparam("orders", expanding=True)))
    .order_by(EnforcementStep.on, EnforcementStep.id)
)


@dataclass(frozen=True)
class Warned:
    """Warnings of one order: until when each counts, and who last compared them with nDelius."""

    until: tuple[date, ...]
    confirmed: f.WarningsConfirmed | None


def warned_of(orders: Collection[Order], today: date) -> Mapping[int, Warned]:
    """Of each order the warnings that count on a day, as its standing says.

    By the readings that are in force by default they do not depend on sessions or decisions: one
    that was decided about anew counts until it is withdrawn.
    """
    if not orders:
        return {}
    ids = {"orders": [order.id for order in orders]}
    facts: dict[int, list[f.Fact]] = defaultdict(list)
    for row in db.session.scalars(_WARNINGS, ids):
        facts[row.order_id].extend(facts_of_warning(row))
    for step, by in db.session.execute(_STEPS, ids):
        facts[step.order_id].extend(facts_of_step(step, by))
    return {order.id: _warned(order, facts[order.id], today) for order in orders}


def _warned(order: Order, facts: Sequence[f.Fact], today: date) -> Warned:
    found = standing(f.Order(order.kind, order.made_on), facts, today)
    return Warned(tuple(live.last_day for live in found.live), found.confirmed)
