"""What the court ordered is recorded, and probation names who supervises him."""

from dataclasses import replace
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from mhtr.accounts.models import Staff
from mhtr.cases import away_service
from mhtr.cases.facts import Away
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.world import Hand
from mhtr.orders import (
    contact_service,
    directing_service,
    ending_service,
    induction_service,
    parts_service,
    service,
)
from mhtr.orders.contact_service import Named
from mhtr.orders.directing import Practitioner, named_from
from mhtr.orders.endings import HowEnded
from mhtr.orders.induction import BY_HAND, Item, Outcome
from mhtr.orders.models import Order
from mhtr.orders.prefilled import from_case, suggested
from mhtr.orders.queries import on_record
from mhtr.orders.service import Recorded
from mhtr.orders.terms import (
    Change,
    CustodialTerm,
    OrderKind,
    OtherKind,
    Period,
    Terms,
    Treatment,
)

TREATMENT_MONTHS = 6
YEAR = 12


def ordered(hand: Hand, *, months: int = YEAR, sessions: int = 12) -> Order:
    """The order as the court made it: so many months, treatment in the first half year."""
    said = from_case(hand.case, suggested(hand.case))
    made_on = said["made_on"]
    suspended = said["kind"] == OrderKind.SUSPENDED.value
    ends = made_on + relativedelta(months=min(months, TREATMENT_MONTHS)) - timedelta(days=1)
    lead = db.session.get_one(Staff, hand.lead)
    period = Period(made_on, ends, Treatment.PRACTITIONER, lead.name, lead.hcpc_number or "")
    terms = Terms(
        OrderKind.SUSPENDED if suspended else OrderKind.COMMUNITY,
        said["convicted_on"] or made_on,
        made_on,
        (period,),
        ends_on=None if suspended else made_on + relativedelta(months=months),
        term=CustodialTerm(weeks=26) if suspended else CustodialTerm(),
        operational_months=months + TREATMENT_MONTHS if suspended else None,
        supervision_months=months if suspended else None,
    )
    recorded = Recorded(terms, hand.case.court_code, sessions)
    return service.record_order(case_id=hand.case_id, said=recorded, by=hand.assessor)


def supervised(hand: Hand, officer: str = "probation") -> None:
    """A probation practitioner who signs in here supervises him."""
    staff = db.session.get_one(Staff, hand.world.staff(officer))
    contact_service.name_contact(
        case_id=hand.case_id,
        said=Named(unit_id=staff.organisation_id, staff_id=staff.id),
        seen=0,
        by=hand.assessor,
    )


def supervised_by_name(hand: Hand, name: str) -> None:
    """An officer who does not sign in here, of a unit with a mailbox."""
    unit_id = db.session.get_one(Staff, hand.world.staff("probation")).organisation_id
    said = Named(unit_id=unit_id, name=name, email="officer@probation.example")
    contact_service.name_contact(case_id=hand.case_id, said=said, seen=0, by=hand.assessor)


def supervised_elsewhere(hand: Hand, name: str) -> None:
    """An officer of a unit that nobody here knows, by telephone."""
    said = Named(unit_id=None, name=name, phone="020 7946 0123")
    contact_service.name_contact(case_id=hand.case_id, said=said, seen=0, by=hand.assessor)


def with_unpaid_work(hand: Hand, order: Order) -> None:
    """He works unpaid as well, and the court reviews the order."""
    parts_service.add_requirement(
        order_id=order.id,
        kind=OtherKind.UNPAID_WORK,
        amount="100 hours",
        until=None,
        version=order.version,
        by=hand.assessor,
    )
    parts_service.add_review(
        order_id=order.id,
        on=order.made_on + relativedelta(months=3),
        court_code=hand.case.court_code,
        version=order.version,
        by=hand.assessor,
    )


def extended(hand: Hand, order: Order, *, months: int) -> None:
    """The court moves the end of a community order on probation's application."""
    kept = service.recorded_of(service.locked(order.id, order.version))
    ends_on = kept.terms.ends_on
    if ends_on is None:
        raise ValueError("only a community order is extended")
    later = replace(kept, terms=replace(kept.terms, ends_on=ends_on + relativedelta(months=months)))
    service.change_order(
        order_id=order.id,
        change=Change.EXTENDED,
        said=later,
        effective_on=order.made_on,
        version=order.version,
        by=hand.assessor,
    )


def revoked(hand: Hand, order: Order) -> None:
    """The court revokes the order today."""
    ending_service.end_order(
        order_id=order.id,
        how=HowEnded.REVOKED,
        on=clock.today(),
        version=order.version,
        by=hand.assessor,
    )


def directed_by(hand: Hand, order: Order, now: Practitioner | None) -> None:
    """Whom the order names no longer directs, from today."""
    (was,) = named_from(on_record(order).terms, clock.today())
    directing_service.record_change(
        order_id=order.id,
        was=was,
        now=now,
        since=clock.today(),
        version=order.version,
        by=hand.assessor,
    )


def told_who_directs(hand: Hand, order: Order, to: str) -> None:
    """Written notice of it, today."""
    directing_service.give_notice(
        order_id=order.id,
        number=1,
        on=clock.today(),
        to=to,
        version=order.version,
        by=hand.assessor,
    )


def cannot_attend(hand: Hand, where: Away) -> None:
    """He is in hospital or custody since yesterday."""
    seen = _last_of(hand)
    away_service.record_away(
        case_id=hand.case_id,
        where=where,
        since=clock.today() - timedelta(days=1),
        seen=seen,
        by=hand.assessor,
    )


def can_attend(hand: Hand) -> None:
    """He is out since today."""
    away_service.record_back(
        case_id=hand.case_id, on=clock.today(), seen=_last_of(hand), by=hand.assessor
    )


def _last_of(hand: Hand) -> int:
    found = away_service.stays_of(hand.case_id)
    return found[-1].fact_id if found else 0


def spoken_with(hand: Hand, *items: Item, outcome: Outcome = Outcome.CONFIRMED) -> None:
    """Parts of his induction, today: all that somebody records where none is named."""
    for item in items or BY_HAND:
        induction_service.record_step(
            case_id=hand.case_id,
            item=item,
            outcome=outcome,
            on=clock.today(),
            note="He can come on any day but Friday." if item is Item.TIMES else "",
            by=hand.assessor,
        )
