"""On small cases the planner finds what trying everything finds, and never a plan that is wrong."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions.planning import exact
from sessions.planning.checker import violations
from sessions.planning.cost import cost
from sessions.planning.fair import fair, filled
from sessions.planning.greedy import greedy, mended
from sessions.planning.problem import Instance, Man, Opening
from sessions.planning.shuffled import shuffled
from tests.sessions.planning.small import (
    crowded,
    instances,
    least,
    visit_choices,
    weekly_choices,
)

SECONDS = 60
SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@given(instances() | crowded())
@settings(deadline=None, suppress_health_check=SLOW_TO_DRAW)
def test_waiting_men_are_planned_at_the_least_cost(instance: Instance) -> None:
    answer = exact.plan_waiting(instance, SECONDS)
    choices = {man.key: weekly_choices(instance, man) for man in instance.men}
    assert answer.cost.total == least(instance, choices, {})
    assert answer.bound == answer.cost.total
    assert violations(instance, answer.plan) == ()
    assert cost(instance, answer.plan) == answer.cost


@given(instances() | crowded(), st.data())
@settings(deadline=None, suppress_health_check=SLOW_TO_DRAW)
def test_what_men_were_told_counts_in_the_least_cost(
    instance: Instance, data: st.DataObject
) -> None:
    men = []
    for man in instance.men:
        told = data.draw(st.sampled_from(weekly_choices(instance, man)))
        usual = data.draw(st.sampled_from((frozenset[int](), frozenset({0}), frozenset({1, 2}))))
        men.append(replace(man, told=frozenset(told), usual=usual))
    instance = replace(instance, men=tuple(men))
    answer = exact.plan_waiting(instance, SECONDS)
    choices = {man.key: weekly_choices(instance, man) for man in instance.men}
    assert answer.cost.total == least(instance, choices, {}) == answer.bound
    assert violations(instance, answer.plan) == ()


@st.composite
def stands(draw: st.DrawFn, instance: Instance, man: Man) -> tuple[tuple[int, int], ...]:
    """A day of a session that stays, somewhere about what he was told."""
    day = draw(st.none() | st.integers(0, 7 * instance.weeks))
    if day is None:
        return ()
    return ((day, sum(instance.day(visit) < day for visit in man.told)),)


@given(instances(most_men=3), st.data())
@settings(deadline=None, suppress_health_check=SLOW_TO_DRAW)
def test_a_plan_is_mended_with_the_least_change(instance: Instance, data: st.DataObject) -> None:
    instance = replace(instance, men=tuple(replace(man, gaps=()) for man in instance.men))
    planned = greedy(instance)
    men = tuple(
        replace(man, told=frozenset(planned[man.key])) for man in instance.men if man.key in planned
    )
    if not men:
        return
    held_keys = data.draw(st.sets(st.sampled_from([man.key for man in men]), max_size=len(men) - 1))
    held = {key: planned[key] for key in held_keys}
    away = data.draw(st.sets(st.integers(0, instance.weeks - 1), max_size=2))
    gone = {planned[man.key][0].clinician for man in men if man.key not in held}
    kept = {(v.clinician, v.week) for visits in held.values() for v in visits}
    openings = tuple(
        replace(
            o,
            weeks=tuple(
                w
                for w in o.weeks
                if o.clinician not in gone or w not in away or (o.clinician, w) in kept
            ),
        )
        for o in instance.openings
    )
    men = tuple(replace(man, stands=data.draw(stands(instance, man))) for man in men)
    if data.draw(st.booleans()):
        men = tuple(replace(man, usual=frozenset(v.slot for v in man.told)) for man in men)
    instance = replace(instance, openings=openings, men=men)
    answer = exact.plan_moves(instance, held, SECONDS)
    free = [man for man in men if man.key not in held]
    choices = {man.key: list(visit_choices(instance, man)) for man in free}
    assert answer.cost.total == least(instance, choices, held) == answer.bound
    assert violations(instance, {**answer.plan, **held}) == ()
    first = mended(instance, held)
    assert violations(instance, {**first, **held}) == ()
    rounds = iter(range(5))
    better = shuffled(instance, held, first, lambda: next(rounds, None) is not None)
    assert violations(instance, {**better, **held}) == ()
    costs = [cost(instance, plan, frozenset(held)).total for plan in (answer.plan, better, first)]
    assert costs == sorted(costs)
    if len(free) == 1:
        assert costs[1] == answer.cost.total


@given(instances() | crowded())
@settings(deadline=None, suppress_health_check=SLOW_TO_DRAW)
def test_the_plan_made_at_once_holds_and_sharing_the_load_costs_nobody(instance: Instance) -> None:
    plan = greedy(instance)
    assert violations(instance, plan) == ()
    evened = fair(instance, plan)
    assert violations(instance, evened) == ()
    assert cost(instance, evened) == cost(instance, plan)
    assert max(filled(instance, evened).values()) <= max(filled(instance, plan).values())
    assert {key: [v.week for v in visits] for key, visits in plan.items()} == {
        key: [v.week for v in visits] for key, visits in evened.items()
    }


@given(instances(), st.lists(st.integers(0, 3), min_size=4, max_size=4))
@settings(deadline=None, suppress_health_check=SLOW_TO_DRAW)
def test_adding_a_clinician_never_makes_the_best_plan_dearer(
    instance: Instance, slots: list[int]
) -> None:
    before = exact.plan_waiting(instance, SECONDS).cost.total
    joins = 9
    more = tuple(
        Opening(joins, slot, 0, tuple(range(instance.weeks)))
        for slot in {slot % len(instance.days) for slot in slots}
    )
    men = tuple(replace(man, clinicians=man.clinicians | {joins}) for man in instance.men)
    joined = replace(instance, openings=instance.openings + more, men=men)
    assert exact.plan_waiting(joined, SECONDS).cost.total <= before
