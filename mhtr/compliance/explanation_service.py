"""Recording what a man says of a session he missed: the only writer of it."""

import uuid

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.compliance import explained, misses
from mhtr.compliance.attendance import MISSED
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanation_queries import explanations_on
from mhtr.compliance.explanations import Explanation, Side, objections
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import latest
from mhtr.compliance.service import CLINICAL_ONLY, RECORDERS
from mhtr.core import audit, clock
from mhtr.core.access import CLINICAL_ROLES, SUPERVISES, Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

NOT_MISSED = "There is nothing to explain: he came, it was voluntary, or it was not his doing."
NOBODY = "Only the service that treats him and probation record what he says."
TAKEN_BACK = "It is taken back already."
THEIRS = "It was recorded on the other side. Only those there take it back."


def explain(*, case_id: int, subject: uuid.UUID, said: Explanation, by: int) -> AbsenceExplanation:
    """Record what he said of a session he missed. His officer, and who treats him, hear of it.

    It changes no decision. One against him waits for probation again.

    Raises:
        CannotBe: it contradicts itself, he did not know who reads it, or `by` may not say so.
        NotFound: nothing is recorded of this session on this case.
        Refused: he did not miss it, it was voluntary, or `by` is of neither side.
    """
    must_be_writing()
    case = cases.lock(case_id)
    row = latest(subject)
    if row is None or row.case_id != case.id:
        raise NotFound
    roles = _roles(by)
    side, clinician = _side(roles), bool(CLINICAL_ROLES & roles)
    if not is_asked(row):
        raise Refused(NOT_MISSED)
    if said.for_clinicians.strip() and not clinician:
        raise Refused(CLINICAL_ONLY)
    wrong = objections(said, clinician=clinician, side=side, now=clock.now())
    if wrong:
        raise CannotBe(*wrong)
    made = _keep(case, subject, said, side=side, by=by)
    audit.record("absences.explained", by=by, case_id=case.id, explanation=made.id)
    if side is Side.SERVICE:
        _reached(row, by)
    explained.tell(case, row, made)
    return made


def is_asked(row: Attendance) -> bool:
    """Whether he is asked about a session: a required one that he missed."""
    return row.required and row.happened in MISSED


def _keep(
    case: Case, subject: uuid.UUID, said: Explanation, *, side: Side, by: int
) -> AbsenceExplanation:
    shown = said.shown
    made = AbsenceExplanation(
        case_id=case.id,
        subject=subject,
        number=len(explanations_on(subject)) + 1,
        at=said.at,
        way=said.way,
        given_by=said.given_by,
        reason=said.reason,
        for_probation=said.for_probation.strip() or None,
        for_clinicians=said.for_clinicians.strip() or None,
        paper=shown.paper,
        seen_by=shown.seen_by,
        bears_out=shown.bears_out,
        first_day=shown.first_day,
        last_day=shown.last_day,
        side=side,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _reached(row: Attendance, by: int) -> None:
    """He has been reached: nobody tries again because of this session."""
    waiting = tasks.with_key(misses.key_of(TaskKind.CONTACT_HIM, row))
    if waiting is not None:
        tasks.finish(waiting, by=by)


def take_back(*, case_id: int, ref: uuid.UUID, by: int) -> AbsenceExplanation:
    """Take back what was recorded by mistake; it stays in the history.

    Raises:
        NotFound: no such explanation on this case.
        Refused: it is taken back already, or the other side recorded it.
    """
    must_be_writing()
    case = cases.lock(case_id)
    query = select(AbsenceExplanation).where(
        AbsenceExplanation.ref == ref, AbsenceExplanation.case_id == case.id
    )
    row = db.session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    if row.taken_back_at is not None:
        raise Refused(TAKEN_BACK)
    if row.side is not _side(_roles(by)):
        raise Refused(THEIRS)
    row.taken_back_at, row.taken_back_by = clock.now(), by
    db.session.flush()
    audit.record("absences.explanation_taken_back", by=by, case_id=case.id, explanation=row.id)
    return row


def _roles(by: int) -> frozenset[Role]:
    return frozenset(row.role for row in db.session.get_one(Staff, by).roles)


def _side(roles: frozenset[Role]) -> Side:
    if roles.intersection(SUPERVISES):
        return Side.PROBATION
    if roles.intersection(RECORDERS):
        return Side.SERVICE
    raise Refused(NOBODY)
