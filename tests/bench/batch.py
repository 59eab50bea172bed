"""Scoring a file beside copying the same file with a bare CSV reader and writer."""

import csv
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from outcome_measures.batch.convert import Report, convert
from outcome_measures.batch.scoring import ScoreRows, scored
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9

MOST = 4.0
ROWS = 200_000
ONE_IN = 20
"""One form in so many has an empty place."""


@dataclass(frozen=True)
class BatchFigure:
    """Rows a second by the clock, and the multiples of the bare copy by clock and processor."""

    rows_a_second: float
    ratio: float
    processor_ratio: float


def measure_batch(folder: Path, rounds: int, rows: int = ROWS) -> BatchFigure:
    """Medians of both, in turn, on one file of both measures."""
    source = folder / "forms.csv"
    _write(source, rows)
    copies: list[tuple[float, float]] = []
    scorings: list[tuple[float, float]] = []
    for _ in range(rounds):
        copies.append(_spent(lambda: _copy(source, folder / "copy.csv")))
        # Nothing is remembered from the round before.
        scored.cache_clear()
        scorings.append(_spent(lambda: _score(source, folder / "scored.csv", rows)))
    copy, scoring = _medians(copies), _medians(scorings)
    return BatchFigure(rows / scoring[0], scoring[0] / copy[0], scoring[1] / copy[1])


def _write(source: Path, rows: int) -> None:
    chance = random.Random(9)
    with source.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["person", "date", "measure", "items"])
        for number in range(rows):
            instrument = chance.choice((PHQ9, GAD7))
            answers = [str(chance.randrange(4)) for _ in instrument.scored_items]
            if not number % ONE_IN:
                answers[chance.randrange(len(answers))] = ""
            sheet.writerow([number, "2026-03-02", instrument.name, ";".join(answers)])


def _copy(source: Path, target: Path) -> None:
    with (
        source.open(encoding="utf-8", newline="") as given,
        target.open("w", encoding="utf-8", newline="") as made,
    ):
        csv.writer(made).writerows(csv.reader(given))


def _score(source: Path, target: Path, rows: int) -> None:
    report = Report(on_bad=lambda _line, _reason: None, on_bytes=lambda _position: None)
    convert(source, target, ScoreRows(), report)
    if (report.rows, report.bad) != (rows, 0):
        raise AssertionError("the file was not scored whole")


def _spent(work: Callable[[], None]) -> tuple[float, float]:
    begun, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - worked


def _medians(spent: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(a for a, _ in spent), statistics.median(b for _, b in spent)
