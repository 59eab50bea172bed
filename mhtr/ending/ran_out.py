"""A requirement runs out before all planned sessions were held: probation hears that, and no why.

It is a fact of days and sessions, found by a job on the day after; what it means is for probation.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.ending.practitioners import standing_orders
from mhtr.ending.queries import finished_now
from mhtr.orders import telling, unit_news
from mhtr.orders.models import Order
from mhtr.orders.news_kinds import News
from mhtr.tasks.models import Notice
from sessions.courses.kinds import CourseEnd
from sessions.courses.queries import courses_of

READ_THERE = "probation.treatment_end"
RAN_OUT = (
    "The treatment requirement of a man of yours ran out before all planned sessions were held."
)
LOOKS_BACK = timedelta(days=7)
"""A requirement that ran out longer ago was told by a person, or is of before the program."""


def tell(now: datetime) -> int:
    """Tell probation of each requirement that ran out in the last days; returns how many are new.

    Runs inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    today = now.astimezone(clock.LONDON).date()
    query = select(Order.id, Order.case_id, Order.treatment_ends_on).where(
        Order.ended_on.is_(None),
        Order.treatment_ends_on < today,
        Order.treatment_ends_on >= today - LOOKS_BACK,
    )
    found = db.session.execute(query.order_by(Order.case_id, Order.id)).all()
    return sum(_tell(order_id, case_id, on) for order_id, case_id, on in found)


def _tell(order_id: int, case_id: int, on: date) -> bool:
    key = notice_key(order_id, on)
    if db.session.scalars(select(Notice.id).where(Notice.key == key)).first() is not None:
        return False
    case = cases.lock(case_id)
    if case.person.died_on is not None or ran_out_on(case_id) != on:
        return False
    told = telling.tell_officers(case, key=key, text=RAN_OUT, endpoint=READ_THERE)
    unit_news.tell_unit(case, News.RAN_OUT, by=None, about=f"{order_id}-{on:%Y%m%d}")
    return told


def notice_key(order_id: int, on: date) -> str:
    """Which notice tells of it: an end that is moved is told anew."""
    return f"ran_out:{order_id}:{on:%Y%m%d}"


def ran_out_on(case_id: int) -> date | None:
    """The last day of his requirement, where none runs now and his sessions were not all held.

    None where his course ended: then that was told.
    """
    known = courses_of(case_id)
    if not known or finished_now(known[0]) is not None or standing_orders(case_id):
        return None
    if known[0].ended_how in (CourseEnd.EARLY, CourseEnd.CASE):
        return None
    ends = select(Order.treatment_ends_on).where(Order.case_id == case_id, Order.ended_on.is_(None))
    gone = [on for on in db.session.scalars(ends) if on < clock.today()]
    return max(gone, default=None)
