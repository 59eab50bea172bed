"""Scoring: from answers to a score with its reasons.

There is no total, band or caseness from an incomplete form. Risk signals (`risk_signals`) and
totals that were typed in (`typed`) are found here too, beside `score`.
"""

from collections.abc import Mapping
from decimal import Decimal

from outcome_measures.definitions import (
    NOT_REACHED,
    AnswerState,
    Instrument,
    Item,
    Responses,
)
from outcome_measures.scores.answer_checks import InvalidResponses as InvalidResponses
from outcome_measures.scores.answer_checks import refuse_invalid
from outcome_measures.scores.risk_signals import RiskSignal as RiskSignal
from outcome_measures.scores.risk_signals import risk_signals as risk_signals
from outcome_measures.scores.score import CaseStatus as CaseStatus
from outcome_measures.scores.score import Estimate as Estimate
from outcome_measures.scores.score import Score as Score
from outcome_measures.scores.score import SubscaleScore as SubscaleScore
from outcome_measures.scores.score import as_kept, reading, rounded
from outcome_measures.scores.screens import ScreenResult as ScreenResult
from outcome_measures.scores.screens import screened
from outcome_measures.scores.typed import InvalidTotal as InvalidTotal
from outcome_measures.scores.typed import typed_score as typed_score


def score(instrument: Instrument, responses: Responses) -> Score:
    """Score ``responses``. Raises ``InvalidResponses`` if any answer cannot stand.

    Sources are those of the instrument; a rule whose source is not verified is not applied.
    """
    if not instrument.installed:
        answered = sum(answer.value is not None for answer in responses.values())
        return as_kept(instrument, answered=answered, parts={})
    refuse_invalid(instrument, responses, instrument.items)
    missing = missing_items(instrument, responses)
    if missing or not instrument.scored_items:
        return _incomplete(instrument, responses, missing)
    applies = _applicable(instrument, responses)
    total = sum(_points(applies, responses))
    highest = sum(max(item.values) for item in applies)
    asked, all_of_it = len(applies), len(instrument.scored_items)
    read = reading(instrument, total, whole=asked == all_of_it)
    screen = screened(instrument, _values(instrument, responses))
    counted = "All" if asked == all_of_it else "All that apply,"
    return Score(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        complete=True,
        answered=asked,
        questions=asked,
        total=total,
        band=read.band,
        caseness=read.caseness,
        reasons=(
            f"{counted} {asked} questions answered: {total} out of {highest}.",
            *read.reasons,
            *([screen.reason] if screen else []),
        ),
        highest=highest,
        subscales=_subscales(instrument, responses),
        screen=screen,
        mean=read.mean,
        caution=instrument.caution,
        why_none=read.why_none,
    )


def total_of(instrument: Instrument, responses: Responses) -> int | None:
    """The total of `score` alone, for whoever reads thousands; None where there is none.

    Raises ``InvalidResponses`` as `score` does.
    """
    if not instrument.installed:
        return None
    refuse_invalid(instrument, responses, instrument.items)
    if not instrument.scored_items or missing_items(instrument, responses):
        return None
    return sum(_points(_applicable(instrument, responses), responses))


def missing_items(instrument: Instrument, responses: Responses) -> tuple[Item, ...]:
    """The scored items that apply and have no answer, whatever the reason, in order."""
    return tuple(
        item
        for item in _applicable(instrument, responses)
        if responses.get(item.number, NOT_REACHED).state is not AnswerState.ANSWERED
    )


def items_to_ask(instrument: Instrument, responses: Responses) -> tuple[Item, ...]:
    """The items this person should be asked, given the answers so far.

    An item that depends on the total is asked as soon as the total is sure to be high enough.
    Raises ``InvalidResponses`` if an answer cannot stand.
    """
    refuse_invalid(instrument, responses, instrument.items)
    sure_total = _lowest_possible(instrument, responses)
    return tuple(
        item
        for item in instrument.items
        if item.asked_only_if is None or sure_total > item.asked_only_if.points
    )


def _applicable(instrument: Instrument, responses: Responses) -> tuple[Item, ...]:
    """The scored items that make his total; all of them where none is left."""
    left = tuple(
        item
        for item in instrument.scored_items
        if not item.may_not_apply
        or responses.get(item.number, NOT_REACHED).state is not AnswerState.NOT_APPLICABLE
    )
    return left or instrument.scored_items


def _incomplete(instrument: Instrument, responses: Responses, missing: tuple[Item, ...]) -> Score:
    applies = _applicable(instrument, responses)
    questions = len(applies)
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
    if not questions:
        reasons = ["The questions are not in this program: its total is typed in."]
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
        highest=sum(max(item.values) for item in applies),
        caution=instrument.caution,
    )


def _estimate(instrument: Instrument, responses: Responses, missing: int) -> Estimate | None:
    rule = instrument.estimate_rule
    points = _points(instrument.scored_items, responses)
    if rule is None or not rule.source.verified or missing > rule.max_missing or not points:
        return None
    questions = len(instrument.scored_items)
    return Estimate(
        value=rounded(Decimal(sum(points) * questions) / Decimal(len(points))),
        label=f"Estimate from {len(points)} of {questions} answers, not a score, "
        "not used in any outcome",
    )


def _subscales(instrument: Instrument, responses: Responses) -> tuple[SubscaleScore, ...]:
    """The verified subscales all of whose questions are answered."""
    found = []
    for subscale in instrument.subscales:
        items = tuple(instrument.item(number) for number in subscale.items)
        points = _points(items, responses)
        if subscale.source.verified and len(points) == len(items):
            within = instrument.range_of(subscale)
            found.append(
                SubscaleScore(subscale.id, subscale.name, sum(points), within.low, within.high)
            )
    return tuple(found)


def _points(items: tuple[Item, ...], responses: Responses) -> tuple[int, ...]:
    answers = (responses.get(item.number, NOT_REACHED) for item in items)
    return tuple(answer.value for answer in answers if answer.value is not None)


def _values(instrument: Instrument, responses: Responses) -> Mapping[int, int]:
    """The answers as given, by item number."""
    answers = ((item.number, responses.get(item.number, NOT_REACHED)) for item in instrument.items)
    return {number: answer.value for number, answer in answers if answer.value is not None}


def _lowest_possible(instrument: Instrument, responses: Responses) -> int:
    missing = missing_items(instrument, responses)
    answered = sum(_points(_applicable(instrument, responses), responses))
    return answered + sum(min(item.values) for item in missing)
