"""A man under an order with a course, and a clinic with clinicians and rooms to book."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import access
from mhtr.core.access import Purpose
from mhtr.core.clock import LONDON
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability.court_result import Result
from sessions.availability.models import Clinician, HowHeCanCome, Qualification, Room, Site
from sessions.availability.shapes import Span
from sessions.booking import service
from sessions.booking.closing import Why
from sessions.booking.models import BookingState, SessionPlace, TakenTime, TreatmentSession
from sessions.booking.service import Asked
from sessions.booking.shapes import Place
from sessions.courses.models import Course, CourseSession, Pathway
from sessions.therapies import SessionMode, Side, Therapy
from tests.orders.makers import MADE, Sentenced, order_of, says, sentenced
from tests.sessions.availability.makers import make_clinician, make_room, make_site
from tests.suitability.journey import taken_on
from tests.worlds import world

MONDAY = date(2026, 11, 23)
ASKED = Why(Side.HIM, "He starts a job")


@dataclass
class Clinic:
    """A sentenced man with an order and a course of six, and where and by whom he can be seen."""

    people: Sentenced
    ada: Staff
    ben: Staff
    site: Site
    room: Room
    other_room: Room
    course: Course
    parts: list[CourseSession]

    @property
    def case(self) -> Case:
        return self.people.case

    @property
    def by(self) -> int:
        return self.people.office.id


@world
def clinic() -> Clinic:
    """Two clinicians at one place with two rooms, weekdays nine to five, ten minutes between."""
    people = sentenced()
    order_of(people)
    trust = people.assessor.organisation
    site = make_site(trust)
    room, other = make_room(site), make_room(site, "Room 2", capacity=9)
    ada = make_clinician(trust, site, name="Ada Mensah")
    ben = make_clinician(trust, site, name="Ben Ferreira")
    course, parts = make_course(people, ada)
    return Clinic(people, ada, ben, site, room, other, course, parts)


@world
def make_course(
    people: Sentenced, therapist: Staff, sessions: int = 6
) -> tuple[Course, list[CourseSession]]:
    """A weekly course of CBT, an hour each, with four to fourteen days between."""
    trust_id, case_id, by = therapist.organisation_id, people.case.id, people.office.id
    therapist_id = therapist.id
    with writing():
        pathway = db.session.query(Pathway).filter_by(organisation_id=trust_id).first()
        if pathway is None:
            pathway = Pathway(organisation_id=trust_id, name="CBT")
            db.session.add(pathway)
            db.session.flush()
        course = Course(
            case_id=case_id,
            organisation_id=trust_id,
            pathway_id=pathway.id,
            pathway_revision=1,
            therapist_id=therapist_id,
            by_id=by,
        )
        db.session.add(course)
        db.session.flush()
        parts = [
            CourseSession(
                course_id=course.id,
                position=number,
                name=f"Session {number}",
                therapy=Therapy.CBT,
                minutes=60,
                least_gap=4,
                ideal_gap=7,
                most_gap=14,
            )
            for number in range(1, sessions + 1)
        ]
        db.session.add_all(parts)
    return course, parts


@world
def another_man(clinic: Clinic, name: str = "Kwame") -> Case:
    """Another man under an order at the same trust, without a course."""
    people = clinic.people
    case = taken_on(people.assessor, name, "Boateng")
    case_id, assessor_id = case.id, people.assessor.id
    with writing():
        trust = people.assessor.organisation.principal_id
        access.grant(case_id, Purpose.ADMINISTRATION, trust, because="test", by=None)
    says(case_id, assessor_id, result=Result.CO_MHTR, sentenced_on=MADE)
    case = db.session.get_one(Case, case_id)
    order_of(replace(people, case=case))
    return case


@world
def add_group_part(clinic: Clinic, position: int = 90) -> CourseSession:
    """A session of the course that is held in a group."""
    course_id = clinic.course.id
    with writing():
        made = CourseSession(
            course_id=course_id,
            position=position,
            name="Group",
            therapy=Therapy.SKILLS,
            in_group=True,
            minutes=90,
            least_gap=1,
            ideal_gap=7,
            most_gap=60,
        )
        db.session.add(made)
    return made


@world
def may_call(case_id: int, by: int) -> None:
    """He can be seen by telephone too."""
    with writing():
        db.session.add(HowHeCanCome(case_id=case_id, telephone=True, by_id=by))


@world
def leads_groups(*staff: Staff) -> None:
    """They may lead groups of every therapy."""
    ids = [one.id for one in staff]
    with writing():
        for row in db.session.query(Qualification).filter(Qualification.staff_id.in_(ids)):
            row.groups = True


def when(day: date, hour: int, minute: int = 0, minutes: int = 60) -> Span:
    """A stretch that begins at a London wall time."""
    begins = datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)
    return Span(begins, begins + timedelta(minutes=minutes))


def at(clinic: Clinic, day: date, hour: int, minute: int = 0, *, minutes: int = 60) -> Place:
    """With Ada in the first room."""
    span = when(day, hour, minute, minutes)
    return Place(clinic.ada.id, SessionMode.IN_PERSON, span, clinic.site.id, clinic.room.id)


@world
def booked(clinic: Clinic, day: date = MONDAY, hour: int = 10, part: int = 0) -> SessionPlace:
    """One session of his course, booked by the administrator."""
    asked = Asked(at(clinic, day, hour), clinic.parts[part].id)
    case_id, by = clinic.case.id, clinic.by
    with writing():
        return service.book(case_id=case_id, asked=[asked], by=by)[0]


@world
def weekly(clinic: Clinic, sessions: int = 4) -> list[SessionPlace]:
    """His first sessions, Mondays at ten."""
    asked = [
        Asked(at(clinic, MONDAY + n * timedelta(weeks=1), 10), clinic.parts[n].id)
        for n in range(sessions)
    ]
    case_id, by = clinic.case.id, clinic.by
    with writing():
        return service.book(case_id=case_id, asked=asked, by=by)


def session_of(place: SessionPlace) -> TreatmentSession:
    return db.session.get_one(TreatmentSession, place.session_id)


def session_of_id(session_id: int) -> TreatmentSession:
    """The session as it is now."""
    db.session.expire_all()
    return db.session.get_one(TreatmentSession, session_id)


def assert_taken_is_what_is_booked() -> None:
    """Every booked session holds its times, nothing else holds any, and none overlap."""
    db.session.expire_all()
    sessions = db.session.query(TreatmentSession).all()
    taken = db.session.query(TakenTime).all()
    wanted: dict[tuple[int, int], tuple[datetime, datetime]] = {}
    for row in sessions:
        if row.state is not BookingState.BOOKED:
            continue
        buffer = db.session.query(Clinician).filter_by(staff_id=row.clinician_id).one()
        after = row.ends_at + timedelta(minutes=buffer.buffer_minutes)
        wanted[row.clinician_id * 4, row.id] = (row.starts_at, after)
        if row.room_id is not None:
            wanted[row.room_id * 4 + 1, row.id] = (row.starts_at, row.ends_at)
        places = db.session.query(SessionPlace).filter_by(session_id=row.id)
        for place in places.filter_by(state=BookingState.BOOKED):
            person_id = db.session.get_one(Case, place.case_id).person_id
            wanted[person_id * 4 + 2, row.id] = (row.starts_at, row.ends_at)
    found = {(row.lane, row.session_id): (row.starts_at, row.ends_at) for row in taken}
    assert found == wanted
    by_lane: dict[int, list[tuple[datetime, datetime]]] = {}
    for (lane, _), span in found.items():
        by_lane.setdefault(lane, []).append(span)
    for spans in by_lane.values():
        spans.sort()
        assert all(one[1] <= two[0] for one, two in zip(spans, spans[1:], strict=False))
    db.session.rollback()
