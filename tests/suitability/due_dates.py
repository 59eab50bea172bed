"""A calendar, a policy, and moments of London."""

from datetime import date, datetime

from hypothesis import strategies as st

from mhtr.cases.facts import LONDON
from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability.deadlines import (
    DeadlinePolicy,
    PsrType,
)

CALENDAR = WorkingCalendar()
POLICY = DeadlinePolicy()
ORAL, SHORT, STANDARD = PsrType.ORAL, PsrType.SHORT, PsrType.STANDARD


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
