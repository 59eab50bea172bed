"""What became of a report before the court, as probation records it: the only writer of it."""

import uuid
from datetime import date

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.access import SUPERVISES
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.ending import report_follow, report_queries
from mhtr.ending.application_rules import RESULTS, StepKind, objections
from mhtr.ending.report_models import ReportStep
from mhtr.ending.treating_told import tell_of_result

PROBATION_ONLY = "Only probation records what became of a report before the court."
NOT_SENT = "The report has not been sent."
TAKEN_BACK = "It is taken back already."
RESULT_FIRST = "Take the court’s decision back first."


def record_step(
    *, case_id: int, report_ref: uuid.UUID, kind: StepKind, on: date, by: int
) -> ReportStep:
    """Record what became of a report. Nothing of his order changes by it.

    Raises:
        CannotBe: it contradicts what is recorded, or the day cannot be.
        NotFound: no such report on this case.
        Refused: `by` is not of probation, or nothing was sent.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _must_be_probation(by)
    report = report_queries.find_report(case_id, report_ref)
    sent = report_queries.versions_of_report(report)
    if not sent:
        raise Refused(NOT_SENT)
    known = [(one.kind, one.on) for one in report_queries.counting_steps(report)]
    sent_on = sent[0].created_at.astimezone(clock.LONDON).date()
    if wrong := objections(kind, on, sent_on=sent_on, known=known, today=clock.today()):
        raise CannotBe(*wrong)
    row = ReportStep(report_id=report.id, kind=kind, on=on, by_id=by)
    db.session.add(row)
    db.session.flush()
    audit.record("ending.application_step", by=by, case_id=case_id, report_step=row.id)
    report_follow.follow(case, by=by)
    if kind in RESULTS:
        tell_of_result(case, row)
    return row


def take_back(*, case_id: int, ref: uuid.UUID, by: int) -> ReportStep:
    """Take back what was recorded by mistake; it stays in the history.

    Raises:
        NotFound: no such step on this case.
        Refused: `by` is not of probation, it is taken back already, or others rest on it.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _must_be_probation(by)
    row = next((one for one in report_queries.steps_of(case_id) if one.ref == ref), None)
    if row is None:
        raise NotFound
    if row.taken_back_at is not None:
        raise Refused(TAKEN_BACK)
    others = [
        one
        for one in report_queries.steps_of(case_id)
        if one.report_id == row.report_id and one.taken_back_at is None and one.id != row.id
    ]
    if row.kind is StepKind.APPLIED and others:
        raise Refused(RESULT_FIRST)
    row.taken_back_at, row.taken_back_by = clock.now(), by
    db.session.flush()
    audit.record("ending.application_step_back", by=by, case_id=case_id, report_step=row.id)
    report_follow.follow(case, by=by)
    return row


def _must_be_probation(by: int) -> None:
    roles = {row.role for row in db.session.get_one(Staff, by).roles}
    if not roles.intersection(SUPERVISES):
        raise Refused(PROBATION_ONLY)
