"""What is on record of the reports on a man's treatment."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer

from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.ending.application_rules import StepKind
from mhtr.ending.report_content import Report, content_hash, from_json
from mhtr.ending.report_grounds import DatedFact, Draft
from mhtr.ending.report_models import ReportStep, ReportVersion, TreatmentReport

_REPORTS = (
    select(TreatmentReport)
    .where(TreatmentReport.case_id == bindparam("case"))
    .order_by(TreatmentReport.id)
)
_VERSIONS = (
    select(ReportVersion)
    .join(TreatmentReport, TreatmentReport.id == ReportVersion.report_id)
    .where(TreatmentReport.case_id == bindparam("case"))
    .order_by(ReportVersion.report_id, ReportVersion.number)
    .options(defer(ReportVersion.pdf))
)
_STEPS = (
    select(ReportStep)
    .join(TreatmentReport, TreatmentReport.id == ReportStep.report_id)
    .where(TreatmentReport.case_id == bindparam("case"))
    .order_by(ReportStep.on, ReportStep.id)
)


def reports_of(case_id: int) -> Sequence[TreatmentReport]:
    """Every report on his treatment, also those of which nothing was sent; the first one first."""
    return db.session.scalars(_REPORTS, {"case": case_id}).all()


def find_report(case_id: int, ref: uuid.UUID) -> TreatmentReport:
    """A report on his treatment.

    Raises:
        NotFound: there is none.
    """
    found = next((one for one in reports_of(case_id) if one.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def versions_of(case_id: int) -> Sequence[ReportVersion]:
    """Every version that was sent, by report and number, without the files."""
    return db.session.scalars(_VERSIONS, {"case": case_id}).all()


def versions_of_report(report: TreatmentReport) -> list[ReportVersion]:
    """The versions of one report that were sent, the first one first."""
    return [one for one in versions_of(report.case_id) if one.report_id == report.id]


def find_version(case_id: int, ref: uuid.UUID) -> ReportVersion:
    """A version that was sent.

    Raises:
        NotFound: there is none.
    """
    found = next((one for one in versions_of(case_id) if one.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def verified(row: ReportVersion) -> Report | None:
    """What a version says, or None where it is not what was sent."""
    try:
        report = from_json(row.content)
    except (ValueError, KeyError, TypeError):
        return None
    return report if content_hash(report) == row.content_hash else None


def is_file_intact(row: ReportVersion) -> bool:
    """Whether the stored PDF is the one that was sent."""
    return hashlib.sha256(row.pdf).hexdigest() == row.pdf_hash


def draft_of(report: TreatmentReport) -> Draft:
    """What is written of its next version."""
    facts = [DatedFact(_day(one["on"]), one["words"]) for one in report.facts or ()]
    return Draft(
        ground=report.ground,
        facts=tuple(facts),
        opinion=report.opinion or "",
        proposed=report.proposed or "",
        willing=report.willing,
        willing_on=report.willing_on,
        willing_said=report.willing_said or "",
        why_again=report.why_again or "",
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def steps_of(case_id: int) -> Sequence[ReportStep]:
    """What became of his reports before the court, what was taken back among it."""
    return db.session.scalars(_STEPS, {"case": case_id}).all()


def counting_steps(report: TreatmentReport) -> list[ReportStep]:
    """What counts of one report, by day."""
    rows = steps_of(report.case_id)
    return [one for one in rows if one.report_id == report.id and one.taken_back_at is None]


@dataclass(frozen=True)
class Duty:
    """Whether the officer still has to have an application made on a report."""

    report: TreatmentReport
    open: bool


def duties_of(case_id: int) -> list[Duty]:
    """Each report of which a version was sent, with whether an application is still to come."""
    sent = {one.report_id for one in versions_of(case_id)}
    return [
        Duty(one, StepKind.APPLIED not in {row.kind for row in counting_steps(one)})
        for one in reports_of(case_id)
        if one.id in sent
    ]
