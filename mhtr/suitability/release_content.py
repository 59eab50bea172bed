"""What would be released now: the signed report with his answer, and all that stands against it."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from mhtr.cases import rules as case_rules
from mhtr.cases import service as cases
from mhtr.cases.consent_queries import standing_of
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.people.models import ConsentItem
from mhtr.suitability.assessment_content import (
    as_of_then,
    asked_for,
    build_report,
    consent_stated,
    his_answer,
)
from mhtr.suitability.assessment_queries import last_decision, read_assessment
from mhtr.suitability.concerned import current_request, no_request_words
from mhtr.suitability.consent_asked import standing_consent
from mhtr.suitability.countersign_rules import Change, changes
from mhtr.suitability.countersign_service import signed_content
from mhtr.suitability.models import (
    Assessment,
    CountersignDecision,
    ReportRelease,
    ReportRequest,
    Verdict,
)
from mhtr.suitability.release_checks import ReleaseWarning
from mhtr.suitability.release_prompts import prompts
from mhtr.suitability.report_content import ReportContent, from_json, signed_hash
from mhtr.suitability.sections import Section

NOBODY_ASKS = (
    "It goes to the author of the pre-sentence report who asks for it, so there is nobody to "
    "release it to."
)
NO_CONSENT = "It is not recorded that he consents to the report going to probation and court."
NOT_DATED = (
    "When and how he agreed to the assessment and its report is not on record. Ask him, and record "
    "what he says under Consent."
)
NOT_HEARD = "Record first that he read or heard the report, or why he could not."
CHANGED = "The wording was changed after it was countersigned. It needs a new countersignature."
NO_COURT = (
    "The court is not on record, so the report for it names none. Record the court of the hearing "
    "first, on the page “Hearing”."
)
OTHER_NAME = (
    "Name or date of birth on his record is no longer what was signed. Make sure whose record this "
    "is; then open the assessment again, and have the report countersigned with the right one."
)
_IDENTITY = frozenset({"person_name", "person_born_on"})
# What a lead signs and the assessment says. The rest follows the record.
_SIGNED_WORDS = frozenset(
    {
        "assessed_on",
        "how_assessed",
        "meetings",
        "begun_by",
        "told_beforehand",
        "told_readers",
        "told_quoted",
        "need",
        "arrangements",
        "willingness",
        "recommendation",
        "recommendation_wording",
        "when_ready",
        "pathways",
        "sessions",
        "requirement_months",
        "institution",
        "directing_psychologist",
        "practical_arrangements",
    }
)


@dataclass(frozen=True)
class Prepared:
    """A release as it would go out. `against` empty: it may go.

    `differs` lists what on the record is no longer as signed: it stops nobody,
    but for his name and date of birth. `warnings` look
    like something that should not be in a report: each is to be looked at before the release.
    """

    content: ReportContent | None
    decision: CountersignDecision | None
    request: ReportRequest | None
    against: tuple[str, ...]
    differs: tuple[Change, ...]
    warnings: tuple[ReleaseWarning, ...]

    signed_hash: str = ""
    """What the lead signed, as `RELEASED` carries it."""

    @property
    def asks_consent(self) -> bool:
        """Whether he has first to be asked for his consent."""
        return NOT_DATED in self.against


def prepare(case: Case, assessment: Assessment, *, by: int, addendum: bool = False) -> Prepared:
    """The report (or its latest addendum) as it would be released now."""
    request = current_request(case.id)
    signed = last_decision(assessment.id, addendum=addendum)
    if signed is None or signed[1].verdict is not Verdict.COUNTERSIGNED:
        words = "The addendum" if addendum else "The report"
        return Prepared(None, None, request, (f"{words} is not countersigned.",), (), ())
    as_signed = signed_content(*signed)
    agreed = standing_consent(case)
    content = replace(as_signed, **consent_stated(agreed)) if agreed else as_signed
    against = [] if request is not None else [f"{no_request_words(case.id)} {NOBODY_ASKS}"]
    differs: tuple[Change, ...] = ()
    if not addendum:
        content = replace(
            content,
            **asked_for(case),
            **his_answer(assessment),
        )
        found, differs = _against_the_report(case, assessment, content)
        against += found
        if request is not None and not case.court_code:
            against.append(NO_COURT)
    if agreed is None and not standing_of(case).get(ConsentItem.ASSESSMENT):
        against.append(NOT_DATED)
    fingerprint = _fingerprint(content, as_signed)
    kind = FactKind.ADDENDUM_RELEASED if addendum else FactKind.RELEASED
    facts, detail = cases.facts_of(case.id), {"content_hash": fingerprint}
    decision = case_rules.can(kind, facts, clock.today(), by_id=by, detail=detail)
    against += [reason for reason in decision.reasons if reason not in against]
    warnings = prompts(case, assessment, content)
    return Prepared(content, signed[1], request, tuple(against), differs, warnings, fingerprint)


def _fingerprint(content: ReportContent, as_signed: ReportContent) -> str:
    """Of what was signed: the day and version of his consent follow the record until release."""
    given_on, version = as_signed.consent_given_on, as_signed.consent_version
    return signed_hash(replace(content, consent_given_on=given_on, consent_version=version))


def _against_the_report(
    case: Case, assessment: Assessment, content: ReportContent
) -> tuple[list[str], tuple[Change, ...]]:
    found = []
    if assessment.heard_at is None:
        found.append(NOT_HEARD)
    if (
        read_assessment(assessment.id).get(Section.WILLINGNESS_CONSENT, "consent_report")
        is not True
    ):
        found.append(NO_CONSENT)
    built = build_report(case, assessment).content
    differs = changes(content, as_of_then(built, content)) if built is not None else ()
    if built is None or any(change.field in _SIGNED_WORDS for change in differs):
        found.append(CHANGED)
    if any(change.field in _IDENTITY for change in differs):
        found.append(OTHER_NAME)
    return found, differs


def release_of(decision_id: int) -> ReportRelease | None:
    """The release of a signed report, where it has gone out."""
    return db.session.scalars(
        select(ReportRelease).where(ReportRelease.decision_id == decision_id)
    ).one_or_none()


def released_report(assessment_id: int) -> ReportContent | None:
    """The report as it went out, without addenda."""
    row = db.session.scalars(
        select(ReportRelease).where(
            ReportRelease.assessment_id == assessment_id, ReportRelease.is_addendum.is_(False)
        )
    ).first()
    return from_json(row.content) if row else None
