"""A man sentenced with the requirement, those who work with him, and orders to record."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.cases.models import Case
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders import service
from mhtr.orders.models import Order
from mhtr.orders.service import Recorded
from mhtr.orders.terms import CustodialTerm, OrderKind, Period, Terms, Treatment
from mhtr.suitability import outcome_service
from mhtr.suitability.court_result import Outcome, Result
from mhtr.suitability.sentence_rules import WhyThatDay
from tests.makers import make_organisation, make_staff
from tests.suitability.journey import allocated
from tests.worlds import world

MADE = date(2026, 11, 16)
COURT = "B01KR"


@dataclass
class Sentenced:
    """A case under an order, its assessor, lead and administrator, and two probation officers."""

    case: Case
    assessor: Staff
    lead: Staff
    office: Staff
    officer: Staff
    senior: Staff


@world
def sentenced(result: Result | None = Result.CO_MHTR) -> Sentenced:
    """Sentenced on the 16th, recorded on the 18th; None: the court has not decided yet."""
    people = allocated()
    office = make_staff(Role.ADMINISTRATOR, organisation=people.assessor.organisation)
    unit = make_organisation(OrganisationKind.PROBATION_UNIT, "Camden and Islington")
    officer = make_staff(Role.PROBATION, organisation=unit, name="Priya Nair")
    senior = make_staff(Role.SENIOR_PROBATION, organisation=unit, name="Joan Okoro")
    case_id, assessor_id = people.case.id, people.assessor.id
    with writing():
        access.grant(
            case_id,
            Purpose.ADMINISTRATION,
            people.assessor.organisation.principal_id,
            because="test",
            by=None,
        )
        unit.mailbox = "duty@camden.example"
    if result is not None:
        says(case_id, assessor_id, result=result, sentenced_on=MADE)
    case = db.session.get_one(Case, case_id)
    return Sentenced(case, people.assessor, people.lead, office, officer, senior)


@world
def says(case_id: int, by: int, **said: Any) -> None:
    """What the court did, as the outcome page records it."""
    outcome = Outcome(**{"proposed": None, "why_that_day": WhyThatDay.BEFORE_REFERRAL, **said})
    with writing():
        outcome_service.record_outcome(case_id=case_id, outcome=outcome, by=by)


def treatment(starts: date = MADE, ends: date = date(2027, 5, 15)) -> Period:
    return Period(starts, ends, Treatment.PRACTITIONER, "Dr Amara Lindqvist", "PYL000456")


def community(**more: Any) -> Recorded:
    """A community order of a year with six months of treatment."""
    terms = Terms(OrderKind.COMMUNITY, MADE, MADE, (treatment(),), ends_on=date(2027, 11, 15))
    return _recorded(terms, more)


def suspended(**more: Any) -> Recorded:
    """Eight months suspended for eighteen, a year of supervision."""
    terms = Terms(
        OrderKind.SUSPENDED,
        MADE,
        MADE,
        (treatment(),),
        term=CustodialTerm(months=8),
        operational_months=18,
        supervision_months=12,
    )
    return _recorded(terms, more)


def _recorded(terms: Terms, more: dict[str, Any]) -> Recorded:
    own = {field.name for field in fields(Terms)}
    of_terms = {name: value for name, value in more.items() if name in own}
    of_record = {name: value for name, value in more.items() if name not in own}
    return replace(Recorded(replace(terms, **of_terms), COURT, 12), **of_record)


@world
def order_of(world: Sentenced, said: Recorded | None = None, *, another: bool = False) -> Order:
    """An order recorded by the administrator."""
    case_id, by = world.case.id, world.office.id
    with writing():
        made = service.record_order(
            case_id=case_id, said=said or community(), by=by, another=another
        )
    return made
