"""Putting a report before the clinical leads: what is to be signed, and the task of signing it."""

from datetime import datetime

from sqlalchemy import exists, select

from mhtr.accounts.models import Organisation, Staff
from mhtr.cases import listeners
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.intake.queries import referral_of
from mhtr.suitability.assessment_queries import author_ids
from mhtr.suitability.models import Assessment, CountersignDecision, CountersignRequest
from mhtr.suitability.report_content import ReportContent, signed_hash, to_json
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import TaskKind


def put_before_leads(
    case: Case,
    assessment: Assessment,
    content: ReportContent,
    *,
    lead_id: int | None,
    by: int,
    addendum_text: str | None = None,
) -> CountersignRequest:
    """Save what is to be signed, and the task of signing it."""
    lead = _lead(lead_id, assessment, by)
    if case.restricted and lead is None:
        raise Refused("This record is restricted. Name the clinical lead who is to read it.")
    row = CountersignRequest(
        assessment_id=assessment.id,
        is_addendum=addendum_text is not None,
        addendum_text=addendum_text,
        requested_by=by,
        lead_id=lead_id,
        content=to_json(content),
        content_hash=signed_hash(content),
    )
    db.session.add(row)
    db.session.flush()
    trust = _trust_of(assessment)
    owner = lead.principal_id if lead else trust.principal_id
    access.grant(
        case.id, Purpose.CLINICAL, owner, because="suitability.countersign_requested", by=by
    )
    ask_leads(case, row, by=by)
    audit.record(
        "suitability.countersign_requested",
        by=by,
        case_id=case.id,
        request=row.id,
        content_hash=row.content_hash,
    )
    return row


def ask_leads(case: Case, row: CountersignRequest, *, by: int) -> None:
    """Open the task of signing a report: the named lead's, or any lead's of the trust."""
    if row.lead_id is not None:
        owner = db.session.get_one(Staff, row.lead_id).principal_id
    else:
        owner = _trust_of(db.session.get_one(Assessment, row.assessment_id)).principal_id
    tasks.open_task(
        TaskKind.COUNTERSIGN,
        key=f"countersign:{row.id}",
        title="Countersign an addendum" if row.is_addendum else "Countersign a suitability report",
        owner_principal_id=owner,
        owner_staff_id=row.lead_id,
        due_at=due_moment(case),
        by=by,
        case_id=case.id,
        endpoint="suitability.countersign",
        subject_ref=case.ref,
    )


def due_moment(case: Case) -> datetime:
    """The end of the working day on which the report is due; today where no date is known."""
    day = case.report_due_on or clock.today()
    return end_of_day(day)


def _lead(lead_id: int | None, assessment: Assessment, by: int) -> Staff | None:
    if lead_id is None:
        return None
    lead = db.session.get_one(Staff, lead_id)
    trust = _trust_of(assessment)
    is_lead = Role.CLINICAL_LEAD in {row.role for row in lead.roles}
    if not is_lead or lead.organisation_id != trust.id or lead.disabled_at is not None:
        raise Refused("Choose a clinical lead of this trust.")
    if lead.id in author_ids(assessment.id) | {by}:
        raise Refused("Somebody who wrote none of it must countersign. Choose another lead.")
    return lead


def _trust_of(assessment: Assessment) -> Organisation:
    """The trust that has the case, which need not be that of whoever began the assessment."""
    referral = referral_of(assessment.case_id)
    if referral is not None:
        return db.session.get_one(Organisation, referral.trust_id)
    return db.session.get_one(Staff, assessment.author_id).organisation


def follow_case(case_id: int, by: int | None) -> None:
    """The case moved to another trust: what waits is before any lead there, not the one named."""
    waiting = select(CountersignRequest).where(
        CountersignRequest.assessment_id.in_(
            select(Assessment.id).where(Assessment.case_id == case_id)
        ),
        CountersignRequest.withdrawn_at.is_(None),
        CountersignRequest.lead_id.is_not(None),
        ~exists().where(CountersignDecision.request_id == CountersignRequest.id),
    )
    for row in db.session.scalars(waiting).all():
        row.lead_id = None
        audit.record("suitability.lead_changed", by=by, case_id=case_id, request=row.id)


listeners.case_moved.append(follow_case)
