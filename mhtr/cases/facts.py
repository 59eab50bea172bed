"""The vocabulary of a case: what can happen to it, and the record of one thing that did.

A case is its facts. A fact is never edited or deleted: a mistake is put right by a later
`CORRECTED` fact that names it. What the facts add up to is worked out in `mhtr.cases.rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class StageOfCase(StrEnum):
    """Where the criminal case itself has got to."""

    UNDER_INVESTIGATION = "under_investigation"
    CHARGED = "charged"
    NOT_GUILTY_PLEA = "not_guilty_plea"
    GUILTY_PLEA = "guilty_plea"
    FOUND_GUILTY = "found_guilty"
    AWAITING_SENTENCE = "awaiting_sentence"


AFTER_PLEA_OR_FINDING = frozenset(
    {StageOfCase.GUILTY_PLEA, StageOfCase.FOUND_GUILTY, StageOfCase.AWAITING_SENTENCE}
)


class Recommendation(StrEnum):
    """What the assessor recommends; only the assessor decides it."""

    SUITABLE = "suitable"
    SUITABLE_NOT_READY = "suitable_not_ready"
    UNSUITABLE = "unsuitable"
    DECLINED = "declined"


class PauseReason(StrEnum):
    REMANDED = "remanded"
    FAILED_TO_APPEAR = "failed_to_appear"
    RELEASED_UNDER_INVESTIGATION = "released_under_investigation"


class Away(StrEnum):
    """Where a man under an order is, so that he cannot attend."""

    HOSPITAL = "hospital"
    CUSTODY = "custody"


class CloseReason(StrEnum):
    NO_FURTHER_ACTION = "no_further_action"
    DISCONTINUED = "discontinued"
    ACQUITTED = "acquitted"
    DIED = "died"
    MERGED = "merged"
    REFERRAL_WITHDRAWN = "referral_withdrawn"
    HE_DECLINED = "he_declined"
    HE_WITHDREW = "he_withdrew"
    DECLINED_BY_SERVICE = "declined_by_service"
    NOT_SUITABLE = "not_suitable"
    SENTENCED_WITHOUT_MHTR = "sentenced_without_mhtr"
    TRANSFERRED = "transferred"
    COMPLETED = "completed"


class FactKind(StrEnum):
    """Every kind of milestone. Beside each: the keys of `Fact.detail` that the rules read."""

    REFERRED = "referred"
    STAGE_RECORDED = "stage_recorded"  # stage: StageOfCase
    SCREENED = "screened"
    ACCEPTED = "accepted"
    DECLINED_BY_SERVICE = "declined_by_service"
    ALLOCATED = "allocated"
    SUITABILITY_REQUESTED = "suitability_requested"
    ASSESSMENT_STARTED = "assessment_started"
    # recommendation: Recommendation; author_id: int; agreed: False where he agreed to no report
    ASSESSMENT_FINISHED = "assessment_finished"
    ASSESSMENT_REOPENED = "assessment_reopened"
    ASSESSMENT_TAKEN_OVER = "assessment_taken_over"  # from_id: int
    COUNTERSIGN_REQUESTED = "countersign_requested"
    RETURNED = "returned"
    COUNTERSIGNED = "countersigned"  # content_hash: str
    REPORT_HEARD = "report_heard"
    RELEASED = "released"  # content_hash: str
    ADDENDUM_WRITTEN = "addendum_written"  # author_id: int
    ADDENDUM_COUNTERSIGNED = "addendum_countersigned"  # content_hash: str
    ADDENDUM_RELEASED = "addendum_released"  # content_hash: str
    PROPOSED = "proposed"
    NOT_PROPOSED = "not_proposed"
    HEARING_SET = "hearing_set"  # hearing_on: date, or absent where the date is not known
    HEARING_ADJOURNED = "hearing_adjourned"  # hearing_on
    HEARING_ADVANCED = "hearing_advanced"  # hearing_on
    HEARING_TRANSFERRED = "hearing_transferred"  # hearing_on
    HEARING_PAST = "hearing_past"
    SENTENCED_WITH_MHTR = "sentenced_with_mhtr"
    SENTENCED_WITHOUT_MHTR = "sentenced_without_mhtr"
    ROUTED_ON = "routed_on"
    CONSENT_WITHDRAWN = "consent_withdrawn"  # refused: True where he had never agreed
    CONSENT_GIVEN = "consent_given"
    PAUSED = "paused"  # reason: PauseReason
    RESUMED = "resumed"
    CLOSED = "closed"  # reason: CloseReason
    REOPENED = "reopened"
    CORRECTED = "corrected"  # fact_id: int
    INDUCTION_STARTED = "induction_started"
    TREATMENT_STARTED = "treatment_started"
    TREATMENT_ENDED = "treatment_ended"  # planned: bool
    DISCHARGED = "discharged"
    ORDER_REVOKED = "order_revoked"
    AWAY = "away"  # where: Away
    BACK = "back"


class CaseState(StrEnum):
    REFERRED = "referred"
    SCREENED = "screened"
    ASSESSING = "assessing"
    SUITABLE = "suitable"
    SUITABLE_NOT_READY = "suitable_not_ready"
    UNSUITABLE = "unsuitable"
    DECLINED = "declined"
    COUNTERSIGNED = "countersigned"
    RELEASED = "released"
    PROPOSED = "proposed"
    NOT_PROPOSED = "not_proposed"
    AWAITING_RESULT = "awaiting_result"
    SENTENCED_WITH_MHTR = "sentenced_with_mhtr"
    SENTENCED_WITHOUT_MHTR = "sentenced_without_mhtr"
    INDUCTION = "induction"
    IN_TREATMENT = "in_treatment"
    ENDED = "ended"
    DISCHARGED = "discharged"
    CLOSED = "closed"


class ReportProgress(StrEnum):
    """How far the suitability report has got; the worklists sort by it."""

    NOT_STARTED = "not_started"
    BEING_WRITTEN = "being_written"
    FINISHED = "finished"
    WITH_CLINICAL_LEAD = "with_clinical_lead"
    RETURNED = "returned"
    COUNTERSIGNED = "countersigned"
    RELEASED = "released"


@dataclass(frozen=True)
class Fact:
    """One thing that happened.

    `on` is when it happened, `recorded_at` when somebody wrote it down (both aware datetimes).
    `id` rises with each row inserted. `by_id` is the member of staff, None for an outside system.
    Raises ValueError for a datetime without a zone.
    """

    id: int
    kind: FactKind
    on: datetime
    recorded_at: datetime
    by_role: str
    by_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.on.tzinfo is None or self.recorded_at.tzinfo is None:
            raise ValueError("A fact needs times with a zone.")

    @cached_property
    def day(self) -> date:
        """The calendar day in London on which it happened."""
        return self.on.astimezone(LONDON).date()


@dataclass(frozen=True)
class Decision:
    """Whether a step is allowed, and why not (or on what understanding), in words for a page."""

    allowed: bool
    reasons: tuple[str, ...] = ()


def allow(*reasons: str) -> Decision:
    return Decision(True, reasons)


def refuse(*reasons: str) -> Decision:
    return Decision(False, reasons)


def effective_facts(facts: tuple[Fact, ...] | list[Fact], today: date) -> tuple[Fact, ...]:
    """The facts that count, in the order in which things happened.

    What people write down has an hour and a minute, what the program notes has seconds: of one
    minute, what was recorded first came first.

    Left out: facts that a later-recorded correction names (unless that correction was itself
    corrected), the corrections themselves, and facts dated after `today`.
    """
    recorded = sorted(facts, key=lambda fact: (fact.recorded_at, fact.id))
    place = {fact.id: index for index, fact in enumerate(recorded)}
    ignored: set[int] = set()
    for index in range(len(recorded) - 1, -1, -1):
        fact = recorded[index]
        if fact.kind is not FactKind.CORRECTED or fact.id in ignored:
            continue
        target = fact.detail.get("fact_id")
        if isinstance(target, int) and place.get(target, index) < index:
            ignored.add(target)
    counted = (
        fact
        for fact in facts
        if fact.id not in ignored and fact.kind is not FactKind.CORRECTED and fact.day <= today
    )
    return tuple(sorted(counted, key=_when))


def _when(fact: Fact) -> tuple[datetime, datetime, int]:
    return fact.on.replace(second=0, microsecond=0), fact.recorded_at, fact.id
