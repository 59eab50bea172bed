"""From answers to risk signals. They depend on nothing but the risk items themselves."""

from dataclasses import dataclass

from outcome_measures.definitions import (
    NOT_REACHED,
    Answer,
    AnswerState,
    Instrument,
    Item,
    Responses,
    RiskTo,
)
from outcome_measures.scores.answer_checks import refuse_invalid


@dataclass(frozen=True, slots=True)
class RiskSignal:
    """A risk item that a clinician must look at. It carries the answer, never a level of risk.

    ``to`` says whom the question is about: harm to himself and harm to others are two things.
    """

    item_number: int
    reason: str
    value: int | None
    to: RiskTo | None = RiskTo.SELF
    """None where nobody knows: the questionnaire is not installed."""


WHOLE_FORM = 0
"""Stands for the questions of a questionnaire that is not installed."""
NOBODY_KNOWS = (
    "This questionnaire is not installed any more: which of its questions ask about risk, nobody "
    "knows."
)


def risk_signals(
    instrument: Instrument, responses: Responses, *, submitted: bool
) -> tuple[RiskSignal, ...]:
    """The risk items that need a clinician: one or more, or no answer, at any total.

    An item put aside on purpose (skipped, declined, not applicable) signals as soon as it is
    recorded. An item not reached signals once ``submitted``: handed in, closed or expired.
    A questionnaire that is not installed signals as a whole, whatever was answered.
    Raises ``InvalidResponses`` only for a risk item's own answer; a fault elsewhere on the form
    never hides a signal.
    """
    if not instrument.installed:
        return (RiskSignal(WHOLE_FORM, NOBODY_KNOWS, None, None),) if submitted else ()
    refuse_invalid(instrument, responses, instrument.risk_items, strangers_refused=False)
    signals = (
        _risk_signal(item, responses.get(item.number, NOT_REACHED), submitted=submitted)
        for item in instrument.risk_items
    )
    return tuple(signal for signal in signals if signal is not None)


def _risk_signal(item: Item, answer: Answer, *, submitted: bool) -> RiskSignal | None:
    question = f"Question {item.number}"
    if answer.state is AnswerState.ANSWERED:
        if not answer.value:
            return None
        label = next(option.label for option in item.options if option.value == answer.value)
        said = f"{question} was answered “{label}”."
        return RiskSignal(item.number, said, answer.value, item.risk_to)
    if answer.state is AnswerState.NOT_REACHED:
        if not submitted:
            return None
        unsaid = f"{question} had no answer when the form ended."
    else:
        unsaid = f"{question} has no answer: {answer.state.words}."
    return RiskSignal(item.number, unsaid, None, item.risk_to)
