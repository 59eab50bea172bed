"""What is typed in of a total, and whether it can stand beside the answers that are known."""

from collections.abc import Mapping

from outcome_measures.definitions import NOT_REACHED, AnswerState, Instrument, Responses
from outcome_measures.scores.scoring import InvalidTotal, Score, typed_score
from outcome_measures.scores.typed import TOTAL

NO_TOTAL = (
    "A form with a question left without an answer has no total. Enter his answers one by one, or "
    "leave the form unfinished"
)

LEFT_OPEN = frozenset({AnswerState.DECLINED, AnswerState.SKIPPED})
"""Of a question that he would not answer, or that was passed over."""


def check_total(
    instrument: Instrument, total: int, parts: Mapping[str, int] | None, known: Responses
) -> Score:
    """The score of a typed-in total, if answers that are known leave room for it.

    Args:
        known: answers asked for beside the total, such as those to risk questions.

    Raises:
        InvalidTotal: out of range, more or less than the answers can add up to, or a question
            that counts was left without an answer: such a form has no total.
    """
    if unanswered := left_open(instrument, known):
        raise InvalidTotal({str(number): NO_TOTAL for number in unanswered})
    score = typed_score(instrument, total, parts)
    low, high = instrument.lowest, instrument.highest
    for item in instrument.scored_items:
        value = known.get(item.number, NOT_REACHED).value
        if value is not None:
            low += value - min(item.values)
            high -= max(item.values) - value
    if not low <= total <= high:
        said = "the answer typed in beside it" if len(known) == 1 else "the answers beside it"
        raise InvalidTotal({TOTAL: f"Total: with {said} it must be from {low} to {high}."})
    return score


def left_open(instrument: Instrument, known: Responses) -> tuple[int, ...]:
    """The questions that count and that he would not answer. Not known is not among them.

    What nobody knows may have been answered on paper; what he declined or passed over was not.
    """
    return tuple(
        item.number
        for item in instrument.scored_items
        if known.get(item.number, NOT_REACHED).state in LEFT_OPEN
    )


def place_of(instrument: Instrument, part: str) -> int:
    """The place of a subscale or tick among corrected answers, below the total's."""
    return -1 - part_names(instrument).index(part)


def part_names(instrument: Instrument) -> list[str]:
    """The ids of what is typed in beside a total, subscales first."""
    return [one.id for one in instrument.subscales] + [one.id for one in instrument.ticks]


def part_labels(instrument: Instrument) -> list[str]:
    """Their names, in the same order."""
    return [one.name for one in instrument.subscales] + [one.label for one in instrument.ticks]
