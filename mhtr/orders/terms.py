"""What a court ordered: the kinds, periods and requirements of one order, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class OrderKind(StrEnum):
    """The two orders that can carry the requirement."""

    COMMUNITY = "community"
    SUSPENDED = "suspended"


KIND_WORDS: Mapping[OrderKind, str] = {
    OrderKind.COMMUNITY: "Community order",
    OrderKind.SUSPENDED: "Suspended sentence order",
}


class Treatment(StrEnum):
    """How he is treated in a period of the requirement (Sentencing Act 2020 Sch 9 para 16)."""

    PRACTITIONER = "practitioner"
    INSTITUTION = "institution"
    RESIDENT = "resident"


TREATMENT_WORDS: Mapping[Treatment, str] = {
    Treatment.PRACTITIONER: "By or under the direction of a named practitioner",
    Treatment.INSTITUTION: "As an out-patient of a named institution",
    Treatment.RESIDENT: "As an in-patient of a named hospital or care home",
}


class OtherKind(StrEnum):
    """Another requirement of the same order (Sentencing Act 2020 s.201 and s.287)."""

    UNPAID_WORK = "unpaid_work"
    REHABILITATION_ACTIVITY = "rehabilitation_activity"
    PROGRAMME = "programme"
    PROHIBITED_ACTIVITY = "prohibited_activity"
    CURFEW = "curfew"
    EXCLUSION = "exclusion"
    RESIDENCE = "residence"
    FOREIGN_TRAVEL = "foreign_travel"
    DRUG_REHABILITATION = "drug_rehabilitation"
    ALCOHOL_TREATMENT = "alcohol_treatment"
    ALCOHOL_ABSTINENCE = "alcohol_abstinence"
    ELECTRONIC_MONITORING = "electronic_monitoring"


OTHER_WORDS: Mapping[OtherKind, str] = {
    OtherKind.UNPAID_WORK: "Unpaid work",
    OtherKind.REHABILITATION_ACTIVITY: "Rehabilitation activity (RAR)",
    OtherKind.PROGRAMME: "Accredited programme",
    OtherKind.PROHIBITED_ACTIVITY: "Prohibited activity",
    OtherKind.CURFEW: "Curfew",
    OtherKind.EXCLUSION: "Exclusion from a place",
    OtherKind.RESIDENCE: "Residence",
    OtherKind.FOREIGN_TRAVEL: "Foreign travel prohibition",
    OtherKind.DRUG_REHABILITATION: "Drug rehabilitation (DRR)",
    OtherKind.ALCOHOL_TREATMENT: "Alcohol treatment (ATR)",
    OtherKind.ALCOHOL_ABSTINENCE: "Alcohol abstinence and monitoring",
    OtherKind.ELECTRONIC_MONITORING: "Electronic monitoring",
}


class Change(StrEnum):
    """How the terms of an order came about. Each set of terms is kept; none is overwritten."""

    MADE = "made"
    PUT_RIGHT = "put_right"
    """What was recorded was wrong; the court changed nothing."""
    EXTENDED = "extended"
    AMENDED = "amended"
    AFTER_BREACH = "after_breach"
    TRANSFERRED = "transferred"


CHANGE_WORDS: Mapping[Change, str] = {
    Change.MADE: "The court made the order",
    Change.PUT_RIGHT: "What was recorded was wrong",
    Change.EXTENDED: "The court moved the end of the order, on an application",
    Change.AMENDED: "The court amended the treatment requirement",
    Change.AFTER_BREACH: "The court changed the order after a proved breach",
    Change.TRANSFERRED: "The order moved to another area",
}


@dataclass(frozen=True)
class CustodialTerm:
    """The term that is suspended, or the aggregate of consecutive ones, as the court said it."""

    months: int = 0
    weeks: int = 0
    days: int = 0

    def exceeds(self, months: int, *, made_on: date) -> bool:
        """Whether it is longer than so many months, counted from the day of the order."""
        own = made_on + relativedelta(months=self.months, weeks=self.weeks, days=self.days)
        return own > made_on + relativedelta(months=months)

    @property
    def nothing(self) -> bool:
        return not (self.months or self.weeks or self.days)


@dataclass(frozen=True)
class Period:
    """One period of the treatment requirement, both days included, and whom the order names.

    `named` is the practitioner who treats or directs, or the institution; `number` the
    registration of a practitioner (HCPC or GMC), empty for an institution.
    """

    starts_on: date
    ends_on: date
    treatment: Treatment
    named: str
    number: str = ""

    @property
    def days(self) -> int:
        """Its length in days, both ends counted."""
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True)
class OtherRequirement:
    """Another requirement: how much of it, and until when where the order says so."""

    kind: OtherKind
    amount: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Terms:
    """Everything an order says at one time.

    `made_on` is the day of sentence. A community order has `ends_on`; a suspended sentence order
    has a `term`, and an operational and a supervision period in months from the day it was made.
    """

    kind: OrderKind
    convicted_on: date
    made_on: date
    periods: tuple[Period, ...]
    ends_on: date | None = None
    term: CustodialTerm = CustodialTerm()
    operational_months: int | None = None
    supervision_months: int | None = None
    others: tuple[OtherRequirement, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day on which a requirement of the order can be complied with."""
        return last_day_to_comply(self.kind, self.made_on, self.ends_on, self.supervision_months)

    @property
    def operational_last_day(self) -> date | None:
        """The last day of the operational period of a suspended sentence."""
        return last_day_of(self.made_on, self.operational_months)


def last_day_to_comply(
    kind: OrderKind, made_on: date, ends_on: date | None, supervision_months: int | None
) -> date | None:
    """The last day of a community order, or of the supervision under a suspended sentence order."""
    if kind is OrderKind.COMMUNITY:
        return ends_on
    return last_day_of(made_on, supervision_months)


def last_day_of(made_on: date, months: int | None) -> date | None:
    """The last day of a period of so many months that begins with the day of the order."""
    if months is None:
        return None
    return made_on + relativedelta(months=months) - timedelta(days=1)
