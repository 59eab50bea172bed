"""Routing a man on to another service, and following it to his first appointment."""

from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import access_service, consent_service, listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.access import Purpose
from mhtr.core.codes import lists
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import onward_access, policy, queries
from mhtr.intake.models import OnwardEvent, OnwardReferral
from mhtr.intake.onward_rules import ONWARD_WORDS, OnwardState, ended, why_not
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

LIST = "onward_services"
SAY_HOW = "Say how he agreed to a link worker: it is recorded under Consent."
WITHDREW = "He wants no link worker: the service follows it up from now on."


def route_on(
    *,
    case_id: int,
    service_code: str,
    service_name: str,
    owner_principal_id: int,
    agreed: bool,
    note: str,
    by: int,
    how: str = "",
) -> OnwardReferral:
    """Record that he is to be referred to another service, and who follows it up.

    A link worker (or their organisation) who is to follow it up may see the case for link work
    from now on. That he agrees to one is recorded under Consent in the same transaction, unless it
    is there already; `how` (a key of `people.consent.HOW`) is needed for it.

    Raises:
        Refused: he does not agree, an unknown service, or no link worker is wanted.
    """
    must_be_writing()
    case = _locked(case_id)
    _check(service_code, service_name, agreed=agreed)
    _agrees_to_link_worker(case, owner_principal_id, how, by=by)
    row = OnwardReferral(
        case_id=case_id,
        service_code=service_code,
        service_name=service_name.strip(),
        made_by=by,
        owner_principal_id=owner_principal_id,
        worker_id=_named(owner_principal_id),
        agreed=True,
    )
    _begin(row, by=by, note=note)
    detail = {"onward": row.id, "service": service_code}
    cases.add_fact(case, FactKind.ROUTED_ON, by=by, detail=detail)
    onward_access.let_in(case, owner_principal_id, by=by)
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
    """Record what became of an onward referral. A link worker's access ends with his last one.

    Raises:
        Refused: the step cannot follow the present one, or lacks its appointment.
        Stale: somebody recorded a step meanwhile.
    """
    must_be_writing()
    row = _lock(onward_id)
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
    if row.closed_at is not None:
        onward_access.let_out(row.case_id, because="intake.onward_ended", by=by)


def hand_over(*, onward_id: int, owner_principal_id: int, version: int, by: int) -> None:
    """Give an open onward referral to somebody else to follow up.

    Whoever had it before no longer sees the case for it.

    Raises:
        Refused: it has ended, he has it already, or no link worker is wanted.
        Stale: somebody recorded a step meanwhile.
    """
    must_be_writing()
    row = _lock(onward_id)
    if row.version != version:
        raise Stale(row)
    if row.closed_at is not None:
        raise Refused("This onward referral has ended.")
    if row.owner_principal_id == owner_principal_id:
        raise Refused("It is his or hers already.")
    onward_access.let_in(cases.lock(row.case_id), owner_principal_id, by=by)
    give_to(row, owner_principal_id, note="Given to somebody else to follow up.", by=by)
    onward_access.let_out(row.case_id, because="intake.onward_handed_over", by=by)


def give_to(row: OnwardReferral, owner_principal_id: int, *, note: str, by: int) -> None:
    """Change who follows up a locked, open onward referral; its task and history go with it."""
    former = row.owner_principal_id
    row.owner_principal_id, row.worker_id = owner_principal_id, _named(owner_principal_id)
    row.version += 1
    _event(row, by=by, note=note)
    for task in tasks.open_tasks(row.case_id):
        if task.owner_principal_id == former and task.key.startswith(_key(row)):
            tasks.hand_over(
                task, to_principal_id=owner_principal_id, to_staff_id=row.worker_id, by=by
            )
    if row.worker_id != by:
        tasks.tell(
            owner_principal_id,
            key=f"onward:{row.id}:{row.version}",
            text="An onward referral is now yours to follow up",
            case_id=row.case_id,
            endpoint="intake.onward_step",
            subject_ref=row.ref,
        )
    audit.record("intake.onward_handed_over", by=by, case_id=row.case_id, onward=row.id)


def _locked(case_id: int) -> Case:
    """The case, after all of his in the order that recording consent keeps to."""
    consent_service.lock_cases(case_id)
    return cases.lock(case_id)


def _begin(row: OnwardReferral, *, by: int, note: str) -> None:
    db.session.add(row)
    db.session.flush()
    _event(row, by=by, note=note)


def _agrees_to_link_worker(case: Case, principal_id: int, how: str, *, by: int) -> None:
    """He agrees here, once; what he said before holds (a no is refused where access begins)."""
    if not onward_access.is_link_worker(principal_id):
        return
    if ConsentItem.LINK_WORKER in consent.standing(case.person_id):
        return
    if how not in consent.HOW:
        raise Refused(SAY_HOW)
    consent_service.record_consent(
        case_id=case.id,
        item=ConsentItem.LINK_WORKER,
        decision=ConsentDecision.GIVEN,
        how=how,
        at=clock.now(),
        by=by,
    )


def consent_said(case_id: int, item: ConsentItem, decision: ConsentDecision, by: int) -> None:
    """He wants no link worker, or no longer: what they followed up goes to the service."""
    if item is not ConsentItem.LINK_WORKER or decision is ConsentDecision.GIVEN:
        return
    case = cases.lock(case_id)
    former: dict[int, str] = {}
    for row in onward_access.open_of(case_id):
        if onward_access.is_link_worker(row.owner_principal_id):
            former[row.owner_principal_id] = f"link_work_ended:{row.id}:{row.version}"
            give_to(row, _keeper(case, row, by), note=WITHDREW, by=by)
    onward_access.let_out(case_id, because="people.consent_withdrawn", by=by)
    for principal_id, key in former.items():
        # Without the case: it is not his to open any more.
        tasks.tell(
            principal_id,
            key=key,
            text="A man wants no link worker any more. What you followed up for him has gone back"
            " to the service.",
        )


def _keeper(case: Case, row: OnwardReferral, by: int) -> int:
    """Whoever referred him on, while he may see the case; else the trust; else who recorded it."""
    inside = {Purpose.CLINICAL, Purpose.ADMINISTRATION}
    readers = {one.staff_id for one in access_service.readers_of(case) if one.purpose in inside}
    if row.made_by in readers:
        return queries.staff_principal(row.made_by)
    referral = queries.referral_of(case.id)
    if referral is not None:
        return queries.organisation_principal(referral.trust_id)
    return queries.staff_principal(by)


def _lock(onward_id: int) -> OnwardReferral:
    """The row, its case locked first as everywhere."""
    cases.lock(
        db.session.scalars(
            select(OnwardReferral.case_id).where(OnwardReferral.id == onward_id)
        ).one()
    )
    return db.session.scalars(
        select(OnwardReferral).where(OnwardReferral.id == onward_id).with_for_update()
    ).one()


def _key(row: OnwardReferral) -> str:
    return f"onward:{row.id}:"


def _event(row: OnwardReferral, *, by: int, note: str) -> None:
    db.session.add(
        OnwardEvent(onward_id=row.id, state=row.state, by_id=by, note=note.strip() or None)
    )


def _follow_up(row: OnwardReferral, *, by: int) -> None:
    """One open task while it is open, for its owner: after the appointment, or in some days."""
    key = _key(row)
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


def _named(principal_id: int) -> int | None:
    return db.session.scalars(
        select(Staff.id).where(Staff.principal_id == principal_id)
    ).one_or_none()


listeners.consent_said.append(consent_said)
