"""What happened at a session's time, as fact: the answers of the question tree and what follows.

Nothing here classifies an absence: whether a reason is a reasonable excuse is probation's to say.
"""

from enum import StrEnum


class Happened(StrEnum):
    """What happened. What the service caused is a value of its own, so it is never an absence."""

    SEEN = "seen"
    SEEN_LATE = "seen_late"
    """He came late and was still seen."""
    TOO_LATE = "too_late"
    """He came, too late to be seen."""
    NOT_SEEN_BY_US = "not_seen_by_us"
    """He came and the service could not see him."""
    DID_NOT_COME = "did_not_come"
    HE_CANCELLED = "he_cancelled"
    WE_CANCELLED = "we_cancelled"
    OTHERS_CANCELLED = "others_cancelled"
    """Probation or a court needed him elsewhere."""


TOOK_PLACE = frozenset({Happened.SEEN, Happened.SEEN_LATE})
NEVER_HIS = frozenset({Happened.NOT_SEEN_BY_US, Happened.WE_CANCELLED, Happened.OTHERS_CANCELLED})
"""What can never count against him."""
MISSED = frozenset({Happened.TOO_LATE, Happened.DID_NOT_COME, Happened.HE_CANCELLED})


class ReasonGiven(StrEnum):
    """The reason he or somebody for him gave, if any. A category: detail stays with clinicians."""

    NONE_YET = "none_yet"
    ILLNESS = "illness"
    DISABILITY = "disability"
    CARING = "caring"
    WORK = "work"
    SAFETY = "safety"
    HOUSING = "housing"
    COURT = "court"
    CUSTODY = "custody"
    TRANSPORT = "transport"
    FORGOT = "forgot"
    OTHER = "other"
