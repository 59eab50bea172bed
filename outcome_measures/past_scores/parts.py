"""Subscale totals and ticked boxes in a file of past scores: a column each, named by the part.

`subscale_clarity` holds the points of the subscale `clarity` of the row's measure, `box_no_job` a 1
where that box was ticked.
"""

from collections.abc import Mapping

from outcome_measures.definitions import Entry, Instrument
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.scores.typed import TOTAL, InvalidTotal, typed_score

SUBSCALE, BOX = "subscale_", "box_"


class BadCell(Exception):
    """Why a row is refused: the column at fault, and words that do not repeat its value."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def part_columns(*, typed_only: bool = False) -> tuple[str, ...]:
    """The columns of the parts of every measure, each once.

    Args:
        typed_only: only of measures of which nothing but a total is kept, as the template has them.
    """
    found = [
        column
        for instrument in INSTRUMENTS.values()
        if instrument.entry is Entry.TOTAL or not typed_only
        for column in columns_of(instrument)
    ]
    return tuple(dict.fromkeys(found))


def columns_of(instrument: Instrument) -> dict[str, str]:
    """The columns of an instrument's parts, each with the part's id."""
    return {f"{SUBSCALE}{part.id}": part.id for part in instrument.subscales} | {
        f"{BOX}{tick.id}": tick.id for tick in instrument.ticks
    }


def typed_parts(instrument: Instrument, cells: Mapping[str, str]) -> dict[str, int]:
    """What a row gives of its measure's parts, by the part's id.

    Raises:
        BadCell: a part of another measure, or no whole number.
    """
    own, found = columns_of(instrument), {}
    for column in part_columns():
        text = cells.get(column, "")
        # A box that is not ticked is as one that is not there.
        if not text or (column.startswith(BOX) and text == "0"):
            continue
        if column not in own:
            raise BadCell(column, f"{instrument.name} has no such part")
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            raise BadCell(column, "Points are a whole number")
        found[own[column]] = int(text)
    return found


def check_typed(instrument: Instrument, total: int, parts: Mapping[str, int]) -> None:
    """Refuse a total out of range, and parts that do not fit it.

    Raises:
        BadCell: at the column of the first problem.
    """
    try:
        typed_score(instrument, total, parts)
    except InvalidTotal as problem:
        columns = {part: column for column, part in columns_of(instrument).items()}
        name, reason = next(iter(problem.problems.items()))
        raise BadCell(columns.get(name, TOTAL), reason) from problem


def check_beside_answers(
    instrument: Instrument, values: Mapping[int, int], parts: Mapping[str, int]
) -> None:
    """Refuse parts beside answers that are not what those answers come to.

    Args:
        values: the points of each question that was answered.

    Raises:
        BadCell: at the column of the part.
    """
    subscales = {part.id: part for part in instrument.subscales}
    for column, name in columns_of(instrument).items():
        if name not in parts:
            continue
        items = subscales[name].items if name in subscales else ()
        if not items or any(number not in values for number in items):
            raise BadCell(column, "The answers beside it do not say this")
        if sum(values[number] for number in items) != parts[name]:
            raise BadCell(column, "The answers beside it come to something else")
