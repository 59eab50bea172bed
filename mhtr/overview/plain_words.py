"""What became of a case, in words for people outside the clinical record. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mhtr.cases.facts import CloseReason, Fact, FactKind, ReportProgress, effective_facts
from mhtr.cases.wording import CLOSE_WORDS, CONCERN_HIM

K = FactKind


@dataclass(frozen=True)
class Step:
    """One thing that happened, as a referrer or a probation officer is told it."""

    text: str
    on: date


_WORDS = {
    K.REFERRED: "The referral reached us.",
    K.SCREENED: "He was screened.",
    K.ACCEPTED: "We took the referral on.",
    K.DECLINED_BY_SERVICE: "We could not take the referral on.",
    K.ALLOCATED: "An assessor was chosen.",
    K.SUITABILITY_REQUESTED: "The author of the pre-sentence report asked for our report.",
    K.ASSESSMENT_STARTED: "The assessment began.",
    K.RELEASED: "Our report went to the author of the pre-sentence report.",
    K.PROPOSED: "The pre-sentence report proposed treatment.",
    K.NOT_PROPOSED: "The pre-sentence report did not propose treatment.",
    K.ADDENDUM_RELEASED: "An addendum to our report went to its author.",
    K.SENTENCED_WITH_MHTR: "The court made an order with treatment.",
    K.SENTENCED_WITHOUT_MHTR: "The court made no order with treatment.",
    K.PAUSED: "The case was paused.",
    K.RESUMED: "The case was taken up again.",
    K.ROUTED_ON: "He was referred to another service.",
    K.TREATMENT_STARTED: "Treatment began.",
    K.TREATMENT_ENDED: "Treatment ended.",
    K.REOPENED: "The case was opened again.",
}
"""Facts not named here stay inside: what an assessor thinks before a report goes out does."""


def became_of_it(facts: Sequence[Fact], today: date) -> list[Step]:
    """What happened, newest first, with nothing of what was found or recommended."""
    steps = []
    for fact in effective_facts(tuple(facts), today):
        if fact.kind is K.CLOSED:
            steps.append(Step(_closed(fact), fact.day))
        elif fact.kind in _WORDS:
            steps.append(Step(_WORDS[fact.kind], fact.day))
    return steps[::-1]


def _closed(fact: Fact) -> str:
    reason = CloseReason(str(fact.detail["reason"]))
    if reason in CONCERN_HIM:
        return "The case was closed."
    return f"The case was closed: {CLOSE_WORDS[reason]}."


def report_words(
    progress: ReportProgress, *, asked: bool, stopped: bool = False, rests: bool = False
) -> str:
    """How far the report is, for its author outside: never what happens to a draft.

    `stopped`: none will follow, and not why. `rests`: no plea or finding is recorded any more.
    """
    if stopped:
        return "There will be no suitability report: the assessment was not completed."
    if rests:
        return "The report rests: no guilty plea or finding is recorded any more."
    if progress is ReportProgress.RELEASED:
        return "The report is ready to read."
    if not asked:
        return "No report was asked for."
    if progress is ReportProgress.NOT_STARTED:
        return "The assessment has not begun yet."
    return "The report is being written."
