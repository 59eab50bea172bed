"""When an urgent handover can have been received: not before he was referred, and not to come."""

from collections.abc import Mapping
from datetime import date, datetime, time

from mhtr.cases.wording import day_words
from mhtr.suitability.sections import Answers

HANDOVERS = ("psychosis_handover", "handover", "secondary_care_handover")
"""The questions about who received it: `_on` and `_at` after each are its day and its time."""


def wrong_times(answers: Answers, referred_on: date, now: datetime) -> Mapping[str, str]:
    """What is wrong with the day or the time of a handover, by the question it stands beside.

    Args:
        referred_on: London day of the referral; its hour need not be known.
        now: London wall time.
    """
    found: dict[str, str] = {}
    for handover in HANDOVERS:
        given = answers.get(f"{handover}_on")
        if not isinstance(given, str) or not given:
            continue
        day, at = date.fromisoformat(given), answers.get(f"{handover}_at")
        if day < referred_on:
            found[f"{handover}_on"] = (
                f"He was referred on {day_words(referred_on)}: a handover from this assessment "
                "was not received before that"
            )
        elif day > now.date():
            found[f"{handover}_on"] = "The handover was received today or earlier"
        elif day == now.date() and isinstance(at, str) and at:
            if time.fromisoformat(at) > now.time().replace(tzinfo=None):
                found[f"{handover}_at"] = f"It is {now:%H:%M} now: the handover was received before"
    return found
