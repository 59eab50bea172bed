"""What a form about an order begins with: what the case, or the order itself, already says."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, Fact, FactKind, StageOfCase, effective_facts
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.orders import policy
from mhtr.orders.directing import Practitioner
from mhtr.orders.queries import OnRecord
from mhtr.orders.terms import KIND_WORDS, OrderKind, Treatment
from mhtr.suitability.court_result import Result
from mhtr.suitability.report_queries import releases

_KINDS = {
    Result.CO_MHTR.value: OrderKind.COMMUNITY,
    Result.SSO_MHTR.value: OrderKind.SUSPENDED,
}


def from_case(case: Case, named: Practitioner | None) -> dict[str, Any]:
    """For a new order: the court, the result, the days of the finding and of the sentence.

    Args:
        named: whom it may name, as `suggested` says.
    """
    facts = cases.facts_of(case.id)
    standing = rules.fold(facts, clock.today())
    kind = _sentenced_to(facts)
    return {
        "kind": kind.value if kind else None,
        "made_on": standing.sentenced_on,
        "convicted_on": _convicted_on(facts),
        "court": case.court_code or None,
        "sessions_expected": policy.sessions_expected(),
        "starts_1": standing.sentenced_on,
        "treatment_1": Treatment.PRACTITIONER.value,
        **_named(named),
    }


def suggested(case: Case) -> Practitioner | None:
    """Whom the order may name, for somebody to compare: by the report that was released last.

    The psychologist directing treatment as the report says; else the lead who countersigned it.
    None without a released report.
    """
    released = next((one.content for one in releases(case.id) if one.content), None)
    if released is None:
        return None
    if released.directing_psychologist:
        return Practitioner(released.directing_psychologist, released.directing_hcpc or "")
    return Practitioner(released.countersigned_by or "", released.countersigner_hcpc or "")


def _named(one: Practitioner | None) -> dict[str, str]:
    return {"named_1": one.name, "number_1": one.registration} if one else {}


def from_order(found: OnRecord) -> dict[str, Any]:
    """For a change: everything the order says now."""
    row, terms = found.row, found.terms
    shown: dict[str, Any] = {
        "kind": row.kind.value,
        "made_on": row.made_on,
        "convicted_on": row.convicted_on,
        "court": row.court_code,
        "sessions_expected": row.sessions_expected,
        "magistrates_supervise": row.magistrates_supervise,
        "court_reviews": row.court_reviews,
        "ends_on": row.ends_on,
        "term_months": row.term_months or None,
        "term_weeks": row.term_weeks or None,
        "term_days": row.term_days or None,
        "operational_months": row.operational_months,
        "supervision_months": row.supervision_months,
    }
    for number, period in enumerate(terms.periods, start=1):
        shown |= {
            f"starts_{number}": period.starts_on,
            f"ends_{number}": period.ends_on,
            f"treatment_{number}": period.treatment.value,
            f"named_{number}": period.named,
            f"number_{number}": period.number,
        }
    return shown


def mismatch(case: Case, orders: Sequence[OnRecord]) -> str:
    """That the court's result on record names another kind of order than is recorded here."""
    facts = cases.facts_of(case.id)
    kind, on = _sentenced_to(facts), rules.fold(facts, clock.today()).sentenced_on
    counting = [found for found in orders if not found.never_was]
    if not counting:
        return ""
    if on is not None and all(found.row.made_on != on for found in counting):
        return (
            f"The court’s result on record is of {day_words(on)}, and no order of that day is "
            "recorded here. Put the result or the order right."
        )
    if kind is None or any(found.row.kind is kind for found in counting):
        return ""
    return (
        f"The court’s result on record is a {KIND_WORDS[kind].lower()}, and none is recorded here. "
        "Put the result or the order right."
    )


def _sentenced_to(facts: Sequence[Fact]) -> OrderKind | None:
    counting = effective_facts(list(facts), clock.today())
    results = [fact for fact in counting if fact.kind is FactKind.SENTENCED_WITH_MHTR]
    return _KINDS.get(str(results[-1].detail.get("result"))) if results else None


def _convicted_on(facts: Sequence[Fact]) -> date | None:
    """The day of the plea or finding, where one is on record."""
    counting = effective_facts(list(facts), clock.today())
    for fact in reversed(counting):
        stage = fact.detail.get("stage")
        if (
            fact.kind is FactKind.STAGE_RECORDED
            and StageOfCase(str(stage)) in AFTER_PLEA_OR_FINDING
        ):
            return fact.day
    return None
