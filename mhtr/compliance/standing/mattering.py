"""Which readings mattered to where an order stands: those of which another says otherwise."""

from collections.abc import Iterable
from datetime import date

from mhtr.compliance.standing.facts import Fact, Order, Warned
from mhtr.compliance.standing.fold import Standing, standing
from mhtr.compliance.standing.readings import Readings

OF_WARNINGS = (
    "suspended_window",
    "community_anniversary",
    "warning_of_overturned",
    "after_proved",
    "warning_day",
    "oral_warning",
    "other_wording",
    "unanswered",
)
"""Readings that can bear on which warnings count, and until when."""

OF_A_SESSION = ("his_cancellation", "early_end_day")
"""Readings that can bear on whether a session can be a failure at all."""


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


def mattered_to_warnings(
    order: Order, facts: Iterable[Fact], on: date, readings: Readings
) -> tuple[str, ...]:
    """The points on which another reading would count other warnings, or otherwise long.

    Args:
        facts: the warnings and steps of the order, and the decisions that warnings rest on.
    """
    known = frozenset(facts)
    if not any(isinstance(one, Warned) for one in known):
        return ()
    here = standing(order, known, on, readings).live
    return tuple(
        dict.fromkeys(
            point
            for point, other in readings.others()
            if point in OF_WARNINGS and standing(order, known, on, other).live != here
        )
    )


def _differs(here: Standing, there: Standing) -> bool:
    return here != there
