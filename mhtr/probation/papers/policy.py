"""How the days for the papers of a referral are counted, as a unit and the service agree."""

from datetime import date

from mhtr.core.policy import PolicyValue, declare, values
from mhtr.probation.papers.countdown import Counting, CountsFrom

_PRACTICE = "Probation practice (breach design history, 2021): 10 working days for the breach pack"
PAPERS_WITHIN = declare(
    PolicyValue(
        key="probation.papers_within",
        label="After a referral to an enforcement officer, its papers are sent within",
        default=10,
        unit="a number of working days",
        source=_PRACTICE,
        minimum=1,
        maximum=40,
    )
)
PAPERS_COUNT_FROM = declare(
    PolicyValue(
        key="probation.papers_count_from",
        label="The working days for the papers of a referral are counted from",
        default=CountsFrom.DAY_AFTER.value,
        unit="one of the choices",
        source="A reading: no text was found that says what starts the days; to be confirmed",
        choices=tuple(one.value for one in CountsFrom),
    )
)


def counting(referred_on: date) -> Counting:
    """How the days for the papers of a referral of a day are counted: as was in force that day."""
    found = values(PAPERS_WITHIN, PAPERS_COUNT_FROM, on=referred_on)
    return Counting(int(found["papers_within"]), CountsFrom(str(found["papers_count_from"])))
