"""The writer of triage: accept, decline, ask the referrer; allocate and reallocate."""

from dataclasses import dataclass

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.access_service import staff_of_principal
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.intake import allocating, closing, giving_case, office, queries, questions
from mhtr.intake.concerned import referrer_told
from mhtr.intake.models import Referral, TriageDecision
from mhtr.intake.rules import AT_TRIAGE, DeclineReason, TriageOutcome, triage_decision
from mhtr.intake.triage_words import DECLINED, DECLINED_NEUTRAL
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from outcome_measures.recording import service as measures


@dataclass(frozen=True)
class Decision:
    """The last decision of a triage. `outside_words`: the reason as probation may read it."""

    outcome: TriageOutcome
    reason: DeclineReason | None
    reason_words: str
    outside_words: str
    words: str


def last_decision(case_id: int) -> Decision | None:
    """What was decided last; None before triage."""
    row = db.session.scalars(
        select(TriageDecision)
        .where(TriageDecision.case_id == case_id, TriageDecision.outcome.in_(AT_TRIAGE))
        .order_by(TriageDecision.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    reason = row.reason
    return Decision(
        outcome=row.outcome,
        reason=reason,
        reason_words=DECLINED[reason] if reason else "",
        outside_words=DECLINED_NEUTRAL.get(reason, DECLINED[reason]) if reason else "",
        words=row.words or "",
    )


def _open(case_id: int, version: int) -> tuple[Case, Referral]:
    case = cases.lock(case_id)
    referral = queries.referral_of(case_id)
    if referral is None:
        raise NotFound
    cases.check_version(case, version)
    return case, referral


def _decided(
    case: Case,
    outcome: TriageOutcome,
    by: int,
    reason: DeclineReason | None = None,
    words: str = "",
) -> None:
    criteria = office.criteria_for(case.id, by=by)
    decision = triage_decision(outcome, criteria, reason, words)
    if not decision.allowed:
        raise Refused(*decision.reasons)
    db.session.add(
        TriageDecision(
            case_id=case.id, outcome=outcome, reason=reason, words=words.strip() or None, by_id=by
        )
    )
    audit.record("intake.triaged", by=by, case_id=case.id, outcome=outcome.value)


def accept(
    *, case_id: int, version: int, assessor_id: int | None, by: int, to_trust: int | None = None
) -> None:
    """Accept a referral, and allocate it at once where an assessor is named.

    Args:
        to_trust: as in `allocate`.

    Raises:
        GoesElsewhere: as `allocate`.
        Stale: the case has moved on since the page was read.
        Refused: a criterion stands in the way, or the rules do not allow it now.
    """
    case, referral = _open(case_id, version)
    if was_accepted(case_id):
        raise Refused("The referral is accepted already.")
    _decided(case, TriageOutcome.ACCEPT, by)
    cases.require(case, FactKind.ACCEPTED, by=by)
    cases.add_fact(case, FactKind.ACCEPTED, by=by)
    office.tell_leads(case, referral.trust_id, by=by)
    tasks.settle(case_id, TaskKind.TRIAGE, by=by)
    questions.withdraw(case_id, by=by, because="decided")
    if assessor_id is None:
        allocating.open_allocation(case, referral.trust_id, by=by)
        tell_referrer(case, "A referral was accepted and waits for an assessor")
    else:
        _allocate(case, referral, assessor_id, to_trust, by)
        tell_referrer(case, "A referral was accepted and given to an assessor")


def decline(*, case_id: int, version: int, reason: DeclineReason, words: str, by: int) -> None:
    """Decline a referral with its reason; the case closes.

    Raises:
        Stale: the case has moved on since the page was read.
        Refused: no words for another reason, a clinician's decision, or the rules do not allow it.
    """
    case, _referral = _open(case_id, version)
    office.check_decline(case_id, reason, by=by)
    _decided(case, TriageOutcome.DECLINE, by, reason, words)
    cases.require(case, FactKind.DECLINED_BY_SERVICE, by=by)
    cases.add_fact(case, FactKind.DECLINED_BY_SERVICE, by=by, detail={"reason": reason.value})
    tasks.settle(case_id, TaskKind.TRIAGE, by=by)
    questions.withdraw(case_id, by=by, because="decided")
    closing.withdraw_tasks(case_id, by=by)
    measures.look_at_unfinished(case_id=case_id, by=by)
    tell_referrer(case, "A referral was not taken on. See why")


def ask_referrer(*, case_id: int, version: int, question: str, by: int) -> None:
    """Ask the referrer something; triage stays open.

    Raises:
        Stale: the case has moved on since the page was read.
        Refused: no question, or the referrer has no way of seeing it.
    """
    case, referral = _open(case_id, version)
    told = referrer_told(case_id)
    if told is None or not _sees_referral(case_id, told):
        raise Refused("This referrer cannot see a question here. Ask by telephone or letter.")
    if not questions.somebody_answers(referral):
        raise Refused(questions.NOBODY_THERE)
    _decided(case, TriageOutcome.ASK_REFERRER, by, None, question)
    case.version += 1
    questions.give_to_referrer(case, referral, by=by)
    tell_referrer(case, "The service has a question about a referral")


def allocate(
    *, case_id: int, version: int, assessor_id: int, by: int, to_trust: int | None = None
) -> None:
    """Give an accepted case to an assessor, or to another one.

    Args:
        to_trust: another trust whose assessor is meant, where that was said.

    Raises:
        GoesElsewhere: the assessor works for another trust, and that was not said.
        Stale: the case has moved on since the page was read.
        Refused: not accepted yet, or not somebody who may assess this man.
    """
    case, referral = _open(case_id, version)
    _allocate(case, referral, assessor_id, to_trust, by)
    tell_referrer(case, "A referral was given to an assessor")


def _allocate(
    case: Case, referral: Referral, assessor_id: int, to_trust: int | None, by: int
) -> None:
    assessor = db.session.get(Staff, assessor_id)
    if assessor is None or not may_assess(assessor, case.id):
        raise Refused("Choose an assessor from the list.")
    if case.assessor_id == assessor_id:
        raise Refused("This assessor has the case already.")
    giving_case.give(case, referral, assessor, to_trust, by)


def may_assess(staff: Staff, case_id: int) -> bool:
    """Whether he is an assessor with a live account who is not shut out of the case."""
    moment = clock.now()
    excluded = db.session.scalars(
        select(Exclusion.id).where(
            Exclusion.case_id == case_id,
            Exclusion.principal_id == staff.principal_id,
            Exclusion.starts_at <= moment,
            (Exclusion.ends_at.is_(None)) | (Exclusion.ends_at > moment),
        )
    ).first()
    return (
        excluded is None
        and staff.disabled_at is None
        and any(held.role is Role.ASSESSOR for held in staff.roles)
    )


def was_accepted(case_id: int) -> bool:
    """Whether the referral was accepted at some time."""
    return any(fact.kind is FactKind.ACCEPTED for fact in cases.facts_of(case_id))


def tell_referrer(case: Case, text: str) -> None:
    """Tell whoever referred, where he may see what became of it."""
    told = referrer_told(case.id)
    if told is not None:
        page = "intake.referral" if _sees_referral(case.id, told) else "overview.case_page"
        giving_case.tell(told, case, text, page)


def _sees_referral(case_id: int, told: int) -> bool:
    """Whether the referrer may open the referral's own page."""
    staff = staff_of_principal(told)
    his = [told] if staff is None else [told, staff.organisation.principal_id]
    return access.holds(case_id, (Purpose.REFERRAL, Purpose.PROBATION_REFERRAL), his)
