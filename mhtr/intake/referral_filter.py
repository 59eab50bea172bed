"""What a referrer's own list is narrowed to."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from mhtr.cases.facts import CaseState
from mhtr.web.fields import CheckboxField, Choice, SelectField
from mhtr.web.forms import FilterForm

S = CaseState


class Stands(StrEnum):
    """How far a referral has come, as its referrer is told."""

    WAITING = "waiting"
    ASSESSED = "assessed"
    REPORTED = "reported"
    DECIDED = "decided"
    PAUSED = "paused"
    CLOSED = "closed"


STANDS_WORDS = {
    Stands.WAITING: "Waiting for triage or an assessor",
    Stands.ASSESSED: "Being assessed",
    Stands.REPORTED: "The report has gone to probation",
    Stands.DECIDED: "The court has decided",
    Stands.PAUSED: "Paused",
    Stands.CLOSED: "Closed",
}
STATES: Mapping[Stands, frozenset[CaseState]] = MappingProxyType(
    {
        Stands.WAITING: frozenset({S.REFERRED, S.SCREENED}),
        Stands.ASSESSED: frozenset(
            {
                S.ASSESSING,
                S.SUITABLE,
                S.SUITABLE_NOT_READY,
                S.UNSUITABLE,
                S.DECLINED,
                S.COUNTERSIGNED,
            }
        ),
        Stands.REPORTED: frozenset({S.RELEASED, S.PROPOSED, S.NOT_PROPOSED, S.AWAITING_RESULT}),
        Stands.DECIDED: frozenset(
            {
                S.SENTENCED_WITH_MHTR,
                S.SENTENCED_WITHOUT_MHTR,
                S.INDUCTION,
                S.IN_TREATMENT,
                S.ENDED,
                S.DISCHARGED,
            }
        ),
        Stands.CLOSED: frozenset({S.CLOSED}),
    }
)
"""Every state of a case is in one of them; a paused case is under `PAUSED` alone."""


class ReferralFilter(FilterForm):
    """Whose referrals, and how far they have come."""

    whose = SelectField(
        "Whose", choices=[Choice("mine", "Only mine")], prompt="Ours", optional=False
    )
    stands = SelectField(
        "What became of it",
        choices=[Choice(one.value, words) for one, words in STANDS_WORDS.items()],
        prompt="Anything",
        optional=False,
    )
    urgent = CheckboxField("Urgent only")

    def standing(self) -> Stands | None:
        """How far they have come; None for all."""
        said = self.stands.data or ""
        return Stands(said) if said in set(Stands) else None
