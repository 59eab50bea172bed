"""Where the law says it, by kind of order."""

from collections.abc import Mapping
from enum import StrEnum

from mhtr.orders.terms import OrderKind


class Provision(StrEnum):
    """A rule that a step rests on. Text read on legislation.gov.uk, see the reference."""

    REQUIREMENT = "requirement"
    WARN_OR_REFER = "warn_or_refer"
    MUST_REFER = "must_refer"
    WARNING_SAYS = "warning_says"
    ENFORCEMENT = "enforcement"
    IN_FORCE = "in_force"
    COURT = "court"
    EARLY_END = "early_end"
    POLICY = "policy"
    """No law: an agreement, or what the program never counts."""


_COMMUNITY = {
    Provision.REQUIREMENT: "Sentencing Act 2020 Sch 9 para 16(1)",
    Provision.WARN_OR_REFER: "Sentencing Act 2020 Sch 10 para 6(1), (3)",
    Provision.MUST_REFER: "Sentencing Act 2020 Sch 10 para 6(2)",
    Provision.WARNING_SAYS: "Sentencing Act 2020 Sch 10 para 6(4)",
    Provision.ENFORCEMENT: "Sentencing Act 2020 Sch 10 para 7",
    Provision.IN_FORCE: "Sentencing Act 2020 Sch 10 paras 8, 10(10), 11(7)",
    Provision.COURT: "Sentencing Act 2020 Sch 10 paras 10, 11",
    Provision.EARLY_END: "Sentencing Act 2026 s.38",
    Provision.POLICY: "",
}
_SUSPENDED = {
    Provision.REQUIREMENT: "Sentencing Act 2020 Sch 9 para 16(1)",
    Provision.WARN_OR_REFER: "Sentencing Act 2020 Sch 16 para 6(1), (3)",
    Provision.MUST_REFER: "Sentencing Act 2020 Sch 16 para 6(2)",
    Provision.WARNING_SAYS: "Sentencing Act 2020 Sch 16 para 6(4)",
    Provision.ENFORCEMENT: "Sentencing Act 2020 Sch 16 para 7",
    Provision.IN_FORCE: "Sentencing Act 2020 Sch 16 Part 2",
    Provision.COURT: "Sentencing Act 2020 Sch 16 paras 13, 14",
    Provision.EARLY_END: "Sentencing Act 2026 s.39",
    Provision.POLICY: "",
}
SOURCES: Mapping[OrderKind, Mapping[Provision, str]] = {
    OrderKind.COMMUNITY: _COMMUNITY,
    OrderKind.SUSPENDED: _SUSPENDED,
}
