"""One criterion of a man's referral."""

from dataclasses import replace
from datetime import date

from mhtr.cases.facts import StageOfCase
from mhtr.intake.eligibility import (
    CoveragePeriod,
    CriterionName,
    CriterionStatus,
    EligibilityFacts,
    EligibilityPolicy,
    Gender,
    GpStatus,
    Willingness,
    eligibility,
)

N = CriterionName
MET, NOT_MET = CriterionStatus.MET, CriterionStatus.NOT_MET
UNKNOWN, NOT_FOR_YOU = CriterionStatus.UNKNOWN, CriterionStatus.NOT_FOR_YOU
AS_OF, CONVICTED = date(2026, 11, 21), date(2026, 11, 2)
POLICY = EligibilityPolicy()
GOOD = EligibilityFacts(
    as_of=AS_OF,
    born_on=date(1990, 5, 1),
    convicted_on=CONVICTED,
    stage=StageOfCase.GUILTY_PLEA,
    gender=Gender.MAN,
    court_code="B01",
    hearing_on=date(2026, 12, 4),
    coverage=(CoveragePeriod("B01", date(2025, 11, 1)),),
    willing=Willingness.WILLING,
    able_to_agree=True,
    gp=GpStatus.REGISTERED,
)


def of(
    name: CriterionName, policy: EligibilityPolicy = POLICY, **changes: object
) -> tuple[CriterionStatus, str, bool]:
    facts = replace(GOOD, **changes)  # type: ignore[arg-type]
    found = {criterion.name: criterion for criterion in eligibility(facts, policy)}[name]
    return found.status, found.reason, found.blocks
