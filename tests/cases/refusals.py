"""Why a step of a case is refused."""

from typing import Any

from mhtr.cases.facts import (
    CaseState,
    FactKind,
    ReportProgress,
)
from mhtr.cases.standing import Account
from mhtr.cases.steps import objections
from tests.cases.telling import LEAD

K, S, P = FactKind, CaseState, ReportProgress
PAUSED = "The case is paused: he did not come to court. Resume it first."
SENTENCED = "The court has already sentenced."
NO_PLEA = "No guilty plea or finding is recorded yet. Until then: referral only."
WITHDREW = "He withdrew his consent on 14 October 2026."


def against(
    kind: FactKind, by: int | None = LEAD, detail: dict[str, object] | None = None, **is_: Any
) -> tuple[str, ...]:
    return objections(kind, Account(**is_), by, detail or {})


BEFORE = {
    S.REFERRED,
    S.SCREENED,
    S.ASSESSING,
    S.SUITABLE,
    S.SUITABLE_NOT_READY,
    S.UNSUITABLE,
    S.DECLINED,
    S.COUNTERSIGNED,
    S.RELEASED,
    S.PROPOSED,
    S.NOT_PROPOSED,
    S.AWAITING_RESULT,
}
ORDER_RUNS = {S.SENTENCED_WITH_MHTR, S.INDUCTION, S.IN_TREATMENT}
