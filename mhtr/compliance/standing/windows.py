"""How long a warning counts: the twelve months, as each kind of order says them."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from mhtr.compliance.standing.readings import (
    CommunityAnniversary,
    Readings,
    SuspendedWindow,
)
from mhtr.orders.terms import OrderKind

_YEAR = relativedelta(years=1)
_DAY = timedelta(days=1)


def last_day(kind: OrderKind, given_on: date, readings: Readings) -> date:
    """The last day on which a warning of this day counts.

    A community order says "12 months beginning with the date" (Sch 10 para 6(4)(c)), which
    includes that day; a suspended sentence order "the next 12 months" (Sch 16 para 6(4)(c)). A
    warning of 29 February has its corresponding day on 28 February, and its twelve months end
    with that day in either way of counting.
    """
    corresponding = given_on + _YEAR
    if kind is OrderKind.COMMUNITY:
        if readings.community_anniversary is CommunityAnniversary.STILL_INSIDE:
            return corresponding
    elif readings.suspended_window is SuspendedWindow.CORRESPONDING_DAY:
        return corresponding
    if corresponding.day != given_on.day:
        return corresponding  # from 29 February: there is no anniversary to leave out
    return corresponding - _DAY
