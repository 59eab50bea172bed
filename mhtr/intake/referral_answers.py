"""A referral written back as the strings it was read from, for storing and for forms."""

from dataclasses import fields
from datetime import date, datetime

from mhtr.intake.referral import ReferralSubmission


def to_answers(submission: ReferralSubmission) -> dict[str, str]:
    """The answers that `read_referral` reads as this submission. What was not said is left out."""
    answers = {f.name: _text(getattr(submission, f.name)) for f in fields(submission)}
    return {name: text for name, text in answers.items() if text}


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)
