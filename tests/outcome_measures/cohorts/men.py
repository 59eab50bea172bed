"""Men of a cohort for tests: scores on days, put together as episodes."""

from datetime import date, timedelta

from hypothesis import strategies as st

from outcome_measures.cohorts.cohort import Episode, episode
from outcome_measures.episodes import Sessions
from outcome_measures.series import BaselineRule, ScorePoint
from outcome_measures.time_points import TimePoint

START = date(2026, 3, 2)
RULE = BaselineRule.LAST_BEFORE_OR_AT_FIRST_SESSION

Taken = tuple[int | None, int | None]
"""PHQ-9 and GAD-7 of a day; None where it was not completed."""


def points_of(*weeks: Taken, point: TimePoint = TimePoint.SESSION) -> list[ScorePoint]:
    """Scores of treatment sessions a week apart."""
    return [
        ScorePoint(f"{name}-{week}", name, START + timedelta(weeks=week), total, point, week + 1)
        for week, totals in enumerate(weeks)
        for name, total in zip(("phq9", "gad7"), totals, strict=True)
    ]


def man(
    case_id: int, *weeks: Taken, ended: bool = True, sessions: int = 0, last_week: int | None = None
) -> Episode:
    """An episode with a session a week; as many as there are scores unless said otherwise."""
    number = sessions or max(1, len(weeks))
    last = START + timedelta(weeks=number - 1 if last_week is None else last_week)
    return episode(
        case_id,
        last + timedelta(days=7) if ended else None,
        Sessions(number, START, last),
        points_of(*weeks),
        RULE,
    )


_TOTAL = st.one_of(st.none(), st.integers(0, 21))
_WEEKS = st.lists(st.tuples(_TOTAL, _TOTAL), min_size=1, max_size=4)


@st.composite
def cohorts(draw: st.DrawFn, largest: int = 40, ended: bool = True) -> list[Episode]:
    """Men of every kind: cases or not, measured or not, better or worse."""
    made = draw(st.lists(st.tuples(_WEEKS, st.integers(0, 2)), min_size=0, max_size=largest))
    return [
        man(number, *weeks, ended=ended, sessions=len(weeks) + more)
        for number, (weeks, more) in enumerate(made, start=1)
    ]
