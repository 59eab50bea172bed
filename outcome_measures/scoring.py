"""Scoring: from answers to a score with its reasons, and from answers to risk signals.

There is no total, band or caseness from an incomplete form. Risk signals depend on nothing but the
risk items: not on the total, not on whether the rest is complete or even sound.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from outcome_measures.definitions import (
    NOT_REACHED,
    Answer,
    AnswerState,
    Band,
    Instrument,
    Item,
    Responses,
)


class InvalidResponses(ValueError):
    """Answers that cannot stand. ``problems`` maps item numbers to messages for the field.

    Messages never repeat what was entered, so they may be logged.
    """

    def __init__(self, problems: Mapping[int, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


class CaseStatus(StrEnum):
    """Whether a total reaches the cut-off. Independent of the severity band."""

    CASE = "case"
    NOT_A_CASE = "not_a_case"
    NOT_CLASSIFIABLE = "not_classifiable"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a published rule makes of an incomplete form, in points to one decimal place.

    Not a score: it has no band and no caseness, and no outcome may use it. ``label`` says so and
    is shown wherever the value is.
    """

    value: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Score:
    """A scored form. ``total``, ``band`` and caseness need every scored item answered.

    ``answered`` of ``questions`` scored items have an answer. ``at_least`` is the lowest total the
    missing answers could still lead to, and is set only while the form is incomplete.
    """

    instrument_id: str
    instrument_version: str
    complete: bool
    answered: int
    questions: int
    total: int | None
    band: Band | None
    caseness: CaseStatus
    at_least: int | None
    estimate: Estimate | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskSignal:
    """A risk item that a clinician must look at. It carries the answer, never a level of risk."""

    item_number: int
    reason: str
    value: int | None


def score(instrument: Instrument, responses: Responses) -> Score:
    """Score ``responses``. Raises ``InvalidResponses`` if any answer cannot stand.

    Sources are those of the instrument; a rule whose source is not verified is not applied.
    """
    _refuse_invalid(instrument, responses, instrument.items)
    missing = missing_items(instrument, responses)
    if missing:
        return _incomplete(instrument, responses, missing)
    total = sum(_points(instrument, responses))
    band, band_reason = _band(instrument, total)
    caseness, caseness_reason = _caseness(instrument, total)
    questions = len(instrument.scored_items)
    return Score(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        complete=True,
        answered=questions,
        questions=questions,
        total=total,
        band=band,
        caseness=caseness,
        at_least=None,
        estimate=None,
        reasons=(
            f"All {questions} questions answered: {total} out of {instrument.highest}.",
            band_reason,
            caseness_reason,
        ),
    )


def missing_items(instrument: Instrument, responses: Responses) -> tuple[Item, ...]:
    """The scored items without an answer, whatever the reason, in order."""
    return tuple(
        item
        for item in instrument.scored_items
        if responses.get(item.number, NOT_REACHED).state is not AnswerState.ANSWERED
    )


def items_to_ask(instrument: Instrument, responses: Responses) -> tuple[Item, ...]:
    """The items this person should be asked, given the answers so far.

    An item that depends on the total is asked as soon as the total is sure to be high enough.
    Raises ``InvalidResponses`` if an answer cannot stand.
    """
    _refuse_invalid(instrument, responses, instrument.items)
    sure_total = _lowest_possible(instrument, responses)
    return tuple(
        item
        for item in instrument.items
        if item.asked_only_if is None or sure_total > item.asked_only_if.points
    )


def risk_signals(
    instrument: Instrument, responses: Responses, *, submitted: bool
) -> tuple[RiskSignal, ...]:
    """The risk items that need a clinician: one or more, or no answer, at any total.

    An item put aside on purpose (skipped, declined, not applicable) signals as soon as it is
    recorded. An item not reached signals once ``submitted``: handed in, closed or expired.
    Raises ``InvalidResponses`` only for a risk item's own answer; a fault elsewhere on the form
    never hides a signal.
    """
    _refuse_invalid(instrument, responses, instrument.risk_items, strangers_refused=False)
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
        return RiskSignal(item.number, f"{question} was answered “{label}”.", answer.value)
    if answer.state is AnswerState.NOT_REACHED:
        if not submitted:
            return None
        return RiskSignal(item.number, f"{question} had no answer when the form ended.", None)
    return RiskSignal(item.number, f"{question} has no answer: {answer.state.words}.", None)


def _incomplete(instrument: Instrument, responses: Responses, missing: tuple[Item, ...]) -> Score:
    questions = len(instrument.scored_items)
    answered = questions - len(missing)
    at_least = _lowest_possible(instrument, responses)
    estimate = _estimate(instrument, responses, len(missing))
    without = "; ".join(
        f"question {item.number} {responses.get(item.number, NOT_REACHED).state.words}"
        for item in missing
    )
    reasons = [
        f"{answered} of {questions} questions answered, so there is no total, band or caseness.",
        f"Without an answer: {without}.",
        f"The total would be at least {at_least}.",
    ]
    if estimate:
        reasons.append(f"{estimate.label}: {estimate.value}.")
    return Score(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        complete=False,
        answered=answered,
        questions=questions,
        total=None,
        band=None,
        caseness=CaseStatus.NOT_CLASSIFIABLE,
        at_least=at_least,
        estimate=estimate,
        reasons=tuple(reasons),
    )


def _estimate(instrument: Instrument, responses: Responses, missing: int) -> Estimate | None:
    rule = instrument.estimate_rule
    points = _points(instrument, responses)
    if rule is None or not rule.source.verified or missing > rule.max_missing or not points:
        return None
    questions = len(instrument.scored_items)
    value = Decimal(sum(points) * questions) / Decimal(len(points))
    return Estimate(
        value=value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP),
        label=f"Estimate from {len(points)} of {questions} answers, not a score, "
        "not used in any outcome",
    )


def _band(instrument: Instrument, total: int) -> tuple[Band | None, str]:
    for band in instrument.bands:
        if band.low <= total <= band.high:
            if not band.source.verified:
                return None, "The severity bands are not yet verified, so none is shown."
            return band, f"{total} lies in the band {band.low} to {band.high}: {band.label}."
    return None, "No severity bands are published for this questionnaire."


def _caseness(instrument: Instrument, total: int) -> tuple[CaseStatus, str]:
    rule = instrument.caseness
    if rule is None:
        reason = "No cut-off is published for this questionnaire."
        return CaseStatus.NOT_CLASSIFIABLE, reason
    if not rule.source.verified:
        reason = "The cut-off is not yet verified, so it is not applied."
        return CaseStatus.NOT_CLASSIFIABLE, reason
    if total >= rule.at_least:
        reason = f"{total} is at or above the cut-off of {rule.at_least}: a case."
        return CaseStatus.CASE, reason
    return CaseStatus.NOT_A_CASE, f"{total} is below the cut-off of {rule.at_least}: not a case."


def _points(instrument: Instrument, responses: Responses) -> tuple[int, ...]:
    answers = (responses.get(item.number, NOT_REACHED) for item in instrument.scored_items)
    return tuple(answer.value for answer in answers if answer.value is not None)


def _lowest_possible(instrument: Instrument, responses: Responses) -> int:
    missing = missing_items(instrument, responses)
    return sum(_points(instrument, responses)) + sum(min(item.values) for item in missing)


def _refuse_invalid(
    instrument: Instrument,
    responses: Responses,
    items: Iterable[Item],
    *,
    strangers_refused: bool = True,
) -> None:
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
