"""How far apart the sessions of a new course are planned."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.booking.shapes import Wanted
from sessions.planning.asked import Part
from sessions.planning.days_between import gaps_of_course

PART = Part(1, Wanted(minutes=60, now=datetime(2026, 11, 23, tzinfo=UTC)), 4, 14, 7)


def steps(ideals: list[int], weeks: int, *, least: int = 4, most: int = 28) -> list[int]:
    parts = [replace(PART, least=least, ideal=ideal, most=most) for ideal in [7, *ideals]]
    return [days // 7 for days, _ in gaps_of_course(parts, weeks)]


@pytest.mark.parametrize(
    ("ideals", "weeks", "expected"),
    [
        ([7, 7, 7], 3, [1, 1, 1]),
        ([14, 14, 14], 6, [2, 2, 2]),
        ([14, 14, 14], 5, [2, 1, 1]),
        ([21, 7, 14, 14], 7, [2, 1, 1, 1]),
        ([14, 14, 14], 3, [1, 1, 1]),
        ([14, 14, 14], 1, [1, 1, 1]),
    ],
)
def test_the_pace_is_the_best_there_is_time_for(
    ideals: list[int], weeks: int, expected: list[int]
) -> None:
    assert steps(ideals, weeks) == expected


@given(st.lists(st.integers(7, 28), min_size=1, max_size=8), st.integers(0, 30), st.integers(1, 14))
def test_what_can_be_held_in_time_is_planned_in_time(
    ideals: list[int], weeks: int, least: int
) -> None:
    found, quickest = steps(ideals, weeks, least=least), -(-least // 7)
    assert all(quickest <= step <= 4 for step in found)
    assert sum(found) <= max(weeks, quickest * len(ideals))
    assert sum(steps(ideals, weeks + 1, least=least)) >= sum(found)
