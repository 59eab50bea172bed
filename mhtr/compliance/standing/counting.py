"""Which sessions can count as a failure at all, and why another never does."""

from collections.abc import Sequence
from datetime import date

from mhtr.compliance.attendance import MISSED, NEVER_HIS, Happened
from mhtr.compliance.standing.facts import Decided, Notice, Session, TermsHeld
from mhtr.compliance.standing.readings import HisCancellation, Readings

VOLUNTARY = "It was voluntary: it is never compliance."
NOT_RECORDED = "What happened is not recorded yet."
NOT_HIS = "It was not his doing, and never counts."
SEEN = "He came and was seen."
NO_PERIOD = "It lies outside the period of the requirement."
OVER = "The order was over."
NOT_PROVEN = (
    "That he was told of it is not proven. It does not count until probation records why it should."
)
NOT_USABLE = (
    "He was not told in a form he can use. It does not count until probation records why it should."
)
CANCELLED = "He cancelled it beforehand, which is read as no failure."
_UNPROVEN = {Notice.NOT_PROVEN: NOT_PROVEN, Notice.NOT_USABLE: NOT_USABLE}


def terms_on(terms: Sequence[TermsHeld], day: date) -> TermsHeld | None:
    """What the order said on a day; `terms` in the order in which they took effect."""
    return next((one for one in reversed(terms) if one.on <= day), None)


def why_not(
    session: Session,
    decided: Decided | None,
    *,
    terms: TermsHeld | None,
    over: bool,
    readings: Readings,
) -> str | None:
    """Why a session can be no failure; None where it can.

    Args:
        decided: probation's decision that counts, which alone makes an unproven notice count.
        over: whether the order was over on the day of the session.
    """
    if never := _never(session, readings):
        return never
    if terms is None or not any(first <= session.on <= last for first, last in terms.periods):
        return NO_PERIOD
    if over:
        return OVER
    if session.notice is Notice.PROVEN or (decided is not None and decided.notice_counts):
        return None
    return _UNPROVEN[session.notice]


def _never(session: Session, readings: Readings) -> str | None:
    """What follows from what happened alone."""
    happened = session.happened
    if not session.required:
        return VOLUNTARY
    if happened is None:
        return NOT_RECORDED
    if happened in NEVER_HIS:
        return NOT_HIS
    if happened not in MISSED:
        return None if session.described else SEEN
    never = readings.his_cancellation is HisCancellation.NEVER_COUNTS
    return CANCELLED if never and happened is Happened.HE_CANCELLED else None
