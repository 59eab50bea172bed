"""A report on the treatment of a case of the matrix: a draft, what was sent before, its outcome."""

from datetime import date

from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.ending.application_rules import StepKind
from mhtr.ending.practitioner_rules import Basis
from mhtr.ending.report_content import Report, content_hash, to_json
from mhtr.ending.report_grounds import DatedFact, Ground, Willing
from mhtr.ending.report_models import ReportStep, ReportVersion, TreatmentReport
from mhtr.orders.models import Order
from mhtr.orders.terms import OrderKind

ON = date(2026, 11, 12)


def reported(case_id: int, by: int) -> tuple[TreatmentReport, ReportVersion, ReportStep]:
    """Hang a row of each table on a case that has an order."""
    order_id = db.session.scalars(select(Order.id).where(Order.case_id == case_id)).first()
    row = TreatmentReport(
        case_id=case_id,
        order_id=order_id,
        drafted_at=clock.now(),
        drafted_by=by,
        ground=Ground.LONGER,
        facts=[{"on": ON.isoformat(), "words": "what happened then"}],
        opinion="why he reports",
        proposed="what is asked for",
        willing=Willing.NOT_ASKED,
        willing_said="why he was not asked",
        why_again="why it is issued anew",
    )
    db.session.add(row)
    db.session.flush()
    version = _version(row.id, by)
    step = ReportStep(report_id=row.id, kind=StepKind.APPLIED, on=ON, by_id=by)
    db.session.add_all([version, step])
    db.session.flush()
    return row, version, step


def _version(report_id: int, by: int) -> ReportVersion:
    report = Report(
        reference="0000",
        number=1,
        service="The service",
        written_on=ON,
        person_name="Somebody",
        person_born_on=None,
        crn="",
        order_kind=OrderKind.COMMUNITY,
        order_made_on=ON,
        court="A court",
        periods=((ON, ON),),
        to_name="His officer",
        to_unit="",
        held=1,
        expected=12,
        last_held_on=ON,
        finished_on=None,
        ground=Ground.LONGER,
        facts=(DatedFact(ON, "It was held."),),
        opinion="It helps.",
        proposed="Longer.",
        willing=Willing.WILLING,
        willing_on=ON,
        willing_said="",
        author="Who directs",
        author_title="",
        registration="PYL1",
        basis=Basis.NAMED,
    )
    return ReportVersion(
        report_id=report_id,
        number=1,
        content=to_json(report),
        content_hash=content_hash(report),
        pdf=b"%PDF-1.7",
        basis=Basis.NAMED,
        registration="PYL1",
        signed_by=by,
        looked_at=["Why: it seems to name somebody"],
    )
