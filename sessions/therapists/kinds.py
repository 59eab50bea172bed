"""Who has to agree to a change of a man's therapist, how, why it is proposed, what became of it."""

from collections.abc import Mapping
from enum import StrEnum


class Party(StrEnum):
    """Whose agreement is needed."""

    THERAPIST = "therapist"
    LEAD = "lead"
    HIM = "him"


class Answer(StrEnum):
    """What one of them said."""

    AGREES = "agrees"
    REFUSES = "refuses"
    NOT_THERE = "not_there"
    """The therapist cannot be asked: a fact that the program knows."""


class How(StrEnum):
    """How the answer came."""

    SIGNED_IN = "signed_in"
    """By himself, signed in."""
    ON_RECORD = "on_record"
    """From what is on record of the therapist's absence."""
    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    LETTER = "letter"


class Absence(StrEnum):
    """Why a therapist cannot be asked."""

    LEFT = "left"
    SHUT_OUT = "shut_out"
    """May not see his record any more."""
    LONG_LEAVE = "long_leave"


class Why(StrEnum):
    """Why another therapist is proposed. For clinicians."""

    LEFT = "left"
    LONG_LEAVE = "long_leave"
    HE_ASKED = "he_asked"
    NOT_WORKING = "not_working"
    ANOTHER_THERAPY = "another_therapy"
    TIMES = "times"
    SAFETY = "safety"
    OTHER = "other"


class Booked(StrEnum):
    """What becomes of the sessions booked with the therapist he has had."""

    MOVE = "move"
    """To the new therapist at the same times, where that is possible."""
    LIST = "list"
    """They stay, and are listed to be booked anew."""


class State(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Lapse(StrEnum):
    """Why a proposal lapsed."""

    COURSE = "course"
    DIED = "died"
    TRUST = "trust"


ASKED_HOW = (How.IN_PERSON, How.TELEPHONE, How.LETTER)
"""How he can be asked. His own pages come later."""
HOW_WORDS: Mapping[How, str] = {
    How.SIGNED_IN: "signed in",
    How.ON_RECORD: "from what is on record",
    How.IN_PERSON: "in person",
    How.TELEPHONE: "by telephone",
    How.LETTER: "by letter",
}
PARTY_WORDS: Mapping[Party, str] = {
    Party.THERAPIST: "his therapist",
    Party.LEAD: "a clinical lead",
    Party.HIM: "him",
}
ABSENCE_WORDS: Mapping[Absence, str] = {
    Absence.LEFT: "has left",
    Absence.SHUT_OUT: "may not open his record any more",
    Absence.LONG_LEAVE: "is on long leave",
}
WHY_WORDS: Mapping[Why, str] = {
    Why.LEFT: "His therapist leaves or has left",
    Why.LONG_LEAVE: "His therapist is away for long",
    Why.HE_ASKED: "He asked for another therapist",
    Why.NOT_WORKING: "They do not get on with the work together",
    Why.ANOTHER_THERAPY: "He needs a therapy or a skill that another therapist has",
    Why.TIMES: "No time suits them both",
    Why.SAFETY: "The safety of one of them",
    Why.OTHER: "Another reason",
}
BOOKED_WORDS: Mapping[Booked, str] = {
    Booked.MOVE: "Move them to the new therapist at the same times, where that is possible",
    Booked.LIST: "Leave them, and list them under To book to be moved one by one",
}
STATE_WORDS: Mapping[State, str] = {
    State.OPEN: "Proposed",
    State.DONE: "Done",
    State.REFUSED: "Refused",
    State.WITHDRAWN: "Withdrawn",
    State.LAPSED: "Lapsed",
}
STATE_COLOURS: Mapping[State, str] = {
    State.OPEN: "blue",
    State.DONE: "green",
    State.REFUSED: "red",
    State.WITHDRAWN: "grey",
    State.LAPSED: "grey",
}
LAPSE_WORDS: Mapping[Lapse, str] = {
    Lapse.COURSE: "His course ended",
    Lapse.DIED: "He has died",
    Lapse.TRUST: "Another trust treats him now",
}
