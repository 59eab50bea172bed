"""What was recorded of a court's result while somebody typed, beside what he typed."""

from collections.abc import Sequence
from datetime import date

from mhtr.cases.facts import StageOfCase
from mhtr.cases.wording import day_words
from mhtr.suitability.court_result import RESULT_WORDS, Outcome, Result
from mhtr.suitability.models import CourtOutcome
from mhtr.web.both_versions import Difference

_CONVICTED = {
    StageOfCase.GUILTY_PLEA: "He pleaded guilty",
    StageOfCase.FOUND_GUILTY: "He was found guilty",
}


def differences(
    meanwhile: Sequence[CourtOutcome], typed: Outcome, hearing_on: date | None
) -> tuple[Difference, ...]:
    """Every question that either of them answered, the newest answer of those recorded.

    Args:
        meanwhile: what was recorded since the page was read, newest first.
        hearing_on: the court date that stands now.
    """
    proposed = next((row.proposed for row in meanwhile if row.proposed is not None), None)
    decided = next((row for row in meanwhile if row.result), None)
    adjourned = decided is not None and decided.result == Result.ADJOURNED
    rows = (
        Difference("Pre-sentence report", _proposed(proposed), _proposed(typed.proposed)),
        Difference(
            "Court",
            RESULT_WORDS[Result(decided.result)] if decided else "",
            RESULT_WORDS[typed.result] if typed.result else "",
        ),
        Difference(
            "Date of sentence",
            _day(decided.sentenced_on if decided else None),
            _day(typed.sentenced_on),
        ),
        Difference(
            "New court date", _day(hearing_on if adjourned else None), _day(typed.next_hearing_on)
        ),
        Difference("Plea or finding", "", _convicted(typed)),
    )
    return tuple(row for row in rows if row.saved or row.typed)


def _proposed(said: bool | None) -> str:
    return {True: "Proposed", False: "Not proposed", None: ""}[said]


def _day(day: date | None) -> str:
    return day_words(day) if day else ""


def _convicted(typed: Outcome) -> str:
    if typed.stage is None:
        return ""
    return f"{_CONVICTED[typed.stage]} {_day(typed.convicted_on)}".strip()
