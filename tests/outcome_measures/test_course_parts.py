"""A second course of the same man: one episode, counted through, with a middle and an end each."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.cases.facts import CaseState
from outcome_measures.contact_rules import Course, Planned, next_session, problems, to_ask
from outcome_measures.course_parts import (
    CourseHeld,
    InCourse,
    Part,
    counted_through,
    in_course,
    last_planned,
    parts_of,
)
from outcome_measures.episodes import Held, held_besides, held_in, sessions_of, text_of
from outcome_measures.flags.due import Contact, Due, DueState, Place, Schedule, attended_at, due
from outcome_measures.flags.rules import holding
from outcome_measures.flags.state import CaseMeasures
from outcome_measures.series import ScorePoint
from outcome_measures.time_points import TimePoint
from tests.outcome_measures.flags.cases import PHQ

START = date(2026, 1, 5)


def week(number: int) -> date:
    return START + timedelta(weeks=number)


def held(first: int, count: int, made: int | None = None, planned: int | None = None) -> CourseHeld:
    """A weekly course from a week on, made in that week unless another is given."""
    seen = tuple((week(first + one), one + 1) for one in range(count))
    return CourseHeld(week(first if made is None else made), planned or count, seen)


FIRST, SECOND = held(0, 6), held(8, 4, made=7)
PARTS = parts_of([FIRST, SECOND], [])


def test_the_second_course_goes_on_counting() -> None:
    assert PARTS == (Part(week(0), 0, 6), Part(week(8), 6, 4))
    attended = (*FIRST.seen, *SECOND.seen)
    through = counted_through(attended, [FIRST, SECOND], PARTS)
    assert [number for _, number in through] == [*range(1, 11)]
    assert [day for day, _ in through] == [day for day, _ in attended]
    assert last_planned(PARTS, 4) == 10 and last_planned((), 12) == 12
    assert held_in(text_of(through)) == through


@pytest.mark.parametrize(
    ("courses", "recorded", "after"),
    [
        ([FIRST, SECOND], [(week(1), 8)], 8),  # measures had gone further: imported, or slips
        ([FIRST, SECOND], [(week(9), 8)], 6),  # of the second course
        ([held(0, 0, planned=12), SECOND], [], 0),  # nobody ever came to the first
        ([held(0, 0, planned=12), SECOND], [(week(2), 3)], 3),  # attendance was not recorded
        ([CourseHeld(week(0), 6), CourseHeld(week(8), 4)], [(week(8), 3), (week(7), 2)], 2),
        ([FIRST, CourseHeld(week(5), 4)], [], 6),  # made on the day of the last session
    ],
)
def test_after_which_number_the_second_course_begins(
    courses: list[CourseHeld], recorded: list[Held], after: int
) -> None:
    assert [part.after for part in parts_of(courses, recorded)] == [0, after]


@pytest.mark.parametrize(
    ("number", "on", "found"),
    [
        (1, week(0), InCourse(1, 6, is_last=False)),
        (6, week(5), InCourse(6, 6, is_last=False)),
        (7, week(8), InCourse(1, 4, is_first=False)),
        (10, week(11), InCourse(4, 4, is_first=False)),
        (6, week(8), InCourse(None, 4, is_first=False)),
        (7, week(7), InCourse(7, 6, is_last=False)),  # beyond the plan of the first
        (2, week(9), InCourse(None, 4, is_first=False)),  # the number of an earlier session
        (None, week(9), InCourse(None, 4, is_first=False)),
    ],
)
def test_where_in_its_course_a_session_lies(number: int | None, on: date, found: InCourse) -> None:
    assert in_course(number, on, PARTS, 10) == found


def test_on_a_day_of_both_courses_numbers_tell() -> None:
    parts = parts_of([FIRST, held(5, 4)], [])
    assert in_course(6, week(5), parts, 10) == InCourse(6, 6, is_last=False)
    assert in_course(7, week(5), parts, 10) == InCourse(1, 4, is_first=False)


def test_with_one_course_everything_is_as_it_is_numbered() -> None:
    assert in_course(4, week(3), (), 12) == InCourse(4, 12)
    assert in_course(4, week(3), (), None) == InCourse(4, None)


COURSES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(1, 8)), min_size=2, max_size=4
)


@given(COURSES)
def test_however_treatment_is_cut_into_courses_each_session_has_one_number_of_its_own(
    shape: list[tuple[int, int, int]],
) -> None:
    """Counted through, sessions stand as if all had been of one course."""
    courses, at = [], 0
    for count, pause, planned in shape:
        courses.append(held(at, count, planned=planned))
        at += max(count, 1) + pause
    attended = [one for course in courses for one in course.seen]
    through = counted_through(attended, courses, parts_of(courses, []))
    assert [number for _, number in through] == [*range(1, len(attended) + 1)]
    # Each one asked on its day is that session; asked the day after, too.
    assert held_besides(through, through) == ()
    later = [(day + timedelta(days=1), number) for day, number in through]
    assert held_besides(through, later) == ()
    sessions = sessions_of([], through)
    assert (sessions.number if sessions else 0) == len(attended)
    parts = parts_of(courses, through)
    places = [in_course(number, day, parts, None) for day, number in through]
    assert [(one.number, one.planned) for one in places] == [
        (number, course.planned) for course in courses for _, number in course.seen
    ]


def contact(number: int | None, on: date) -> Contact:
    return Contact(f"contact-{number}", on, TimePoint.SESSION, number, closed=True)


ALL = [contact(n, on) for on, n in counted_through(
    (*FIRST.seen, *SECOND.seen), [FIRST, SECOND], PARTS
)]  # fmt: skip


def lacking(schedule: Schedule, *, ended: bool = False) -> list[tuple[int | None, Place]]:
    state = DueState({"wsas": schedule}, ALL, (), last_planned(PARTS, 4), ended=ended, parts=PARTS)
    found: list[Due] = sorted(due(state, week(20)), key=lambda one: one.session_number or 0)
    return [(one.session_number, one.place) for one in found]


def test_start_middle_and_end_are_those_of_each_course() -> None:
    assert lacking(Schedule.START_MIDDLE_END) == [
        (1, Place.BASELINE), (3, Place.SESSION), (6, Place.SESSION),
        (7, Place.SESSION), (8, Place.SESSION), (10, Place.END),
    ]  # fmt: skip
    at_start_and_end = [1, 6, 7, 10]
    assert [n for n, _ in lacking(Schedule.START_AND_END)] == at_start_and_end
    assert [n for n, _ in lacking(Schedule.START_AND_END, ended=True)] == at_start_and_end


def points(*totals: int, instrument: str = "phq9") -> tuple[ScorePoint, ...]:
    """A score at each session of both courses."""
    return tuple(
        ScorePoint(f"{instrument}-{one.session_number}", instrument, one.held_on, total,
                   TimePoint.SESSION, one.session_number)
        for one, total in zip(ALL, totals, strict=False)
    )  # fmt: skip


def man(totals: list[int]) -> CaseMeasures:
    return CaseMeasures(
        (PHQ,), week(20), points(*totals), tuple(ALL[: len(totals)]),
        planned_sessions=last_planned(PARTS, 4), parts=PARTS,
    )  # fmt: skip


def said(totals: list[int]) -> dict[str, str]:
    return {kind: one.reason for (kind, _, _), one in holding(man(totals)).items()}


def test_near_the_end_is_near_that_of_his_second_course() -> None:
    near = {n for n in range(1, 11) if "above_cut_off" in said([15] * n)}
    assert near == {8, 9, 10}, "two of ten to go; not at the end of the first course"
    assert "After session 8 of 10" in said([15] * 8)["above_cut_off"]


def test_first_and_last_score_are_of_the_whole_episode() -> None:
    worse = said([10, 8, 6, 5, 5, 5, 9, 12, 14, 16])["worse"]
    assert "from 10" in worse or "10" in worse
    assert "worse" not in said([16, 8, 6, 5, 5, 5, 9, 12, 14, 16]), "not since the second began"


def test_a_contact_goes_on_from_the_first_course() -> None:
    recorded = [(n, on) for on, n in FIRST.seen if n][:4]
    seen = [(n, on) for on, n in counted_through(
        (*FIRST.seen, *SECOND.seen[:2]), [FIRST, SECOND], PARTS
    )]  # fmt: skip
    course = Course(CaseState.IN_TREATMENT, week(0), recorded, attended=seen, parts=PARTS)
    assert next_session(course, week(9)) == 8, "the second session of the second course"
    eighth = Planned(week(9), TimePoint.SESSION, 8)
    assert not problems(eighth, course, week(10)) and not to_ask(eighth, course, 10)
    first = Planned(week(8), TimePoint.SESSION, 1)
    (words,) = problems(first, course, week(10)).values()
    assert "on record already" in words and "session 1 of this one is 7" in words
    fifth = Planned(week(8), TimePoint.SESSION, 5)
    assert "session 1 of this one is 7" in to_ask(fifth, course, 10)[0]
    late = Planned(week(4), TimePoint.SESSION, 5)
    assert not to_ask(late, course, 10), "recorded from paper, of the first course"


def test_attendance_of_both_courses_stands_beside_contacts_by_one_number() -> None:
    known = [(on, n) for on, n in FIRST.seen] + [(week(8) + timedelta(days=2), 7)]
    through = counted_through((*FIRST.seen, *SECOND.seen[:2]), [FIRST, SECOND], PARTS)
    assert held_besides(through, known) == ((week(9), 8),)
    assert attended_at(week(9), 8, closed=False).session_number == 8
