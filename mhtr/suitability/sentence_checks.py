"""Whether a sentence fits the record: its day, the plea or finding before it, what was proposed."""

from datetime import date

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.facts import (
    AFTER_PLEA_OR_FINDING,
    FactKind,
    ReportProgress,
    StageOfCase,
    effective_facts,
)
from mhtr.cases.models import Case
from mhtr.cases.standing import HEARINGS
from mhtr.core import clock, policy
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.intake import resting
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.policy import SENTENCE_ASKED_AFTER
from mhtr.suitability.reliance_news import mark_now
from mhtr.suitability.sentence_rules import (
    NO_PLEA,
    NOTHING_TO_PROPOSE,
    OnRecord,
    WhyThatDay,
    questions,
)


class DayInQuestion(Refused):
    """The day of sentence looks wrong: whoever records it is asked whether it is right."""


def needs_plea(case: Case) -> bool:
    """Whether no guilty plea or finding is recorded yet."""
    return case.stage not in AFTER_PLEA_OR_FINDING


class ReportInQuestion(Refused):
    """The report that was released may no longer stand: was the service asked?"""


def check_proposal(case: Case, proposed: bool | None, *, asked_service: bool = False) -> None:
    """Refuse “proposed” where no report can have proposed it; ask where it may no longer stand.

    Raises:
        ReportInQuestion: the report may no longer stand, and nobody says the service was asked.
        Refused: no report was released on him, and nobody asked for one.
    """
    if not proposed:
        return
    if (may_not_stand := mark_now(case.id)) and not asked_service:
        raise ReportInQuestion(may_not_stand)
    if case.progress is ReportProgress.RELEASED:
        return
    asked = select(ReportRequest.id).where(ReportRequest.case_id == case.id).limit(1)
    if db.session.scalar(asked) is None:
        raise Refused(NOTHING_TO_PROPOSE)


def check_day(case: Case, sentenced_on: date | None, why: WhyThatDay | None) -> dict[str, object]:
    """Ask about a day of sentence that does not fit the record; what was answered, to be kept.

    Raises:
        DayInQuestion: it is before the referral, the plea or finding or any hearing on record,
            long ago, or on a day on which no court sits, and no reason was given.
    """
    if sentenced_on is None:
        return {}
    record = OnRecord(
        today=clock.today(),
        referred_on=case.opened_at.astimezone(clock.LONDON).date(),
        convicted_on=_convicted_on(case.id),
        most_days=int(policy.values(SENTENCE_ASKED_AFTER)["sentence_asked_after"]),
        heard_on=_first_heard_on(case.id),
    )
    found = questions(sentenced_on, record)
    if found and why is None:
        raise DayInQuestion(*found)
    return {"why": why.value} if found and why else {}


def _first_heard_on(case_id: int) -> date | None:
    """The earliest hearing that was ever on record and not taken back: he may have been dealt
    with at one that was adjourned since."""
    return min(
        (
            day
            for fact in effective_facts(cases.facts_of(case_id), clock.today())
            if fact.kind in HEARINGS and isinstance(day := fact.detail.get("hearing_on"), date)
        ),
        default=None,
    )


def _convicted_on(case_id: int) -> date | None:
    known = [
        day
        for fact in effective_facts(cases.facts_of(case_id), clock.today())
        if isinstance(day := fact.detail.get("convicted_on"), date)
    ]
    return known[-1] if known else None


def record_plea(
    case: Case,
    stage: StageOfCase | None,
    convicted_on: date | None,
    sentenced_on: date | None,
    *,
    by: int,
) -> None:
    """Record the plea or finding a sentence rests on, where none is recorded yet.

    Raises:
        Refused: it was not said, or it lies after the sentence.
    """
    if not needs_plea(case):
        return
    if stage not in AFTER_PLEA_OR_FINDING or convicted_on is None:
        raise Refused(NO_PLEA)
    if convicted_on > (sentenced_on or clock.today()):
        raise Refused("The day of the plea or the finding cannot be after the sentence.")
    detail: dict[str, object] = {"stage": stage.value, "convicted_on": convicted_on}
    cases.require(case, FactKind.STAGE_RECORDED, by=by, detail=detail)
    detail[resting.TOLD_WITH_IT] = True
    cases.add_fact(case, FactKind.STAGE_RECORDED, by=by, detail=detail)
