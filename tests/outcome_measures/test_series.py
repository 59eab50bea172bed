"""Which score is the baseline and which two are compared; order of recording never matters."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.series import (
    BaselineRule,
    Pair,
    ScorePoint,
    baseline,
    in_order,
    of_instrument,
    pair,
)
from outcome_measures.time_points import Origin, TimePoint

MONDAY = date(2026, 3, 2)
LAST, FIRST = BaselineRule.LAST_BEFORE_OR_AT_FIRST_SESSION, BaselineRule.FIRST_OF_CASE
COURT, BETWEEN = TimePoint.PRE_SENTENCE, TimePoint.BETWEEN
SESSION, FOLLOW_UP = TimePoint.SESSION, TimePoint.FOLLOW_UP


def taken(
    day: int,
    total: int | None,
    point: TimePoint = SESSION,
    *,
    ref: str | None = None,
    instrument: str = "phq9",
    order: int = 0,
) -> ScorePoint:
    return ScorePoint(
        ref or f"{day}-{point}", instrument, MONDAY + timedelta(day), total, point, order=order
    )


def days(found: Pair | None) -> tuple[int, int] | None:
    return (
        None if found is None else ((found.first.on - MONDAY).days, (found.last.on - MONDAY).days)
    )


TREATED = (
    taken(0, 21, COURT),
    taken(30, 19, COURT),
    taken(60, 18, BETWEEN),
    taken(70, 17),
    taken(77, 15),
    taken(84, None),
    taken(91, 9),
    taken(150, 3, FOLLOW_UP),
)


@pytest.mark.parametrize(
    ("points", "rule", "first_session", "expected"),
    [
        (TREATED, LAST, 70, (70, 91)),
        (TREATED, FIRST, 70, (0, 91)),
        # Nothing at the first session: the nearest before it, even the one taken for court.
        ((taken(0, 21, COURT), taken(77, 15)), LAST, 70, (0, 77)),
        # Nothing up to the first session: the first after it.
        ((taken(77, 15), taken(84, 12), taken(91, 9)), LAST, 70, (77, 91)),
        # An incomplete form is no baseline and no last score.
        (
            (taken(60, 18, BETWEEN), taken(70, None), taken(77, 15), taken(84, None)),
            LAST,
            70,
            (60, 77),
        ),
        ((taken(70, None), taken(77, None)), LAST, 70, None),
        # One score, or only follow-up after it, is no pair.
        ((taken(70, 17),), LAST, 70, None),
        ((taken(70, 17), taken(150, 3, FOLLOW_UP)), LAST, 70, None),
        ((taken(150, 3, FOLLOW_UP), taken(180, 2, FOLLOW_UP)), FIRST, None, None),
        # Two of one day are no pair.
        ((taken(70, 17, BETWEEN), taken(70, 9)), FIRST, 70, None),
        # Two assessments for court are no outcome of treatment.
        ((taken(0, 21, COURT), taken(30, 19, COURT)), FIRST, None, None),
        ((taken(0, 21, COURT), taken(30, 19, COURT)), LAST, None, None),
        # Before treatment begins the latest score is the baseline.
        ((taken(0, 21, COURT), taken(60, 18, BETWEEN)), LAST, None, None),
        ((), LAST, 70, None),
    ],
)
def test_pairs(
    points: Sequence[ScorePoint],
    rule: BaselineRule,
    first_session: int | None,
    expected: tuple[int, int] | None,
) -> None:
    first_on = None if first_session is None else MONDAY + timedelta(first_session)
    assert days(pair(points, rule, first_on)) == expected


def test_one_occasion_is_never_both_scores() -> None:
    points = [taken(70, 17, ref="same"), taken(77, 9, ref="same")]
    assert pair(points, FIRST, MONDAY) is None


def test_the_baseline_before_treatment_is_the_latest_score() -> None:
    found = baseline(TREATED[:3], LAST, None)
    assert found is not None
    assert found.total == 18


def test_of_one_day_the_score_at_the_session_is_the_later_one() -> None:
    points = [taken(70, 17), taken(70, 18, BETWEEN)]
    found = baseline(points, LAST, MONDAY + timedelta(70))
    assert found is not None
    assert found.total == 17


def test_a_typed_total_counts() -> None:
    typed = ScorePoint("typed", "phq9", MONDAY + timedelta(77), 9, SESSION, origin=Origin.TOTAL)
    found = pair([taken(70, 17), typed], LAST, MONDAY + timedelta(70))
    assert found is not None
    assert found.last is typed
    assert found.totals == (17, 9)


def test_different_instruments_are_never_compared() -> None:
    with pytest.raises(ValueError, match="different instruments"):
        pair([taken(70, 17), taken(77, 9, instrument="gad7")], LAST, None)


def test_totals_need_complete_scores() -> None:
    with pytest.raises(ValueError, match="complete"):
        _ = Pair(taken(0, None), taken(7, 3)).totals


def test_points_of_one_instrument_come_in_order() -> None:
    mixed = [taken(7, 3), taken(3, 2, instrument="gad7"), taken(0, 5)]
    assert [point.total for point in of_instrument(mixed, "phq9")] == [5, 3]


def test_the_baseline_rules_are_the_choices_of_the_policy() -> None:
    from outcome_measures.policy import BASELINE_RULE

    assert set(BASELINE_RULE.choices or ()) == {rule.value for rule in BaselineRule}
    assert BaselineRule(str(BASELINE_RULE.default)) is LAST


POINTS = st.lists(
    st.builds(
        taken,
        st.integers(0, 40),
        st.one_of(st.none(), st.integers(0, 27)),
        st.sampled_from(TimePoint),
    ),
    max_size=8,
    unique_by=lambda point: point.occasion_ref,
)


@given(POINTS, st.randoms(use_true_random=False), st.sampled_from(BaselineRule), st.integers(0, 40))
def test_order_of_recording_never_matters(
    points: list[ScorePoint], chance: object, rule: BaselineRule, day: int
) -> None:
    first_on = MONDAY + timedelta(day)
    shuffled = list(points)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_order(shuffled) == in_order(points)
    assert baseline(shuffled, rule, first_on) == baseline(points, rule, first_on)
    assert pair(shuffled, rule, first_on) == pair(points, rule, first_on)


@given(POINTS, st.sampled_from(BaselineRule), st.one_of(st.none(), st.integers(0, 40)))
def test_what_every_pair_is(points: list[ScorePoint], rule: BaselineRule, day: int | None) -> None:
    first_on = None if day is None else MONDAY + timedelta(day)
    found = pair(points, rule, first_on)
    usable = [p for p in points if p.total is not None and p.point is not FOLLOW_UP]
    if found is None:
        return
    assert found.first in usable
    assert found.last in usable
    assert found.first.on < found.last.on
    assert found.last.point is not COURT
    assert found.last.on == max(p.on for p in usable if p.point is not COURT)
    if rule is FIRST:
        assert found.first.on == min(p.on for p in usable)
