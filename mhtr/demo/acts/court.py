"""The court sets dates, moves them, and sentences; probation records it."""

from datetime import date

from mhtr.cases.facts import StageOfCase
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.demo.world import Hand
from mhtr.intake import court_case, queries
from mhtr.intake.court_case import Ending
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.intake.transfer import trust_after
from mhtr.suitability.court_result import Correction
from mhtr.suitability.outcome_service import Outcome, Result, record_outcome
from mhtr.suitability.sentence_rules import WhyThatDay


def hearing(hand: Hand, on: date | None, *, court: str = "", reason: str = "") -> None:
    """A new court date."""
    case = hand.case
    court_case.record_hearing(
        case_id=case.id,
        version=case.version,
        court=court or case.court_code,
        on=on,
        purpose="sentence",
        psr_kind="standard",
        reason=reason,
        by=hand.officer,
        to_trust=_trust_of(case, court or case.court_code, on),
    )


def _trust_of(case: Case, court: str, on: date | None) -> int | None:
    """The trust that has the case then: whoever records it has seen its name."""
    referral = queries.referral_of(case.id)
    return trust_after(referral, court, on) if referral else None


def stage(hand: Hand, reached: StageOfCase) -> None:
    """A plea or finding, today."""
    case = hand.case
    court_case.record_stage(
        case_id=case.id,
        version=case.version,
        stage=reached,
        convicted_on=clock.today(),
        by=hand.officer,
    )


def proposed(hand: Hand, yes: bool) -> None:
    """What the pre-sentence report proposed."""
    record_outcome(case_id=hand.case_id, outcome=Outcome(proposed=yes), by=hand.officer)


def sentenced(
    hand: Hand,
    result: Result,
    *,
    proposed: bool | None = True,
    correction: Correction | None = None,
) -> None:
    """What the court did, on the day of the hearing that has passed."""
    held = hand.case.hearing_on
    on = held if held and held <= clock.today() else clock.today()
    record_outcome(
        case_id=hand.case_id,
        outcome=Outcome(
            proposed=proposed,
            result=result,
            sentenced_on=on,
            correction=correction,
            # Kept only where the day is asked about: the court heard him before its date.
            why_that_day=WhyThatDay.EARLIER_HEARING,
        ),
        by=hand.officer,
    )


def adjourned(hand: Hand, to: date) -> None:
    """No sentence yet."""
    record_outcome(
        case_id=hand.case_id,
        outcome=Outcome(proposed=None, result=Result.ADJOURNED, next_hearing_on=to),
        by=hand.officer,
    )


def end(hand: Hand, ending: Ending) -> None:
    """The case waits, or ends before sentence."""
    case = hand.case
    court_case.end(case_id=case.id, version=case.version, ending=ending, by=hand.lead)


def go_on(hand: Hand) -> None:
    """A case that waited goes on; one that was closed is opened again."""
    case = hand.case
    why = WhyReopened.COURT_GOES_ON
    court_case.go_on(case_id=case.id, version=case.version, by=hand.lead, why=why)
