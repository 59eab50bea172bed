"""What became of one question of a questionnaire."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class AnswerState(StrEnum):
    """What became of one question. None of these means zero; zero is an answer."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    NOT_APPLICABLE = "not_applicable"

    @property
    def words(self) -> str:
        """The state as a clinician reads it."""
        return _STATE_WORDS[self]


_STATE_WORDS = {
    AnswerState.ANSWERED: "answered",
    AnswerState.SKIPPED: "skipped",
    AnswerState.DECLINED: "“I'd rather not say”",
    AnswerState.NOT_REACHED: "not reached",
    AnswerState.NOT_APPLICABLE: "not applicable",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One recorded answer; ``value`` is set only when the state is ``ANSWERED``."""

    state: AnswerState
    value: int | None = None


# Answers by item number. A number that is absent was not reached.
Responses = Mapping[int, Answer]

NOT_REACHED = Answer(AnswerState.NOT_REACHED)
NOT_KNOWN = "not known (total typed in)"
"""The answer to a risk question beside a total that was typed in, where nobody knows it."""
