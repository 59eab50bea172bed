"""The court sets dates, moves them, and sentences; probation records it."""

from datetime import date

from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import CloseReason, FactKind, PauseReason, StageOfCase
from mhtr.core import clock
from mhtr.demo.world import Hand
from mhtr.suitability.outcome_service import Outcome, Result, record_outcome


def hearing(hand: Hand, on: date | None, *, court: str = "", by: int | None = None) -> None:
    """A new court date."""
    case = cases.lock(hand.case_id)
    hearings.record_hearing(
        case, court_code=court or case.court_code, on=on, by=by or hand.officer, purpose="sentence"
    )


def stage(hand: Hand, reached: StageOfCase) -> None:
    """A plea or finding."""
    case = cases.lock(hand.case_id)
    detail = {"stage": reached.value}
    cases.require(case, FactKind.STAGE_RECORDED, by=hand.officer, detail=detail)
    cases.add_fact(case, FactKind.STAGE_RECORDED, by=hand.officer, detail=detail)


def proposed(hand: Hand, yes: bool) -> None:
    """What the pre-sentence report proposed."""
    record_outcome(case_id=hand.case_id, outcome=Outcome(proposed=yes), by=hand.officer)


def sentenced(hand: Hand, result: Result, *, proposed: bool | None = True) -> None:
    """What the court did, on the day of the hearing that has passed."""
    held = hand.case.hearing_on
    on = held if held and held <= clock.today() else clock.today()
    record_outcome(
        case_id=hand.case_id,
        outcome=Outcome(proposed=proposed, result=result, sentenced_on=on),
        by=hand.officer,
    )


def adjourned(hand: Hand, to: date) -> None:
    """No sentence yet."""
    record_outcome(
        case_id=hand.case_id,
        outcome=Outcome(proposed=None, result=Result.ADJOURNED, next_hearing_on=to),
        by=hand.officer,
    )


def pause(hand: Hand, reason: PauseReason) -> None:
    """The case waits."""
    _step(hand, FactKind.PAUSED, {"reason": reason.value})


def resume(hand: Hand) -> None:
    """It goes on."""
    _step(hand, FactKind.RESUMED, {})


def close(hand: Hand, reason: CloseReason) -> None:
    """It ends before sentence."""
    _step(hand, FactKind.CLOSED, {"reason": reason.value})


def _step(hand: Hand, kind: FactKind, detail: dict[str, object]) -> None:
    case = cases.lock(hand.case_id)
    cases.require(case, kind, by=hand.lead, detail=detail)
    cases.add_fact(case, kind, by=hand.lead, detail=detail)
