"""The answers a referral can give where it chooses one of a few, with the words pages show."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from mhtr.cases.facts import StageOfCase
from mhtr.intake.eligibility import Willingness


class Safety(StrEnum):
    """Answer to "Is he safe now?"."""

    SAFE = "safe"
    HEALTHCARE_TOLD = "healthcare_told"
    """Urgent: custody healthcare has been told, and who took it is recorded."""
    NOT_KNOWN = "not_known"


class Level(StrEnum):
    """How great the need or the risk seemed at screening: the screener's words, no score."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NOT_KNOWN = "not_known"


class Urgency(StrEnum):
    """How soon he should be seen."""

    ROUTINE = "routine"
    SOON = "soon"
    URGENT = "urgent"


class Answer(StrEnum):
    """Yes, no, or not known; not known is never yes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class HowAgreed(StrEnum):
    """How he was asked whether he agrees to the referral."""

    FACE_TO_FACE = "face_to_face"
    TELEPHONE = "telephone"
    VIDEO = "video"
    WRITING = "writing"


class HearingPurpose(StrEnum):
    """What the next hearing is for."""

    PLEA = "plea"
    SENTENCE = "sentence"
    OTHER = "other"


class PsrKind(StrEnum):
    """The pre-sentence report the court has asked for."""

    ORAL = "oral"
    SHORT = "short"
    STANDARD = "standard"


WORDS: Mapping[StrEnum, str] = MappingProxyType(
    {
        Safety.SAFE: "Yes, he is safe now",
        Safety.HEALTHCARE_TOLD: "No. I have told custody healthcare",
        Safety.NOT_KNOWN: "I am not sure, or nobody has been told yet",
        Urgency.ROUTINE: "Routine",
        Urgency.SOON: "Soon: before the next hearing",
        Urgency.URGENT: "Urgent: today",
        HowAgreed.FACE_TO_FACE: "Face to face",
        HowAgreed.TELEPHONE: "By telephone",
        HowAgreed.VIDEO: "By video",
        HowAgreed.WRITING: "In writing",
        HearingPurpose.PLEA: "Plea",
        HearingPurpose.SENTENCE: "Sentence",
        HearingPurpose.OTHER: "Something else",
        PsrKind.ORAL: "Oral, same day",
        PsrKind.SHORT: "Short written report",
        PsrKind.STANDARD: "Standard report",
        StageOfCase.UNDER_INVESTIGATION: "Under investigation",
        StageOfCase.CHARGED: "Charged",
        StageOfCase.NOT_GUILTY_PLEA: "Not guilty plea",
        StageOfCase.GUILTY_PLEA: "Guilty plea",
        StageOfCase.FOUND_GUILTY: "Found guilty",
        StageOfCase.AWAITING_SENTENCE: "Awaiting sentence",
        Willingness.WILLING: "Yes, he agrees",
        Willingness.UNSURE: "He is not sure yet",
        Willingness.NOT_WILLING: "No, he does not want it",
        Willingness.NOT_ASKED: "He has not been asked yet",
    }
)
LEVEL_WORDS: Mapping[Level, str] = MappingProxyType(
    {
        Level.LOW: "Low",
        Level.MEDIUM: "Medium",
        Level.HIGH: "High",
        Level.NOT_KNOWN: "Not known",
    }
)
ANSWER_WORDS: Mapping[Answer, str] = MappingProxyType(
    {Answer.YES: "Yes", Answer.NO: "No", Answer.UNKNOWN: "Not known"}
)
