"""What a PSR author tells the service when she asks for a report, and how that is stored.

All of it is recorded as said by probation. Nothing here is worked out or judged.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from mhtr.cases.facts import StageOfCase
from mhtr.suitability.deadlines import PsrType


class Plea(StrEnum):
    """How guilt was settled: no report is asked for before that."""

    GUILTY = "guilty"
    FOUND_GUILTY = "found_guilty"


class Custody(StrEnum):
    """Where he is until the hearing."""

    BAIL = "bail"
    REMANDED = "remanded"
    SERVING = "serving"
    NOT_KNOWN = "not_known"


class RiskOfHarm(StrEnum):
    """Level of risk of serious harm, as probation states it from OASys."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"
    NOT_ASSESSED = "not_assessed"


class OtherRequirement(StrEnum):
    """A treatment requirement proposed or in force beside this one."""

    DRR = "drr"
    ATR = "atr"


class DateAnswer(StrEnum):
    """What she does where the date cannot be met."""

    SEEKS_ADJOURNMENT = "seeks_adjournment"
    KEEPS_DATE = "keeps_date"
    WITHDRAWS = "withdraws"


PLEA_WORDS = {Plea.GUILTY: "Guilty plea", Plea.FOUND_GUILTY: "Found guilty"}
PLEA_STAGES = {
    Plea.GUILTY: StageOfCase.GUILTY_PLEA,
    Plea.FOUND_GUILTY: StageOfCase.FOUND_GUILTY,
}
CUSTODY_WORDS = {
    Custody.BAIL: "In the community, on bail or summons",
    Custody.REMANDED: "Remanded in custody",
    Custody.SERVING: "Serving a sentence",
    Custody.NOT_KNOWN: "Not known",
}
RISK_WORDS = {
    RiskOfHarm.LOW: "Low",
    RiskOfHarm.MEDIUM: "Medium",
    RiskOfHarm.HIGH: "High",
    RiskOfHarm.VERY_HIGH: "Very high",
    RiskOfHarm.NOT_ASSESSED: "Not assessed yet",
}
OTHER_WORDS = {
    OtherRequirement.DRR: "Drug rehabilitation requirement (DRR)",
    OtherRequirement.ATR: "Alcohol treatment requirement (ATR)",
}
PSR_WORDS = {
    PsrType.ORAL: "Oral, on the day",
    PsrType.SHORT: "Short written",
    PsrType.STANDARD: "Standard written",
    PsrType.NOT_KNOWN: "Not known yet",
}
ANSWER_WORDS = {
    DateAnswer.SEEKS_ADJOURNMENT: "I will ask the court for an adjournment",
    DateAnswer.KEEPS_DATE: "The date stays: send what can be sent",
    DateAnswer.WITHDRAWS: "I withdraw the request",
}
ANSWER_SAID = {
    DateAnswer.SEEKS_ADJOURNMENT: "Will ask the court for an adjournment",
    DateAnswer.KEEPS_DATE: "The date stays: what can be sent is to be sent",
    DateAnswer.WITHDRAWS: "Withdrew the request",
}
"""The same in the history, where it is not she who reads it."""
ANSWER_TOLD = {
    DateAnswer.SEEKS_ADJOURNMENT: "Probation will ask for an adjournment.",
    DateAnswer.KEEPS_DATE: "Probation keeps the date: it asks you to send what can be sent.",
}


@dataclass(frozen=True)
class Asked:
    """One request, as she filled it in."""

    plea: Plea
    court_code: str
    hearing_on: date | None
    custody: Custody
    risk_of_harm: RiskOfHarm
    psr_type: PsrType
    psr_filed_on: date | None = None
    asked_for_on: date | None = None
    staff_safety: bool = False
    staff_safety_reason: str = ""
    no_contact: str = ""
    exclusions: str = ""
    other_requirements: tuple[OtherRequirement, ...] = ()
    interpreter: bool = False
    language: str = ""


@dataclass(frozen=True)
class Man:
    """Whom she asks about, as on probation's own record. `crn` in canonical form."""

    crn: str
    given_name: str
    family_name: str
    born: date


def to_json(asked: Asked) -> dict[str, Any]:
    """The request as JSON values; `from_json` reads it back."""
    return {
        key: value.isoformat()
        if isinstance(value, date)
        else list(value)
        if isinstance(value, tuple)
        else value
        for key, value in asdict(asked).items()
    }


def from_json(stored: Mapping[str, Any]) -> Asked:
    """The request of stored JSON. Keys that are not hers are left alone."""
    return Asked(
        plea=Plea(stored["plea"]),
        court_code=stored["court_code"],
        hearing_on=_day(stored["hearing_on"]),
        custody=Custody(stored["custody"]),
        risk_of_harm=RiskOfHarm(stored["risk_of_harm"]),
        psr_type=PsrType(stored["psr_type"]),
        psr_filed_on=_day(stored["psr_filed_on"]),
        asked_for_on=_day(stored["asked_for_on"]),
        staff_safety=stored["staff_safety"],
        staff_safety_reason=stored["staff_safety_reason"],
        no_contact=stored["no_contact"],
        exclusions=stored["exclusions"],
        other_requirements=tuple(OtherRequirement(v) for v in stored["other_requirements"]),
        interpreter=stored["interpreter"],
        language=stored["language"],
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
