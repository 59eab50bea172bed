"""The writer of what follows a closing: reopening with a reason, and asking to look again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import CloseReason, Decision, FactKind
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries
from mhtr.intake.models import TriageDecision
from mhtr.intake.reopening_rules import WHY_REOPENED, WhyReopened, may_reopen
from mhtr.intake.rules import TriageOutcome
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind


@dataclass(frozen=True)
class Reopened:
    """One reopening, as the history of the case shows it."""

    on: datetime
    why: str
    by: str


@dataclass(frozen=True)
class AskedAgain:
    """The last request to look again at a declined referral."""

    at: datetime
    words: str
    by: str
    by_id: int


def closed_reason(case_id: int) -> CloseReason | None:
    """Why the case is closed; None while it is open."""
    return rules.fold(cases.facts_of(case_id), clock.today()).closed_reason


def may(case_id: int, staff_id: int) -> Decision:
    """Whether this member of staff may reopen the case, and why not."""
    facts = cases.facts_of(case_id)
    possible = rules.can(FactKind.REOPENED, facts, clock.today(), by_id=staff_id)
    if not possible.allowed:
        return possible
    staff, referral = db.session.get_one(Staff, staff_id), queries.referral_of(case_id)
    return may_reopen(
        closed_reason(case_id),
        {row.role for row in staff.roles},
        of_the_trust=referral is not None and referral.trust_id == staff.organisation_id,
    )


def check(case: Case, why: WhyReopened | None, *, by: int) -> dict[str, object]:
    """What a reopening keeps with it.

    Raises:
        Refused: no reason was given, or the case is not his to reopen.
    """
    decision = may(case.id, by)
    if not decision.allowed:
        raise Refused(*decision.reasons)
    if why is None:
        raise Refused("Say why the case is reopened.")
    return {"reason": why.value}


def tell_who_declined(case: Case, text: str, *, by: int, key: str = "reopened") -> None:
    """Whoever declined the referral hears what became of it, unless he did it himself."""
    declined = _last(case.id, TriageOutcome.DECLINE)
    if declined is not None and declined.by_id != by:
        principal_id = queries.staff_principal(declined.by_id)
        _tell(case, principal_id, text, key)


def ask_again(*, case_id: int, version: int, words: str, by: int) -> None:
    """Ask the service to look again at a referral it declined: a task of the trust, with words.

    Raises:
        Stale: the case has moved on since the page was read.
        Refused: the service did not decline it, it was asked already, or no words were given.
    """
    must_be_writing()
    case = cases.lock(case_id)
    cases.check_version(case, version)
    referral = queries.referral_of(case_id)
    if referral is None or closed_reason(case_id) is not CloseReason.DECLINED_BY_SERVICE:
        raise Refused("Only a referral that the service declined is looked at again.")
    if not words.strip():
        raise Refused("Write what the service should look at again.")
    if tasks.open_tasks(case_id, TaskKind.PAUSED_CASE):
        raise Refused("The service has been asked already and has not answered yet.")
    _keep(case_id, TriageOutcome.LOOK_AGAIN, by, words.strip())
    case.version += 1
    tasks.open_task(
        TaskKind.PAUSED_CASE,
        key=f"look-again:{case_id}:{case.version}",
        title="A declined referral: the service is asked to look again",
        owner_principal_id=queries.organisation_principal(referral.trust_id),
        due_at=queries.due_in(0),
        by=by,
        case_id=case_id,
        endpoint="intake.hearing",
        subject_ref=case.ref,
    )
    words_told = "The service is asked to look again at a referral you declined"
    tell_who_declined(case, words_told, by=by, key="look-again")


def leave_closed(*, case_id: int, version: int, by: int) -> None:
    """Answer a request to look again: the referral stays closed. Whoever asked is told.

    Raises:
        Stale: the case has moved on since the page was read.
        Refused: nobody asked, or it is not his to answer.
    """
    must_be_writing()
    case = cases.lock(case_id)
    cases.check_version(case, version)
    decision = may(case_id, by)
    if not decision.allowed:
        raise Refused(*decision.reasons)
    asked = asked_again(case_id)
    if asked is None:
        raise Refused("Nobody waits for an answer.")
    _keep(case_id, TriageOutcome.STAYS_CLOSED, by, None)
    case.version += 1
    tasks.settle(case_id, TaskKind.PAUSED_CASE, by=by)
    principal_id = queries.staff_principal(asked.by_id)
    words = "The service has looked again at a referral. It stays closed"
    _tell(case, principal_id, words, "stays-closed")


def asked_again(case_id: int) -> AskedAgain | None:
    """The request to look again that waits for an answer."""
    row = _last(case_id, TriageOutcome.LOOK_AGAIN)
    if row is None or not tasks.open_tasks(case_id, TaskKind.PAUSED_CASE):
        return None
    name = db.session.get_one(Staff, row.by_id).name
    return AskedAgain(row.created_at, row.words or "", name, row.by_id)


def reopenings(case_id: int) -> list[Reopened]:
    """Each time the case was reopened with a reason, the latest first."""
    found = []
    for fact in reversed(cases.facts_of(case_id)):
        if fact.kind is FactKind.REOPENED and "reason" in fact.detail:
            by = db.session.get_one(Staff, fact.by_id).name if fact.by_id else ""
            why = WHY_REOPENED[WhyReopened(str(fact.detail["reason"]))]
            found.append(Reopened(fact.on, why, by))
    return found


def _last(case_id: int, outcome: TriageOutcome) -> TriageDecision | None:
    return db.session.scalars(
        select(TriageDecision)
        .where(TriageDecision.case_id == case_id, TriageDecision.outcome == outcome)
        .order_by(TriageDecision.id.desc())
        .limit(1)
    ).first()


def _keep(case_id: int, outcome: TriageOutcome, by: int, words: str | None) -> None:
    db.session.add(TriageDecision(case_id=case_id, outcome=outcome, words=words, by_id=by))
    audit.record("intake.triaged", by=by, case_id=case_id, outcome=outcome.value)


def _tell(case: Case, principal_id: int, text: str, key: str) -> None:
    tasks.tell(
        principal_id,
        key=f"{key}:{case.id}:{case.version}",
        text=text,
        case_id=case.id,
        endpoint="intake.hearing",
        subject_ref=case.ref,
    )
