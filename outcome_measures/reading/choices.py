"""How this service reads scores: which is the baseline, and which measure is the third."""

from dataclasses import dataclass

from mhtr.core import policy
from outcome_measures.definitions import Instrument
from outcome_measures.policy import BASELINE_RULE, THIRD_MEASURE
from outcome_measures.series import BaselineRule
from outcome_measures.signing.offered import asked_each_time
from outcome_measures.signing.service import all_in_force


@dataclass(frozen=True, slots=True)
class Chosen:
    """How this service reads scores, as it has chosen."""

    baseline: BaselineRule
    third: Instrument | None
    """The measure beside PHQ-9 and GAD-7 of "two of three", where its rule is in force."""
    every_session: frozenset[str] = frozenset()
    """The instruments asked at every session."""


def chosen() -> Chosen:
    """The choices in force today."""
    held = policy.in_force(BASELINE_RULE, THIRD_MEASURE)
    third = all_in_force()[str(held[THIRD_MEASURE.key])]
    rule = third.reliable_change
    counts = third.installed and rule is not None and rule.source.verified
    return Chosen(
        BaselineRule(str(held[BASELINE_RULE.key])),
        third if counts else None,
        frozenset(asked_each_time()),
    )
