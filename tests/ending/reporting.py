"""Reports on treatment for tests: begun, written, signed."""

from dataclasses import replace
from datetime import date
from typing import Any

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.ending import application_service, report_service
from mhtr.ending.application_rules import StepKind
from mhtr.ending.report_content import content_hash
from mhtr.ending.report_grounds import DatedFact, Draft, Ground
from mhtr.ending.report_models import ReportStep, ReportVersion, TreatmentReport
from mhtr.ending.report_service import Compiled
from tests.ending.makers import Finishing

DRAFT = Draft(
    ground=Ground.NO_FURTHER,
    facts=(DatedFact(date(2026, 11, 18), "The last planned session was held."),),
    opinion="He has learnt what he came for and uses it.",
)
FILE = b"%PDF-1.7 a file"


def begun(of: Finishing, *, by: Staff | None = None) -> TreatmentReport:
    """A report is begun, by his therapist unless somebody else does."""
    case_id, order_id = of.case.id, of.order.id
    by_id = (by or of.man.therapist).id
    with writing():
        return report_service.begin(case_id=case_id, order_id=order_id, by=by_id)


def now(row: TreatmentReport) -> TreatmentReport:
    """A report as it stands."""
    return db.session.get_one(TreatmentReport, row.id, populate_existing=True)


def written(
    of: Finishing, row: TreatmentReport, *, by: Staff | None = None, **said: Any
) -> TreatmentReport:
    """What it says is kept."""
    report_id, version, by_id = row.id, now(row).version, (by or of.man.therapist).id
    with writing():
        report_service.write(
            report_id=report_id, draft=replace(DRAFT, **said), version=version, by=by_id
        )
    return now(row)


def compiled(of: Finishing, row: TreatmentReport, by: Staff) -> Compiled:
    """What somebody would sign now, with a stand-in for the file."""
    built, _ = report_service.prepare(of.case, now(row), by=by.id)
    db.session.rollback()
    return Compiled(FILE, content_hash(built.report) if built.report else "")


def signed(
    of: Finishing,
    row: TreatmentReport,
    *,
    by: Staff | None = None,
    what: Compiled | None = None,
    version: int | None = None,
    looked_at: tuple[str, ...] = (),
) -> ReportVersion:
    """Whom the order names signs it, which sends it."""
    signer = by or of.world.lead
    signer_id, report_id = signer.id, row.id
    made = what or compiled(of, row, signer)
    seen = now(row).version if version is None else version
    with writing():
        return report_service.sign(
            report_id=report_id, compiled=made, version=seen, by=signer_id, looked_at=looked_at
        )


def sent(of: Finishing, **said: Any) -> tuple[TreatmentReport, ReportVersion]:
    """A report that went out."""
    row = written(of, begun(of), **said)
    return row, signed(of, row)


def anew(of: Finishing, row: TreatmentReport) -> TreatmentReport:
    """Another version is begun by his therapist."""
    report_id, version, by = row.id, now(row).version, of.man.therapist.id
    with writing():
        report_service.issue_anew(report_id=report_id, version=version, by=by)
    return now(row)


def step(
    of: Finishing, row: TreatmentReport, kind: StepKind, *, on: date | None = None,
    by: Staff | None = None,
) -> ReportStep:  # fmt: skip
    """What became of it before the court, as his officer records it."""
    case_id, ref, by_id = of.case.id, row.ref, (by or of.world.officer).id
    day = on or clock.today()
    with writing():
        return application_service.record_step(
            case_id=case_id, report_ref=ref, kind=kind, on=day, by=by_id
        )
