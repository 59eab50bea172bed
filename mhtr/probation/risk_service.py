"""Risk of which clinicians tell probation: the only writer of it, and of what becomes of it."""

import uuid
from collections.abc import Collection

from mhtr.accounts.leads import lead_ids
from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import audit
from mhtr.core.access import CLINICAL_ROLES, SUPERVISES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders.queries import contact_of
from mhtr.orders.unit_mail import unit_of
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.probation import risk_tasks
from mhtr.probation.risk_models import RiskStatement, RiskStatementStep
from mhtr.probation.risk_queries import Told, told_of, told_one
from mhtr.probation.risk_rules import Basis, Said, State, StepKind, ToldHim, may, objections
from mhtr.suitability.result_owner import trust_of

CLINICIANS_ONLY = "Only a clinician tells probation of a risk, or takes it back."
PROBATION_ONLY = "Only probation acknowledges what it was told."
NO_ORDER = "He is under no order here: probation has no officer for him."
WHY_BACK = "Say why it is taken back"
NO_LONGER_AGREES = "He took back his agreement before anybody of probation acknowledged it"
MEANWHILE = "It was acknowledged, taken back or said anew meanwhile."


def tell(*, case_id: int, said: Said, by: int, replaces: uuid.UUID | None = None) -> RiskStatement:
    """Tell probation of a risk; somebody by name has to acknowledge it before this returns.

    Args:
        replaces: what was told before, and is said anew with this.

    Raises:
        CannotBe: something is missing, or its basis does not hold.
        NotFound: `by` may not see the case, or there is no such thing to replace.
        Refused: `by` is no clinician, he is under no order, or it was taken back already.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _must_treat(case, by)
    if case.state not in UNDER_ORDER:
        raise Refused(NO_ORDER)
    wrong = objections(said, agreed=has_agreed(case), approvers=approvers_of(case, by))
    if wrong:
        raise CannotBe(*wrong)
    before = _found(case_id, replaces) if replaces is not None else None
    if before is not None:
        _step(before, StepKind.REPLACED, by=by)
        risk_tasks.over(case, before, by=by)
    row = _keep(case, said, before, by)
    audit.record("risk_told.told", by=by, case_id=case_id, risk_statement=row.id)
    risk_tasks.open_for(case, row, by=by)
    risk_tasks.approved(case, row)
    return row


def withdraw(*, case_id: int, ref: uuid.UUID, why: str, by: int) -> None:
    """Take back what probation was told. It stays on record; whoever has read it is told.

    Raises:
        CannotBe: no reason is given.
        NotFound, Refused: as `tell`.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _must_treat(case, by)
    told = _found(case_id, ref)
    if not why.strip():
        raise CannotBe(("why", WHY_BACK))
    _step(told, StepKind.WITHDRAWN, by=by, words=why.strip())
    audit.record("risk_told.withdrawn", by=by, case_id=case_id, risk_statement=told.row.id)
    risk_tasks.over(case, told, by=by)


def acknowledge(*, case_id: int, ref: uuid.UUID, by: int) -> None:
    """Say for probation that it has it. A second time nothing is added.

    Raises:
        NotFound: no such thing of this case, or `by` does not supervise him now.
        Refused: `by` is not of probation, or it holds no more.
    """
    must_be_writing()
    case = cases.lock(case_id)
    who = db.session.get_one(Staff, by)
    if not {*SUPERVISES} & {row.role for row in who.roles}:
        raise Refused(PROBATION_ONLY)
    if not stands(viewer_of(who), case.id, Purpose.SUPERVISION):
        raise NotFound
    told = _found(case_id, ref)
    if told.last(StepKind.ACKNOWLEDGED) is not None and not may(StepKind.ACKNOWLEDGED, told.state):
        return
    _step(told, StepKind.ACKNOWLEDGED, by=by)
    audit.record("risk_told.acknowledged", by=by, case_id=case_id, risk_statement=told.row.id)
    risk_tasks.acknowledged(case, told.row, by=by)


def consent_said(case_id: int, item: ConsentItem, decision: ConsentDecision, by: int) -> None:
    """He wants no more told: what rested on it, and nobody of probation has yet, is taken back."""
    if item is not ConsentItem.SHARING_MORE or decision is ConsentDecision.GIVEN:
        return
    case = cases.lock(case_id)
    for told in told_of(case_id):
        if told.state is State.WAITS and told.row.basis is Basis.CONSENT:
            _step(told, StepKind.WITHDRAWN, by=by, words=NO_LONGER_AGREES)
            audit.record("risk_told.withdrawn", by=by, case_id=case_id, risk_statement=told.row.id)
            risk_tasks.over(case, told, by=by)
            risk_tasks.no_longer_agrees(case, told.row, by=by)


def has_agreed(case: Case) -> bool:
    """Whether his consent to tell probation more than the order requires holds now."""
    held = consent.standing(case.person_id).get(ConsentItem.SHARING_MORE)
    return held is not None and held.decision is ConsentDecision.GIVEN


def approvers_of(case: Case, by: int) -> Collection[int]:
    """The clinical leads of the trust who may approve what `by` tells: everybody but himself."""
    return [one for one in lead_ids(trust_of(case).id) if one != by]


def _keep(case: Case, said: Said, before: Told | None, by: int) -> RiskStatement:
    contact, unit = contact_of(case.id), unit_of(case.id)
    exception = said.basis is Basis.EXCEPTION
    row = RiskStatement(
        case_id=case.id,
        words=said.words.strip(),
        urgent=said.urgent,
        basis=said.basis,
        why=said.why.strip() if exception else None,
        approver_id=said.approver_id if exception else None,
        told_him=said.told_him,
        not_told_why=said.not_told_why.strip() if said.told_him is ToldHim.NOT_TOLD else None,
        to_staff_id=contact.staff_id if contact is not None else None,
        to_unit_id=unit.id if unit is not None else None,
        replaces_id=before.row.id if before is not None else None,
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _step(told: Told, kind: StepKind, *, by: int, words: str = "") -> None:
    if not may(kind, told.state):
        raise Refused(MEANWHILE)
    db.session.add(
        RiskStatementStep(statement_id=told.row.id, kind=kind, words=words or None, by_id=by)
    )
    db.session.flush()


def _found(case_id: int, ref: uuid.UUID) -> Told:
    told = told_one(case_id, ref)
    if told is None:
        raise NotFound
    return told


def _must_treat(case: Case, by: int) -> None:
    who = db.session.get_one(Staff, by)
    if not CLINICAL_ROLES & {row.role for row in who.roles}:
        raise Refused(CLINICIANS_ONLY)
    if not stands(viewer_of(who), case.id, Purpose.CLINICAL):
        raise NotFound


listeners.consent_said.append(consent_said)
