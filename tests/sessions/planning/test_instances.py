"""The benchmark instances are the same everywhere, and their proven optima are theirs."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest

from sessions.planning import exact, highs
from sessions.planning.checker import violations
from sessions.planning.cost import cost
from sessions.planning.greedy import greedy, mended
from sessions.planning.instances import LOOSE, TIGHT, Size, absence, digest, named, waiting
from sessions.planning.problem import Instance, Plan, Visit
from sessions.planning.shuffled import shuffled
from tests.sessions.planning.naive import naive

PROVEN = json.loads((files("sessions.planning") / "data" / "optima.json").read_text())


def best_known(name: str) -> Plan:
    return {
        int(key): tuple(Visit(*visit) for visit in visits)
        for key, visits in PROVEN[name]["plan"].items()
    }


@pytest.mark.parametrize("name", ["loose", "tight", "absence"])
def test_the_shipped_plan_is_of_this_instance_and_costs_what_was_proven(name: str) -> None:
    instance, held = named(name)
    assert digest(instance) == PROVEN[name]["sha256"]
    plan = best_known(name)
    assert violations(instance, {**plan, **held}) == ()
    assert cost(instance, plan, frozenset(held)).total == PROVEN[name]["optimum"]


def test_the_instances_have_the_size_that_is_aimed_at() -> None:
    for size in (LOOSE, TIGHT):
        instance = waiting(size, 1)
        assert len(instance.men) == 200
        assert {man.visits for man in instance.men} == {12}
        assert len({o.clinician for o in instance.openings}) == 8
        assert (instance.weeks, len(instance.rooms)) == (26, 5)


def test_an_absence_takes_three_weeks_of_one_of_ten() -> None:
    instance, held = absence(1)
    assert len({o.clinician for o in instance.openings}) == 10
    away = [o for o in instance.openings if o.clinician == 0]
    assert all(not {6, 7, 8} & set(o.weeks) for o in away)
    touched = [man for man in instance.men if man.key not in held]
    assert touched
    assert all(man.clinicians == {0} for man in touched)
    told = {man.key: tuple(man.told) for man in instance.men}
    there = {violation.fault for violation in violations(instance, told)}
    assert there == {"clinician_not_there"}


def test_an_absence_is_mended_well_before_the_solver_has_begun() -> None:
    instance, held = named("absence")
    plan = shuffled(instance, held, mended(instance, held), lambda: True)
    assert violations(instance, {**plan, **held}) == ()
    assert cost(instance, plan, frozenset(held)).total <= 1.25 * PROVEN["absence"]["optimum"]


def test_men_who_wait_are_planned_well_before_the_solver_has_begun() -> None:
    instance = named("loose")[0]
    plan = greedy(instance)
    assert violations(instance, plan) == ()
    assert cost(instance, plan).total <= PROVEN["loose"]["optimum"] + 4


def test_another_seed_or_a_changed_man_is_another_hash() -> None:
    one = waiting(LOOSE, 1)
    changed = replace(one, men=(replace(one.men[0], weight=2), *one.men[1:]))
    assert len({digest(one), digest(waiting(LOOSE, 2)), digest(changed)}) == 3
    assert digest(one) == digest(waiting(LOOSE, 1))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("slots", [4, 9])
def test_counting_men_loses_nothing_against_telling_them_apart(seed: int, slots: int) -> None:
    size = Size(men=24, clinicians=3, slots_each=slots, rooms=(1, 1))
    instance: Instance = waiting(size, seed)
    plain = naive(instance)
    known = highs.solve(plain, [0] * len(plain.highest), 60, None)
    assert known.values is not None
    assert plain.cost(known.values) == known.bound
    answer = exact.plan_waiting(instance, 60)
    assert (answer.cost.total, answer.bound) == (known.bound, known.bound)
