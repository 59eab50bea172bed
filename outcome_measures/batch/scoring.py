"""Scoring the rows of a file: the same scores as `scores.scoring.score`, made ready beforehand.

What is written about a form depends on three things only: the sum of its points, how many places
are empty, and its risk answers. Forms that agree in them share their cells; the first of them, and
every one with a fault, goes the long way. A property test holds the two together.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import getitem, itemgetter

from outcome_measures.definitions import Answer, AnswerState, Instrument, Item, Responses
from outcome_measures.instruments.registry import UnknownInstrument, find_instrument
from outcome_measures.scores import scoring
from outcome_measures.scores.answer_checks import does_not_apply

SEPARATOR = ";"
COMPLETE, INCOMPLETE, INVALID = "complete", "incomplete", "invalid"
_MISSING = Answer(AnswerState.NOT_REACHED)
_DOES_NOT_APPLY = Answer(AnswerState.NOT_APPLICABLE)
_CASE = {
    scoring.CaseStatus.CASE: "Y",
    scoring.CaseStatus.NOT_A_CASE: "N",
    scoring.CaseStatus.NOT_CLASSIFIABLE: "",
}
_WITHIN_A_CELL = re.compile(r'[",\t\r\n]')
_MOST_SPELLINGS = 1_000
"""Ways of writing a measure's name that are remembered."""

# status, total, estimate, band, case, flags, problem
Cells = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Table:
    """What is known of an instrument: points by place and text, and the cells found so far."""

    size: int
    points: tuple[Mapping[str, int], ...]
    risk: Callable[[list[str]], object]
    cells: dict[tuple[int, int, object], Cells]

    def key(self, texts: list[str]) -> tuple[int, int, object]:
        """What the cells depend on. Raises ``KeyError`` if a place holds no answer of its item."""
        points = sum(map(getitem, self.points, texts))
        return points, texts.count(""), self.risk(texts)


class ScoreRows:
    """Adds the score to rows of ``measure`` and ``items``; see docs/measures/for-analysts.md."""

    needs: tuple[str, ...] = ("measure", "items")
    adds: tuple[str, ...] = ("status", "total", "estimate", "band", "case", "flags", "problem")

    def bad(self, reason: str, row: Sequence[str] = ()) -> Sequence[str]:
        """A row that cannot be scored. The measure it names, wherever, keeps its risk flags."""
        named = [instrument for cell in row if (instrument := _named(cell))]
        asks = next((instrument for instrument in named if instrument.risk_items), None)
        flags = SEPARATOR.join(_risk_flags(asks, {}, unread="unreadable")) if asks else ""
        return (INVALID, "", "", "", "", flags, reason)

    def reader(self, at: Sequence[int]) -> Callable[[list[str]], tuple[Sequence[str], str]]:
        """A function from a row to its score and what is wrong with it."""
        measure_at, items_at = at
        tables: dict[str, _Table] = {}

        def read(row: list[str]) -> tuple[Sequence[str], str]:
            measure, items = row[measure_at], row[items_at]
            try:
                table = tables[measure]
                texts = items.split(SEPARATOR)
                if len(texts) == table.size:
                    return table.cells[table.key(texts)], ""
            except KeyError:
                pass
            cells = scored(measure, items)
            if cells[0] != INVALID:
                _remember(tables, measure, items, cells)
            return cells, cells[-1]

        return read


def _named(cell: str) -> Instrument | None:
    """The instrument a cell names; a stray quotation mark makes one cell of several."""
    for part in (cell, *_WITHIN_A_CELL.split(cell)):
        try:
            return find_instrument(part)
        except UnknownInstrument:
            continue
    return None


@lru_cache(maxsize=10_000)
def scored(measure: str, items: str) -> Cells:
    """The added cells of one form, the long way.

    Args:
        measure: an instrument's name or id.
        items: the scored ones in form order, separated by semicolons; an empty place is a missing
            answer.
    """
    try:
        instrument = find_instrument(measure)
    except UnknownInstrument as problem:
        return (INVALID, "", "", "", "", "", str(problem))
    texts = [text.strip() for text in items.split(SEPARATOR)]
    scored_items = instrument.scored_items
    if not scored_items:
        return _invalid(instrument, {}, f"{instrument.name} is typed in as a total, not scored.")
    if len(texts) != len(scored_items):
        reason = (
            f"{instrument.name} has {len(scored_items)} scored questions; "
            f"this row has {len(texts)} {'place' if len(texts) == 1 else 'places'}."
        )
        return _invalid(instrument, {}, reason)
    given = {
        item.number: _given(item, text) for item, text in zip(scored_items, texts, strict=True)
    }
    answers = {number: answer for number, answer in given.items() if answer is not None}
    if len(answers) < len(given):
        unread = ", ".join(str(number) for number, answer in given.items() if answer is None)
        return _invalid(instrument, answers, f"Not a whole number: question {unread}.")
    try:
        return _valid(instrument, answers)
    except scoring.InvalidResponses as problem:
        sound = {n: a for n, a in answers.items() if n not in problem.problems}
        return _invalid(instrument, sound, str(problem))


def _valid(instrument: Instrument, answers: Responses) -> Cells:
    score = scoring.score(instrument, answers)
    flags = _risk_flags(instrument, answers)
    if score.complete:
        return (
            COMPLETE,
            str(score.total),
            "",
            score.band.label if score.band else "",
            _CASE[score.caseness],
            SEPARATOR.join(flags),
            "",
        )
    flags.append("incomplete")
    estimate = ""
    if score.estimate:
        flags.append("estimate")
        estimate = str(score.estimate.value)
    return (INCOMPLETE, "", estimate, "", "", SEPARATOR.join(flags), "")


def _invalid(instrument: Instrument, sound: Responses, reason: str) -> Cells:
    """A fault on a form never hides its risk items: one that cannot be read is flagged too."""
    flags = SEPARATOR.join(_risk_flags(instrument, sound, unread="unreadable"))
    return (INVALID, "", "", "", "", flags, reason)


def _risk_flags(instrument: Instrument, answers: Responses, unread: str = "blank") -> list[str]:
    signals = scoring.risk_signals(instrument, answers, submitted=True)
    return [
        f"risk:{signal.item_number}="
        f"{_word(answers, signal.item_number, unread) if signal.value is None else signal.value}"
        for signal in signals
    ]


def _word(answers: Responses, number: int, unread: str) -> str:
    return "blank" if number in answers else unread


def _given(item: Item, text: str) -> Answer | None:
    if item.may_not_apply and does_not_apply(text):
        return _DOES_NOT_APPLY
    return _answer(text)


def _answer(text: str) -> Answer | None:
    """The answer in one place; None where it is not a whole number."""
    if not text:
        return _MISSING
    digits = text.removeprefix("-")
    # A number of many digits is out of every range; converting it would be slow or refused.
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        return None
    return Answer(AnswerState.ANSWERED, int(text))


def _remember(tables: dict[str, _Table], measure: str, items: str, cells: Cells) -> None:
    """Keep what a sound form came to, for all others that come to the same."""
    table = tables.get(measure)
    if table is None:
        if len(tables) >= _MOST_SPELLINGS:
            return
        table = tables[measure] = _table(find_instrument(measure))
    if any(map(does_not_apply, items.split(SEPARATOR))):
        return  # what does not apply is in no table: such a form is scored the long way
    texts = [str(int(text)) if text.strip() else "" for text in items.split(SEPARATOR)]
    table.cells[table.key(texts)] = cells


def _table(instrument: Instrument) -> _Table:
    items = instrument.scored_items
    risky = [place for place, item in enumerate(items) if item.risk]
    return _Table(
        size=len(items),
        points=tuple({"": 0, **{str(value): value for value in item.values}} for item in items),
        risk=itemgetter(*risky) if risky else _no_risk,
        cells={},
    )


def _no_risk(_texts: list[str]) -> None:
    return None
