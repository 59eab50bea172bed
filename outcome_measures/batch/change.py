"""Classifying the rows of a file by the rules of NHS Talking Therapies (`change.classes`)."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from outcome_measures.change import Totals, Tri, at_caseness, classes
from outcome_measures.definitions import Instrument
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9

_YES = frozenset({"y", "yes", "true", "1"})
_NO = frozenset({"n", "no", "false", "0"})
_TOTALS = (
    ("phq_first", PHQ9),
    ("phq_last", PHQ9),
    ("gad_first", GAD7),
    ("gad_last", GAD7),
)


class ChangeRows:
    """Adds the classes to rows of first and last totals; see docs/measures/for-analysts.md."""

    needs: tuple[str, ...] = (*(name for name, _ in _TOTALS), "treatment_contacts", "episode_ended")
    adds: tuple[str, ...] = (
        "completed_course",
        "case_at_start",
        "recovery",
        "reliable_improvement",
        "reliable_deterioration",
        "no_reliable_change",
        "reliable_recovery",
    )

    def bad(self, reason: str, row: Sequence[str] = ()) -> Sequence[str]:
        """A row with a fault is not classifiable; the reason is in the report."""
        return (Tri.NA,) * len(self.adds)

    def reader(self, at: Sequence[int]) -> Callable[[list[str]], tuple[Sequence[str], str]]:
        """A function from a row to its classes and what is wrong with it."""

        def read(row: list[str]) -> tuple[Sequence[str], str]:
            cells, problem = classified(*[row[place] for place in at])
            return cells or self.bad(problem), problem

        return read


@lru_cache(maxsize=50_000)
def classified(*cells: str) -> tuple[tuple[str, ...], str]:
    """The classes of one row, or nothing and what is wrong with it.

    Args:
        cells: as in ``ChangeRows.needs``; an empty one is not known.
    """
    *totals, contacts, ended = (cell.strip() for cell in cells)
    problems = [
        problem
        for (name, instrument), text in zip(_TOTALS, totals, strict=True)
        if (problem := _total_problem(name, instrument, text))
    ]
    if contacts and not _whole(contacts):
        problems.append("treatment_contacts: give a whole number, 0 or more.")
    if ended and ended.casefold() not in _YES | _NO:
        problems.append("episode_ended: give Y or N.")
    if problems:
        return (), " ".join(problems)
    found = classes(
        _pair(totals[0], totals[1]),
        _pair(totals[2], totals[3]),
        treatment_contacts=int(contacts) if contacts else None,
        episode_ended=ended.casefold() in _YES if ended else None,
    )
    # A first score alone says whether he was a case: he stays in the denominator of recovery.
    known = {"case_at_start": at_caseness(_points(totals[0]), _points(totals[2]))}
    return tuple(known.get(name, getattr(found, name)).value for name in ChangeRows.adds), ""


def _total_problem(name: str, instrument: Instrument, text: str) -> str:
    if not text or (_whole(text) and instrument.lowest <= int(text) <= instrument.highest):
        return ""
    return f"{name}: give a whole number from {instrument.lowest} to {instrument.highest}."


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _points(text: str) -> int | None:
    return int(text) if text else None


def _pair(first: str, last: str) -> Totals | None:
    return Totals(int(first), int(last)) if first and last else None
