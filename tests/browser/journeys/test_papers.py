"""A matter is referred: the officer issues its papers, and issues them again after a correction."""

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.compliance import decision_service, enforcement_service
from mhtr.compliance.attendance import Happened
from mhtr.compliance.deciding import Decision
from mhtr.compliance.decision_service import Seen
from mhtr.compliance.enforcing import Step, StepKind
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders import service as orders
from mhtr.orders.queries import orders_of
from sessions.booking.models import SessionPlace
from tests.browser.journeys.keyboard import Keyboard
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.journeys.test_attendance import treated
from tests.browser.person import Person
from tests.orders.makers import community, treatment
from tests.sessions.seen import tell
from tests.suitability.journey import People


def not_accepted(programme: Programme) -> tuple[People, SessionPlace]:
    """The man under an order, whose miss of today his officer did not accept."""
    people, place = treated(programme)
    case_id, by, today = people.case.id, people.assessor.id, clock.today()
    order = community(made_on=today, convicted_on=today, periods=(treatment(starts=today),))
    with writing():
        orders.record_order(case_id=case_id, said=order, by=by)
    tell(place, people.assessor, Happened.DID_NOT_COME)
    officer = db.session.scalars(select(Staff.id).where(Staff.name == "Priya Nair")).one()
    said = Decision(Opinion.NO_EXCUSE, why="He sends nothing", notice_why="He knew of it")
    with writing():
        decision_service.decide(
            case_id=case_id, subject=place.ref, decision=said, seen=Seen(1, 0), by=officer
        )
    return people, place


def test_referred_issued_put_right_and_issued_again(programme: Programme, person: Person) -> None:
    people, place = not_accepted(programme)
    case_ref, assessor, today = people.case.ref, people.assessor, clock.today()
    db.session.rollback()
    person.signs_in_as("probation").goes_to(f"/cases/{case_ref}/standing").arrives_at("Standing")
    person.clicks("Record what was done").arrives_at("Record what was done")
    person.chooses("I referred the matter to an enforcement officer")
    person.page.locator('input[name="about"]').first.check()
    person.types_date("On which day?", today.day, today.month, today.year)
    person.clicks("Record it").arrives_at("Standing").sees("10 working days left")
    person.finds_the_page_fit()
    person.goes_to("/my-people").arrives_at("My people").sees("10 working days left")
    person.finds_the_page_fit()
    person.goes_to("/today").takes_up(MAN, heading="Papers of referrals to send")
    person.arrives_at("Papers of a referral").sees("No papers are made yet").finds_the_page_fit()
    person.clicks("See what they will say").arrives_at("What the papers will say")
    person.sees("Session of the requirement: did not come", "He knew of it").finds_the_page_fit()
    person.clicks("Make version 1").arrives_at("Papers of a referral").sees("Version 1 is made.")
    person.finds_the_page_fit().does_not_see("Superseded", "Facts have changed")
    where = person.page.url

    tell(place, assessor, Happened.TOO_LATE, seen=1, why="The log of calls shows it")
    db.session.rollback()
    person.goes_to(where).sees("Facts have changed since version 1", "came too late to be seen")
    person.does_not_see("The log of calls shows it").finds_the_page_fit()
    person.clicks("Issue them again").arrives_at("What the papers will say")
    person.clicks("Make version 2").sees("Say why the papers are issued again")
    person.finds_the_page_fit()
    person.types("Why are they issued again?", "The record was put right")
    person.clicks("Make version 2").arrives_at("Papers of a referral")
    person.sees("Version 2 is made.", "Superseded", "The record was put right")
    person.clicks("Version 1", role="link").arrives_at("Papers of a referral, version 1")
    person.sees("Do not use this version", "version 2 of").finds_the_page_fit()
    person.clicks("Papers of the referral").arrives_at("Papers of a referral")
    person.chooses("Version 2").types("To whom?", "Enforcement, north")
    person.types_date("On which day was it sent?", today.day, today.month, today.year)
    person.clicks("Record as sent").sees("Recorded as sent.", "Papers sent on")
    person.finds_the_page_fit()
    person.goes_to("/today").does_not_see("Papers of referrals to send")
    person.signs_out().signs_in_as("assessor").goes_to(f"/cases/{case_ref}")
    person.does_not_see("enforcement", "apers of a referral")


def test_papers_are_made_and_sent_by_keyboard_alone(programme: Programme, person: Person) -> None:
    people, place = not_accepted(programme)
    order_id, today = orders_of(people.case.id)[0].id, clock.today()
    by = db.session.scalars(select(Staff.id).where(Staff.name == "Priya Nair")).one()
    step = Step(StepKind.REFERRED, today, frozenset({str(place.ref)}))
    with writing():
        ref = enforcement_service.record_step(order_id=order_id, step=step, by=by).ref
    db.session.rollback()
    person.signs_in_as("probation").goes_to(f"/referrals/{ref}/papers")
    person.arrives_at("Papers of a referral")
    keys = Keyboard(person)
    keys.follows("See what they will say")
    person.arrives_at("What the papers will say")
    keys.follows("Make version 1")
    person.sees("Version 1 is made.")
    keys.chooses("Version 1", "Which version was sent?")
    for label, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        keys.types(label, str(value), "On which day was it sent?")
    keys.types("To whom?", "Enforcement, north").follows("Record as sent")
    person.sees("Recorded as sent.")
    keys.is_never_trapped()
