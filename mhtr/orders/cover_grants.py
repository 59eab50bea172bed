"""Who covers for an officer may open his cases, from the first day to the last and no longer.

Leave to see them follows from cover and from who is named: whatever changes either calls `follow`.
"""

from datetime import date, datetime, time, timedelta

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Span
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.orders.cover_queries import covers_of

COVERS = "orders.covers"
OVER = "orders.cover_over"


def follow(case: Case, *, by: int | None) -> None:
    """Give a locked case to whoever covers, and take it from whoever does so no more.

    A restricted record is opened by name alone, and cover names nobody: it stays closed.
    """
    must_be_writing()
    db.session.flush()
    wanted = [] if case.restricted else covers_of(case.id)
    access.follow_grants(
        case.id,
        Purpose.SUPERVISION,
        because=COVERS,
        over=OVER,
        wanted=[
            Span(
                db.session.get_one(Staff, row.cover_id).principal_id,
                begins(row.first_day),
                begins(row.last_day + timedelta(days=1)),
            )
            for row in wanted
        ],
        by=by,
    )


def begins(day: date) -> datetime:
    """The moment at which cover from a day on begins."""
    return datetime.combine(day, time(), clock.LONDON)
