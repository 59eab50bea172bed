"""The key of a chart: what each line and shape on it means, in words with its number."""

from dataclasses import dataclass

from outcome_measures.charts.content import Mark, Picture


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the key. `name` is a line (`first`, `cut_off`, `reliable`) or a `Mark`."""

    name: str
    words: str


_MARKS = {
    Mark.SCORED: "score from his answers",
    Mark.TYPED: "total typed in",
    Mark.INCOMPLETE: "asked, not complete: no score",
    Mark.WITHOUT: "session without it: no score",
    Mark.MISSED: "session missed: no score",
}


def key_entries(shown: Picture) -> tuple[Entry, ...]:
    """What is on the chart and nothing else: marks first, then lines."""
    there = {dot.mark for dot in shown.dots}
    made = [Entry(mark, words) for mark, words in _MARKS.items() if mark in there]
    if shown.first is not None:
        made.append(Entry("first", f"first score {shown.first}"))
    if shown.cut_off is not None:
        made.append(Entry("cut_off", f"cut-off: {shown.cut_off} or more is {_called(shown)}"))
    reliable = _reliable(shown)
    if reliable:
        made.append(Entry("reliable", reliable))
    return tuple(made)


def _called(shown: Picture) -> str:
    return "positive" if shown.screens else "a case"


def _reliable(shown: Picture) -> str:
    parts = []
    for level, way in ((shown.better, "better"), (shown.worse, "worse")):
        if level is not None and shown.first is not None:
            side = "or less" if level < shown.first else "or more"
            parts.append(f"{way} {level} {side}")
    return f"{shown.called.adverb} {', '.join(parts)}" if parts else ""
