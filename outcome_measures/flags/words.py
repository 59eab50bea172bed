"""The rules and reasons of flags in the words a clinician reads. A score changed; he did not.

A number that is the service's own says so: it is policy and no clinical fact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from outcome_measures.flag_kinds import FlagKind
from outcome_measures.series import Pair

KIND_WORDS = {
    FlagKind.RISK: "Risk question",
    FlagKind.WORSE: "Score up",
    FlagKind.MIXED: "One score down, one up",
    FlagKind.NO_RELIABLE_CHANGE: "No reliable change",
    FlagKind.ABOVE_CUT_OFF: "Above the cut-off near the end",
    FlagKind.NOT_MEASURED: "Not measured",
    FlagKind.CROSSED: "Below the cut-offs",
}
RISE_WORDS = "Answer about risk up"
LOCAL = "a number this service has set"


@dataclass(frozen=True, slots=True)
class Grounds:
    """The names and numbers of one rule."""

    instrument: str = ""
    question: str = ""
    """A question about risk, as within a sentence."""
    rose: bool = False
    reliable: int = 0
    sessions: int = 0


def rule_words(kind: FlagKind, grounds: Grounds) -> str:
    """A flag's rule in one sentence, local thresholds named as such."""
    name, number = grounds.instrument, grounds.sessions
    words = {
        FlagKind.RISK: (
            f"{capital(grounds.question)} is above 0, was not answered or is not known."
        ),
        FlagKind.WORSE: (
            f"{name} is at least {points(grounds.reliable)} above the first score: "
            "more than measurement error."
        ),
        FlagKind.MIXED: (
            "One score went down and another went up, each by more than measurement error."
        ),
        FlagKind.NO_RELIABLE_CHANGE: (
            f"From session {number} on ({LOCAL}), no score differs from the first by more than "
            "measurement error."
        ),
        FlagKind.ABOVE_CUT_OFF: (
            f"A score is at its cut-off or above, {_to_go(number)} ({LOCAL})."
        ),
        FlagKind.NOT_MEASURED: (
            f"No two complete {name} scores by session {number} ({LOCAL}), or the latest session "
            "has none."
        ),
        FlagKind.CROSSED: "Every score is below its cut-off, and at the start one was not.",
    }
    if kind is FlagKind.RISK and grounds.rose:
        return f"The answer to {grounds.question} is higher than the time before."
    return words[kind]


def moved(name: str, both: Pair) -> str:
    """From which score to which: “PHQ-9 score changed from 9 to 16 (up 7), 3 March to 5 May.”"""
    first, last = both.totals
    between = f"{day(both.first.on)} to {day(both.last.on)}"
    if first == last:
        return f"{name} score unchanged at {last}, {between}."
    way = "up" if last > first else "down"
    return f"{name} score changed from {first} to {last} ({way} {abs(last - first)}), {between}."


def capital(words: str) -> str:
    """As a sentence begins."""
    return words[:1].upper() + words[1:]


def points(number: int) -> str:
    """`1 point`, `6 points`."""
    return "1 point" if number == 1 else f"{number} points"


def day(value: date) -> str:
    """`3 February 2026`."""
    return f"{value.day} {value:%B %Y}"


def listed(texts: Sequence[str]) -> str:
    """`PHQ-9`, `PHQ-9 and GAD-7`, `A, B and C`."""
    *most, last = texts
    return f"{', '.join(most)} and {last}" if most else last


def _to_go(sessions: int) -> str:
    if sessions == 0:
        return "at the last planned session"
    return f"with {sessions} or fewer sessions to go" if sessions > 1 else "with 1 session to go"
