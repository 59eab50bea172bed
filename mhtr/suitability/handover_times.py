"""Refuses an urgent handover that was received before he was referred, or is still to come."""

from collections.abc import Mapping

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.errors import Refused
from mhtr.intake.queries import referral_of
from mhtr.suitability.handover_rules import wrong_times
from mhtr.suitability.sections import Answer


class WrongTime(Refused):
    """A time that cannot be: `beside` has the words by question."""

    def __init__(self, beside: Mapping[str, str]) -> None:
        super().__init__(*(f"{words}." for words in beside.values()))
        self.beside = beside


def check(case: Case, answers: Mapping[str, Answer]) -> None:
    """Look at the handovers among the answers of a section.

    Raises:
        WrongTime: one of them cannot have been then.
    """
    referral = referral_of(case.id)
    referred = referral.referred_at if referral else case.opened_at
    since = referred.astimezone(clock.LONDON).date()
    wrong = wrong_times(answers, since, clock.now().astimezone(clock.LONDON))
    if wrong:
        raise WrongTime(wrong)
