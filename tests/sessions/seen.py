"""A man under an order with booked sessions, for tests of what happened at them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.attendance import Happened, ReasonGiven, Told
from mhtr.compliance.models import Attendance
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders.contact_service import Named, name_contact
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.register import service
from sessions.register.service import Entry
from sessions.therapies import SessionMode
from tests.makers import make_staff
from tests.orders.makers import Sentenced, sentenced
from tests.worlds import world

BEGAN = timedelta(hours=2)
"""Before noon of the day on which tests begin."""


@dataclass
class Treated:
    """A man under an order, his therapist (who is not registered), and one session today."""

    world: Sentenced
    therapist: Staff
    place: SessionPlace

    @property
    def case(self) -> Case:
        """His case, as it stands."""
        return db.session.get_one(Case, self.world.case.id)


@world
def treated(*, supervised: bool = True) -> Treated:
    """One required session with his assessor, two hours ago."""
    world = sentenced()
    if supervised:
        case_id, officer, office = world.case.id, world.officer, world.office
        said = Named(unit_id=officer.organisation_id, staff_id=officer.id)
        by = office.id
        with writing():
            name_contact(case_id=case_id, said=said, seen=0, by=by)
    place = booked(world.case, world.assessor, clock.now() - BEGAN)
    return Treated(world, world.assessor, place)


@world
def booked(
    case: Case,
    clinician: Staff,
    starts_at: datetime,
    *,
    required: bool = True,
    session: TreatmentSession | None = None,
) -> SessionPlace:
    """A place in a session of 50 minutes by telephone, as if it had been booked."""
    case_id, staff_id, home = case.id, clinician.id, clinician.organisation_id
    session_id = session.id if session is not None else None
    with writing():
        if session_id is None:
            made = _session(staff_id, home, starts_at)
            db.session.add(made)
            db.session.flush()
            session_id = made.id
        place = SessionPlace(
            session_id=session_id, case_id=case_id, required=required, by_id=staff_id
        )
        db.session.add(place)
    return place


@world
def group(clinician: Staff, starts_at: datetime) -> TreatmentSession:
    """A group session that men may come to."""
    staff_id, home = clinician.id, clinician.organisation_id
    with writing():
        made = _session(staff_id, home, starts_at)
        made.in_group, made.capacity, made.title = True, 8, "Emotional skills"
        db.session.add(made)
    return made


def _session(staff_id: int, home: int, starts_at: datetime) -> TreatmentSession:
    return TreatmentSession(
        organisation_id=home,
        clinician_id=staff_id,
        mode=SessionMode.TELEPHONE,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50),
        by_id=staff_id,
    )


@world
def tell(
    place: SessionPlace,
    by: Staff,
    happened: Happened,
    *,
    late: int | None = None,
    reason: ReasonGiven = ReasonGiven.NONE_YET,
    seen: int = 0,
    why: str = "",
    there: bool = False,
    **more: str,
) -> Attendance:
    """What happened, recorded by somebody."""
    place_id, staff_id = place.id, by.id
    with writing():
        row = service.record(
            place_id=place_id,
            entry=Entry(Told(happened, late, reason, **more), seen, there),
            why=why,
            by=staff_id,
        )
    return row


def colleague(of: Staff, *roles: Role, hcpc: str | None = None) -> Staff:
    """Somebody else of the same trust."""
    return make_staff(*roles, organisation=of.organisation, hcpc=hcpc)


TODAY = date(2026, 11, 18)
