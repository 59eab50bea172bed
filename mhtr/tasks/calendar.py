"""The service's working days: England's, with the closures and openings on file."""

from datetime import date, datetime, time

from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import remembered
from mhtr.core.working_days import WorkingCalendar
from mhtr.tasks.models import LocalClosure

END_OF_DAY = time(17)


def working_calendar() -> WorkingCalendar:
    """Bank holidays of England, and what the service has recorded beyond them."""
    return remembered("calendar", LocalClosure, _calendar)


def _calendar() -> WorkingCalendar:
    rows = db.session.execute(select(LocalClosure.day, LocalClosure.is_open)).all()
    return WorkingCalendar(
        closures=frozenset(day for day, is_open in rows if not is_open),
        openings=frozenset(day for day, is_open in rows if is_open),
    )


def end_of_day(day: date) -> datetime:
    """The moment by which something due on a day is due: 17:00 in London."""
    return clock.from_london(datetime.combine(day, END_OF_DAY))
