"""The facts of a case from referral to order, in the order in which they come."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from mhtr.cases.facts import Away
from mhtr.cases.rules import (
    CloseReason,
    Fact,
    FactKind,
    PauseReason,
    Recommendation,
    StageOfCase,
)

K = FactKind
TODAY = date(2026, 11, 21)
START = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
ASSESSOR, LEAD, CLERK = 11, 22, 33
DETAIL: dict[FactKind, dict[str, object]] = {
    K.STAGE_RECORDED: {"stage": StageOfCase.GUILTY_PLEA},
    K.ASSESSMENT_FINISHED: {"recommendation": Recommendation.SUITABLE, "author_id": ASSESSOR},
    K.COUNTERSIGNED: {"content_hash": "abc"},
    K.RELEASED: {"content_hash": "abc"},
    K.PAUSED: {"reason": PauseReason.REMANDED},
    K.CLOSED: {"reason": CloseReason.DISCONTINUED},
    K.HEARING_SET: {"hearing_on": date(2026, 12, 4)},
    K.HEARING_ADJOURNED: {"hearing_on": date(2026, 12, 18)},
    K.CORRECTED: {"fact_id": 3},
    K.AWAY: {"where": Away.CUSTODY},
}
LEADS_OWN = {K.COUNTERSIGNED, K.RETURNED}
PATH = (
    K.REFERRED,
    K.STAGE_RECORDED,
    K.SCREENED,
    K.ACCEPTED,
    K.ALLOCATED,
    K.SUITABILITY_REQUESTED,
    K.ASSESSMENT_STARTED,
    K.ASSESSMENT_FINISHED,
    K.COUNTERSIGN_REQUESTED,
    K.COUNTERSIGNED,
    K.REPORT_HEARD,
    K.RELEASED,
    K.PROPOSED,
    K.SENTENCED_WITH_MHTR,
    K.INDUCTION_STARTED,
    K.TREATMENT_STARTED,
    K.TREATMENT_ENDED,
    K.DISCHARGED,
)


def fact(number: int, kind: FactKind, **changes: object) -> Fact:
    at = START + timedelta(days=number)
    by_id = LEAD if kind in LEADS_OWN else ASSESSOR
    made = Fact(number, kind, at, at, "assessor", by_id, DETAIL.get(kind, {}))
    return replace(made, **changes)  # type: ignore[arg-type]


def path(*kinds: FactKind) -> list[Fact]:
    return [fact(number, kind) for number, kind in enumerate(kinds, start=1)]


def up_to(kind: FactKind) -> list[Fact]:
    return path(*PATH[: PATH.index(kind) + 1])
