"""Which readings mattered to where an order stands: those of which another says otherwise."""

from collections.abc import Iterable
from datetime import date

from mhtr.compliance.standing.facts import Fact, Order
from mhtr.compliance.standing.fold import Standing, standing
from mhtr.compliance.standing.readings import Readings


def mattered(
    order: Order, facts: Iterable[Fact], on: date, readings: Readings | None = None
) -> tuple[str, ...]:
    """The points on which another reading leads elsewhere, by name, in their order."""
    known, used = frozenset(facts), readings or Readings()
    here = standing(order, known, on, used)
    found = dict.fromkeys(
        point for point, other in used.others() if _differs(here, standing(order, known, on, other))
    )
    return tuple(found)


def _differs(here: Standing, there: Standing) -> bool:
    return here != there
