"""Whether recorded answers can stand, with a message for each field that cannot."""

from collections.abc import Iterable, Mapping

from outcome_measures.definitions import (
    NOT_REACHED,
    Answer,
    AnswerState,
    Instrument,
    Item,
    Responses,
)

NOT_APPLICABLE_WORD = "n/a"
"""In a place of a file: the question does not apply, such as a third goal of a man with two."""


def does_not_apply(text: str) -> bool:
    """Whether a place of a file says that its question does not apply to him."""
    return text.strip().casefold() == NOT_APPLICABLE_WORD


class InvalidResponses(ValueError):
    """Answers that cannot stand. ``problems`` maps item numbers to messages for the field.

    Messages never repeat what was entered, so they may be logged.
    """

    def __init__(self, problems: Mapping[int, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


def refuse_invalid(
    instrument: Instrument,
    responses: Responses,
    items: Iterable[Item],
    *,
    strangers_refused: bool = True,
) -> None:
    """Raise ``InvalidResponses`` with every problem of these items' answers at once.

    With ``strangers_refused`` an answer to a question that the form does not have is one too.
    """
    known = {item.number: item for item in instrument.items}
    problems: dict[int, str] = {}
    if strangers_refused:
        # True and 1 are the same key to a dictionary, so the type is checked as well.
        problems |= {
            number: f"Question {number} is not part of {instrument.name}."
            for number in responses
            if type(number) is not int or number not in known
        }
    for item in items:
        problem = _problem(item, responses.get(item.number, NOT_REACHED))
        if problem:
            problems[item.number] = problem
    if problems:
        raise InvalidResponses(problems)


def _problem(item: Item, answer: Answer) -> str | None:
    question = f"Question {item.number}"
    if type(answer) is not Answer or type(answer.state) is not AnswerState:
        return f"{question}: this is not a recorded answer."
    if answer.state is not AnswerState.ANSWERED:
        if answer.value is None:
            return None
        return f"{question} has an answer but is marked {answer.state.words}."
    if answer.value is None:
        return f"{question} is marked answered but has no answer."
    # bool is a kind of int in Python; True is not the answer 1.
    if type(answer.value) is not int or answer.value not in item.values:
        *most, last = (str(value) for value in item.values)
        return f"{question}: choose {', '.join(most)} or {last}."
    return None
