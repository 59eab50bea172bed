"""A session happens, or he misses it: recorded in seconds, and what follows the same day."""

from datetime import timedelta

from mhtr.accounts.models import OrganisationKind
from mhtr.compliance.attendance import Happened
from mhtr.compliance.models import Attendance
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders import service as orders
from mhtr.orders.contact_service import Named, name_contact
from mhtr.suitability.court_result import Result
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from sessions.booking.models import SessionPlace
from tests.browser.journeys.keyboard import Keyboard
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.person import Person
from tests.makers import make_organisation, make_staff
from tests.orders.makers import community, says, treatment
from tests.sessions.seen import booked, group, tell
from tests.suitability.journey import People, taken_on


def treated(programme: Programme) -> tuple[People, SessionPlace]:
    """The man under an order with a session two hours ago, and an officer who signs in here."""
    people = programme.allocated()
    says(people.case.id, people.assessor.id, result=Result.CO_MHTR, sentenced_on=clock.today())
    unit = make_organisation(OrganisationKind.PROBATION_UNIT, "Camden and Islington")
    officer = make_staff(Role.PROBATION, organisation=unit, name="Priya Nair")
    said = Named(unit_id=unit.id, staff_id=officer.id)
    case_id, by = people.case.id, people.assessor.id
    with writing():
        name_contact(case_id=case_id, said=said, seen=0, by=by)
    place = booked(people.case, people.assessor, clock.now() - timedelta(hours=2))
    return people, place


def test_attended_in_a_few_seconds_and_the_note_after(programme: Programme, person: Person) -> None:
    _, place = treated(programme)
    ref = place.ref
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today").starts_counting()
    person.takes_up(MAN, heading="My sessions today").arrives_at("Record what happened")
    person.finds_the_page_fit().chooses("Came and was seen")
    person.clicks("Save").arrives_at("What happened").within(6)
    person.sees("5: Attended on time", "ATTC: Attended", "No next session is booked")
    person.finds_the_page_fit().clicks("Write the note").arrives_at("Session note")
    person.types("Work done", "Thought record of the bus").types("Risk", "Asked, none said")
    person.clicks("Finish the note", exact=True).sees("Write this part before you finish the note")
    person.types("Plan", "The same bus on Friday").clicks("Finish the note", exact=True)
    person.sees("Waits for the signature of a clinical lead").finds_the_page_fit()
    person.signs_out().signs_in_as("clinical_lead").arrives_at("Today")
    person.goes_to(f"/places/{ref}/note").clicks("Sign off").sees("Signed off by")
    person.finds_the_page_fit()


def test_recorded_from_his_own_week(programme: Programme, person: Person) -> None:
    """The grid fits the screen, and the session in it is six interactions from its record."""
    treated(programme)
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today").starts_counting()
    if person.settles().page.get_by_role("button", name="More").is_visible():
        person.clicks("More", role="button")
    person.clicks("Calendar", role="link", exact=True).arrives_at("Your week").sees(MAN)
    person.clicks(f"Record for {MAN}").arrives_at("Record what happened")
    person.chooses("Came and was seen").clicks("Save").arrives_at("What happened").within(6)
    person.sees("Write the note")
    person.goes_to("/calendar").arrives_at("Your week").sees("Attended")


def test_a_miss_opens_attempts_and_probation_reads_the_fact(
    programme: Programme, person: Person
) -> None:
    people, place = treated(programme)
    case_id, case_ref, ref = people.case.id, people.case.ref, place.ref
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today")
    person.takes_up(MAN, heading="My sessions today").arrives_at("Record what happened")
    person.chooses("Did not come").clicks("Save").arrives_at("What happened")
    person.clicks("Reach him, and log what was tried").arrives_at("Reaching him")
    person.sees("Nothing is logged yet").finds_the_page_fit()
    person.chooses("By telephone").chooses("No answer").clicks("Log it").sees("Not enough yet")
    person.chooses("By text message").chooses("Sent").clicks("Log it").sees("That is enough")
    assert not tasks.open_tasks(case_id, TaskKind.CONTACT_HIM)
    db.session.rollback()
    person.goes_to(f"/cases/{case_ref}/attendance").sees("2 attempts to reach him")
    person.finds_the_page_fit()
    person.signs_out().signs_in_as("probation").arrives_at("Today")
    person.sees("What happened at a session of a man of yours is recorded.")
    person.goes_to(f"/cases/{case_ref}/attendance/told").arrives_at("Attendance")
    person.sees("Did not come", "AFTA", "By telephone: no answer").finds_the_page_fit()
    person.goes_to(f"/places/{ref}/note").does_not_see("Session note", "Homework review")


def test_he_is_told_and_probation_decides_on_what_he_missed(
    programme: Programme, person: Person
) -> None:
    people, place = treated(programme)
    coming = booked(people.case, people.assessor, clock.now() + timedelta(days=5))
    case_id, by, today = people.case.id, people.assessor.id, clock.today()
    order = community(made_on=today, convicted_on=today, periods=(treatment(starts=today),))
    with writing():
        orders.record_order(case_id=case_id, said=order, by=by)
    tell(place, people.assessor, Happened.DID_NOT_COME)
    case_ref, missed = people.case.ref, place.ref
    assert coming.ref != missed
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today")
    person.goes_to(f"/cases/{case_ref}/sessions").sees("Nobody recorded that he was told")
    person.clicks("Record how he was told").arrives_at("How he was told of his sessions")
    person.clicks("Save").sees("Select how he was told").finds_the_page_fit().starts_counting()
    person.chooses("In person").chooses("He was told himself").chooses("Yes").clicks("Save")
    person.within(4).sees("Recorded.", "He was told").finds_the_page_fit()
    person.clicks("Take back").arrives_at("Take back that he was told")
    person.clicks("Take it back").sees("Taken back.", "Nobody recorded that he was told")
    person.signs_out().signs_in_as("probation").arrives_at("Today")
    person.goes_to("/my-people").arrives_at("My people")
    person.clicks("decide on the session").arrives_at("Decide on an absence")
    person.sees("Nobody recorded that he was told").starts_counting()
    person.chooses("Not accepted: there was no reasonable excuse")
    person.clicks("Record your decision").sees("Say why it should count against him")
    person.finds_the_page_fit().starts_counting()
    person.chooses("Accepted: there was a reasonable excuse").clicks("Record your decision")
    person.within(4).arrives_at("Standing").sees("Your decision is recorded.", "Accepted")
    person.goes_to(f"/cases/{case_ref}/absences/{missed}").arrives_at("Decide on an absence")
    person.sees("Decisions until now", "Priya Nair")
    person.goes_to("/my-people").does_not_see("decide on the session")


def test_he_says_why_and_probation_reads_only_what_he_wants(
    programme: Programme, person: Person
) -> None:
    """On the telephone: eight interactions beside what is typed; then it stands at the decision."""
    people, place = treated(programme)
    tell(place, people.assessor, Happened.DID_NOT_COME)
    case_ref, missed = people.case.ref, place.ref
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today")
    person.goes_to(f"/cases/{case_ref}/attendance").arrives_at("Attendance")
    person.clicks("What he says").arrives_at("What he says of a missed session")
    person.sees("Tell him before he answers").finds_the_page_fit()
    person.clicks("Record it").sees("Tell him first who reads what he says").finds_the_page_fit()
    person.starts_counting()
    person.chooses("He knew who reads what before he answered").chooses("He said it himself")
    person.picks("How?", "By telephone").chooses("Ill", group="Which kind of reason")
    person.types("What he wants probation to know of it", "I was in hospital that night.")
    person.types("What he wants his clinicians to know", "A panic attack, they said.")
    person.chooses("Yes", group="Does he show anything for it?")
    person.picks("What is it?", "A fit note").chooses(
        "A clinician has seen it; it is not passed on"
    )
    person.chooses("It shows what he says").clicks("Record it").within(11)
    person.sees("Recorded.", "A panic attack, they said.", "A fit note").finds_the_page_fit()
    person.clicks("A letter that asks him").arrives_at("You missed a session").finds_the_page_fit()
    person.goes_to("/today").signs_out().signs_in_as("probation").arrives_at("Today")
    person.sees("A man of yours said something of a missed session")
    person.goes_to(f"/cases/{case_ref}/absences/{missed}").arrives_at("Decide on an absence")
    person.sees("I was in hospital that night.", "A fit note. It shows what he says")
    person.does_not_see("panic").finds_the_page_fit()
    person.clicks("Record what he told you").arrives_at("What he says of an absence")
    person.does_not_see("clinicians to know").finds_the_page_fit()


def test_a_register_is_one_choice_a_man(programme: Programme, person: Person) -> None:
    people, _ = treated(programme)
    session = group(people.assessor, clock.now() - timedelta(hours=1))
    booked(people.case, people.assessor, session.starts_at, session=session)
    for name in ("Kofi", "Yusuf"):
        case = taken_on(people.assessor, name, "Mensah", None)
        booked(case, people.assessor, session.starts_at, session=session)
    where = f"/sessions/{session.ref}/register"
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today").sees("3 in the group")
    person.goes_to(where).arrives_at("Register").finds_the_page_fit().starts_counting()
    person.chooses("Here", group="Kofi Mensah")
    person.chooses("Late", group="Yusuf Mensah")
    person.types("Minutes late: Yusuf Mensah", "7").clicks("Save").within(4)
    person.sees("Came 7 minutes late and was still seen").finds_the_page_fit()


COUNTS_KEYS = (
    "window.pressed = 0; addEventListener('keydown', () => { window.pressed += 1; }, true)"
)


def pressed(person: Person) -> int:
    """Keys pressed on this page since counting began."""
    count: int = person.page.evaluate("window.pressed")
    return count


def test_one_session_by_keyboard_in_under_a_minute(programme: Programme, person: Person) -> None:
    """Held down or not, somebody presses three keys a second: 180 in a minute."""
    treated(programme)
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today").sees(MAN)
    person.page.evaluate(COUNTS_KEYS)
    keys = Keyboard(person)
    keys.press("Tab", "Enter")  # past the head of the page
    there = _tabs_to_row(person)
    keys.press("Enter")
    person.arrives_at("Record what happened")
    person.page.evaluate(COUNTS_KEYS)
    keys.chooses("Came and was seen", group="What happened?").goes_to("Save")
    recorded = pressed(person) + 1
    keys.follows("Save")
    person.arrives_at("What happened").sees("ATTC: Attended")
    assert there <= 20 and recorded <= 40, (there, recorded)


def _tabs_to_row(person: Person) -> int:
    for count in range(1, 60):
        person.page.keyboard.press("Tab")
        if person.page.evaluate(
            "() => document.activeElement.closest('.app-block')?.textContent"
            ".includes('My sessions today') && document.activeElement.matches('.app-do')"
        ):
            return count
    raise AssertionError("the session cannot be reached by Tab")


def test_a_register_of_eight_is_one_key_a_man(programme: Programme, person: Person) -> None:
    people, _ = treated(programme)
    session = group(people.assessor, clock.now() - timedelta(hours=1))
    booked(people.case, people.assessor, session.starts_at, session=session)
    for name in ("Abel", "Ben", "Caleb", "Dan", "Eli", "Femi", "Gus"):
        case = taken_on(people.assessor, name, "Mensah", None)
        booked(case, people.assessor, session.starts_at, session=session)
    where = f"/sessions/{session.ref}/register"
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today")
    person.goes_to(where).arrives_at("Register").sees("1 Here, 2 Late").finds_the_page_fit()
    keys = Keyboard(person)
    keys.goes_to("Here", "Abel Mensah")
    person.page.evaluate(COUNTS_KEYS)
    keys.press("1", "1", "2", "7", "Tab", "1", "4", "1", "1", "1")
    assert pressed(person) == 10, "one key a man, and how late one was"
    with person.page.expect_navigation():
        keys.press("Enter")
    person.sees("Came 7 minutes late and was still seen").finds_the_page_fit()
    db.session.rollback()
    kept = [row.happened for row in db.session.query(Attendance).order_by(Attendance.id)]
    assert sorted(kept) == sorted(
        [Happened.SEEN_LATE, Happened.DID_NOT_COME, *([Happened.SEEN] * 6)]
    )
