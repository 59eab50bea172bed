"""A man with a second course: everything that reads his measures counts his sessions alike."""

from datetime import datetime, time

from flask import Flask

from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import CaseState
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.clock import SetClock, from_london
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.attended_measures import seen_without
from mhtr.overview.cohort_queries import Asked, read
from outcome_measures.counting import attended, planned_of
from outcome_measures.flags.queries import states_of
from outcome_measures.recording.contact_queries import course_of as course_on_record
from sessions.booking.models import SessionPlace
from sessions.courses import queries, service
from sessions.courses.kinds import CourseEnd
from sessions.courses.models import Course
from tests.outcome_measures.courses import close, live, look_again, make_contact, score_at
from tests.overview.test_measure_lists import block
from tests.pages import PageClient
from tests.sessions.courses.makers import course_of, pathway_of, planned
from tests.sessions.seen import Treated, booked, tell, treated


def seen_at(man: Treated, course: Course, number: int) -> None:
    """He was seen this morning, for a session of a course."""
    part = queries.sessions_of(course.id)[number - 1].id
    at = from_london(datetime.combine(clock.today(), time(8)))
    place = booked(man.case, man.therapist, at)
    with writing():
        db.session.get_one(SessionPlace, place.id).course_session_id = part
    tell(place, man.therapist, Happened.SEEN)


def measured(man: Treated, number: int) -> None:
    """What he answered today is recorded as of a session."""
    contact = make_contact(man.case, man.therapist, clock.today(), number, closed=False)
    score_at(contact, "phq9", 15, by=man.therapist)
    score_at(contact, "gad7", 12, by=man.therapist)
    close(contact, man.therapist)


def second_course(set_clock: SetClock) -> tuple[Treated, Course]:
    """Three weekly sessions of a first course, each measured; a second of four, made today."""
    man = treated()
    with writing():
        man.case.state, man.case.state_since = CaseState.IN_TREATMENT, clock.today()
    by, world = man.therapist, man.world
    three = pathway_of(by.organisation_id, world.lead.id, [planned() for _ in range(3)], name="A")
    four = pathway_of(by.organisation_id, world.lead.id, [planned() for _ in range(4)], name="B")
    course = course_of(world, three)
    for number in (1, 2, 3):
        set_clock.advance(days=7)
        seen_at(man, course, number)
        measured(man, number)
    with writing():
        version = db.session.get_one(Course, course.id).version
        service.end_course(
            course_id=course.id, how=CourseEnd.DONE, reason="", version=version, by=by.id
        )
    assert planned_of([man.case.id]) == {man.case.id: 3}
    return man, course_of(world, four)


def test_his_sessions_are_counted_through(either_app: Flask, set_clock: SetClock) -> None:
    man, course = second_course(set_clock)
    case_id = man.case.id
    assert planned_of([case_id]) == {case_id: 7}
    assert ("above_cut_off", None) in live(case_id), "his only course had come to its end"
    look_again(case_id)
    assert ("above_cut_off", None) not in live(case_id)
    set_clock.advance(days=7)
    seen_at(man, course, 1)
    set_clock.advance(days=1)
    measured(man, 4)  # of yesterday's session
    assert [number for _, number in attended(case_id)] == [1, 2, 3, 4]
    state = states_of([case_id])[case_id]
    assert [one.session_number for one in state.contacts] == [1, 2, 3, 4], "no session twice"
    assert [(one.after, one.planned) for one in state.parts] == [(0, 3), (3, 4)]
    today = clock.today()
    (one,) = read(Asked(today, today), today).open
    assert one.episode.sessions.number == 4
    assert seen_without(viewer_of(man.therapist), own=False, days=14, missing=True) == []
    set_clock.advance(days=6)
    seen_at(man, course, 2)
    (lacks,) = seen_without(viewer_of(man.therapist), own=False, days=14, missing=True)
    assert lacks.session_number == 5 and lacks.ref.endswith(":5")
    (*_, last) = states_of([case_id])[case_id].contacts
    assert last.ref == lacks.ref
    assert course_on_record(case_id).attended[-1] == (5, clock.today())


def test_the_pages_name_the_session_alike(client: PageClient, set_clock: SetClock) -> None:
    man, course = second_course(set_clock)
    set_clock.advance(days=7)
    seen_at(man, course, 1)
    client.sign_in(man.therapist)
    due = "PHQ-9 and GAD-7 due now: session 4 on"
    link = f"/measures/contacts/new?day={clock.today()}&amp;session=4"
    measures = client.page(f"/cases/{man.case.ref}/measures")
    today = client.page("/today")
    assert due in block(today, "measures") and link in today
    assert due in measures and link in measures
    form = client.page(f"/cases/{man.case.ref}/measures/contacts/new")
    assert 'name="session_number"' in form and 'value="4"' in form
    assert "session 1 of his present course is session 4 here" in " ".join(form.split())
