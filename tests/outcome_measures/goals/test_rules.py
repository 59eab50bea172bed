"""His goals in his words, each read for itself; more is better wherever that is so."""

from dataclasses import replace
from datetime import date

import pytest

from outcome_measures.charts.content import Dot, Mark, Zone, picture
from outcome_measures.charts.key import key_entries
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.flags.due import Schedule
from outcome_measures.flags.queries import _measured
from outcome_measures.goals.rules import (
    Goal,
    Rating,
    asked_about,
    of_goals,
    ratings_of,
    same_goals,
)
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.reading import words
from outcome_measures.reading.alt_words import alt
from outcome_measures.reading.goal_words import goal_facts
from outcome_measures.reading.rules import read
from outcome_measures.series import BaselineRule
from tests.outcome_measures.points import FIRST_SESSION, course

MAY, JUNE, JULY = date(2026, 5, 4), date(2026, 6, 1), date(2026, 7, 6)
SLEEP, BUS = Goal(1, 1, "Sleep through", MAY, JUNE), Goal(3, 1, "Get on a bus", JUNE, None)
RING = Goal(2, 2, "Ring my brother", MAY, None)
MORE = replace(PHQ9, lower_is_better=False, caseness=None)
RULE = BaselineRule.LAST_BEFORE_OR_AT_FIRST_SESSION


def asked(goals: list[Goal], kept: tuple[int, ...], on: date, today: date) -> list[str]:
    return [goal.words for goal in asked_about(goals, kept, on, today)]


@pytest.mark.parametrize(
    ("on", "today", "expected"),
    [
        (MAY, JULY, ["Sleep through", "Ring my brother"]),
        (date(2026, 5, 31), JULY, ["Sleep through", "Ring my brother"]),
        (JUNE, JULY, ["Get on a bus", "Ring my brother"]),
        (JUNE, JUNE, ["Get on a bus", "Ring my brother"]),
        (JULY, JULY, ["Get on a bus", "Ring my brother"]),
        (date(2026, 4, 1), JULY, ["Sleep through", "Ring my brother"]),
    ],
)
def test_a_form_asks_about_the_goals_he_had_on_its_day(
    on: date, today: date, expected: list[str]
) -> None:
    for order in ([SLEEP, RING, BUS], [BUS, SLEEP, RING]):
        assert asked(order, (), on, today) == expected


def test_a_goal_that_had_ended_is_not_his_any_more() -> None:
    assert asked([SLEEP], (), JULY, JULY) == []
    assert asked([SLEEP], (), JUNE, JUNE) == [], "ended today, before the form was opened"
    assert asked([SLEEP], (), JUNE, JULY) == ["Sleep through"], "a session of then, from paper"


def test_what_a_form_asks_about_stays_and_a_free_number_takes_a_goal() -> None:
    for on, today in ((JUNE, JUNE), (JUNE, JULY), (MAY, JULY)):
        found = asked([SLEEP, BUS, RING], (SLEEP.id,), on, today)
        assert found == ["Sleep through", "Ring my brother"]
        found = asked([SLEEP, BUS, RING], (BUS.id,), on, today)
        assert found == ["Get on a bus", "Ring my brother"]


def test_what_does_not_apply_is_no_rating_and_zero_is_one() -> None:
    said = {
        3: Answer(AnswerState.ANSWERED, 0),
        1: Answer(AnswerState.ANSWERED, 7),
        2: Answer(AnswerState.NOT_APPLICABLE),
    }
    assert ratings_of(said, {1: SLEEP}) == (
        Rating(1, "Sleep through", 7, 1),
        Rating(3, "Goal 3", 0),
    )


def test_only_the_same_goals_are_compared() -> None:
    last = (Rating(1, "Get on a bus", 5, 3), Rating(2, "Ring my brother", 1, 2))
    assert same_goals(last, (last[1], replace(last[0], points=0)), complete=True)
    assert not same_goals(last, last[:1], complete=True)
    assert same_goals(last, last[:1], complete=False)
    assert not same_goals(last, (Rating(1, "Sleep through", 5, 1), last[1]), complete=True)
    assert not same_goals(last, (Rating(1, "Sleep through", 5, 1),), complete=False)


def test_the_range_is_that_of_his_goals() -> None:
    three = replace(PHQ9, items=PHQ9.items[:3], bands=(), caseness=None)
    assert [of_goals(three, number).highest for number in (1, 2, 3)] == [3, 6, 9]
    assert of_goals(three, 0).highest == 9


def test_each_goal_is_said_for_itself() -> None:
    found = goal_facts(
        [
            (MAY, (Rating(1, "Sleep through", 2), Rating(2, "Ring my brother", 4))),
            (JUNE, (Rating(1, "Get on a bus", 0), Rating(2, "Ring my brother", 3))),
            (JULY, (Rating(2, "Ring my brother", 9),)),
        ]
    )
    assert [(one.about, one.words) for one in found] == [
        ("Sleep through", "2 out of 10 on 4 May 2026: rated once so far"),
        (
            "Ring my brother",
            "9 out of 10 on 6 July 2026, up 5 points from 4 on 4 May 2026 (more is better)",
        ),
        ("Get on a bus", "0 out of 10 on 1 June 2026: rated once so far"),
    ]


def test_where_more_is_better_the_words_say_so_wherever_the_score_moved() -> None:
    up = read(MORE, course(4, 12), RULE, FIRST_SESSION)
    assert words.headline(up) == (
        "PHQ-9 up 8 points since the start (more is better): reliable improvement."
    )
    assert words.brief(up) == "up 8 points (more is better): reliable improvement"
    since = {fact.about: fact.words for fact in words.facts(up)}["Since the start"]
    assert since.startswith("Up 8 points, from 4 (more is better): reliable improvement")
    assert "More is better." in alt(up)
    down = words.headline(read(MORE, course(12, 4), RULE, FIRST_SESSION))
    assert "reliable deterioration of the score" in down and "(more is better)" in down
    assert "better" not in words.headline(read(MORE, course(4, 4), RULE, FIRST_SESSION))
    usual = read(PHQ9, course(4, 12), RULE, FIRST_SESSION)
    for said in (words.headline(usual), words.brief(usual), alt(usual)):
        assert "more is better" not in said.lower()


def test_where_more_is_better_the_lines_of_the_chart_lie_the_other_way() -> None:
    dots = [Dot(MAY, 10, Mark.SCORED, Zone.COURSE)]
    for instrument, better, worse in ((PHQ9, 4, 16), (MORE, 16, 4)):
        shown = picture(instrument, dots, first=10)
        assert (shown.better, shown.worse) == (better, worse)
    (key,) = (entry for entry in key_entries(shown) if entry.name == "reliable")
    assert key.words == "reliably better 16 or more, worse 4 or less"


def test_no_flag_takes_a_rise_for_worse_where_more_is_better() -> None:
    assert _measured(PHQ9, Schedule.EACH_SESSION) is not None
    assert _measured(replace(MORE, lower_is_better=False), Schedule.EACH_SESSION) is None


def test_a_cut_off_counts_upwards_only_where_less_is_better() -> None:
    with pytest.raises(ValueError, match="a cut-off counts upwards"):
        replace(PHQ9, lower_is_better=False)
