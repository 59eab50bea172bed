"""What happened at a session's time, as fact: the answers of the question tree and what follows.

Nothing here classifies an absence: whether a reason is a reasonable excuse is probation's to say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
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
OURS = frozenset({Happened.NOT_SEEN_BY_US, Happened.WE_CANCELLED})
"""What the service itself caused: once that is on record, nothing later makes an absence of it."""
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
    NOT_SAID = "not_said"
    """He was asked and gave none."""


HAPPENED_WORDS: Mapping[Happened, str] = {
    Happened.SEEN: "Came and was seen",
    Happened.SEEN_LATE: "Came late and was still seen",
    Happened.TOO_LATE: "Came too late to be seen",
    Happened.DID_NOT_COME: "Did not come",
    Happened.HE_CANCELLED: "He cancelled beforehand",
    Happened.NOT_SEEN_BY_US: "Came, and we could not see him",
    Happened.WE_CANCELLED: "We cancelled or could not hold it",
    Happened.OTHERS_CANCELLED: "Probation or a court needed him elsewhere",
}
"""In the order of the question tree: it took place; he missed it; it was not his doing."""

REASON_WORDS: Mapping[ReasonGiven, str] = {
    ReasonGiven.NONE_YET: "No reason yet",
    ReasonGiven.ILLNESS: "Ill",
    ReasonGiven.DISABILITY: "Disability",
    ReasonGiven.CARING: "Family or caring for somebody",
    ReasonGiven.WORK: "Work",
    ReasonGiven.SAFETY: "Not safe to come",
    ReasonGiven.HOUSING: "Housing",
    ReasonGiven.COURT: "Court or a solicitor",
    ReasonGiven.CUSTODY: "In custody",
    ReasonGiven.TRANSPORT: "Transport",
    ReasonGiven.FORGOT: "Forgot",
    ReasonGiven.OTHER: "Another reason",
    ReasonGiven.NOT_SAID: "Asked, and gave none",
}

BEFOREHAND = frozenset({Happened.HE_CANCELLED, Happened.WE_CANCELLED, Happened.OTHERS_CANCELLED})
"""What can be known before the session was to begin."""
LONGEST_LATE = 240
"""Minutes."""
TOO_SOON = "The session has not begun. Record what happened once it has."
HOW_LATE = f"Enter how many minutes late he was, from 1 to {LONGEST_LATE}."
NOT_LATE = "Minutes are recorded only where he came late and was still seen."
NOT_MISSED = "A reason is recorded only where he missed the session."
NO_REASON = "Say which kind of reason it was, or take the detail out."


@dataclass(frozen=True)
class Told:
    """What somebody records of one man's session: facts, in his own words where it is text."""

    happened: Happened
    minutes_late: int | None = None
    reason: ReasonGiven = ReasonGiven.NONE_YET
    reason_detail: str = ""
    described: str = ""
    """Behaviour as a described fact that probation must know. Probation reads it."""
    concern: str = ""

    @property
    def clinical(self) -> bool:
        """Whether it says what only clinicians write and read."""
        return bool(self.reason_detail or self.concern)


def objections(told: Told, *, starts_at: datetime, now: datetime) -> tuple[tuple[str, str], ...]:
    """What is wrong with it: the field and words for it; empty where nothing is."""
    found = []
    if now < starts_at and told.happened not in BEFOREHAND:
        found.append(("happened", TOO_SOON))
    late = told.happened is Happened.SEEN_LATE
    if late and not (told.minutes_late and 1 <= told.minutes_late <= LONGEST_LATE):
        found.append(("minutes_late", HOW_LATE))
    if not late and told.minutes_late is not None:
        found.append(("minutes_late", NOT_LATE))
    if told.happened not in MISSED and told.reason is not ReasonGiven.NONE_YET:
        found.append(("reason", NOT_MISSED))
    if told.reason_detail and told.reason is ReasonGiven.NONE_YET:
        found.append(("reason", NO_REASON))
    return tuple(found)


def turns_against_him(before: Iterable[Happened], now: Happened) -> bool:
    """Whether a record would make an absence of what the service said that it caused.

    Args:
        before: everything that was recorded of the session, whatever counts now.
    """
    return now in MISSED and not OURS.isdisjoint(before)


def is_unexplained(happened: Happened, reason: ReasonGiven) -> bool:
    """Whether he missed it and nobody knows why: he is to be reached the same day."""
    return happened in MISSED and reason is ReasonGiven.NONE_YET


def needs_call(happened: Happened, *, worse: bool, risk_open: bool) -> bool:
    """Whether a miss is first of all a question of how he is.

    Args:
        worse: his last score is reliably worse than the one before, or in a higher band.
        risk_open: a sign of risk waits for a clinician.
    """
    return happened in MISSED and (worse or risk_open)


def in_words(happened: Happened, minutes_late: int | None = None) -> str:
    """What happened, as every page says it."""
    if happened is Happened.SEEN_LATE and minutes_late:
        unit = "minute" if minutes_late == 1 else "minutes"
        return f"Came {minutes_late} {unit} late and was still seen"
    return HAPPENED_WORDS[happened]
