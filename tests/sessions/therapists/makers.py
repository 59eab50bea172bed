"""A man whose first session was held, and those who agree to another therapist for him."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Leave
from sessions.booking.models import SessionPlace
from sessions.courses.models import Course
from sessions.therapists import service
from sessions.therapists.kinds import Booked, How, Party, Why
from sessions.therapists.models import TherapistAnswer, TherapistChange
from sessions.therapists.service import Proposed, Said
from tests.sessions.booking.makers import MONDAY, Clinic, clinic, weekly
from tests.sessions.seen import tell
from tests.worlds import world

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY = MONDAY + DAY
"""The day after his first session."""


@dataclass
class Begun:
    """Ada has seen him once; three more sessions are booked with her."""

    clinic: Clinic
    places: list[SessionPlace]
    other_lead: Staff
    course_id: int
    ada_id: int
    ben_id: int
    """Keys that stay at hand when everything else was read in another session."""

    @property
    def course(self) -> Course:
        return db.session.get_one(Course, self.course_id)

    @property
    def therapist(self) -> int | None:
        db.session.expire_all()
        return self.course.therapist_id

    @property
    def lead(self) -> Staff:
        return self.clinic.people.lead


def begun(set_clock: SetClock, happened: Happened | None = Happened.SEEN) -> Begun:
    """On the day after the first of four weekly sessions."""
    scene = clinic()
    places = weekly(scene)
    set_clock.advance(days=6)
    if happened is not None:
        tell(places[0], scene.ada, happened)
    lead = scene.people.lead
    query = select(Staff).where(
        Staff.organisation_id == lead.organisation_id,
        Staff.id != lead.id,
        Staff.roles.any(role=Role.CLINICAL_LEAD),
    )
    other = db.session.scalars(query).one()
    return Begun(scene, places, other, scene.course.id, scene.ada.id, scene.ben.id)


@world
def proposed(
    scene: Begun,
    by: Staff | None = None,
    *,
    to: Staff | None = None,
    booked: Booked = Booked.MOVE,
    starts_on: date | None = None,
) -> TherapistChange:
    """Ben is proposed, by a clinical lead."""
    course_id, by_id = scene.course.id, (by or scene.lead).id
    said = Proposed(
        to_id=(to or scene.clinic.ben).id,
        why=Why.TIMES,
        words="No time suits both of them",
        starts_on=starts_on or clock.today(),
        booked=booked,
    )
    with writing():
        return service.propose(course_id=course_id, said=said, by=by_id)


@world
def answers(
    change: TherapistChange, party: Party, by: Staff, *, agrees: bool = True, words: str = ""
) -> TherapistAnswer:
    """One of those asked answers; of him, as he was asked on the telephone today."""
    change_id, by_id = change.id, by.id
    said = Said(agrees, words or ("" if agrees else "No reason to change"))
    if party is Party.HIM:
        said = Said(agrees, words or "Fine by me", How.TELEPHONE, clock.today())
    with writing():
        return service.answer(change_id=change_id, party=party, said=said, by=by_id)


def on_leave(staff: Staff, days: int) -> None:
    """From today on, for so many days."""
    staff_id, today = staff.id, clock.today()
    with writing():
        last = today + (days - 1) * DAY
        db.session.add(Leave(staff_id=staff_id, first_day=today, last_day=last))


def gone(staff: Staff) -> None:
    """He can sign in no more."""
    staff_id = staff.id
    with writing():
        db.session.get_one(Staff, staff_id).disabled_at = clock.now()
