"""The tables of published cases: one CSV file per instrument, one row per form."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from outcome_measures.definitions import Answer, AnswerState, Instrument

CASES_FOLDER = Path(__file__).parent / "published_cases"


@dataclass(frozen=True)
class PublishedCase:
    """One row: answers to the scored items in form order, and what must come of them."""

    values: tuple[Any, ...]
    status: str
    total: int | None
    estimate: Decimal | None
    band: str
    case: str
    why: str


def published_cases(instrument_id: str, folder: Path = CASES_FOLDER) -> list[PublishedCase]:
    """The rows for one instrument, or none if it has no table."""
    path = folder / f"{instrument_id}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [_case(row) for row in csv.DictReader(file)]


def answers(instrument: Instrument, values: Sequence[Any]) -> dict[int, Answer]:
    """Responses to the scored items in form order; ``None`` is a skipped question."""
    items = instrument.scored_items
    return {
        item.number: Answer(AnswerState.SKIPPED)
        if value is None
        else Answer(AnswerState.ANSWERED, value)
        for item, value in zip(items, values, strict=True)
    }


def _case(row: dict[str, str]) -> PublishedCase:
    return PublishedCase(
        values=tuple(_value(text) for text in row["items"].split(";")),
        status=row["status"],
        total=int(row["total"]) if row["total"] else None,
        estimate=Decimal(row["estimate"]) if row["estimate"] else None,
        band=row["band"],
        case=row["case"],
        why=row["why"],
    )


def _value(text: str) -> int | float | None:
    if not text:
        return None
    return float(text) if "." in text else int(text)
