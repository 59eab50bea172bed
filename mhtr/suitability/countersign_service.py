"""Asking for a countersignature, and the one decision that answers it."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.reliance import doubts
from mhtr.cases.wording import day_words
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.name_text import is_seen
from mhtr.core.transaction import must_be_writing
from mhtr.intake.queries import works_on
from mhtr.suitability import assessment_service, news
from mhtr.suitability.assessment_content import build_report
from mhtr.suitability.assessment_queries import author_ids, pending_request, staff_name
from mhtr.suitability.concerned import (
    Owner,
    assessing,
    current_request,
    is_withdrawn,
    no_request_words,
)
from mhtr.suitability.countersign_asking import due_moment, put_before_leads
from mhtr.suitability.countersign_queries import is_there
from mhtr.suitability.countersign_rules import Place
from mhtr.suitability.countersigning import Lead, may_countersign
from mhtr.suitability.models import (
    Assessment,
    CountersignDecision,
    CountersignRequest,
    Verdict,
)
from mhtr.suitability.policy import countersign_policy
from mhtr.suitability.report_content import ReportContent, from_json
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

NO_PLEA_NOW = "No guilty plea or finding is on record any more: the work on it rests."
RESTS = "The report it adds to may no longer stand, so nothing is added to it now."


class AlreadyDecided(Refused):
    """Somebody else decided first; the message says who, and what."""


def request_countersign(
    *, assessment: Assessment, lead_id: int | None, version: int, by: int
) -> CountersignRequest:
    """Put the report before the clinical leads, exactly as it reads now.

    Args:
        lead_id: a named lead; None: any clinical lead of the trust.

    Raises:
        Refused: the report lacks something it must say, or against the rules.
        Stale: the assessment was changed meanwhile.
    """
    must_be_writing()
    case = cases.lock(assessment.case_id)
    db.session.refresh(assessment)
    if assessment.version != version:
        raise Stale(assessment)
    if assessment.finished_at is None:
        raise Refused("Finish the assessment first.")
    cases.require(case, FactKind.COUNTERSIGN_REQUESTED, by=by)
    built = build_report(case, assessment)
    if built.content is None:
        raise Refused("The report lacks: ", *built.lacks)
    row = put_before_leads(case, assessment, built.content, lead_id=lead_id, by=by)
    cases.add_fact(case, FactKind.COUNTERSIGN_REQUESTED, by=by)
    return row


def withdraw_request(*, assessment: Assessment, version: int, by: int) -> None:
    """Take a report back from the clinical leads to change it.

    Raises:
        Refused: nothing waits, or it is somebody else's. Stale: changed meanwhile.
    """
    must_be_writing()
    cases.lock(assessment.case_id)
    row = pending_request(assessment.id)
    if row is None or row.is_addendum:
        raise Refused("Nothing is waiting for a countersignature.")
    if by not in (row.requested_by, assessment.author_id):
        raise Refused("Only the author can take it back. A clinical lead returns it instead.")
    row.withdrawn_at = clock.now()
    audit.record(
        "suitability.countersign_withdrawn", by=by, case_id=assessment.case_id, request=row.id
    )
    assessment_service.reopen(assessment=assessment, version=version, by=by)


def check_lead(request: CountersignRequest, by: int) -> tuple[str, ...]:
    """Every reason why this member of staff may not decide on the report; empty if he may."""
    staff = db.session.get_one(Staff, by)
    is_lead = Role.CLINICAL_LEAD in {row.role for row in staff.roles}
    lead = Lead(staff.id, is_lead, staff.hcpc_number, staff.hcpc_checked_on)
    authors = author_ids(request.assessment_id) | {request.requested_by}
    decision = may_countersign(lead, authors, clock.today(), countersign_policy())
    found = list(decision.reasons)
    named = request.lead_id
    if named is not None and named != by and is_there(named):
        found.append(f"It was put before {staff_name(named)}.")
    return tuple(found)


def stands_against(request: CountersignRequest, case: Case, by: int) -> tuple[str, ...]:
    """Every reason why he may not decide on this report of this case; empty if he may."""
    found = check_lead(request, by)
    facts = cases.facts_of(case.id)
    standing = rules.fold(facts, clock.today())
    if standing.no_report_since:
        found = (*found, f"{rules.said_no(facts, clock.today())} It is stopped.")
    if standing.rests:
        found = (*found, NO_PLEA_NOW)
    if doubts(standing):
        found = (*found, RESTS)
    if is_withdrawn(case.id):
        found = (*found, f"{no_request_words(case.id)} Nothing is to be signed unless it asks.")
    # Seeing a record (in an emergency, for a hand-over) does not make its report his to sign.
    if works_on(case, by):
        return found
    return (*found, "A clinical lead of the trust that has the case decides on the report.")


def decide(
    *,
    request: CountersignRequest,
    verdict: Verdict,
    comments: Mapping[Place, str],
    content_hash: str,
    by: int,
) -> CountersignDecision:
    """Sign a report, or return it with comments. The first decision stands.

    Raises:
        AlreadyDecided: somebody decided or withdrew it first.
        Refused: he may not sign, what he read is not what waits, or a return has no comment.
    """
    must_be_writing()
    assessment = db.session.get_one(Assessment, request.assessment_id)
    case = cases.lock(assessment.case_id)
    db.session.refresh(assessment)
    db.session.refresh(request)
    _first(request)
    reasons = stands_against(request, case, by)
    if reasons:
        raise Refused(*reasons)
    if content_hash != request.content_hash:
        raise Refused("This is not the report you read. Open the page again.")
    given = [{"section": s.value, "text": t.strip()} for s, t in comments.items() if is_seen(t)]
    if verdict is Verdict.RETURNED and not given:
        raise Refused("Say in at least one comment what to change.")
    row = _decision(request, verdict, given, by)
    tasks.settle(case.id, TaskKind.COUNTERSIGN, by=by)
    if verdict is Verdict.COUNTERSIGNED:
        _signed(case, assessment, request, by)
    else:
        _returned(case, assessment, request, by)
    return row


def _decision(
    request: CountersignRequest, verdict: Verdict, comments: list[dict[str, str]], by: int
) -> CountersignDecision:
    staff = db.session.get_one(Staff, by)
    row = CountersignDecision(
        request_id=request.id,
        verdict=verdict,
        by_id=by,
        at=clock.now(),
        hcpc_number=staff.hcpc_number or "",
        hcpc_checked_on=staff.hcpc_checked_on,
        comments=comments,
    )
    db.session.add(row)
    db.session.flush()
    return row


def signed_content(request: CountersignRequest, decision: CountersignDecision) -> ReportContent:
    """The report with the lead's signature under it."""
    return replace(
        from_json(request.content),
        countersigned_by=staff_name(decision.by_id),
        countersigner_hcpc=decision.hcpc_number,
        countersigned_on=decision.at.astimezone(clock.LONDON).date(),
    )


def _first(request: CountersignRequest) -> None:
    earlier = db.session.scalars(
        select(CountersignDecision).where(CountersignDecision.request_id == request.id)
    ).one_or_none()
    if earlier is not None:
        what = "countersigned it" if earlier.verdict is Verdict.COUNTERSIGNED else "returned it"
        moment = earlier.at.astimezone(clock.LONDON)
        raise AlreadyDecided(
            f"{staff_name(earlier.by_id)} {what} on {day_words(moment.date())} at {moment:%H:%M}. "
            "Your decision was not recorded."
        )
    if request.withdrawn_at is not None:
        raise AlreadyDecided("The author took the report back. Your decision was not recorded.")


def _signed(case: Case, assessment: Assessment, request: CountersignRequest, by: int) -> None:
    kind = FactKind.ADDENDUM_COUNTERSIGNED if request.is_addendum else FactKind.COUNTERSIGNED
    detail = {"content_hash": request.content_hash}
    cases.require(case, kind, by=by, detail=detail)
    cases.add_fact(case, kind, by=by, detail=detail)
    open_release(case, assessment, request, by)


def open_release(case: Case, assessment: Assessment, request: CountersignRequest, by: int) -> None:
    """The author's task to release what is signed; only told where probation asks for nothing."""
    if current_request(case.id) is None:
        owner = _author_or_trust(case, _author_of(assessment, request))
        text = f"A report is countersigned. {no_request_words(case.id)}"
        news.tell(owner.principal_id, case, f"signed:{request.id}", text)
        return
    _tell_author(case, assessment, request, TaskKind.RELEASE, "suitability.release", by)


def _returned(case: Case, assessment: Assessment, request: CountersignRequest, by: int) -> None:
    if not request.is_addendum:
        cases.require(case, FactKind.RETURNED, by=by)
        cases.add_fact(case, FactKind.RETURNED, by=by)
        assessment_service.open_again(assessment)
    open_revision(case, assessment, request, by)


def open_revision(case: Case, assessment: Assessment, request: CountersignRequest, by: int) -> None:
    """The author's task to change what came back."""
    page = "suitability.release_addendum" if request.is_addendum else "suitability.assessment"
    _tell_author(case, assessment, request, TaskKind.REVISE, page, by)


def _author_of(assessment: Assessment, request: CountersignRequest) -> int:
    return request.requested_by if request.is_addendum else assessment.author_id


def _tell_author(
    case: Case,
    assessment: Assessment,
    request: CountersignRequest,
    kind: TaskKind,
    endpoint: str,
    by: int,
) -> None:
    owner = _author_or_trust(case, _author_of(assessment, request))
    titles = {
        TaskKind.RELEASE: "Release a countersigned report",
        TaskKind.REVISE: "A report came back with comments",
    }
    tasks.open_task(
        kind,
        key=f"{kind.value}:{request.id}",
        title=titles[kind],
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=due_moment(case),
        by=by,
        case_id=case.id,
        endpoint=endpoint,
        subject_ref=case.ref,
    )


def _author_or_trust(case: Case, author_id: int) -> Owner:
    """The author; where the case has moved to another trust, whoever assesses there."""
    if not works_on(case, author_id):
        return assessing(case)
    return Owner(db.session.get_one(Staff, author_id).principal_id, author_id)
