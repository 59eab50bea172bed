"""Which men a figure counts, by published rules and by sums that always hold."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from outcome_measures.cohorts.cohort import Episode, Figure, episode, members
from outcome_measures.cohorts.report import (
    OF_THREE,
    RATES,
    SUMS,
    UNSAID,
    Part,
    count,
    in_order,
    may_be_ranked,
    rate,
    rates,
)
from outcome_measures.cohorts.statistics import Watched
from outcome_measures.cohorts.words import MEANINGS
from outcome_measures.definitions import Instrument
from outcome_measures.episodes import Sessions
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.series import BaselineRule, ScorePoint
from outcome_measures.time_points import TimePoint
from tests.outcome_measures.cohorts.men import cohorts, man

F = Figure
THIRD: Instrument = replace(GAD7, id="third", name="Third")
"""Nobody was asked it: the two others decide whether two of three improved."""
CLASSES = {F.RECOVERED, F.RELIABLY_RECOVERED, F.IMPROVED, F.DETERIORATED, F.NO_CHANGE}


def figures_of(one: Episode, third: Instrument | None = None) -> set[Figure]:
    return {figure for figure, ids in members([one], third).items() if ids}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # Section 2 of the reference on measures, "Consequences to test".
        ((10, 7), (9, 7), {F.RECOVERED, F.NO_CHANGE}),
        ((12, 2), (8, 7), {F.RECOVERED, F.DETERIORATED}),
        ((9, 7), (2, 2), {F.IMPROVED}),
        ((16, 3), (9, 7), {F.RECOVERED, F.NO_CHANGE}),
        ((18, 15), (6, 5), {F.RECOVERED, F.RELIABLY_RECOVERED, F.IMPROVED}),
        ((18, 15), (11, 5), {F.IMPROVED}),
        ((18, 15), (19, 15), {F.NO_CHANGE}),
        ((10, 8), (16, 12), {F.DETERIORATED}),
    ],
)
def test_the_classes_of_one_man(
    first: tuple[int, int], last: tuple[int, int], expected: set[Figure]
) -> None:
    assert figures_of(man(1, first, last)) & CLASSES == expected


def test_the_two_denominators() -> None:
    never_a_case = man(1, (9, 7), (2, 2))
    a_case = man(2, (18, 15), (6, 5))
    found = members([never_a_case, a_case])
    assert found[F.BASE] == {2} and found[F.FINISHED] == {1, 2}
    counts = count(found)
    assert rate(counts, F.RECOVERED).of == 1
    assert rate(counts, F.IMPROVED).of == 2
    assert rate(counts, F.IMPROVED).number == 2


def test_a_finished_man_without_a_last_score_stays_in_the_denominator_as_not_recovered() -> None:
    found = count(members([man(1, (18, 15), sessions=5), man(2, (18, 15), (6, 5))]))
    recovery = rate(found, F.RECOVERED)
    assert (recovery.number, recovery.of, recovery.share) == (1, 2, 0.5)
    assert (recovery.paired, recovery.unpaired, recovery.missing) == (1, 1, 0.5)


@pytest.mark.parametrize(
    ("first", "in_base"),
    [((9, 7), False), ((9, None), True), ((None, 7), True), ((None, 8), True), ((10, None), True)],
)
def test_only_a_man_known_not_to_be_a_case_leaves_the_denominator(
    first: tuple[int | None, int | None], in_base: bool
) -> None:
    assert (F.BASE in figures_of(man(1, first, sessions=3))) is in_base


def test_an_episode_of_one_session_is_no_finished_course() -> None:
    assert figures_of(man(1, (18, 15))) == {F.EPISODES, F.SHORT}


def test_open_episodes_are_not_mixed_with_ended_ones() -> None:
    with pytest.raises(ValueError, match="apart"):
        members([man(1, (18, 15), ended=False), man(2, (18, 15))])
    found = members([man(1, (18, 15), ended=False)])
    assert found[F.FINISHED] == {1} and not found[F.SHORT]


def test_improved_on_one_counts_though_the_other_got_worse() -> None:
    found = figures_of(man(1, (16, 3), (9, 7)))
    assert {F.ON_ONE, F.ON_ONE_MIXED, F.NO_CHANGE} <= found
    assert F.ON_ONE in figures_of(man(1, (16, None), (9, None)))


def test_a_man_of_whom_it_cannot_be_told_is_missing_and_not_one_who_did_not_improve() -> None:
    """One measure did not improve and the other was not asked twice."""
    found = members([man(1, (16, None), (15, None)), man(2, (16, 12), (15, 11))])
    assert found[F.ONE_UNKNOWN] == {1} and found[F.NOT_ON_ONE] == {2}
    one = rate(count(found), F.ON_ONE)
    assert (one.number, one.of, one.paired, one.unpaired, one.missing) == (0, 2, 1, 1, 0.5)


def test_two_of_three_needs_a_third_measure() -> None:
    one = man(1, (16, 12), (9, 5))
    assert not OF_THREE & figures_of(one)
    assert F.ON_TWO in figures_of(one, THIRD)
    # PHQ-9 improved, GAD-7 did not, and nobody asked the third twice: it could have decided.
    open_still = figures_of(man(1, (16, 12), (9, 11)), THIRD)
    assert F.TWO_UNKNOWN in open_still and not {F.ON_TWO, F.NOT_ON_TWO} & open_still
    assert F.NOT_ON_TWO in figures_of(man(1, (16, 12), (15, 11)), THIRD)
    labels = [rate.figure for rate in rates(count(members([one])))]
    assert F.ON_TWO not in labels
    assert F.ON_TWO in [r.figure for r in rates(count(members([one], THIRD)), third=True)]


def test_a_last_score_before_the_last_session_is_carried_forward_and_said_so() -> None:
    carried, at_end = man(1, (18, 15), (6, 5), sessions=6), man(2, (18, 15), (6, 5))
    found = members([carried, at_end])
    assert set(found[F.CARRIED]) == {1} and set(found[F.AT_END]) == {2}
    assert found[F.IMPROVED] == {1, 2}
    apart = rate(count(found), F.AT_END_IMPROVED)
    assert (apart.number, apart.of, apart.unpaired, apart.missing) == (1, 1, 1, 0.5)


def test_time_to_improvement_counts_from_the_first_session() -> None:
    assert man(1, (18, 15), (17, 15), (12, 15), (6, 5)).watched == Watched(14, True)
    assert man(1, (18, 15), (17, 15), (16, 14)).watched == Watched(14, False)
    assert man(1, (18, 15)).watched is None
    assert man(1, (None, None), (None, None)).watched is None


@pytest.mark.parametrize("rule", list(BaselineRule))
def test_a_score_before_sentence_is_no_improvement_in_treatment(rule: BaselineRule) -> None:
    """Better before the court than after it: no pair ends with such a score, and no time either."""
    start = date(2026, 3, 2)
    points = [
        ScorePoint("a", "phq9", start - timedelta(days=60), 20, TimePoint.PRE_SENTENCE),
        ScorePoint("b", "phq9", start - timedelta(days=30), 8, TimePoint.PRE_SENTENCE),
        ScorePoint("c", "phq9", start, 20, TimePoint.SESSION, 1),
        ScorePoint("d", "phq9", start + timedelta(days=7), 20, TimePoint.SESSION, 2),
    ]
    made = episode(1, None, Sessions(2, start, start + timedelta(days=7)), points, rule)
    assert made.watched == Watched(7, False)


@given(cohorts())
def test_what_is_said_to_add_up_adds_up(episodes: list[Episode]) -> None:
    found = members(episodes, THIRD)
    for total, parts in SUMS:
        assert found[total] == frozenset().union(*(found[part] for part in parts)), total
        assert len(found[total]) == sum(len(found[part]) for part in parts), total


@given(cohorts(ended=False))
def test_the_interim_figures_add_up_too(episodes: list[Episode]) -> None:
    found = members(episodes)
    for total, parts in SUMS:
        if not OF_THREE & {total, *parts}:
            assert found[total] == frozenset().union(*(found[part] for part in parts)), total


@given(cohorts())
def test_the_order_of_men_never_matters(episodes: list[Episode]) -> None:
    assert members(episodes) == members(list(reversed(episodes)))


@given(cohorts())
def test_a_rate_is_within_its_interval_and_all_of_it_is_there_or_nothing(
    episodes: list[Episode],
) -> None:
    for one in rates(count(members(episodes))):
        if not one.of:
            assert one.share is None and one.interval is None
            continue
        assert one.share is not None and one.interval is not None
        assert one.interval.low <= one.share <= one.interval.high
        assert one.paired is not None and one.unpaired is not None


def test_every_printed_figure_has_its_words() -> None:
    assert set(MEANINGS) == set(F) - UNSAID
    assert {figure for figure, _ in RATES} <= set(MEANINGS)


def part(code: str, base: int, recovered: int) -> Part:
    empty: dict[Figure, int | None] = dict.fromkeys(F, 0)
    return Part(code, code, empty | {F.BASE: base, F.RELIABLY_RECOVERED: recovered})


def test_nobody_is_ranked_on_fewer_than_fifty_men() -> None:
    parts = [part("a", 50, 10), part("b", 50, 30)]
    assert may_be_ranked(parts)
    assert [one.code for one in in_order(parts, ranked=True)] == ["b", "a"]
    assert [one.code for one in in_order(parts, ranked=False)] == ["a", "b"]
    few = [part("a", 49, 10), part("b", 50, 30)]
    assert not may_be_ranked(few)
    assert [one.code for one in in_order(few, ranked=True)] == ["a", "b"]
    hidden = replace(parts[0], counts={**parts[0].counts, F.BASE: None})
    assert not may_be_ranked([hidden, parts[1]])
    assert not may_be_ranked(parts[:1])
