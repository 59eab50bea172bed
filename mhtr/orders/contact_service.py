"""Who supervises him for probation: named, changed, and gone when an account is closed."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Organisation, Staff
from mhtr.accounts.organisation_service import seniors_of
from mhtr.cases import listeners as case_listeners
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import PROBATION_ROLES, Purpose, Span
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders import cover_grants, order_tasks
from mhtr.orders.contact_queries import UNITS
from mhtr.orders.models import ProbationContact
from mhtr.orders.queries import contact_of
from mhtr.orders.service import INSIDE, check_state
from mhtr.orders.unit_mail import unit_of
from mhtr.tasks import rehoming
from mhtr.tasks import service as tasks
from mhtr.tasks.queries import excluded_staff

BECAUSE = "orders.probation_contact"
UNIT = "orders.probation_unit"
"""Why the seniors of a unit may open a case."""

SAME = "This is who is recorded already."
NOBODY = "Name the responsible officer, or choose one who signs in here."
NOT_PROBATION = "Choose somebody of that delivery unit who works for probation."
NOT_HE = "This officer cannot be named for this man. Name somebody else."
RESTRICTED = "This record is restricted: ask the service to name who supervises him."
NO_OFFICER = "A man of your unit has no officer any more. Give him to another one."
YOURS = "You are named as the probation contact of a man with a treatment requirement."


@dataclass(frozen=True)
class Named:
    """Whom somebody names: a member of staff who signs in here, or anybody by name."""

    unit_id: int | None
    staff_id: int | None = None
    name: str = ""
    email: str = ""
    phone: str = ""


def name_contact(
    *, case_id: int, said: Named, seen: int, by: int, why: str = "", tell_him: bool = True
) -> ProbationContact:
    """Record who supervises him from now on; whoever did before may not see the case any more.

    Whoever signs in here and is named may open the case from now on, and hears of it; the
    task to name somebody is done, and his therapist is told. The seniors of the unit may open the
    case for as long as it is with their unit, also while nobody of it is named.

    Args:
        seen: the id of the contact whom the writer had before him; 0 for nobody.
        why: for probation. tell_him: whoever is named hears of it here; else the caller tells him.

    Raises:
        NotFound: there is no such case.
        Refused: no order stands; the record is restricted and probation names somebody; somebody
            named another one meanwhile; nobody is named, or no open delivery unit; he is no
            probation officer of that unit, or may not see this record; it is the same one.
    """
    must_be_writing()
    case = cases.lock(case_id)
    check_state(case)
    _check_restricted(case, by)
    before = _seen(case, seen)
    said = _check(case, said)
    if before is not None:
        if _same(before, said):
            raise Refused(SAME)
        _let_go(case, before, by=by)
    row = _row(case_id, said, why, by)
    db.session.add(row)
    db.session.flush()
    _let_in(case, row, by=by)
    if tell_him:
        _tell_him(case, row, by)
    _follow(case, by=by)
    audit.record("orders.contact_named", by=by, case_id=case_id, contact=row.id)
    order_tasks.follow_orders(case, by=by)
    order_tasks.tell_of_contact(case, row.id, by=by)
    return row


def _seen(case: Case, seen: int) -> ProbationContact | None:
    """Who is named, if that is whom the writer had before him."""
    before = contact_of(case.id)
    if (before.id if before else 0) != seen:
        raise Refused("Somebody named another contact meanwhile. Nothing was saved: look again.")
    return before


def _row(case_id: int, said: Named, why: str, by: int) -> ProbationContact:
    return ProbationContact(
        case_id=case_id,
        unit_id=said.unit_id,
        staff_id=said.staff_id,
        name=said.name or None,
        email=said.email or None,
        phone=said.phone or None,
        why=why or None,
        by_id=by,
    )


def _check_restricted(case: Case, by: int) -> None:
    """Whoever is named may open the record: of a restricted one the service decides that."""
    roles = {row.role for row in db.session.get_one(Staff, by).roles}
    if case.restricted and not roles & set(INSIDE):
        raise Refused(RESTRICTED)


def _check(case: Case, said: Named) -> Named:
    """What was said, with the unit of an officer who signs in here."""
    if said.unit_id is not None:
        unit = db.session.get(Organisation, said.unit_id)
        if unit is None or unit.kind not in UNITS or unit.closed_on is not None:
            raise Refused("Select a probation delivery unit.")
    if said.staff_id is None:
        if not said.name.strip():
            raise Refused(NOBODY)
        return said
    staff = db.session.get(Staff, said.staff_id)
    roles = {row.role for row in staff.roles} if staff else set()
    fits = staff is not None and staff.disabled_at is None and roles & PROBATION_ROLES
    if not fits or staff is None or said.unit_id not in (None, staff.organisation_id):
        raise Refused(NOT_PROBATION)
    if staff.id in excluded_staff(case.id, clock.now()):
        raise Refused(NOT_HE)
    return replace(said, unit_id=staff.organisation_id)


def _same(row: ProbationContact, said: Named) -> bool:
    kept = (row.unit_id, row.staff_id, row.name or "", row.email or "", row.phone or "")
    return kept == (said.unit_id, said.staff_id, said.name, said.email, said.phone)


def _let_in(case: Case, row: ProbationContact, *, by: int) -> None:
    if row.staff_id is None:
        return
    principal_id = db.session.get_one(Staff, row.staff_id).principal_id
    access.grant(
        case.id, Purpose.SUPERVISION, principal_id, because=BECAUSE, by=by, beside_others=True
    )


def _tell_him(case: Case, row: ProbationContact, by: int) -> None:
    if row.staff_id not in (None, by):
        tasks.tell(
            db.session.get_one(Staff, row.staff_id).principal_id,
            key=f"contact:{row.id}",
            text=YOURS,
            case_id=case.id,
            endpoint="overview.case_page",
            subject_ref=case.ref,
        )


def _follow(case: Case, *, by: int | None) -> None:
    """The seniors of the unit that has the case may open it, and whoever covers; nobody else.

    What waits for somebody who may not open it any more waits for whoever is named now.
    """
    unit = unit_of(case.id)
    access.follow_grants(
        case.id,
        Purpose.SUPERVISION,
        because=UNIT,
        over="orders.unit_changed",
        wanted=[Span(seniors_of(unit.id))] if unit is not None else [],
        by=by,
    )
    cover_grants.follow(case, by=by)
    rehoming.rehome_case(case.id, by=by)


def _let_go(case: Case, row: ProbationContact, *, by: int | None) -> None:
    row.ended_at, row.ended_by = clock.now(), by
    if row.staff_id is not None:
        access.end_grants(
            case.id,
            Purpose.SUPERVISION,
            because="orders.contact_changed",
            by=by,
            principal_id=db.session.get_one(Staff, row.staff_id).principal_id,
        )


def _left(staff_id: int, _organisation_id: int, by: int | None) -> None:
    """An officer left or works elsewhere: his men have no contact until somebody is named."""
    held = select(ProbationContact).where(
        ProbationContact.staff_id == staff_id, ProbationContact.ended_at.is_(None)
    )
    staff = db.session.get_one(Staff, staff_id)
    for row in db.session.scalars(held.order_by(ProbationContact.case_id)).all():
        if _stays(staff, row):
            continue
        case = cases.lock(row.case_id)
        _let_go(case, row, by=by)
        cover_grants.follow(case, by=by)
        _tell_seniors(case, row)
        order_tasks.follow_orders(case, by=by)


def _tell_seniors(case: Case, row: ProbationContact) -> None:
    """A man has no officer any more: the seniors of the unit hear of it at once."""
    unit = unit_of(case.id)
    if unit is not None:
        tasks.tell(
            seniors_of(unit.id),
            key=f"no-officer:{row.id}",
            text=NO_OFFICER,
            case_id=case.id,
            endpoint="overview.case_page",
            subject_ref=case.ref,
        )


def _stays(staff: Staff, row: ProbationContact) -> bool:
    at_work = staff.disabled_at is None and {one.role for one in staff.roles} & PROBATION_ROLES
    return bool(at_work) and row.unit_id in (None, staff.organisation_id)


def _shut_out(case_id: int, by: int | None, staff_id: int | None) -> None:
    """An officer who may not see the record any more cannot be asked about him."""
    row, case = contact_of(case_id), cases.lock(case_id)
    if staff_id is not None and row is not None and row.staff_id == staff_id:
        _let_go(case, row, by=by)
        _tell_seniors(case, row)
        order_tasks.follow_orders(case, by=by)
    cover_grants.follow(case, by=by)


account_listeners.staff_left.append(_left)
case_listeners.readers_changed.append(_shut_out)
