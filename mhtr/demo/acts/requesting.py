"""A court probation officer asks for a report and answers about its date."""

from dataclasses import replace
from datetime import date

from mhtr.cases.facts import StageOfCase
from mhtr.core import clock
from mhtr.demo.simulation import working_day
from mhtr.demo.world import Hand
from mhtr.suitability import date_answering, late_report, request_service, saying_ready
from mhtr.suitability.asked import (
    Asked,
    Custody,
    DateAnswer,
    OtherRequirement,
    Plea,
    RiskOfHarm,
)
from mhtr.suitability.concerned import current_request
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.late_report import Arranged
from mhtr.suitability.models import TakeOverQuestion
from mhtr.suitability.ready_from import Reason, last_said

CUSTODY = (*[Custody.BAIL] * 6, Custody.REMANDED, Custody.SERVING, Custody.NOT_KNOWN)
RISKS = (RiskOfHarm.MEDIUM, RiskOfHarm.LOW, *RiskOfHarm)
BESIDE = ((), (), (OtherRequirement.ATR,), (), (OtherRequirement.DRR,))
"""Turn by turn, so that each is met."""
LIVE_WARNINGS = 26
"""Days for which probation's warnings stand without a review."""


def ask(
    hand: Hand,
    *,
    asked_for_on: date | None = None,
    psr: PsrType = PsrType.STANDARD,
    staff_safety: bool = False,
) -> None:
    """Ask for a report on the case in hand."""
    asked = _asked(hand, asked_for_on, psr, staff_safety)
    request_service.ask(case_id=hand.case_id, asked=asked, by=hand.officer)


def ask_of_others(hand: Hand, officer: str) -> TakeOverQuestion:
    """Somebody of another team asks for the report: a question to whoever has it."""
    asked = _asked(hand, None, PsrType.STANDARD, False)
    made = request_service.ask_or_question(
        case_id=hand.case_id, asked=asked, by=hand.world.staff(officer)
    )
    if not isinstance(made, TakeOverQuestion):
        raise ValueError("nobody else has asked for this report")
    return made


def ask_about_another_hearing(hand: Hand, officer: str) -> TakeOverQuestion:
    """Somebody of another team asks for a report too, for a hearing a fortnight later."""
    asked = _asked(hand, None, PsrType.STANDARD, False)
    if asked.hearing_on is None:
        raise ValueError("his hearing must be known")
    later = working_day(asked.hearing_on, 10)
    made = request_service.ask_or_question(
        case_id=hand.case_id,
        asked=replace(asked, hearing_on=later, psr_filed_on=working_day(later, -2)),
        by=hand.world.staff(officer),
    )
    if not isinstance(made, TakeOverQuestion):
        raise ValueError("nobody else has asked for this report")
    return made


def _asked(hand: Hand, asked_for_on: date | None, psr: PsrType, staff_safety: bool) -> Asked:
    chance, case = hand.world.chance.random(), hand.case
    # Warnings are reviewed in time: one of long ago would have been ended since.
    fresh = (hand.world.today - clock.today()).days < LIVE_WARNINGS
    hearing = case.hearing_on if case.hearing_on and case.hearing_on > clock.today() else None
    return Asked(
        plea=Plea.FOUND_GUILTY if case.stage is StageOfCase.FOUND_GUILTY else Plea.GUILTY,
        court_code=case.court_code or _court_of(hand),
        hearing_on=hearing,
        custody=CUSTODY[hand.case_id % len(CUSTODY)],
        risk_of_harm=RISKS[hand.case_id % len(RISKS)],
        psr_type=psr,
        psr_filed_on=working_day(hearing, -2) if hearing else None,
        asked_for_on=asked_for_on,
        staff_safety=staff_safety,
        staff_safety_reason="Shouted at reception staff at his last appointment."
        if staff_safety
        else "",
        no_contact="No contact with his former partner." if fresh and chance < 0.1 else "",
        exclusions="Not to enter the market." if fresh and chance > 0.9 else "",
        other_requirements=BESIDE[hand.case_id % len(BESIDE)],
    )


def _court_of(hand: Hand) -> str:
    """Where no referrer knew the court: one that the trust covers, and the officer writes for."""
    courts = hand.world.cast.courts.items()
    ours = [code for code, (trust, _team) in courts if trust == hand.trust]
    hers = [code for code in ours if hand.world.cast.courts[code][1] == hand.team]
    return (hers or ours)[0]


def answer(hand: Hand, said: DateAnswer) -> None:
    """Say what she does about a date that cannot be met."""
    request = current_request(hand.case_id)
    if request is None:
        raise ValueError("nobody asked for a report")
    date_answering.answer_date(request_id=request.id, answer=said, by=hand.officer)


def not_before(hand: Hand, day: date, reason: Reason) -> None:
    """The assessor says that the report cannot be ready before a day."""
    saying_ready.not_before(
        case_id=hand.case_id, earliest_on=day, reason=reason, seen=_seen(hand), by=hand.assessor
    )


def in_time_after_all(hand: Hand) -> None:
    """The assessor takes that back."""
    saying_ready.in_time_after_all(case_id=hand.case_id, seen=_seen(hand), by=hand.assessor)


def _seen(hand: Hand) -> int:
    last = last_said(hand.case_id)
    return last.id if last else 0


def arrange(hand: Hand, how: Arranged) -> None:
    """A clinical lead has seen to a report that cannot be ready in time."""
    request = current_request(hand.case_id)
    if request is None:
        raise ValueError("nobody asked for a report")
    late_report.arrange(case_id=hand.case_id, how=how, version=request.version, by=hand.lead)
