"""The tables of published cases: one CSV file per instrument, one row per form."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from outcome_measures.definitions import Answer, AnswerState, Instrument
from outcome_measures.signing.rules import rules_of, with_signed

ROOT = Path(__file__).parents[2]
CASES_FOLDER = Path(__file__).parent / "published_cases"
DOCS_FOLDER = ROOT / "docs" / "measures"
PACKS_FOLDER = ROOT / "outcome_measures" / "packs"


@dataclass(frozen=True)
class PublishedCase:
    """One row: what was answered or typed in, and what must come of it.

    `values` are the answers to the scored items in form order and `unscored` those to the others;
    `typed` and `parts` stand instead where a total is typed in.
    """

    values: tuple[Any, ...]
    status: str
    total: int | None
    estimate: Decimal | None
    band: str
    case: str
    why: str
    unscored: tuple[Any, ...] = ()
    typed: Any = None
    parts: Mapping[str, int] = field(default_factory=dict)
    subscales: Mapping[str, int] = field(default_factory=dict)
    screen: str = ""
    mean: Decimal | None = None
    source: str = ""
    """Where the row is published; or `derived from` a rule, where it was made from that."""


@dataclass(frozen=True)
class Evidence:
    """Where an instrument's table and page are; those of a pack stand in its folder."""

    table: Path
    page: Path
    licence: Path | None = None


def evidence_of(
    instrument: Instrument, *, cases: Path = CASES_FOLDER, docs: Path = DOCS_FOLDER
) -> Evidence:
    """The files that belong to an instrument, whether they are there or not."""
    folder = PACKS_FOLDER / instrument.id
    if folder.is_dir():
        return Evidence(folder / "published_cases.csv", folder / "README.md", folder / "LICENCE.md")
    return Evidence(cases / f"{instrument.id}.csv", docs / f"{instrument.name.lower()}.md")


def published_cases(table: Path) -> list[PublishedCase]:
    """The rows of a table, or none if there is no table."""
    if not table.is_file():
        return []
    with table.open(encoding="utf-8", newline="") as file:
        return [_case(row) for row in csv.DictReader(file)]


def all_signed(instrument: Instrument) -> Instrument:
    """The instrument as it is once every rule of it is signed."""
    return with_signed(instrument, {rule.key for rule in rules_of(instrument)})


def answers(instrument: Instrument, values: Sequence[Any]) -> dict[int, Answer]:
    """Responses to the scored items in form order; ``None`` is a skipped question."""
    return _answers([item.number for item in instrument.scored_items], values)


def responses(instrument: Instrument, case: PublishedCase) -> dict[int, Answer]:
    """Responses to all items of a row."""
    others = [item.number for item in instrument.items if not item.scored]
    unscored = case.unscored or (None,) * len(others)
    return answers(instrument, case.values) | _answers(others, unscored)


def _answers(numbers: Sequence[int], values: Sequence[Any]) -> dict[int, Answer]:
    return {number: _answer(value) for number, value in zip(numbers, values, strict=True)}


def _answer(value: Any) -> Answer:
    if value is None:
        return Answer(AnswerState.SKIPPED)
    if value == NOT_APPLICABLE:
        return Answer(AnswerState.NOT_APPLICABLE)
    return Answer(AnswerState.ANSWERED, value)


NOT_APPLICABLE = "n/a"


def _case(row: dict[str, str]) -> PublishedCase:
    return PublishedCase(
        values=_values(row.get("items")),
        status=row["status"],
        total=int(row["total"]) if row["total"] else None,
        estimate=Decimal(row["estimate"]) if row.get("estimate") else None,
        band=row["band"],
        case=row["case"],
        why=row["why"],
        unscored=_values(row.get("unscored")),
        typed=_value(row.get("typed") or ""),
        parts=_named(row.get("parts")),
        subscales=_named(row.get("subscales")),
        screen=row.get("screen") or "",
        mean=Decimal(row["mean"]) if row.get("mean") else None,
        source=row.get("source") or "",
    )


def _values(text: str | None) -> tuple[Any, ...]:
    return tuple(_value(part) for part in text.split(";")) if text else ()


def _named(text: str | None) -> dict[str, Any]:
    pairs = (part.split("=") for part in text.split(";")) if text else ()
    return {name: _value(value) for name, value in pairs}


def _value(text: str) -> int | float | str | None:
    if not text:
        return None
    if text == NOT_APPLICABLE:
        return text
    return float(text) if "." in text else int(text)
