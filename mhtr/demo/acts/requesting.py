"""A court probation officer asks for a report and answers about its date."""

from datetime import date

from mhtr.core import clock
from mhtr.demo.simulation import working_day
from mhtr.demo.world import Hand
from mhtr.suitability import request_service
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


def ask(
    hand: Hand,
    *,
    asked_for_on: date | None = None,
    psr: PsrType = PsrType.STANDARD,
    staff_safety: bool = False,
) -> None:
    """Ask for a report on the case in hand."""
    chance, case = hand.world.chance, hand.case
    hearing = case.hearing_on if case.hearing_on and case.hearing_on > clock.today() else None
    request_service.ask(
        case_id=hand.case_id,
        asked=Asked(
            plea=Plea.GUILTY,
            court_code=case.court_code,
            hearing_on=hearing,
            custody=chance.choice((Custody.BAIL, Custody.BAIL, Custody.BAIL, Custody.REMANDED)),
            risk_of_harm=chance.choice((RiskOfHarm.LOW, RiskOfHarm.MEDIUM, RiskOfHarm.MEDIUM)),
            psr_type=psr,
            psr_filed_on=working_day(hearing, -2) if hearing else None,
            asked_for_on=asked_for_on,
            staff_safety=staff_safety,
            staff_safety_reason="Shouted at reception staff at his last appointment."
            if staff_safety
            else "",
            no_contact="No contact with his former partner." if chance.random() < 0.06 else "",
            exclusions="Not to enter the market." if chance.random() < 0.06 else "",
            other_requirements=chance.choice(((), (), (OtherRequirement.ATR,))),
        ),
        by=hand.officer,
    )


def answer(hand: Hand, said: DateAnswer) -> None:
    """Say what she does about a date that cannot be met."""
    request = current_request(hand.case_id)
    if request is not None and (request.earliest_on or said is DateAnswer.WITHDRAWS):
        request_service.answer_date(request_id=request.id, answer=said, by=hand.officer)
