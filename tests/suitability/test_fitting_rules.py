"""Two answers of an assessment that do not fit: who cannot decide, and whom probation hears of."""

import pytest

from mhtr.suitability.first_asked import ALL_THE_SAME
from mhtr.suitability.fitting_rules import inconsistencies
from mhtr.suitability.sections import Section
from tests.suitability.test_rules import POLICY, TODAY, changed, found


@pytest.mark.parametrize(
    ("capacity", "words"), [("no", "without capacity"), ("unsure", "in doubt")]
)
def test_who_cannot_decide_has_not_declined(capacity: str, words: str) -> None:
    declined = (Section.RECOMMENDATION, "recommendation", "declined")
    unwilling = (Section.WILLINGNESS_CONSENT, "willing", "no")
    condition = (Section.CONDITIONS, "willingness", "not_met")
    assert found(declined, unwilling, condition) == []
    ((section, said),) = found(
        declined, unwilling, condition, (Section.CAPACITY, "capacity", capacity)
    )
    assert section is Section.RECOMMENDATION
    assert words in said


@pytest.mark.parametrize(
    ("asked", "needed", "differs"),
    [("Polish", False, True), ("Polish", True, False), ("", False, False), ("Polish", None, False)],
)
def test_an_interpreter_probation_asks_for_and_none_needed(
    asked: str, needed: bool | None, differs: bool
) -> None:
    assessment = changed(
        (Section.PRACTICAL, "interpreter", needed), (Section.PRACTICAL, "interpreter_used", True)
    )
    rows = inconsistencies(assessment, POLICY, TODAY, asked)
    assert [(r.section, "Polish" in r.words) for r in rows] == (
        [(Section.PRACTICAL, True)] if differs else []
    )


def test_that_he_does_not_agree_is_a_fact_and_no_inconsistency() -> None:
    no = (Section.TOLD, "agrees", False)
    declined = (Section.RECOMMENDATION, "recommendation", "declined")
    unwilling = (Section.WILLINGNESS_CONSENT, "willing", "no")
    condition = (Section.CONDITIONS, "willingness", "not_met")
    nothing_yet = (Section.RECOMMENDATION, "recommendation", None)
    assert found(no, declined, unwilling, condition) == []
    assert found(no, nothing_yet) == []
    assert (Section.RECOMMENDATION, ALL_THE_SAME) in found(no)


@pytest.mark.parametrize(
    ("crisis", "said", "differs"),
    [("no", True, True), ("unsure", True, False), ("yes", True, False), ("no", False, False)],
)
def test_question_9_above_zero_and_no_crisis(crisis: str, said: bool, differs: bool) -> None:
    assessment = changed(
        (Section.EXCLUSIONS, "crisis", crisis), (Section.RISK_NOW, "safety_plan", True)
    )
    answered = (
        "Question 9 of PHQ-9 (harm to himself) was answered “Nearly every day”" if said else ""
    )
    rows = inconsistencies(assessment, POLICY, TODAY, risk_answered=answered)
    found = [row.words for row in rows if row.section is Section.EXCLUSIONS]
    assert found == ([f"{answered}, and risk at crisis level is answered “no”."] if differs else [])
