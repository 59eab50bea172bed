"""Whether more treatment is required is answered, and reports on treatment are written and sent."""

from datetime import timedelta

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.world import Hand
from mhtr.ending import application_service, question_service, report_queries, report_service
from mhtr.ending.application_rules import StepKind
from mhtr.ending.finish_rules import Further, FurtherAnswer
from mhtr.ending.practitioners import standing_orders
from mhtr.ending.report_content import content_hash
from mhtr.ending.report_grounds import Draft
from mhtr.ending.report_models import TreatmentReport
from mhtr.ending.report_pdf import compile_report
from mhtr.ending.report_service import Compiled


def answered(hand: Hand, answer: FurtherAnswer, why: str = "") -> None:
    """Whom the order names says whether he requires more treatment."""
    question_service.answer(
        case_id=hand.case_id,
        said=Further(answer, why),
        seen=question_service.seen_of(hand.case_id),
        by=hand.lead,
    )


def drafted(hand: Hand, draft: Draft) -> TreatmentReport:
    """His therapist begins a report and writes it."""
    (order,) = standing_orders(hand.case_id)
    row = report_service.begin(case_id=hand.case_id, order_id=order.order.id, by=hand.assessor)
    written(hand, row, draft)
    return row


def written(hand: Hand, row: TreatmentReport, draft: Draft) -> None:
    """His therapist writes on it."""
    report_service.write(report_id=row.id, draft=draft, version=row.version, by=hand.assessor)


def anew(hand: Hand, row: TreatmentReport) -> None:
    """Another version is begun."""
    report_service.issue_anew(report_id=row.id, version=row.version, by=hand.assessor)


def signed(hand: Hand, row: TreatmentReport) -> None:
    """Whom the order names reads it, signs it, and it is sent."""
    db.session.flush()
    built, against = report_service.prepare(hand.case, row, by=hand.lead)
    if built.report is None:
        raise ValueError(f"the report lacks something: {against}")
    compiled = Compiled(compile_report(built.report), content_hash(built.report))
    seen = [warning.key for warning in built.warnings]
    report_service.sign(
        report_id=row.id, compiled=compiled, version=row.version, by=hand.lead, looked_at=seen
    )


def before_court(hand: Hand, kind: StepKind, days: int = 0, officer: str = "probation") -> None:
    """His officer records what became of the report that was sent last."""
    sent = report_queries.versions_of(hand.case_id)[-1]
    row = next(one for one in report_queries.reports_of(hand.case_id) if one.id == sent.report_id)
    application_service.record_step(
        case_id=hand.case_id,
        report_ref=row.ref,
        kind=kind,
        on=clock.today() + timedelta(days=days),
        by=hand.world.staff(officer),
    )
