"""Whoever cannot work a case any more stays neither its assessor nor the one who follows up.

Somebody leaves with a closed account, another organisation, without the role, or shut out of one
record. Then his cases wait for another assessor, on the lists of the trust that has them; what he
followed up goes on as `onward_owners` says; and a restricted record that nobody named on it can
work any more is opened by name to the trust's clinical leads. Those it comes to are told.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.leads import leads_of
from mhtr.accounts.models import Staff, StaffRole
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import access_service, listeners, shared_access
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.core import access, audit, clock
from mhtr.core.access import CLINICAL_ROLES, Exclusion, Grant, Purpose
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import allocating, onward_owners, queries, told_clinicians, triage
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_owners import Gone
from mhtr.tasks import service as tasks
from mhtr.tasks.kinds import kinds_of
from mhtr.tasks.models import TaskKind
from mhtr.tasks.queries import excluded_staff

LIVE = BEFORE_SENTENCE | UNDER_ORDER
BECAUSE = "intake.assessor_left"
NEEDS_ANOTHER = "A case needs another assessor: whoever had it cannot work it any more"
OPENED_TO_YOU = "A restricted record is yours by name: nobody named on it could work it any more"
OWN_LISTS = {TaskKind.IDENTITY_QUESTION, TaskKind.NAME_READER, TaskKind.BREAK_GLASS_REVIEW}
"""Kinds that wait elsewhere than with whoever is named on the case."""


def settle(case_id: int, *, by: int | None, gone: Gone | None = None, opens: bool = False) -> None:
    """See that whoever has a case can work it.

    Args:
        opens: a restricted record that nobody named on it can work is opened to the leads.
    """
    must_be_writing()
    case = cases.lock(case_id)
    waits_with = _settle_assessor(case, gone, by)
    onward_owners.settle(case, by=by, gone=gone)
    if opens:
        _settle_named(case, by)
    if waits_with is not None:  # told once it is known who may open it
        page = "intake.triage_case"
        told_clinicians.tell(case, waits_with, text=NEEDS_ANOTHER, page=page, by=by)


def _settle_assessor(case: Case, gone: Gone | None, by: int | None) -> int | None:
    """The trust with which the case waits for another assessor from now on."""
    if case.assessor_id is None or case.state not in LIVE:
        return None
    assessor = db.session.get_one(Staff, case.assessor_id)
    his = gone is not None and gone.staff_id == assessor.id
    if not his and _can_assess(assessor, case.id):
        return None
    case.assessor_id = None
    case.version += 1
    principal_id = assessor.principal_id
    access.end_grants(case.id, Purpose.CLINICAL, because=BECAUSE, by=by, principal_id=principal_id)
    for task in tasks.open_tasks(case.id, TaskKind.ASSESS):
        tasks.withdraw(task, by=by, because=BECAUSE)
    audit.record("intake.assessor_left", by=by, case_id=case.id, staff=assessor.id)
    referral = queries.referral_of(case.id)
    accepted = triage.was_accepted(case.id) or case.state in UNDER_ORDER
    if referral is None or not accepted or case.paused:
        return None  # a paused case asks for an assessor once it goes on
    if not tasks.open_tasks(case.id, TaskKind.ALLOCATE):
        allocating.open_allocation(case, referral.trust_id, by=by)
    return referral.trust_id


def _can_assess(staff: Staff, case_id: int) -> bool:
    if staff.disabled_at is not None or not CLINICAL_ROLES & {row.role for row in staff.roles}:
        return False
    db.session.flush()
    return stands(viewer_of(staff), case_id, Purpose.CLINICAL)


def _settle_named(case: Case, by: int | None) -> None:
    """On a restricted record: the trust's clinical leads, where nobody named can do what waits."""
    referral = queries.referral_of(case.id)
    if not case.restricted or referral is None or case.state not in LIVE:
        return
    db.session.flush()
    named = {one.staff_id for one in access_service.standing_readers(case)}
    able = _kinds_by_owner(named)
    trust = queries.organisation_principal(referral.trust_id)
    waiting = [one for one in tasks.open_tasks(case.id) if one.owner_principal_id == trust]
    stuck = any(one.kind not in able.get(trust, OWN_LISTS) | OWN_LISTS for one in waiting)
    if stuck or not _clinician_among(named):
        leads = [one for one in leads_of(referral.trust_id) if one[0] not in named]
        shared_access.let_leads_in(case.id, referral.trust_id, by=by)
        shut_out = excluded_staff(case.id, clock.now())
        for staff_id, principal_id in leads:
            if staff_id not in shut_out:
                _tell(principal_id, case, OPENED_TO_YOU, "overview.case_page")


def _kinds_by_owner(staff_ids: Collection[int]) -> dict[int, set[TaskKind]]:
    """Which kinds of task these people can do, by the principals that they stand for."""
    found: dict[int, set[TaskKind]] = {}
    for staff in db.session.scalars(select(Staff).where(Staff.id.in_(staff_ids))).all():
        viewer = viewer_of(staff)
        for principal_id in (viewer.principal_id, *viewer.group_principal_ids):
            found.setdefault(principal_id, set()).update(kinds_of(viewer.roles))
    return found


def _clinician_among(staff_ids: Collection[int]) -> bool:
    clinical = Staff.roles.any(StaffRole.role.in_(sorted(CLINICAL_ROLES)))
    query = select(Staff.id).where(Staff.id.in_(staff_ids), clinical)
    return db.session.scalars(query.limit(1)).first() is not None


def _tell(principal_id: int, case: Case, text: str, page: str) -> None:
    tasks.tell(
        principal_id,
        key=f"left:{case.id}:{case.version}:{page}",
        text=text,
        case_id=case.id,
        endpoint=page,
        subject_ref=case.ref,
    )


def _left(staff_id: int, organisation_id: int, by: int | None) -> None:
    staff = db.session.get_one(Staff, staff_id)
    moved = staff.disabled_at is not None or staff.organisation_id != organisation_id
    gone = Gone(staff_id, organisation_id) if moved else None
    for case_id in _cases_of(staff, organisation_id):
        settle(case_id, by=by, gone=gone, opens=True)


def _cases_of(staff: Staff, organisation_id: int) -> list[int]:
    """Where he assesses or follows up, and restricted ones on which he is named."""
    former = queries.organisation_principal(organisation_id)
    following = select(OnwardReferral.case_id).where(
        OnwardReferral.owner_principal_id.in_([staff.principal_id, former]),
        OnwardReferral.closed_at.is_(None),
    )
    named = select(Grant.case_id).where(
        Grant.principal_id == staff.principal_id, Grant.ends_at.is_(None)
    )
    query = select(Case.id).where(
        or_(
            and_(Case.assessor_id == staff.id, Case.state.in_(sorted(LIVE))),
            Case.id.in_(following),
            and_(Case.restricted, Case.id.in_(named)),
        )
    )
    return list(db.session.scalars(query.order_by(Case.id)))


def settle_left(now: datetime) -> int:
    """Settle every case whose assessor, or who follows up, left or was shut out before.

    Returns how many there were. Runs inside the caller's write transaction; a second run changes
    nothing.
    """
    out = select(Exclusion.case_id).where(
        Exclusion.case_id == Case.id,
        Exclusion.principal_id == Staff.principal_id,
        Exclusion.starts_at <= now,
        or_(Exclusion.ends_at.is_(None), Exclusion.ends_at > now),
    )
    gone = or_(Staff.disabled_at <= now, out.exists())
    assessing = (
        select(Case.id)
        .join(Staff, Staff.id == Case.assessor_id)
        .where(Case.state.in_(sorted(LIVE)), gone)
    )
    following = (
        select(Case.id)
        .join(OnwardReferral, OnwardReferral.case_id == Case.id)
        .join(Staff, Staff.id == OnwardReferral.worker_id)
        .where(OnwardReferral.closed_at.is_(None), gone)
    )
    found = sorted(set(db.session.scalars(assessing.union(following))))
    for case_id in found:
        settle(case_id, by=None, opens=True)
    return len(found)


def _fewer(case_id: int, by: int | None, shut_out: int | None) -> None:
    # Whoever restricts a record chooses himself who is named on it.
    settle(case_id, by=by, opens=shut_out is not None)


account_listeners.staff_left.append(_left)
listeners.readers_changed.append(_fewer)
