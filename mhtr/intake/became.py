"""What became of a referral, in plain words, for whoever made it. Nothing clinical is in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from mhtr.cases.facts import CaseState, CloseReason, Fact, FactKind
from mhtr.cases.wording import CLOSE_WORDS, CONCERN_HIM

K = FactKind

TOLD: Mapping[FactKind, str] = MappingProxyType(
    {
        K.REFERRED: "Referral received",
        K.ACCEPTED: "Accepted for assessment",
        K.DECLINED_BY_SERVICE: "Not taken on by the service",
        K.ALLOCATED: "Given to an assessor",
        K.ASSESSMENT_STARTED: "Assessment started",
        K.RELEASED: "Report sent to probation",
        K.HEARING_SET: "Hearing date recorded",
        K.HEARING_ADJOURNED: "Hearing adjourned",
        K.HEARING_ADVANCED: "Hearing brought forward",
        K.HEARING_TRANSFERRED: "Hearing moved to another court",
        K.SENTENCED_WITH_MHTR: "The court made a treatment requirement",
        K.SENTENCED_WITHOUT_MHTR: "The court made no treatment requirement",
        K.PAUSED: "Paused",
        K.RESUMED: "Taken up again",
        K.CLOSED: "Closed",
        K.REOPENED: "Reopened",
    }
)
"""The milestones a referrer is told. What is not here he is not told."""

_STATES: Mapping[CaseState, str] = MappingProxyType(
    {
        CaseState.ASSESSING: "Being assessed",
        CaseState.SUITABLE: "Assessed; the report is being finished",
        CaseState.SUITABLE_NOT_READY: "Assessed; the report is being finished",
        CaseState.UNSUITABLE: "Assessed; the report is being finished",
        # Declining treatment is what a report says; whoever wants no report gets none.
        CaseState.DECLINED: "Assessed; the report is being finished",
        CaseState.COUNTERSIGNED: "Assessed; the report is being finished",
        CaseState.RELEASED: "The report has gone to probation",
        CaseState.PROPOSED: "The report has gone to probation",
        CaseState.NOT_PROPOSED: "The report has gone to probation",
        CaseState.AWAITING_RESULT: "Waiting for the court’s result",
        CaseState.SENTENCED_WITH_MHTR: "The court made a treatment requirement",
        CaseState.SENTENCED_WITHOUT_MHTR: "The court made no treatment requirement",
    }
)


NO_REPORT = "No report will follow; he is not going forward to treatment at present"
"""As probation is told it: not what he said."""
BEFORE_RELEASE = frozenset(
    {
        CaseState.ASSESSING,
        CaseState.SUITABLE,
        CaseState.SUITABLE_NOT_READY,
        CaseState.UNSUITABLE,
        CaseState.DECLINED,
        CaseState.COUNTERSIGNED,
    }
)
"""Where it depends on him whether a report will follow."""


@dataclass(frozen=True)
class Told:
    """One milestone a referrer is told."""

    on: datetime
    text: str


def became(
    state: CaseState,
    kinds: Collection[FactKind],
    *,
    paused: bool,
    closed: CloseReason | None,
    no_report: bool = False,
) -> str:
    """One line. `no_report`: none will follow, because he said no before release.

    Why he was found unsuitable, or that he withdrew, is not the referrer's to know.
    """
    if state is CaseState.CLOSED:
        reason = "" if closed is None or closed in CONCERN_HIM else CLOSE_WORDS[closed]
        return f"Closed: {reason}" if reason else "Closed"
    if paused:
        return "Paused"
    if state in (CaseState.REFERRED, CaseState.SCREENED):
        if K.ALLOCATED in kinds:
            return "With an assessor"
        return "Accepted; waiting for an assessor" if K.ACCEPTED in kinds else "Waiting for triage"
    if no_report and state in BEFORE_RELEASE:
        return NO_REPORT
    return _STATES.get(state, "In treatment or finished")


def told(facts: Sequence[Fact]) -> list[Told]:
    """The milestones, the newest first."""
    counted = [Told(fact.on, TOLD[fact.kind]) for fact in facts if fact.kind in TOLD]
    return sorted(counted, key=lambda entry: entry.on, reverse=True)
