"""Routing a man on to another service, and following it to his first appointment."""

from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import Principal, PrincipalKind, Purpose
from mhtr.core.codes import lists
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import policy, queries
from mhtr.intake.models import OnwardEvent, OnwardReferral
from mhtr.intake.onward_rules import ONWARD_WORDS, OnwardState, ended, why_not
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

LIST = "onward_services"


def route_on(
    *,
    case_id: int,
    service_code: str,
    service_name: str,
    owner_principal_id: int,
    agreed: bool,
    note: str,
    by: int,
) -> OnwardReferral:
    """Record that he is to be referred to another service, and who follows it up.

    A link worker (or their organisation) who is to follow it up may see the case for link work
    from now on; that needs his agreement to a link worker not to be refused or withdrawn.

    Raises:
        Refused: he does not agree, an unknown service, or no link worker is wanted.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _check(service_code, service_name, agreed=agreed)
    row = OnwardReferral(
        case_id=case_id,
        service_code=service_code,
        service_name=service_name.strip(),
        made_by=by,
        owner_principal_id=owner_principal_id,
        worker_id=_named(owner_principal_id),
        agreed=True,
    )
    db.session.add(row)
    db.session.flush()
    _event(row, by=by, note=note)
    cases.add_fact(
        case, FactKind.ROUTED_ON, by=by, detail={"onward": row.id, "service": service_code}
    )
    _let_link_worker_in(case, owner_principal_id, by=by)
    _follow_up(row, by=by)
    audit.record("intake.routed_on", by=by, case_id=case_id, onward=row.id, service=service_code)
    return row


def record_step(
    *,
    onward_id: int,
    state: OnwardState,
    version: int,
    note: str,
    appointment_at: datetime | None,
    by: int,
) -> None:
    """Record what became of an onward referral.

    Raises:
        Refused: the step cannot follow the present one, or lacks its appointment.
        Stale: somebody recorded a step meanwhile.
    """
    must_be_writing()
    row = db.session.scalars(
        select(OnwardReferral).where(OnwardReferral.id == onward_id).with_for_update()
    ).one()
    if row.version != version:
        raise Stale(row)
    reason = why_not(row.state, state, appointment_given=appointment_at is not None)
    if reason:
        raise Refused(reason)
    row.state = state
    if state is OnwardState.FIRST_APPOINTMENT_BOOKED:
        row.appointment_at = appointment_at
    if ended(state):
        row.closed_at = clock.now()
        row.outcome = note.strip() or ONWARD_WORDS[state]
    row.version += 1
    _event(row, by=by, note=note)
    _follow_up(row, by=by)
    audit.record("intake.onward_step", by=by, case_id=row.case_id, onward=row.id, state=state.value)


def hand_over(*, onward_id: int, owner_principal_id: int, by: int) -> None:
    """Give an open onward referral to somebody else to follow up.

    Raises:
        Refused: it has ended, or no link worker is wanted.
    """
    must_be_writing()
    row = db.session.get_one(OnwardReferral, onward_id)
    if row.closed_at is not None:
        raise Refused("This onward referral has ended.")
    _let_link_worker_in(cases.lock(row.case_id), owner_principal_id, by=by)
    row.owner_principal_id, row.worker_id = owner_principal_id, _named(owner_principal_id)
    row.version += 1
    _follow_up(row, by=by)
    audit.record("intake.onward_handed_over", by=by, case_id=row.case_id, onward=row.id)


def _event(row: OnwardReferral, *, by: int, note: str) -> None:
    db.session.add(
        OnwardEvent(onward_id=row.id, state=row.state, by_id=by, note=note.strip() or None)
    )


def _follow_up(row: OnwardReferral, *, by: int) -> None:
    """One open task while it is open, for its owner: after the appointment, or in some days."""
    key = f"onward:{row.id}:"
    for task in db.session.scalars(
        select(Task).where(Task.key.startswith(key), Task.state == TaskState.OPEN)
    ).all():
        tasks.finish(task, by=by)
    if row.closed_at is not None:
        return
    due = queries.due_in(int(values(policy.ONWARD_DAYS)["onward_days"]))
    booked = row.state is OnwardState.FIRST_APPOINTMENT_BOOKED
    tasks.open_task(
        TaskKind.ONWARD_REFERRAL,
        key=f"{key}{row.version}",
        title="Find out whether he came to his first appointment"
        if booked
        else "Follow up an onward referral",
        owner_principal_id=row.owner_principal_id,
        owner_staff_id=row.worker_id,
        due_at=row.appointment_at if booked and row.appointment_at else due,
        by=by,
        case_id=row.case_id,
        endpoint="intake.onward_step",
        subject_ref=row.ref,
    )


def _check(service_code: str, service_name: str, *, agreed: bool) -> None:
    if not agreed:
        raise Refused("He must agree before he is referred to another service.")
    entry = lists.load(LIST).get(service_code)
    if entry is None or not entry.is_current(clock.today()):
        raise Refused("Select a service from the list.")
    if service_code == "other" and not service_name.strip():
        raise Refused("Enter the name of the service.")


def _let_link_worker_in(case: Case, principal_id: int, *, by: int) -> None:
    """Only where a link worker follows it up, and he has not said that he wants none."""
    if _is_link_worker(principal_id):
        _may_have_link_worker(case.person_id)
        access.grant(case.id, Purpose.LINK_WORK, principal_id, because="intake.routed_on", by=by)


def _named(principal_id: int) -> int | None:
    return db.session.scalars(
        select(Staff.id).where(Staff.principal_id == principal_id)
    ).one_or_none()


def _is_link_worker(principal_id: int) -> bool:
    principal = db.session.get_one(Principal, principal_id)
    if principal.kind is PrincipalKind.ORGANISATION:
        return True
    staff = db.session.scalars(select(Staff).where(Staff.principal_id == principal_id)).one()
    return staff.organisation.kind is OrganisationKind.LINK_WORKERS


def _may_have_link_worker(person_id: int) -> None:
    last = consent.standing(person_id).get(ConsentItem.LINK_WORKER)
    if last is not None and last.decision is not ConsentDecision.GIVEN:
        raise Refused("He has said that he does not want a link worker.")
