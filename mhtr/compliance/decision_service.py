"""Probation's decision on an absence: the only writer of it."""

import uuid
from dataclasses import dataclass

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.queries import stands
from mhtr.compliance.deciding import NO_ABSENCE, SAME, Decision, is_to_decide, objections
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.decision_queries import DECIDED, decision_of, decisions_on, known_of
from mhtr.compliance.explanation_queries import explanations_on, latest_number
from mhtr.compliance.late_decisions import settle
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import latest
from mhtr.core import audit, clock
from mhtr.core.access import SUPERVISES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.orders.queries import contact_of

PROBATION_ONLY = "Only probation decides whether there was a reasonable excuse."


@dataclass(frozen=True)
class Seen:
    """What the page showed on which it was decided: numbers of the last records, 0 for none."""

    attendance: int
    decision: int
    explanation: int = 0


def decide(
    *, case_id: int, subject: uuid.UUID, decision: Decision, seen: Seen, by: int
) -> AbsenceDecision:
    """Decide of one session whether a failure had a reasonable excuse.

    Where somebody else is named as responsible officer it is decided for him, and says so.

    Raises:
        CannotBe: something is missing that such a decision has to say.
        NotFound: nothing is recorded of it on this case, or `by` does not supervise the case now.
        Refused: `by` is not of probation, there is nothing to decide, or nothing changes.
        Stale: it was decided, what is recorded was put right, or he said more, meanwhile.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _must_decide(case.id, by)
    row = latest(subject)
    if row is None or row.case_id != case.id:
        raise NotFound
    before, said = decisions_on(subject), latest_number(explanations_on(subject))
    if Seen(row.number, len(before), said) != seen:
        raise Stale(row)
    _check(row, before, decision, said)
    made = _keep(row, decision, number=len(before) + 1, explanation=said, by=by)
    settle(case, subject, decided=decision.opinion in DECIDED, by=by)
    audit.record("absences.decided", by=by, case_id=case.id, decision=made.id)
    return made


def _keep(
    row: Attendance, decision: Decision, *, number: int, explanation: int, by: int
) -> AbsenceDecision:
    made = AbsenceDecision(
        case_id=row.case_id,
        subject=row.subject,
        number=number,
        attendance_id=row.id,
        explanation=explanation,
        opinion=decision.opinion,
        until=decision.until,
        why=decision.why.strip() or None,
        notice_why=decision.notice_why.strip() or None,
        for_id=_in_place_of(row.case_id, by),
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _must_decide(case_id: int, by: int) -> None:
    who = db.session.get_one(Staff, by)
    if not {*SUPERVISES} & {row.role for row in who.roles}:
        raise Refused(PROBATION_ONLY)
    if not stands(viewer_of(who), case_id, Purpose.SUPERVISION):
        raise NotFound  # he was given to somebody else while the page was open


def _check(row: Attendance, before: list[AbsenceDecision], decision: Decision, said: int) -> None:
    if not is_to_decide(row.happened, required=row.required, described=bool(row.described)):
        raise Refused(NO_ABSENCE)
    wrong = objections(decision, known_of(row, before), clock.today())
    if wrong:
        raise CannotBe(*wrong)
    if before and (before[-1].attendance_id, before[-1].explanation) == (row.id, said):
        kept = decision_of(before[-1])
        if (kept.opinion, kept.until) == (decision.opinion, decision.until):
            raise Refused(SAME)


def _in_place_of(case_id: int, by: int) -> int | None:
    """The named officer, where it is not he who decides."""
    contact = contact_of(case_id)
    named = contact.staff_id if contact is not None else None
    return named if named != by else None
