"""A course of scores as a line the size of a word."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.caseload.sparklines import HEIGHT, WIDTH, sparkline
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.reading.rules import read
from outcome_measures.series import BaselineRule
from outcome_measures.time_points import TimePoint
from tests.outcome_measures.points import FIRST_SESSION, apart, course

RULE = BaselineRule.LAST_BEFORE_OR_AT_FIRST_SESSION


def test_the_line_runs_from_the_first_score_to_the_last() -> None:
    drawn = sparkline(read(PHQ9, course(27, 0), RULE, FIRST_SESSION))
    assert drawn is not None
    assert drawn.path == "M3 3L93 25"
    assert (drawn.last_x, drawn.last_y) == (93, 25)
    assert drawn.cut_off_y == 16.9


def test_a_form_not_complete_breaks_the_line() -> None:
    drawn = sparkline(read(PHQ9, course(27, 20, None, 10, 0), RULE, FIRST_SESSION))
    assert drawn is not None
    assert [part[0] for part in re.findall(r"[ML][^ML]+", drawn.path)] == ["M", "L", "M", "L"]


def test_scores_before_sentence_and_at_follow_up_are_no_part_of_the_course() -> None:
    points = [apart(22), *course(20, 12)]
    after = apart(4, TimePoint.FOLLOW_UP, FIRST_SESSION.replace(year=2027))
    with_them = sparkline(read(PHQ9, [*points, after], RULE, FIRST_SESSION))
    assert with_them == sparkline(read(PHQ9, course(20, 12), RULE, FIRST_SESSION))


def test_one_score_is_no_line() -> None:
    assert sparkline(read(PHQ9, course(20), RULE, FIRST_SESSION)) is None
    assert sparkline(read(GAD7, [], RULE, FIRST_SESSION)) is None


@given(st.lists(st.none() | st.integers(0, 27), min_size=2, max_size=24))
def test_the_line_stays_inside(totals: list[int | None]) -> None:
    drawn = sparkline(read(PHQ9, course(*totals), RULE, FIRST_SESSION))
    scores = [total for total in totals if total is not None]
    assert (drawn is None) == (len(scores) < 2)
    if drawn is None:
        return
    numbers = [float(n) for n in re.findall(r"[\d.]+", drawn.path)]
    assert len(numbers) == 2 * len(scores)
    assert all(0 <= n <= WIDTH for n in numbers[::2])
    assert all(0 <= n <= HEIGHT for n in numbers[1::2])


def test_a_missed_session_breaks_the_line_and_is_marked_under_it() -> None:
    points = course(27, 20, 10)
    days = [point.on for point in points]
    between, after = days[1] + timedelta(days=1), days[2] + (days[2] - days[0])
    reading = read(PHQ9, points, RULE, FIRST_SESSION)
    drawn = sparkline(reading, {between, after, days[0], days[0] - timedelta(days=3)})
    assert drawn is not None
    assert [part[0] for part in re.findall(r"[ML][^ML]+", drawn.path)] == ["M", "L", "M"]
    assert len(drawn.missed_x) == 2, "not on a day with a score, nor before the first"
    assert drawn.last_x < drawn.missed_x[1] == WIDTH - 3
    assert sparkline(reading, ()) == sparkline(reading)
