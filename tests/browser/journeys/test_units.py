"""A unit of probation: a colleague covers and decides for another; a senior moves a caseload."""

from datetime import date

import pytest
from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders import cover_service
from mhtr.orders import service as orders
from mhtr.orders.contact_service import Named, name_contact
from mhtr.orders.models import ProbationContact
from mhtr.orders.queries import contact_of
from mhtr.suitability.court_result import Result
from tests.browser.journeys.keyboard import Keyboard
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.journeys.test_attendance import treated
from tests.browser.person import Person
from tests.makers import make_staff
from tests.orders.makers import community, says, treatment
from tests.sessions.seen import tell
from tests.suitability.journey import taken_on

FORTY = 40


def unit_of(case_id: int) -> Organisation:
    kept = contact_of(case_id)
    assert kept is not None and kept.unit_id is not None
    return db.session.get_one(Organisation, kept.unit_id)


def parts(day: date) -> tuple[int, int, int]:
    return day.day, day.month, day.year


@pytest.mark.both_widths
def test_a_colleague_covers_and_decides_for_him(programme: Programme, person: Person) -> None:
    people, place = treated(programme)
    today = clock.today()
    case_id, by, missed = people.case.id, people.assessor.id, place.ref
    order = community(made_on=today, convicted_on=today, periods=(treatment(starts=today),))
    with writing():
        orders.record_order(case_id=case_id, said=order, by=by)
    tell(place, people.assessor, Happened.DID_NOT_COME)
    make_staff(Role.PROBATION, organisation=unit_of(case_id), name="Cleo Ash")
    case_ref = people.case.ref
    db.session.rollback()
    person.signs_in_as("probation").goes_to("/my-people").arrives_at("My people").sees(MAN)
    person.clicks("Cover", role="link", exact=True).arrives_at("Cover")
    person.sees("Nobody covers for anybody").clicks("Save").sees("Select who covers")
    person.finds_the_page_fit().starts_counting()
    person.picks("Who covers?", "Cleo Ash")
    person.types_date("First day", *parts(today)).types_date("Last day", *parts(today))
    person.clicks("Save").sees("The cover is saved.", "Cleo Ash").finds_the_page_fit()
    person.goes_to("/my-people").sees("Cleo Ash covers for you").finds_the_page_fit()
    # One click signs in the first of a role: now the other one is.
    officer = db.session.scalars(select(Staff).where(Staff.name == "Priya Nair")).one().id
    with writing():
        db.session.get_one(Staff, officer).roles[0].role = Role.SENIOR_PROBATION
    db.session.rollback()
    person.signs_out().signs_in_as("probation").goes_to("/my-people").arrives_at("My people")
    person.sees(MAN, "You cover for Priya Nair", "For Priya Nair").finds_the_page_fit()
    person.clicks("decide on the session").arrives_at("Decide on an absence")
    person.sees("You decide for Priya Nair").finds_the_page_fit().starts_counting()
    person.chooses("Accepted: there was a reasonable excuse").clicks("Record your decision")
    person.within(4).arrives_at("Standing").sees("Your decision is recorded.")
    person.goes_to(f"/cases/{case_ref}/absences/{missed}").sees("Cleo Ash, for Priya Nair")
    person.finds_the_page_fit()


def caseload(programme: Programme) -> tuple[Organisation, int]:
    """Forty men of one officer, a colleague and a senior. The unit, and the colleague."""
    people, _ = treated(programme)
    unit = unit_of(people.case.id)
    kept = contact_of(people.case.id)
    assert kept is not None
    said, by = Named(unit_id=unit.id, staff_id=kept.staff_id), people.assessor.id
    for number in range(FORTY - 1):
        case_id = taken_on(people.assessor, f"Man{number:02}", "Abara").id
        says(case_id, by, result=Result.CO_MHTR, sentenced_on=clock.today())
        with writing():
            name_contact(case_id=case_id, said=said, seen=0, by=by)
    make_staff(Role.SENIOR_PROBATION, organisation=unit, name="Joan Okoro")
    return unit, make_staff(Role.PROBATION, organisation=unit, name="Cleo Ash").id


@pytest.mark.both_widths
def test_a_senior_moves_forty_men_in_one_go(programme: Programme, person: Person) -> None:
    _, colleague_id = caseload(programme)
    db.session.rollback()
    person.signs_in_as("senior_probation").goes_to("/my-people").arrives_at("My people")
    person.finds_the_page_fit().clicks("Reassign", role="link", exact=True)
    person.arrives_at("Reassign").finds_the_page_fit().starts_counting()
    person.picks("Whose", "Priya Nair").clicks("Go on").sees("Whose: Priya Nair")
    person.chooses("All 40 of them").picks("To whom?", "Cleo Ash")
    person.types("Why?", "Leaves at the end of the month")
    person.clicks("Give them to this officer").within(7)
    person.sees("40 men are with the new officer now.").finds_the_page_fit()
    held = select(ProbationContact.staff_id).where(ProbationContact.ended_at.is_(None))
    assert set(db.session.scalars(held)) == {colleague_id}
    db.session.rollback()


def test_men_are_given_away_by_keyboard(programme: Programme, person: Person) -> None:
    people, _ = treated(programme)
    unit = unit_of(people.case.id)
    make_staff(Role.SENIOR_PROBATION, organisation=unit, name="Joan Okoro")
    make_staff(Role.PROBATION, organisation=unit, name="Cleo Ash")
    kept = contact_of(people.case.id)
    assert kept is not None and kept.staff_id is not None
    ref = db.session.get_one(Staff, kept.staff_id).ref
    db.session.rollback()
    person.signs_in_as("senior_probation").goes_to(f"/my-people/reassign?whose={ref}")
    keys = Keyboard(person).is_never_trapped()
    keys.chooses("Only those that I select", group="Whom do you give").goes_to(MAN).press("Space")
    keys.goes_to("To whom?").press("C").types("Why?", "Too many men")
    keys.follows("Give them to this officer")
    person.sees("One man is with the new officer now.")


def test_cover_is_taken_back_by_keyboard(programme: Programme, person: Person) -> None:
    people, _ = treated(programme)
    unit, kept = unit_of(people.case.id), contact_of(people.case.id)
    assert kept is not None and kept.staff_id is not None
    officer_id, today = kept.staff_id, clock.today()
    cover_id = make_staff(Role.PROBATION, organisation=unit, name="Cleo Ash").id
    with writing():
        cover_service.plan_cover(
            officer_id=officer_id, cover_id=cover_id, first=today, last=today, by=officer_id
        )
    person.signs_in_as("probation").goes_to("/my-people/cover")
    Keyboard(person).is_never_trapped().follows("Take back")
    person.sees("The cover is taken back.", "Taken back on")
