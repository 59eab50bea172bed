"""The safety question, and who is told what became of a referral."""

import pytest

from mhtr.intake.rules import (
    ReferralSource,
    SafetyAnswer,
    SafetyPrompt,
    safety_prompt,
)


@pytest.mark.parametrize("answer", list(SafetyAnswer))
@pytest.mark.parametrize("in_custody", [True, False])
def test_anything_but_yes_is_urgent(answer: SafetyAnswer, in_custody: bool) -> None:
    prompt = safety_prompt(answer, in_custody=in_custody)
    urgent = answer is not SafetyAnswer.YES
    assert (prompt.urgent, prompt.record_handover) == (urgent, urgent)
    assert any("no emergency route" in words for words in prompt.words)
    if urgent:
        assert ("custody healthcare" in prompt.words[0]) is in_custody


def test_who_sees_what_became_of_it() -> None:
    told = {source for source in ReferralSource if source.sees_outcome}
    assert told == {
        ReferralSource.LIAISON_AND_DIVERSION,
        ReferralSource.COURT_PROBATION,
        ReferralSource.PROBATION_PRACTITIONER,
    }


NO_EMERGENCY = (
    "This form is no emergency route. Nobody reads it at once, and nobody will come because of it."
)
THEN = "Then record who you told and when, and carry on."
CUSTODY = "Tell custody healthcare and the custody sergeant now."
OUTSIDE = "Call 999 if his life is in danger. Otherwise call the local crisis line or NHS 111."


def test_what_the_safety_question_shows() -> None:
    yes, no, unsure = SafetyAnswer.YES, SafetyAnswer.NO, SafetyAnswer.NOT_SURE
    assert safety_prompt(yes) == SafetyPrompt(False, "Safe now", (NO_EMERGENCY,), False)
    words = (CUSTODY, NO_EMERGENCY, THEN)
    assert safety_prompt(no, in_custody=True) == SafetyPrompt(True, "Get help first", words, True)
    unsure_heading = "Not sure: get help first"
    there = safety_prompt(unsure, in_custody=True)
    assert there == SafetyPrompt(True, unsure_heading, words, True)
    # Nobody has said where he is: what to do in custody, and anywhere else.
    nowhere = (f"In custody: {CUSTODY}", f"Anywhere else: {OUTSIDE}", NO_EMERGENCY, THEN)
    assert safety_prompt(no).words == nowhere
    outside = (OUTSIDE, NO_EMERGENCY, THEN)
    assert safety_prompt(no, in_custody=False).words == outside
