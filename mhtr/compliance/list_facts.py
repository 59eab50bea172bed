"""What a list of men says of warnings and of courts, with as many questions as for one man."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.compliance.decision_queries import decisions_of
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcement_queries import facts_of_step, facts_of_warning
from mhtr.compliance.order_facts import fact_of_decision
from mhtr.compliance.reading_queries import in_force
from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.fold import Live, standing
from mhtr.compliance.standing.mattering import mattered_to_warnings
from mhtr.compliance.standing.reading_words import InForce
from mhtr.core.database import db
from mhtr.orders.cards import Running

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
    readings: tuple[str, ...] = ()
    """Each reading on which lawyers may differ, in words, where another would say otherwise."""
    live: tuple[Live, ...] = ()
    """Those that count."""


NOTHING = Warned((), None)
"""Of an order without a warning, a step and a decision: there is nothing that could count."""


def warned_of(orders: Collection[Running], today: date) -> Mapping[int, Warned]:
    """Of each order the warnings that count on a day, as its standing says.

    They do not depend on sessions; on decisions only where they were given because of a failure.
    """
    if not orders:
        return {}
    ids, held = {"orders": [order.id for order in orders]}, in_force(today)
    facts: dict[int, list[f.Fact]] = defaultdict(list)
    about: set[int] = set()
    for row in db.session.scalars(_WARNINGS, ids):
        facts[row.order_id].extend(facts_of_warning(row))
        about |= {row.order_id} if row.about else set()
    for step, by in db.session.execute(_STEPS, ids):
        facts[step.order_id].extend(facts_of_step(step, by))
    _add_decisions(facts, [order for order in orders if order.id in about])
    return {
        order.id: _warned(order, facts[order.id], today, held) if order.id in facts else NOTHING
        for order in orders
    }


def _add_decisions(facts: Mapping[int, list[f.Fact]], orders: Collection[Running]) -> None:
    """What was decided of the failures that warnings rest on: it may have been overturned."""
    if not orders:
        return
    decided: dict[int, list[f.Fact]] = defaultdict(list)
    for row in decisions_of({order.case_id for order in orders}):
        decided[row.case_id].append(fact_of_decision(row))
    for order in orders:
        facts[order.id].extend(decided[order.case_id])


def _warned(order: Running, facts: Sequence[f.Fact], today: date, held: InForce) -> Warned:
    one = f.Order(order.kind, order.made_on)
    found = standing(one, facts, today, held.readings)
    points = mattered_to_warnings(one, facts, today, held.readings)
    return Warned(
        tuple(live.last_day for live in found.live),
        found.confirmed,
        tuple(map(held.words, points)),
        found.live,
    )
