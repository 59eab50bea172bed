"""What is on record of a case's orders, read through a case that the viewer may see."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from mhtr.cases.away import Stay
from mhtr.core import clock
from mhtr.core.codes.lists import CodeList, load
from mhtr.core.database import db
from mhtr.orders.directing import Practitioner, still_named
from mhtr.orders.endings import NEVER_WAS
from mhtr.orders.limits import Step
from mhtr.orders.models import (
    DirectingChange,
    Order,
    OrderEnding,
    OrderPeriod,
    OrderRequirement,
    OrderReview,
    OrderTerms,
    ProbationContact,
)
from mhtr.orders.policy import least_days_apart
from mhtr.orders.stored_terms import terms_from
from mhtr.orders.terms import Period, Terms
from mhtr.orders.treatment_clock import Course, Gap, TreatmentClock, clock_of
from mhtr.tasks.calendar import working_calendar
from outcome_measures.sessions_on_record import numbered_sessions

_OF_CASE = Order.case_id == bindparam("wanted")
_ORDERS = select(Order).where(_OF_CASE).order_by(Order.made_on, Order.id)
_TERMS = (
    select(OrderTerms)
    .join(Order, Order.id == OrderTerms.order_id)
    .where(_OF_CASE)
    .order_by(OrderTerms.number)
)
_PERIODS = (
    select(OrderPeriod)
    .join(OrderTerms, OrderTerms.id == OrderPeriod.terms_id)
    .join(Order, Order.id == OrderTerms.order_id)
    .where(_OF_CASE)
    .order_by(OrderPeriod.starts_on, OrderPeriod.id)
)
_OTHERS = (
    select(OrderRequirement)
    .join(Order, Order.id == OrderRequirement.order_id)
    .where(_OF_CASE)
    .order_by(OrderRequirement.id)
)
_REVIEWS = (
    select(OrderReview)
    .join(Order, Order.id == OrderReview.order_id)
    .where(_OF_CASE)
    .order_by(OrderReview.on, OrderReview.id)
)
_ENDINGS = (
    select(OrderEnding)
    .join(Order, Order.id == OrderEnding.order_id)
    .where(_OF_CASE)
    .order_by(OrderEnding.id)
)
_DIRECTING = (
    select(DirectingChange)
    .join(Order, Order.id == DirectingChange.order_id)
    .where(_OF_CASE)
    .order_by(DirectingChange.id)
)
_CONTACTS = (
    select(ProbationContact)
    .where(ProbationContact.case_id == bindparam("wanted"))
    .order_by(ProbationContact.id.desc())
)


def limits_table() -> CodeList:
    """The dated table of legal limits with their sources."""
    return load("order_limits")


@dataclass(frozen=True)
class OnRecord:
    """One order with everything kept of it."""

    order: Order
    rows: tuple[OrderTerms, ...]
    periods: Mapping[int, tuple[OrderPeriod, ...]]
    """Of each set of terms, by its id."""
    others: tuple[OrderRequirement, ...]
    reviews: tuple[OrderReview, ...]
    endings: tuple[OrderEnding, ...]
    directing: tuple[DirectingChange, ...] = ()

    @property
    def row(self) -> OrderTerms:
        """The terms that count."""
        return self.rows[-1]

    @property
    def terms(self) -> Terms:
        return self.terms_of(self.row)

    @property
    def ending(self) -> OrderEnding | None:
        """How it ended before its terms say; None while nothing says so."""
        return next((row for row in reversed(self.endings) if row.taken_back_at is None), None)

    @property
    def never_was(self) -> bool:
        """Recorded by mistake: nothing is counted from it."""
        return self.ending is not None and self.ending.how in NEVER_WAS

    @property
    def counts_on(self) -> date | None:
        """The last day on which anything of it can still have effect."""
        return self.terms.operational_last_day or self.terms.last_day

    def stands_on(self, day: date) -> bool:
        """Whether nothing has ended it yet, and it is not over."""
        last = self.terms.last_day
        return self.ending is None and (last is None or day <= last)

    def waits_for_notice(self, row: DirectingChange) -> bool:
        """Whether the order names somebody who no longer directs, and nobody was told so yet."""
        if row.taken_back_at is not None or row.noticed_on is not None or self.ending is not None:
            return False
        was = Practitioner(row.was_named, row.was_registration)
        return self.stands_on(clock.today()) and still_named(was, row.since, self.terms)

    def steps(self) -> tuple[Step, ...]:
        """How its terms came about, as the limits are checked."""
        return tuple(
            Step(row.change, self.terms_of(row), row.willing_on, row.effective_on)
            for row in self.rows
        )

    def terms_of(self, row: OrderTerms) -> Terms:
        """One of its sets of terms, with the other requirements that count now."""
        return terms_from(row, self.periods.get(row.id, ()), self.others)


def orders_of(case_id: int) -> list[Order]:
    """A case's orders, the earliest first."""
    return list(db.session.scalars(_ORDERS, {"wanted": case_id}))


def on_record(order: Order) -> OnRecord:
    """Everything kept of one order."""
    return next(found for found in all_on_record(order.case_id) if found.order.id == order.id)


def all_on_record(case_id: int) -> list[OnRecord]:
    """Everything kept of each order of a case, the earliest first."""
    wanted = {"wanted": case_id}
    orders = orders_of(case_id)
    if not orders:
        return []
    periods: dict[int, tuple[OrderPeriod, ...]] = {}
    for one in db.session.scalars(_PERIODS, wanted):
        periods[one.terms_id] = (*periods.get(one.terms_id, ()), one)
    terms = tuple(db.session.scalars(_TERMS, wanted))
    others = tuple(db.session.scalars(_OTHERS, wanted))
    reviews = tuple(db.session.scalars(_REVIEWS, wanted))
    endings = tuple(db.session.scalars(_ENDINGS, wanted))
    directing = tuple(db.session.scalars(_DIRECTING, wanted))
    return [
        OnRecord(
            order,
            tuple(row for row in terms if row.order_id == order.id),
            periods,
            tuple(row for row in others if row.order_id == order.id),
            tuple(row for row in reviews if row.order_id == order.id),
            tuple(row for row in endings if row.order_id == order.id),
            tuple(row for row in directing if row.order_id == order.id),
        )
        for order in orders
    ]


def contacts_of(case_id: int) -> list[ProbationContact]:
    """Everybody who was his probation contact, the newest first."""
    return list(db.session.scalars(_CONTACTS, {"wanted": case_id}))


def contact_of(case_id: int) -> ProbationContact | None:
    """Who is it now; None where nobody is named."""
    return next((row for row in contacts_of(case_id) if row.ended_at is None), None)


def clock_now(found: OnRecord, gaps: Sequence[Gap] = ()) -> TreatmentClock:
    """The order's clock today, from the sessions on record since its requirement began."""
    order = found.order
    days, periods = sessions_of([order.case_id])[order.case_id], found.terms.periods
    course = course_of(found.row.sessions_expected, periods, days, least_days_apart())
    return clock_today(periods, course, gaps, over_on=order.ended_on)


held_days: list[Callable[[Collection[int]], Mapping[int, Collection[date]]]] = []
"""Who else knows on which days sessions took place: features above add their function."""


def sessions_of(case_ids: Collection[int]) -> dict[int, tuple[date, ...]]:
    """The days with a session of each case; one that two know of is one session."""
    measured, told = numbered_sessions(case_ids), [known(case_ids) for known in held_days]
    found = {}
    for case_id in case_ids:
        days = [one.day for one in measured[case_id]]
        others = {day for known in told for day in known.get(case_id, ())}
        found[case_id] = tuple(sorted([*days, *(others - set(days))]))
    return found


def gaps_in(stays: Sequence[Stay]) -> tuple[Gap, ...]:
    """When he could not attend, as the clock of an order reads it."""
    return tuple(Gap(one.since, one.until) for one in stays)


def course_of(
    expected: int, periods: Sequence[Period], days: tuple[date, ...], apart: int
) -> Course:
    """Treatment as the clock of an order reads it; a session before its requirement is none of it.

    Args:
        days: those with a session, of any time.
        apart: the least number of days between two.
    """
    starts = min(period.starts_on for period in periods)
    return Course(expected, tuple(day for day in days if day >= starts), apart)


def clock_today(
    periods: Sequence[Period], course: Course, gaps: Sequence[Gap], *, over_on: date | None = None
) -> TreatmentClock:
    """The clock of these periods of a requirement today; `over_on` as in `clock_of`."""
    return clock_of(periods, course, clock.today(), working_calendar(), over_on=over_on, gaps=gaps)
