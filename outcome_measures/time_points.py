"""When in a man's way a measure was asked, and how its score came to be."""

from enum import StrEnum


class TimePoint(StrEnum):
    """The place of a measure in the episode."""

    PRE_SENTENCE = "pre_sentence"
    """At the assessment for court; shown apart from treatment."""
    BETWEEN = "between"
    """After sentence, not at a treatment session: induction, by telephone, by post."""
    SESSION = "session"
    """At a treatment session he attended."""
    FOLLOW_UP = "follow_up"
    """After discharge; never part of an outcome."""

    @property
    def words(self) -> str:
        """As a clinician reads it."""
        return _WORDS[self]


_WORDS = {
    TimePoint.PRE_SENTENCE: "before sentence",
    TimePoint.BETWEEN: "between sessions",
    TimePoint.SESSION: "treatment session",
    TimePoint.FOLLOW_UP: "follow-up",
}


def contact_name(point: TimePoint, session_number: int | None) -> str:
    """What a contact is called."""
    return f"Session {session_number}" if session_number else point.words.capitalize()


class Origin(StrEnum):
    """How the score came to be."""

    ITEMS = "items"
    """Scored from answers on record."""
    TOTAL = "total"
    """A total somebody typed in; the answers behind it are not on record."""


class MeasureMode(StrEnum):
    """How the answers were taken."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    VIDEO = "video"
    PAPER = "paper"
    SELF = "self"

    @property
    def words(self) -> str:
        """As a clinician reads it."""
        return _MODE_WORDS[self]


_MODE_WORDS = {
    MeasureMode.IN_PERSON: "in person",
    MeasureMode.TELEPHONE: "by telephone",
    MeasureMode.VIDEO: "by video",
    MeasureMode.PAPER: "on paper, entered afterwards",
    MeasureMode.SELF: "by himself",
}
