"""Corners that made-up instances seldom reach, each by hand."""

from dataclasses import replace

import pytest

from sessions.planning import exact
from sessions.planning.problem import Instance, Man, Opening, Room, Visit, courses

DAYS = (0, 3)
"""A slot on Mondays, one on Thursdays."""


def man(key: int, **more: object) -> Man:
    fields: dict[str, object] = {
        "key": key,
        "visits": 2,
        "first_week": 0,
        "last_week": 2,
        "slots": frozenset({0}),
        "places": frozenset({0}),
        "clinicians": frozenset({0, 1}),
    }
    return Man(**{**fields, **more})  # type: ignore[arg-type]


def instance(men: tuple[Man, ...], *openings: Opening) -> Instance:
    return Instance(6, DAYS, openings, (Room(0), Room(0), Room(0)), men)


def test_a_man_who_skips_a_week_keeps_two_clinicians_from_standing_in_for_each_other() -> None:
    """In no week are there more than two, and yet two clinicians cannot share the three out."""
    men = (
        man(0, cannot=frozenset({(1, 0)})),
        man(1, first_week=1),
        man(2, last_week=1),
    )
    weeks = (0, 1, 2)
    answer = exact.plan_waiting(instance(men, Opening(0, 0, 0, weeks), Opening(1, 0, 0, weeks)), 60)
    assert (answer.cost.unplaced, answer.bound) == (1, 60)


def told(*weeks: int) -> frozenset[Visit]:
    return frozenset(Visit(week, 0, 0, 0) for week in weeks)


def test_the_longest_gap_counts_from_the_session_before() -> None:
    him = man(0, told=told(0, 1), last_week=5, clinicians=frozenset({0}), seen_on=-4)
    answer = exact.plan_moves(instance((him,), Opening(0, 0, 0, (2, 3, 4, 5))), {}, 60)
    assert (answer.cost.unplaced, answer.bound) == (1, 60)
    sooner = exact.plan_moves(instance((him,), Opening(0, 0, 0, (1, 2, 3))), {}, 60)
    assert sooner.plan == {0: tuple(sorted(told(1, 2)))}


def test_two_sessions_are_never_closer_than_the_least_gap() -> None:
    him = man(0, told=told(0, 1), last_week=5, clinicians=frozenset({0}), slots=frozenset({0, 1}))
    openings = (Opening(0, 0, 0, (0, 2)), Opening(0, 1, 0, (0,)))
    answer = exact.plan_moves(instance((him,), *openings), {}, 60)
    assert answer.plan == {0: tuple(sorted(told(0, 2)))}
    assert answer.cost.total == answer.bound == 2 + 1


def test_a_new_time_keeps_to_the_weekday_and_hour_he_is_used_to() -> None:
    """Both are as late, and a Thursday comes first in every other order."""
    thursday, monday = Opening(0, 1, 0, (2,)), Opening(0, 0, 0, (0, 2))
    either = frozenset({0, 1})
    him = man(0, told=told(0, 1), last_week=2, clinicians=frozenset({0}), slots=either)
    him = replace(him, most_gap=21, usual=frozenset({0}))
    answer = exact.plan_moves(instance((him,), thursday, monday), {}, 60)
    assert answer.plan == {0: tuple(sorted(told(0, 2)))}
    assert (answer.cost.unusual, answer.cost.total, answer.bound) == (0, 3, 3)
    only = exact.plan_moves(instance((him,), thursday, Opening(0, 0, 0, (0,))), {}, 60)
    assert only.plan == {0: (Visit(0, 0, 0, 0), Visit(2, 1, 0, 0))}
    assert (only.cost.unusual, only.cost.total, only.bound) == (1, 5, 5)


@pytest.mark.parametrize(
    ("gaps", "closed", "weeks"),
    [
        (((8, 14), (8, 14)), (), {0: (0, 2, 4), 1: (1, 3, 5)}),
        (((8, 21), (8, 21)), (2,), {0: (0, 3, 5), 1: (1, 3, 5)}),
        (((4, 14), (20, 28)), (), {0: (0, 1, 4), 1: (1, 2, 5)}),
        (((4, 7), (4, 7)), (3,), {0: (0, 1, 2)}),
        (((10, 13), (4, 7)), (), {}),
    ],
)
def test_each_session_keeps_its_own_days_from_the_one_before(
    gaps: tuple[tuple[int, int], ...], closed: tuple[int, ...], weeks: dict[int, tuple[int, ...]]
) -> None:
    him = man(0, visits=3, gaps=gaps, last_week=5)
    opening = Opening(0, 0, 0, tuple(week for week in range(6) if week not in closed))
    case = instance((him,), opening)
    assert courses(case, him, opening) == weeks
    answer = exact.plan_waiting(case, 60)
    assert bool(answer.plan) == bool(weeks)


def test_two_men_of_fortnights_share_one_hour() -> None:
    fortnights = {"gaps": ((8, 14),), "last_week": 3, "clinicians": frozenset({0})}
    men = (man(0, **fortnights), man(1, **fortnights), man(2, **fortnights))
    answer = exact.plan_waiting(instance(men, Opening(0, 0, 0, (0, 1, 2, 3))), 60)
    assert sorted(answer.plan.values()) == [
        tuple(sorted(told(0, 2))),
        tuple(sorted(told(1, 3))),
    ]
    assert answer.bound == answer.cost.total == 61


def test_what_moves_stays_on_its_side_of_what_stands() -> None:
    """A Thursday in week 1 stays: one session comes before it, and one after."""
    him = man(0, told=told(0, 2), last_week=5, clinicians=frozenset({0}), most_gap=35)
    him = replace(him, slots=frozenset({0, 1}), stands=((10, 1),))
    openings = (Opening(0, 0, 0, (3,)), Opening(0, 1, 0, (0, 2)))
    answer = exact.plan_moves(instance((him,), *openings), {}, 60)
    assert answer.plan == {0: (Visit(0, 1, 0, 0), Visit(2, 1, 0, 0))}
    none = exact.plan_moves(instance((him,), Opening(0, 0, 0, (3, 4))), {}, 60)
    assert (none.cost.unplaced, none.bound) == (1, 60)


def test_the_week_that_a_course_leaves_out_is_another_mans() -> None:
    skips = man(0, first_week=1, last_week=3, cannot=frozenset({(2, 0)}))
    between = man(1, visits=1, first_week=2, last_week=2)
    answer = exact.plan_waiting(instance((skips, between), Opening(0, 0, 0, (1, 2, 3))), 60)
    assert answer.plan == {0: tuple(sorted(told(1, 3))), 1: tuple(told(2))}
