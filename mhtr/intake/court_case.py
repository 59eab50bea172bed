"""The writer of what happens in court: stage, hearings, pausing, closing, going on again."""

from datetime import date
from enum import StrEnum

from mhtr.cases import hearings, listeners
from mhtr.cases import rules as case_rules
from mhtr.cases import service as cases
from mhtr.cases.facts import (
    AFTER_PLEA_OR_FINDING,
    CaseState,
    CloseReason,
    FactKind,
    PauseReason,
    ReportProgress,
    StageOfCase,
    effective_facts,
)
from mhtr.cases.filing import Filing
from mhtr.cases.models import Case
from mhtr.cases.report_due import is_due
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.cases.wording import CONCERN_HIM
from mhtr.core import audit, clock
from mhtr.core.errors import Refused
from mhtr.intake import (
    allocating,
    assessing,
    chasing,
    closing,
    office,
    queries,
    reopening,
    resting,
    service,
    told_clinicians,
    transfer,
    triage,
    triage_queries,
)
from mhtr.intake.concerned import report_authors, those_concerned
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from outcome_measures.recording import service as measures

DATE_OF_DEATH = "date_of_death"
REPORT_DUE = "Probation has asked for a report. Release it first: it says that he is not suitable."


class Ending(StrEnum):
    """What stops the path before sentence."""

    NO_FURTHER_ACTION = "no_further_action"
    DISCONTINUED = "discontinued"
    ACQUITTED = "acquitted"
    REMANDED = "remanded"
    FAILED_TO_APPEAR = "failed_to_appear"
    RELEASED_UNDER_INVESTIGATION = "released_under_investigation"
    HE_DECLINED = "he_declined"
    HE_WITHDREW = "he_withdrew"
    NOT_SUITABLE = "not_suitable"

    @property
    def pauses(self) -> bool:
        """Whether the case waits rather than closes."""
        return self.value in set(PauseReason)


def record_stage(
    *, case_id: int, version: int, stage: StageOfCase, convicted_on: date | None, by: int
) -> None:
    """Record how far the criminal case has got.

    Args:
        convicted_on: the day of the plea or finding, where it is known; his age counts on it.

    Raises:
        Stale, Refused: the case has moved on since the page was read, or the rules forbid it.
    """
    case = _open(case_id, version)
    born = case.person.born
    if born and convicted_on and convicted_on < born:
        raise Refused(f"{BEFORE_BIRTH}.")
    detail: dict[str, object] = {"stage": stage.value}
    if convicted_on is not None and stage in AFTER_PLEA_OR_FINDING:
        detail["convicted_on"] = convicted_on
    cases.require(case, FactKind.STAGE_RECORDED, by=by, detail=detail)
    cases.add_fact(case, FactKind.STAGE_RECORDED, by=by, detail=detail)
    not_told = resting.not_told(case) - {queries.staff_principal(by)}
    _changed(case, by)
    for principal_id in not_told:
        _tell(principal_id, case, "The stage of a criminal case has changed")
    if triage.was_accepted(case_id) and triage_queries.under_age(case_id):
        _tell_clinicians(case, "A man you have taken on is too young for the service", by)


def record_hearing(
    *,
    case_id: int,
    version: int,
    court: str,
    on: date | None,
    purpose: str,
    psr_kind: str,
    reason: str,
    by: int,
    filing: Filing | None = None,
    to_trust: int | None = None,
) -> None:
    """Record a court date; a later one supersedes it. Everybody concerned is told.

    A court of another trust takes the case there (`intake.transfer`). The same court and date only
    add what was not known: what the hearing is for, the report, and when that is filed.

    Raises:
        GoesElsewhere: another trust covers that court, and `to_trust` does not name it.
        Stale, Refused: the case has moved on since the page was read, or the rules forbid it.
    """
    case = _open(case_id, version)
    transfer.require_said(case, court, on, to_trust)
    before = hearings.current(case_id)
    hearing = hearings.record_hearing(
        case, court_code=court, on=on, by=by, purpose=purpose, psr_kind=psr_kind, reason=reason,
        filing=filing,
    )  # fmt: skip
    moved = before is None or hearing.id != before.id
    if not moved and filing is None and (hearing.purpose, hearing.psr_kind) == (purpose, psr_kind):
        raise Refused("This is what is recorded already.")
    hearing.purpose = purpose or hearing.purpose
    hearing.psr_kind = psr_kind or hearing.psr_kind
    audit.record("intake.hearing_recorded", by=by, case_id=case_id, hearing=hearing.id)
    if moved:
        chasing.chase(case_id, by=by)
    else:
        case.version += 1
        _changed(case, by)


def end(*, case_id: int, version: int, ending: Ending, by: int) -> None:
    """Pause or close a case before sentence.

    Raises:
        Stale, Refused: the case has moved on since the page was read, or the rules forbid it.
    """
    case = _open(case_id, version)
    kind = FactKind.PAUSED if ending.pauses else FactKind.CLOSED
    reason = PauseReason(ending.value) if ending.pauses else CloseReason(ending.value)
    detail = {"reason": reason.value}
    cases.require(case, kind, by=by, detail=detail)
    closing.check_acquittal(case, reason)
    if ending is Ending.NOT_SUITABLE and is_due(case):
        raise Refused(REPORT_DUE)
    cases.add_fact(case, kind, by=by, detail=detail)
    if reason in CONCERN_HIM:
        tasks.settle(case.id, TaskKind.CONSENT_WITHDRAWN, by=by)
    if ending.pauses:
        closing.withdraw_while_paused(case, by=by)
    else:
        closing.withdraw_tasks(case_id, by=by)
    measures.look_at_unfinished(case_id=case_id, by=by)
    _changed(case, by)
    _tell_concerned(
        case,
        "A case is paused" if ending.pauses else "A case is closed",
        by,
        but=report_authors(case.id),
    )


def go_on(*, case_id: int, version: int, by: int, why: WhyReopened | None = None) -> None:
    """Resume a paused case, or reopen a closed one; what has to be done next is a task again.

    Args:
        why: kept with a reopening, which needs it; a case that only paused needs none.

    Raises:
        Stale, Refused: the case has moved on, the rules forbid it, or it is not his to reopen.
    """
    case = _open(case_id, version)
    reopened = case.state is CaseState.CLOSED
    kind = FactKind.REOPENED if reopened else FactKind.RESUMED
    detail = reopening.check(case, why, by=by) if reopened else {}
    declined = reopening.closed_reason(case_id) is CloseReason.DECLINED_BY_SERVICE
    cases.require(case, kind, by=by, detail=detail)
    cases.add_fact(case, kind, by=by, detail=detail)
    closing.put_back(case, by=by)
    _next_task(case, by)
    _changed(case, by)
    _tell_concerned(case, "A case goes on again", by, but=report_authors(case.id))
    if declined:
        reopening.tell_who_declined(case, "A referral you declined was reopened", by=by)


def _open(case_id: int, version: int) -> Case:
    cases.check_version(case := cases.lock(case_id), version)
    return case


def _changed(case: Case, by: int) -> None:
    chasing.chase(case.id, by=by)
    for listener in listeners.hearing_changed:
        listener(case.id, by)


def _next_task(case: Case, by: int) -> None:
    referral = queries.referral_of(case.id)
    if referral is None or tasks.open_tasks(
        case.id, TaskKind.TRIAGE, TaskKind.ALLOCATE, TaskKind.ASSESS
    ):
        return
    if case.state not in BEFORE_SENTENCE:
        # Whether he is taken on is no question after sentence; under an order somebody has him.
        if case.state in UNDER_ORDER and case.assessor_id is None:
            allocating.open_allocation(case, referral.trust_id, by=by)
    elif not triage.was_accepted(case.id):
        service.open_triage(case, referral.trust_id, by=by, again=f":{case.version}")
        office.leave_again(case, by=by)
    elif case.assessor_id is None:
        allocating.open_allocation(case, referral.trust_id, by=by)
    elif case.progress is ReportProgress.NOT_STARTED:
        assessing.open_assessment(case, by=by, again=f":{case.version}")


def _tell_concerned(case: Case, text: str, by: int, *, but: frozenset[int] = frozenset()) -> None:
    """Everybody concerned, but not who did it, nor those who hear it in words of their own."""
    for one in those_concerned(case) - but - {queries.staff_principal(by)}:
        _tell(one, case, text)


def _tell(principal_id: int, case: Case, text: str) -> None:
    tasks.tell(
        principal_id,
        key=f"court:{case.id}:{case.version}",
        text=text,
        case_id=case.id,
        endpoint="intake.hearing",
        subject_ref=case.ref,
    )


def close_after_death(case_id: int, by: int) -> None:
    """A date of death is on record: the case closes, and nothing more is sent or asked."""
    case = cases.lock(case_id)
    detail = {"reason": CloseReason.DIED.value, "recorded_with": DATE_OF_DEATH}
    facts = cases.facts_of(case_id)
    if not case_rules.can(FactKind.CLOSED, facts, clock.today(), by_id=by, detail=detail).allowed:
        return
    cases.add_fact(case, FactKind.CLOSED, by=by, detail=detail)
    closing.withdraw_tasks(case_id, by=by)
    closing.withdraw_messages(case_id)
    _changed(case, by)
    _tell_concerned(case, "A case is closed", by, but=report_authors(case.id))
    _tell_clinicians(case, "A case is closed. Its page says why", by)


def go_on_after_all(case_id: int, by: int) -> None:
    """The date of death was taken back: what it closed goes on where it was."""
    case = cases.lock(case_id)
    closed = [
        fact
        for fact in effective_facts(cases.facts_of(case_id), clock.today())
        if fact.kind is FactKind.CLOSED and fact.detail.get("recorded_with") == DATE_OF_DEATH
    ]
    for fact in closed:
        detail = {"fact_id": fact.id}
        cases.require(case, FactKind.CORRECTED, by=by, detail=detail)
        cases.add_fact(case, FactKind.CORRECTED, by=by, detail=detail)
    if not closed:
        return
    if case.state is not CaseState.CLOSED:
        if case.paused:
            closing.withdraw_while_paused(case, by=by)
        else:
            closing.put_back(case, by=by)
            _next_task(case, by)
        _changed(case, by)
    _tell_concerned(case, "A case goes on again", by)
    _tell_clinicians(case, "A case goes on again. Its page says why", by)


def _tell_clinicians(case: Case, text: str, by: int) -> None:
    """Tell the assessor and the trust's clinical leads, of those who may open the case."""
    referral = queries.referral_of(case.id)
    if referral is None:
        return
    told_clinicians.tell(
        case,
        referral.trust_id,
        also=[] if case.assessor_id is None else [case.assessor_id],
        text=text,
        page="overview.case_page",
        by=by,
    )


listeners.death_recorded.append(close_after_death)
listeners.death_taken_back.append(go_on_after_all)
