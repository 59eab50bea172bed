"""A man under an order whose course is nearly held."""

from dataclasses import dataclass
from datetime import timedelta

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.attendance import Happened
from mhtr.compliance.queries import latest
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.ending import question_service
from mhtr.ending.finish_rules import Further, FurtherAnswer
from mhtr.ending.models import FurtherTreatment
from mhtr.orders.models import Order
from mhtr.orders.service import Recorded
from sessions.booking.models import SessionPlace
from sessions.courses.models import Course
from sessions.courses.queries import sessions_of
from tests.orders.makers import Sentenced, order_of
from tests.sessions.courses.makers import course_of, pathway_of, planned
from tests.sessions.seen import Treated, booked, tell, treated
from tests.worlds import world


@dataclass
class Finishing:
    """His course of two required sessions and one voluntary, each of the two with its place."""

    man: Treated
    order: Order
    course_id: int
    places: list[SessionPlace]

    @property
    def world(self) -> Sentenced:
        """Those who work with him; the lead is whom the order names."""
        return self.man.world

    @property
    def case(self) -> Case:
        """His case, as it stands."""
        return self.man.case

    @property
    def course(self) -> Course:
        """His course, as it stands."""
        return db.session.get_one(Course, self.course_id)

    def is_seen(self, place: int, happened: Happened = Happened.SEEN, why: str = "") -> None:
        """What happened at one of his sessions, recorded by his therapist."""
        where = self.places[place]
        before = latest(where.ref)
        seen = before.number if before else 0
        tell(where, self.man.therapist, happened, seen=seen, why=why)


@world
def finishing(said: Recorded | None = None, *, supervised: bool = True) -> Finishing:
    """Nothing is recorded of his two sessions, which are over."""
    man = treated(supervised=supervised)
    order = order_of(man.world, said)
    lead = man.world.lead
    sessions = (planned("First"), planned("Second"), planned("More", required=False))
    pathway = pathway_of(lead.organisation_id, lead.id, sessions, name="Short")
    course_id = course_of(man.world, pathway).id
    first = man.place
    second = booked(man.world.case, man.therapist, clock.now() - timedelta(hours=1))
    parts = [row.id for row in sessions_of(course_id)]
    ids = [first.id, second.id]
    with writing():
        for place_id, part in zip(ids, parts, strict=False):
            db.session.get_one(SessionPlace, place_id).course_session_id = part
    places = [db.session.get_one(SessionPlace, place_id) for place_id in ids]
    return Finishing(man, order, course_id, places)


@world
def finished(said: Recorded | None = None, *, supervised: bool = True) -> Finishing:
    """Both were held."""
    made = finishing(said, supervised=supervised)
    made.is_seen(0)
    made.is_seen(1)
    return made


def answered(
    of: Finishing,
    answer: FurtherAnswer = FurtherAnswer.NOT_NEEDED,
    *,
    by: Staff | None = None,
    **said: object,
) -> FurtherTreatment:
    """Whether more is required, as whom the order names answers."""
    case_id, by_id = of.case.id, (by or of.world.lead).id
    seen = question_service.seen_of(case_id)
    further = Further(answer, **said)  # type: ignore[arg-type]
    with writing():
        return question_service.answer(case_id=case_id, said=further, seen=seen, by=by_id)
