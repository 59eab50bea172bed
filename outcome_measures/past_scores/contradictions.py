"""Lines of one file that say different things of the same man, day and measure.

Pure: which of them is right is nowhere known, so none of them is taken. A line that says the same
again contradicts nothing. A value is never repeated in a reason.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date

from mhtr.core.csv_files import RefusedCell
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.past_scores.parts import columns_of
from outcome_measures.past_scores.rows import PastScore

Same = tuple[int, str, date]
"""A man, a measure and a day."""
NEITHER = "Nothing of this is taken: find out what is right, and send that alone"

_PLACE: tuple[tuple[str, str, Callable[[PastScore], Hashable]], ...] = (
    ("point", "another point in time", lambda row: row.point),
    ("session_number", "another session", lambda row: row.session_number),
    ("mode", "another way in which it was taken", lambda row: row.mode),
)


def said_apart(rows: Iterable[tuple[Same, PastScore]]) -> set[Same]:
    """What different answers or totals are given for."""
    groups: dict[Same, list[PastScore]] = defaultdict(list)
    for key, row in rows:
        groups[key].append(row)
    return {
        key
        for key, group in groups.items()
        if any(_said(row) != _said(group[0]) for row in group[1:])
    }


def placed_apart(one: PastScore, other: PastScore) -> bool:
    """Whether two lines with the same answers say that they were taken elsewhere."""
    return any(value(one) != value(other) for _, _, value in _PLACE)


def refusals(rows: Sequence[PastScore]) -> list[RefusedCell]:
    """Each line of a contradiction with the column at fault and the line it contradicts."""
    found = []
    for row in rows:
        others = [each for each in rows if _said(each) != _said(row)]
        other = next(each for each in others or rows if others or placed_apart(each, row))
        column, what = _difference(row, other)
        reason = f"Line {other.line} gives {what} for the same man, day and measure. {NEITHER}"
        found.append(RefusedCell(row.line, column, reason))
    return found


def _said(row: PastScore) -> Hashable:
    return row.answers, row.not_applicable, row.typed_total, row.parts


def _difference(row: PastScore, other: PastScore) -> tuple[str, str]:
    if bool(row.answers) != bool(other.answers):
        return ("items", "only a total") if row.answers else ("total", "answers")
    if (row.answers, row.not_applicable) != (other.answers, other.not_applicable):
        return "items", "other answers"
    if row.typed_total != other.typed_total:
        return "total", "another total"
    if row.parts != other.parts:
        mine, others = dict(row.parts), dict(other.parts)
        names = columns_of(find_instrument(row.instrument)).items()
        columns = [column for column, part in names if mine.get(part) != others.get(part)]
        return columns[0], "another subscale or box"
    return next((column, words) for column, words, of in _PLACE if of(row) != of(other))
