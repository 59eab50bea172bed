"""When a review is due, and what of it probation reads."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.reviews.rules import (
    OPENS_BEFORE,
    CourseSoFar,
    Due,
    DueWhy,
    Party,
    Requirement,
    Topic,
    due,
    goes_to_probation,
    is_asked_for,
    opens,
)
from mhtr.reviews.sheet import Line, Sheet, content_hash, from_json, to_json
from sessions.courses.kinds import ReviewPoint

NONE, MIDDLE, END = ReviewPoint.NONE, ReviewPoint.MIDDLE, ReviewPoint.END
FIRST, LAST = date(2026, 11, 2), date(2027, 5, 1)
HALF = date(2027, 1, 31)
"""The 91st of 181 days."""
RUNS = Requirement(FIRST, LAST)


def weeks(count: int) -> list[date]:
    return [FIRST + timedelta(weeks=number) for number in range(count)]


@pytest.mark.parametrize(
    ("point", "reviews", "held", "requirement", "ended", "found"),
    [
        (MIDDLE, [NONE] * 12, 0, RUNS, None, Due(HALF, DueWhy.DAYS)),
        (MIDDLE, [NONE] * 12, 5, RUNS, None, Due(HALF, DueWhy.DAYS)),
        (MIDDLE, [NONE] * 12, 6, RUNS, None, Due(weeks(6)[-1], DueWhy.SESSIONS)),
        (MIDDLE, [NONE] * 11, 6, RUNS, None, Due(weeks(6)[-1], DueWhy.SESSIONS)),
        (MIDDLE, [NONE, NONE, MIDDLE], 3, RUNS, None, Due(weeks(3)[-1], DueWhy.SESSIONS)),
        (MIDDLE, [NONE] * 6 + [MIDDLE] + [NONE] * 5, 6, RUNS, None, Due(HALF, DueWhy.DAYS)),
        (MIDDLE, [NONE] * 12, 6, None, None, Due(weeks(6)[-1], DueWhy.SESSIONS)),
        (MIDDLE, [NONE] * 12, 5, None, None, None),
        (END, [NONE] * 12, 11, RUNS, None, Due(LAST, DueWhy.DAYS)),
        (END, [NONE] * 12, 12, RUNS, None, Due(weeks(12)[-1], DueWhy.SESSIONS)),
        (END, [NONE] * 12, 4, RUNS, date(2026, 12, 1), Due(date(2026, 12, 1), DueWhy.ENDED)),
        (MIDDLE, [], 0, None, None, None),
    ],
)  # fmt: skip
def test_due_by_sessions_or_days_whichever_is_first(
    point: ReviewPoint,
    reviews: list[ReviewPoint],
    held: int,
    requirement: Requirement | None,
    ended: date | None,
    found: Due | None,
) -> None:
    assert due(point, CourseSoFar(reviews, weeks(held), ended), requirement) == found


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 400))
def test_a_session_more_never_makes_it_later(planned: int, held: int, length: int) -> None:
    runs = Requirement(FIRST, FIRST + timedelta(days=length))
    for point in (MIDDLE, END):
        before = due(point, CourseSoFar([NONE] * planned, weeks(held)), runs)
        after = due(point, CourseSoFar([NONE] * planned, weeks(held + 1)), runs)
        assert before is not None and after is not None and after.on <= before.on <= runs.last


def test_asked_for_a_session_or_two_weeks_before() -> None:
    course = CourseSoFar([NONE] * 12, weeks(4))
    by_days = Due(HALF, DueWhy.DAYS)
    assert not opens(MIDDLE, course, by_days, HALF - OPENS_BEFORE - timedelta(days=1))
    assert opens(MIDDLE, course, by_days, HALF - OPENS_BEFORE)
    assert opens(MIDDLE, CourseSoFar([NONE] * 12, weeks(5)), by_days, FIRST)
    assert not opens(END, CourseSoFar([NONE] * 1, []), by_days, FIRST)
    ended = CourseSoFar([NONE] * 12, [], FIRST)
    assert is_asked_for(END, ended) and not is_asked_for(MIDDLE, ended)
    assert not is_asked_for(END, CourseSoFar([], []))


@pytest.mark.parametrize("him", [None, False, True])
@pytest.mark.parametrize("therapist", [None, False, True])
def test_a_point_goes_only_where_both_chose_so(him: bool | None, therapist: bool | None) -> None:
    chosen = {Party.HIM: him, Party.THERAPIST: therapist}
    shares = {party: said for party, said in chosen.items() if said is not None}
    assert goes_to_probation(shares) is (him is True and therapist is True)
    assert not goes_to_probation({Party.HIM: True, Party.OFFICER: True})


SHEET = Sheet(
    MIDDLE, "2026-11-20T10:00:00+00:00", "In person", "Room 2", (Party.HIM, Party.THERAPIST),
    "Ada", "Priya", 6, 1, 12, (Line(Topic.NEXT, Party.OFFICER, "Same day"),),
)  # fmt: skip


def test_a_sheet_is_kept_as_it_was_and_known_by_what_it_says() -> None:
    assert from_json(to_json(SHEET)) == SHEET
    other = Sheet(**{**SHEET.__dict__, "held": 7})
    assert content_hash(SHEET) != content_hash(other)
    assert SHEET.absent == (Party.OFFICER,)
    assert SHEET.of(Topic.HIS) == ()
