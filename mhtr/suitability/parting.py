"""Undoing a wrong "the same prosecution": a request leaves the case that it was put on.

Somebody said that it is about the prosecution on record, or it was handed over as that, and it is
about another one. It goes on as she made it, with its date, on a case of its own. The request that
stood before stands again, for the hearing that was on record then. What happened stays on record
on the case it leaves, with who said so and why.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from mhtr.accounts.models import Staff
from mhtr.cases import hearings, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, effective_facts
from mhtr.cases.models import Case, Hearing
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import access, audit, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.name_text import is_seen
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries
from mhtr.intake.transfer import trust_after
from mhtr.suitability import due_service, news, other_team, request_access, request_service
from mhtr.suitability.asked import from_json, to_json
from mhtr.suitability.concerned import asker_of, assessing, court_team, current_request
from mhtr.suitability.models import ReportRequest, TakeOverAnswer, TakeOverQuestion
from mhtr.suitability.new_man import refer
from mhtr.suitability.take_over import man_on_record
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import working_calendar

BECAUSE = "suitability.other_prosecution"
ONLY_ONE = "This case was opened for this request: there is no other prosecution on it."
RELEASED = (
    "A report was released after this request was made. Ask for a report on the other prosecution "
    "through “Ask about a man”, and say that it is another one."
)
DECIDED = "The court has decided, or the case is closed."
OTHER_TRUST = (
    "The request took the case to another trust. An administrator there puts the hearing right; "
    "then ask about the other prosecution through “Ask about a man”."
)
WHY = "Say how you know that it is another prosecution."
HERS = (
    "Your request is a case of its own now, with its date: it is about another prosecution of the "
    "same man."
)
STANDS_AGAIN = "A later request was about another prosecution and left. Your request stands again."
OURS = (
    "A request for a report was about another prosecution. It left this case: the request before "
    "it stands again, for its own hearing."
)


@dataclass(frozen=True)
class Left:
    """A request that left a case: whose it was, who said so, when and why."""

    asked_by: str
    said_by: str
    said_at: datetime | None
    reason: str


def earlier_of(request: ReportRequest) -> ReportRequest | None:
    """The request that stands again where this one leaves; None where it is the first."""
    before = select(ReportRequest).where(
        ReportRequest.case_id == request.case_id, ReportRequest.id < request.id
    )
    return db.session.scalars(before.order_by(ReportRequest.id.desc())).first()


def hearing_before(request: ReportRequest) -> Hearing | None:
    """The court date that counted when this request was made."""
    then = select(Hearing).where(
        Hearing.case_id == request.case_id,
        Hearing.created_at < request.requested_at,
        or_(Hearing.superseded_at.is_(None), Hearing.superseded_at >= request.requested_at),
    )
    return db.session.scalars(then.order_by(Hearing.id.desc())).first()


def why_not(case: Case, request: ReportRequest) -> str:
    """Why the request cannot leave this case now; empty where it can."""
    if case.state not in BEFORE_SENTENCE:
        return DECIDED
    if earlier_of(request) is None:
        return ONLY_ONE
    facts = effective_facts(tuple(cases.facts_of(case.id)), clock.today())
    if any(
        fact.kind is FactKind.RELEASED and fact.recorded_at >= request.requested_at
        for fact in facts
    ):
        return RELEASED
    held, referral = hearing_before(request), queries.referral_of(case.id)
    if held is not None and referral is not None:
        if trust_after(referral, held.court_code, held.on) != referral.trust_id:
            return OTHER_TRUST
    return ""


def part(*, request_id: int, reason: str, version: int, by: int) -> int:
    """Put a request on a case of its own; returns that case.

    Raises:
        NotFound: it is not this person's, or stands no more.
        Refused: no reason, or it cannot leave this case (see `why_not`).
        Stale: it changed meanwhile.
    """
    must_be_writing()
    case, request = _locked(request_id, by)
    if request.version != version:
        raise Stale(request)
    earlier, held = earlier_of(request), hearing_before(request)
    refusal = why_not(case, request)
    if refusal or earlier is None:
        raise Refused(refusal or ONLY_ONE)
    if not is_seen(reason):
        raise Refused(WHY)
    _keep(case, request, reason.strip(), by=by)
    new_id = refer(
        man_on_record(case),
        from_json(request.details),
        safe=True,
        by=by,
        author_id=request.author_id,
        may_be=case.person.ref,
    )
    _take_away(case, request, earlier, by=by)
    request_service.carry_over(request, case_id=new_id, by=by)
    _go_back(case, earlier, held, by=by)
    _tell(case, request, earlier, new_id)
    audit.record(
        "suitability.request_parted", by=by, case_id=case.id, request=request.id, to_case=new_id
    )
    return new_id


def left(case_id: int) -> list[Left]:
    """The requests that left a case as another prosecution's, the latest first."""
    rows = db.session.scalars(
        select(TakeOverQuestion)
        .where(
            TakeOverQuestion.case_id == case_id,
            TakeOverQuestion.answer == TakeOverAnswer.OTHER_PROSECUTION.value,
        )
        .order_by(TakeOverQuestion.id.desc())
    )
    return [
        Left(
            other_team.who(row),
            db.session.get_one(Staff, row.answered_by).name if row.answered_by else "",
            row.answered_at,
            row.reason or "",
        )
        for row in rows
    ]


def _locked(request_id: int, by: int) -> tuple[Case, ReportRequest]:
    request = db.session.get(ReportRequest, request_id)
    if request is None:
        raise NotFound
    case = cases.lock(request.case_id)
    db.session.refresh(request)
    standing = current_request(case.id)
    hers = other_team.is_of_its_team(request, db.session.get_one(Staff, by))
    if standing is None or standing.id != request.id or not hers:
        raise NotFound
    return case, request


def _keep(case: Case, request: ReportRequest, reason: str, *, by: int) -> None:
    """On the case it leaves: what was asked, who said that it is another prosecution, and why."""
    asked = from_json(request.details)
    author = db.session.get_one(Staff, request.author_id)
    details = {"asked": to_json(asked), "man": None, "safe": True, "name": case.person.name}
    said = TakeOverQuestion(
        case_id=case.id,
        asker_id=author.id,
        team_id=request.team_id or court_team(author, asked.court_code),
        details=details,
    )
    db.session.add(said)
    db.session.flush()
    other_team.close(said, TakeOverAnswer.OTHER_PROSECUTION, by=by, reason=reason)


def _take_away(case: Case, request: ReportRequest, earlier: ReportRequest, *, by: int) -> None:
    """Undo on this case what the request brought: access, due dates, the fact that it was made."""
    stay = request_access.principals_of(earlier)
    for principal_id in sorted(request_access.principals_of(request) - stay):
        access.end_grants(
            case.id, Purpose.PRE_SENTENCE, because=BECAUSE, by=by, principal_id=principal_id
        )
    for task in tasks.open_tasks(case.id, *due_service.FROM_THE_DATE):
        tasks.withdraw(task, by=by, because=BECAUSE)
    for fact in cases.facts_of(case.id):
        if fact.detail.get("request") != request.id:
            continue
        detail = {"fact_id": fact.id}
        known, today = cases.facts_of(case.id), clock.today()
        if rules.can(FactKind.CORRECTED, known, today, by_id=by, detail=detail).allowed:
            cases.add_fact(case, FactKind.CORRECTED, by=by, detail=detail)


def _go_back(case: Case, earlier: ReportRequest, held: Hearing | None, *, by: int) -> None:
    """The request before it stands again, for the hearing that was on record then."""
    request_access.let_in(earlier, by=by)
    other_team.follow_holder(earlier, by=by)
    asked = from_json(earlier.details)
    court, on = (held.court_code, held.on) if held else (asked.court_code, asked.hearing_on)
    case.court_code, case.hearing_on = court, on
    due = due_service.work_out(case, earlier, asked, working_calendar())
    hearings.record_hearing(case, court_code=court, on=on, by=by)
    due_service.keep_tasks(case, earlier, due, by=by)


def _tell(case: Case, request: ReportRequest, earlier: ReportRequest, new_id: int) -> None:
    key, new = f"parted:{request.id}:{case.id}", db.session.get_one(Case, new_id)
    news.tell(asker_of(request).principal_id, new, key, HERS)
    if asker_of(earlier).principal_id != asker_of(request).principal_id:
        news.tell(asker_of(earlier).principal_id, case, f"{key}:before", STANDS_AGAIN)
    news.tell(assessing(case).principal_id, case, f"{key}:ours", OURS)
