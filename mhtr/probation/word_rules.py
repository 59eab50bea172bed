"""What probation tells the service of a man, and what becomes of it: rules alone.

The service says that it has it, and then what it changed, or that nothing changes. Probation reads
both and not why; what it said can be taken back, or said anew, and stays on record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum


class Subject(StrEnum):
    """What probation tells of."""

    RISK = "risk"
    STAFF_SAFETY = "staff_safety"
    NO_CONTACT = "no_contact"
    KEEP_AWAY = "keep_away"
    ADDRESS = "address"
    REQUIREMENT = "requirement"


class Source(StrEnum):
    """How probation knows."""

    COURT = "court"
    POLICE = "police"
    HIMSELF = "himself"
    AGENCY = "agency"
    OWN = "own"
    OTHER = "other"


class StepKind(StrEnum):
    """What was done with it."""

    RECEIVED = "received"
    """Somebody of the service has read it."""
    CHANGED = "changed"
    NOTHING = "nothing"
    """Read, and nothing is changed by it."""
    WITHDRAWN = "withdrawn"
    """Probation takes it back."""
    REPLACED = "replaced"
    """Probation said it anew."""


class State(StrEnum):
    """Where it stands."""

    WAITS = "waits"
    RECEIVED = "received"
    CHANGED = "changed"
    NOTHING = "nothing"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


SUBJECT_WORDS: Mapping[Subject, str] = {
    Subject.RISK: "Risk of harm",
    Subject.STAFF_SAFETY: "Safety of staff",
    Subject.NO_CONTACT: "Somebody he must not meet",
    Subject.KEEP_AWAY: "A place he must keep away from",
    Subject.ADDRESS: "Change of address",
    Subject.REQUIREMENT: "Another requirement, and the times it takes",
}
SOURCE_WORDS: Mapping[Source, str] = {
    Source.COURT: "The order or another court order",
    Source.POLICE: "The police",
    Source.HIMSELF: "He said so",
    Source.AGENCY: "Another agency",
    Source.OWN: "What I saw or heard",
    Source.OTHER: "Another way",
}
STATE_WORDS: Mapping[State, str] = {
    State.WAITS: "Not received yet",
    State.RECEIVED: "Received",
    State.CHANGED: "Acted on",
    State.NOTHING: "Received, nothing to change",
    State.WITHDRAWN: "Taken back",
    State.REPLACED: "Said anew",
}
STATE_COLOURS: Mapping[State, str] = {
    State.WAITS: "orange",
    State.RECEIVED: "blue",
    State.CHANGED: "green",
    State.NOTHING: "green",
    State.WITHDRAWN: "grey",
    State.REPLACED: "grey",
}
OPEN = frozenset({State.WAITS, State.RECEIVED})
"""Somebody of the service is to do something with it."""
CLINICAL = frozenset({Subject.RISK, Subject.STAFF_SAFETY})
"""Clinicians see to these; to the others administrators do, and clinicians may."""
WITH_WHY = CLINICAL | {Subject.NO_CONTACT, Subject.KEEP_AWAY}
"""Of these there is a reason, which only clinicians read."""
_BECOMES = {
    StepKind.RECEIVED: State.RECEIVED,
    StepKind.CHANGED: State.CHANGED,
    StepKind.NOTHING: State.NOTHING,
    StepKind.WITHDRAWN: State.WITHDRAWN,
    StepKind.REPLACED: State.REPLACED,
}
_MAY: Mapping[StepKind, frozenset[State]] = {
    StepKind.RECEIVED: frozenset({State.WAITS}),
    StepKind.CHANGED: OPEN,
    StepKind.NOTHING: OPEN,
    StepKind.WITHDRAWN: frozenset(State) - {State.WITHDRAWN, State.REPLACED},
    StepKind.REPLACED: frozenset(State) - {State.WITHDRAWN, State.REPLACED},
}
FURTHEST = timedelta(days=3 * 366)
"""No order lasts longer."""

WHY = "Say why, in a way that clinicians can act on"
FACT = "Enter what whoever works with him needs to know"
TIMES = "Enter from what time until what time it takes him"
SAME_TIME = "It must not end at the time at which it starts"
DAY = "Select the day of the week"
NO_FIRST = "Enter from which day it holds"
LAST_BEFORE = "The last day must not lie before the first"
TOO_FAR = "No order lasts so long: check the year"
PAST = "It is over already: nothing can be changed by it"
IN_FUTURE = "It must hold by now, or from a day within a year"


@dataclass(frozen=True)
class Said:
    """What probation tells. `fact`: for all of the service; `why`: for its clinicians."""

    subject: Subject
    source: Source
    urgent: bool
    fact: str = ""
    why: str = ""
    first_day: date | None = None
    last_day: date | None = None
    postcode: str = ""
    weekday: int | None = None
    starts: time | None = None
    ends: time | None = None


def state_of(steps: Iterable[StepKind]) -> State:
    """Where it stands after these steps, the first one first."""
    last = State.WAITS
    for one in steps:
        last = _BECOMES[one]
    return last


def may(step: StepKind, state: State) -> bool:
    """Whether something can be done with it as it stands."""
    return state in _MAY[step]


def objections(said: Said, today: date) -> tuple[tuple[str, str], ...]:
    """What is wrong with it: the field and words for it."""
    found: list[tuple[str, str]] = []
    if said.subject is Subject.RISK:
        if not said.why.strip():
            found.append(("why", WHY))
    elif not said.fact.strip():
        found.append(("fact", FACT))
    if said.subject is Subject.REQUIREMENT:
        found += _times(said)
    return (*found, *_days(said, today))


def _times(said: Said) -> Sequence[tuple[str, str]]:
    found = []
    if said.weekday is None:
        found.append(("weekday", DAY))
    if said.starts is None or said.ends is None:
        found.append(("starts", TIMES))
    elif said.starts == said.ends:
        found.append(("ends", SAME_TIME))
    if said.first_day is None:
        found.append(("first_day", NO_FIRST))
    return found


def _days(said: Said, today: date) -> Sequence[tuple[str, str]]:
    first, last = said.first_day, said.last_day
    found = []
    if first is not None and first > today + timedelta(days=366):
        found.append(("first_day", IN_FUTURE))
    if first is not None and last is not None and last < first:
        found.append(("last_day", LAST_BEFORE))
    elif last is not None and last < today:
        found.append(("last_day", PAST))
    elif last is not None and last > today + FURTHEST:
        found.append(("last_day", TOO_FAR))
    return found
