"""What a safeguarding referral says and what becomes of it: codes and words."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """Who is at risk."""

    ADULT = "adult"
    CHILD = "child"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.ADULT: "An adult with care and support needs (he himself, or somebody else)",
    Kind.CHILD: "A child",
}
TITLES: Mapping[Kind, str] = {
    Kind.ADULT: "Safeguarding adult referral",
    Kind.CHILD: "Safeguarding child referral",
}


class Agreed(StrEnum):
    """Whether whoever it is about (of a child: who has parental responsibility) agreed to it."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"


AGREED_WORDS: Mapping[Agreed, str] = {
    Agreed.YES: "Yes",
    Agreed.NO: "No: it is made all the same",
    Agreed.NOT_ASKED: "Nobody was asked",
}


class Knows(StrEnum):
    """Whether the man knows that it is made."""

    TOLD = "told"
    NOT_TOLD = "not_told"


KNOWS_WORDS: Mapping[Knows, str] = {
    Knows.TOLD: "Yes, he was told",
    Knows.NOT_TOLD: "No, he was not told",
}


class StepKind(StrEnum):
    """What became of it."""

    ACKNOWLEDGED = "acknowledged"
    OUTCOME = "outcome"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"
    """The step before was recorded by mistake."""


STEP_WORDS: Mapping[StepKind, str] = {
    StepKind.ACKNOWLEDGED: "The authority acknowledged it",
    StepKind.OUTCOME: "The authority told its outcome",
    StepKind.CLOSED: "It is closed here",
    StepKind.TAKEN_BACK: "The last step was a mistake",
}


class State(StrEnum):
    """Where it stands."""

    MADE = "made"
    ACKNOWLEDGED = "acknowledged"
    OUTCOME = "outcome"
    CLOSED = "closed"


STATE_WORDS: Mapping[State, tuple[str, str]] = {
    State.MADE: ("Waits to be acknowledged", "yellow"),
    State.ACKNOWLEDGED: ("Acknowledged", "blue"),
    State.OUTCOME: ("Outcome known", "blue"),
    State.CLOSED: ("Closed", "grey"),
}
