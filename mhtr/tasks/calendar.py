"""Working days of deadlines: England's, the same for everybody a deadline binds.

A trust's closures and extra days belong to its duty rota only. A report is promised to a court,
and other tasks pass between organisations: none of them moves because one trust shuts for a day.
"""

from datetime import date, datetime, time

from mhtr.core import clock
from mhtr.core.working_days import WorkingCalendar

END_OF_DAY = time(17)


def working_calendar() -> WorkingCalendar:
    """Weekdays without the bank holidays of England; no trust's own closures."""
    return WorkingCalendar()


def end_of_day(day: date) -> datetime:
    """The moment by which something due on a day is due: 17:00 in London."""
    return clock.from_london(datetime.combine(day, END_OF_DAY))
