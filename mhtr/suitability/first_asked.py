"""What comes before every other question: he is told who reads the report, and asked if he agrees.

What the referral says of his agreement is only where this begins.
"""

from mhtr.suitability.sections import Answers

ASK_FIRST = "Ask him first whether he agrees to this assessment."
NOT_TOLD = "He was not told beforehand who reads the report and that it may be quoted."
ALL_THE_SAME = "A recommendation is made, although he does not agree to this assessment."


def not_asked(told: Answers, willingness: Answers) -> bool:
    """Whether nobody has asked him yet. A later answer about the report shows that he was."""
    return all(
        not isinstance(answer, bool)
        for answer in (told.get("agrees"), willingness.get("consent_report"))
    )


def refuses(told: Answers) -> bool:
    """Whether he said that he does not agree to be assessed."""
    return told.get("agrees") is False


def does_not_fit(told: Answers) -> tuple[str, ...]:
    """What does not fit in what he was told, in words. That he says no is a fact, and fits."""
    return (NOT_TOLD,) if told.get("readers") is False or told.get("quoted") is False else ()
