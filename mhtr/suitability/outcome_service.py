"""What the pre-sentence report proposed and what the court did."""

from datetime import date, datetime, timedelta
from itertools import takewhile

from sqlalchemy import select

from mhtr.accounts.models import Staff, Team
from mhtr.cases import hearings, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import Fact, FactKind
from mhtr.cases.models import Case
from mhtr.cases.standing import RESULTS
from mhtr.core import access, audit, clock, policy
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.intake import chasing, closing, transfer
from mhtr.intake.concerned import those_concerned
from mhtr.suitability import due_service, result_tasks, sentence_checks, stopping
from mhtr.suitability.concerned import asker_of, assessing, current_request
from mhtr.suitability.court_result import (
    RESULT_WORDS as RESULT_WORDS,
)
from mhtr.suitability.court_result import (
    WITH_MHTR,
    Stands,
    contradictions,
    corrects,
    told,
)
from mhtr.suitability.court_result import Outcome as Outcome
from mhtr.suitability.court_result import Result as Result
from mhtr.suitability.models import CourtOutcome, ReportRequest
from mhtr.suitability.policy import ACCESS_AFTER_SENTENCE
from mhtr.suitability.reliance_news import mark_now
from mhtr.suitability.sentence_rules import WHY_WORDS, WhyThatDay
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import TaskKind
from outcome_measures.recording import service as measures

PAGE = "overview.case_page"
"""Whoever is told may see the case, each his own page of it."""


class CorrectionUnsaid(Refused):
    """It puts right what was recorded before, and nobody said why that is wrong."""


def outcomes(case_id: int) -> list[CourtOutcome]:
    """Everything recorded about the court's result, newest first."""
    return list(
        db.session.scalars(
            select(CourtOutcome)
            .where(CourtOutcome.case_id == case_id)
            .order_by(CourtOutcome.id.desc())
        )
    )


def stands(case_id: int, recorded: list[CourtOutcome]) -> Stands:
    """What of all that was recorded, newest first, counts now."""
    # After an adjournment another report may propose otherwise: that corrects nothing.
    since = takewhile(lambda row: row.result != Result.ADJOURNED, recorded)
    said = [row.proposed for row in since if row.proposed is not None]
    return Stands(bool(_counting(case_id)), said[0] if said else None)


def record_outcome(
    *, case_id: int, outcome: Outcome, by: int, seen: int | None = None
) -> CourtOutcome:
    """Record the proposal, the result, or that the hearing was adjourned.

    A sentence ends the court team's access after the policy period, settles what was awaited,
    and tells the assessor and the referrer. A second sentence corrects the first; that there was
    none after all puts back what was due. A correction keeps why, and everybody concerned is told.

    Args:
        seen: how many records its writer had before him; None where he read no page.

    Raises:
        Stale: somebody recorded something since the page was read.
        GoesElsewhere: the new court date takes it to a trust that was not named.
        DayInQuestion: the day of sentence does not fit the record, and no reason was given.
        ReportInQuestion: “proposed”, and the report may no longer stand; nobody says that the
            service was asked.
        CorrectionUnsaid: it puts right what was recorded before, and no reason was given.
        Refused: nothing was said, it contradicts itself, or the rules do not allow it.
    """
    must_be_writing()
    case = cases.lock(case_id)
    corrected = _checked(case, outcome, seen)
    news = told(outcome, stands(case.id, outcomes(case.id)))
    row = _kept(case, outcome, correction=bool(corrected), by=by)
    at = _moment(outcome.sentenced_on)
    undone = outcome.result is not None and _undo_earlier_result(case, by=by)
    _record_proposal(case, outcome, at=at, by=by)
    if outcome.result is Result.ADJOURNED:
        _record_adjournment(case, outcome, undone=undone, by=by)
    elif outcome.result is not None:
        _record_sentence(case, outcome, at=at, by=by, key=row.id)
    if news:
        _tell(case, news, corrected, key=row.id, by=by)
    audit.record("suitability.outcome_recorded", by=by, case_id=case.id, outcome=row.id)
    return row


def _checked(case: Case, said: Outcome, seen: int | None) -> list[CourtOutcome]:
    """What this puts right, newest first; empty where it corrects nothing."""
    before = outcomes(case.id)
    if seen is not None and seen != len(before):
        raise Stale(before)
    _check(said)
    sentence_checks.check_proposal(case, said.proposed, asked_service=said.asked_service)
    if not corrects(said, stands(case.id, before)):
        return []
    if said.correction is None:
        raise CorrectionUnsaid("Say why what was recorded before is wrong.")
    return before


def _kept(case: Case, said: Outcome, *, correction: bool, by: int) -> CourtOutcome:
    row = CourtOutcome(
        case_id=case.id,
        proposed=said.proposed,
        result=said.result.value if said.result else "",
        sentenced_on=said.sentenced_on,
        recorded_by=by,
        note=said.note or None,
        note_side=said.note_side.value if said.note and said.note_side else None,
        correction=said.correction.value if correction and said.correction else None,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _record_adjournment(case: Case, said: Outcome, *, undone: bool, by: int) -> None:
    """No sentence yet; one that was recorded before (`undone`) puts back what was due."""
    transfer.require_said(case, case.court_code, said.next_hearing_on, said.to_trust)
    hearings.record_hearing(
        case, court_code=case.court_code, on=said.next_hearing_on, by=by, filing=said.filing
    )
    request = current_request(case.id)
    if undone:
        closing.put_back_after_sentence(case, by=by)
    if undone and request is not None:
        _on_its_way_again(case, request, by=by)
    if undone:
        stopping.follow_no_sentence(case, by)
    result_tasks.keep(case, request, by=by)
    chasing.chase(case.id, by=by)


def why_that_day(case_id: int) -> dict[int, str]:
    """Why a day of sentence that did not fit the record was right, in words, by its outcome."""
    return {
        outcome_id: WHY_WORDS[WhyThatDay(str(fact.detail["why"]))]
        for fact in cases.facts_of(case_id)
        if fact.kind in RESULTS
        and "why" in fact.detail
        and isinstance(outcome_id := fact.detail.get("outcome_id"), int)
    }


def _check(outcome: Outcome) -> None:
    if outcome.proposed is None and outcome.result is None:
        raise Refused("Say what was proposed or what the court did.")
    if found := contradictions(outcome):
        raise Refused(*found)
    if outcome.note and outcome.note_side is None:
        raise Refused("Record the result without a note.")
    if outcome.sentenced_on is not None and outcome.sentenced_on > clock.today():
        raise Refused("The date of sentence cannot be in the future.")


def _moment(day: date | None) -> datetime:
    """When it happened: now, or the end of the day of sentence where that is past."""
    now = clock.now()
    return now if day is None else min(now, end_of_day(day))


def _record_proposal(case: Case, said: Outcome, *, at: datetime, by: int) -> None:
    """Add the fact where a report was released; before that only the record of it is kept."""
    if said.proposed is None:
        return
    kind = FactKind.PROPOSED if said.proposed else FactKind.NOT_PROPOSED
    detail = {"asked_service": True} if said.proposed and mark_now(case.id) else {}
    if rules.can(kind, cases.facts_of(case.id), clock.today(), by_id=by).allowed:
        cases.add_fact(case, kind, by=by, at=at, detail=detail)


def _on_its_way_again(case: Case, request: ReportRequest, *, by: int) -> None:
    """He was not sentenced after all: what was withdrawn comes back, and her access stays."""
    principals = [db.session.get_one(Staff, request.author_id).principal_id]
    if request.team_id is not None:
        principals.append(db.session.get_one(Team, request.team_id).principal_id)
    for principal_id in principals:
        access.grant(
            case.id,
            Purpose.PRE_SENTENCE,
            principal_id,
            because="suitability.sentence_corrected",
            by=by,
        )
    due_service.put_back(case, request, by=by)


def _counting(case_id: int) -> list[Fact]:
    """Results that no correction has taken back."""
    facts = cases.facts_of(case_id)
    corrected = {fact.detail.get("fact_id") for fact in facts if fact.kind is FactKind.CORRECTED}
    return [fact for fact in facts if fact.kind in RESULTS and fact.id not in corrected]


def _undo_earlier_result(case: Case, *, by: int) -> bool:
    """A result recorded before was wrong: a correction names it. Whether there was one."""
    wrong = _counting(case.id)
    for fact in wrong:
        detail = {"fact_id": fact.id}
        cases.require(case, FactKind.CORRECTED, by=by, detail=detail)
        cases.add_fact(case, FactKind.CORRECTED, by=by, detail=detail)
    return bool(wrong)


def _record_sentence(case: Case, said: Outcome, *, at: datetime, by: int, key: int) -> None:
    made = said.result in WITH_MHTR
    kind = FactKind.SENTENCED_WITH_MHTR if made else FactKind.SENTENCED_WITHOUT_MHTR
    cases.require(case, kind, by=by)
    sentence_checks.record_plea(case, said.stage, said.convicted_on, said.sentenced_on, by=by)
    why = sentence_checks.check_day(case, said.sentenced_on, said.why_that_day)
    detail = {"result": said.result.value if said.result else "", "outcome_id": key, **why}
    cases.add_fact(case, kind, by=by, at=at, detail=detail)
    tasks.settle(case.id, TaskKind.RESULT_AWAITED, by=by)
    for task in tasks.open_tasks(
        case.id,
        TaskKind.REPORT_DUE,
        TaskKind.REPORT_LATE,
        TaskKind.ANSWER_DATE,
        TaskKind.CHASE_HEARING,
    ):
        tasks.withdraw(task, by=by, because="suitability.sentenced")
    closing.withdraw_at_sentence(case, by=by)
    measures.look_at_unfinished(case_id=case.id, by=by)
    days = int(policy.values(ACCESS_AFTER_SENTENCE)["access_after_sentence"])
    access.limit_grants(
        case.id,
        Purpose.PRE_SENTENCE,
        # Never from a day before anybody knew: whoever records a sentence late sees it too.
        until=clock.now() + timedelta(days=days),
        because="suitability.sentenced",
        by=by,
    )


def _tell(case: Case, text: str, corrected: list[CourtOutcome], *, key: int, by: int) -> None:
    """Those concerned learn of a sentence; of what is put right also whoever recorded it."""
    recorders = {row.recorded_by for row in corrected} - {by}
    writers = {db.session.get_one(Staff, staff_id).principal_id for staff_id in recorders}
    for principal_id in _concerned(case) | writers:
        tasks.tell(
            principal_id,
            key=f"sentenced:{key}",
            text=text,
            case_id=case.id,
            endpoint=PAGE,
            subject_ref=case.ref,
        )


def _concerned(case: Case) -> set[int]:
    """Those concerned, the trust where nobody assesses, and the PSR author."""
    found = those_concerned(case) | {assessing(case).principal_id}
    request = current_request(case.id)
    if request is not None:
        found.add(asker_of(request).principal_id)
    return found
