"""What the planner says while it works, that it can be stopped, that nothing broken leaves it."""

import subprocess
import sys

import pytest

from sessions.planning import exact
from sessions.planning.checker import violations
from sessions.planning.cost import cost
from sessions.planning.exact import PlanBroken
from sessions.planning.greedy import greedy, mended
from sessions.planning.instances import LOOSE, Size, absence, waiting
from sessions.planning.problem import Plan, courses, visits_in
from sessions.planning.weekly import Weekly

SMALL = Size(men=30, clinicians=3, slots_each=9, rooms=(1, 1))


def test_it_tells_the_cost_so_far_and_the_bound_which_never_cross() -> None:
    told: list[tuple[int | None, int]] = []

    def watch(best: int | None, bound: int) -> bool:
        told.append((best, bound))
        return True

    answer = exact.plan_waiting(waiting(SMALL, 5), 60, watch)
    assert told
    assert all(best is None or bound <= best for best, bound in told)
    assert answer.proven
    assert not answer.stopped


def test_stopped_it_gives_the_plan_it_has_with_a_bound_that_is_true() -> None:
    instance = waiting(LOOSE, 3)
    answer = exact.plan_waiting(instance, 60, lambda best, bound: False)
    assert answer.stopped
    assert violations(instance, answer.plan) == ()
    assert cost(instance, answer.plan) == answer.cost
    assert 0 <= answer.bound <= answer.cost.total <= cost(instance, greedy(instance)).total


def test_without_time_to_solve_the_plan_made_at_once_is_given() -> None:
    instance = waiting(SMALL, 4)
    answer = exact.plan_waiting(instance, 0)
    assert answer.cost == cost(instance, greedy(instance))
    assert answer.bound <= exact.plan_waiting(instance, 60).cost.total
    assert violations(instance, answer.plan) == ()


def test_without_time_an_absence_is_mended_as_it_goes() -> None:
    instance, held = absence(2, clinicians=3)
    answer = exact.plan_moves(instance, held, 0)
    assert violations(instance, {**answer.plan, **held}) == ()
    assert not answer.proven


@pytest.mark.parametrize("seconds", [0, 20])
def test_what_it_has_early_holds_and_the_answer_costs_no_more(seconds: int) -> None:
    """Whoever cuts it off has no worse than what men were told, mended as it goes."""
    instance, held = absence(2, clinicians=3)
    told: list[int] = []

    def early(plan: Plan, bound: int) -> None:
        assert violations(instance, {**plan, **held}) == ()
        told.append(cost(instance, plan, frozenset(held)).total)
        assert bound <= told[-1]

    answer = exact.plan_moves(instance, held, seconds, early=early)
    assert told[0] == cost(instance, mended(instance, held), frozenset(held)).total
    assert answer.cost.total <= told[-1] <= told[0]
    men = waiting(SMALL, 4)
    told.clear()
    first = exact.plan_waiting(men, 0, early=lambda plan, bound: told.append(bound))
    assert told == [first.bound]


def test_a_plan_that_is_wrong_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = waiting(SMALL, 5)

    def each_as_if_alone(*_: object) -> Plan:
        alone = {}
        for man in instance.men:
            found = [
                visits_in(opening, weeks)
                for opening in instance.openings
                for weeks in courses(instance, man, opening).values()
            ]
            if found:
                alone[man.key] = min(found)
        return alone

    monkeypatch.setattr(Weekly, "plan", each_as_if_alone)
    with pytest.raises(PlanBroken, match="faults"):
        exact.plan_waiting(instance, 60)


def test_the_men_who_are_moved_were_told_of_something() -> None:
    with pytest.raises(ValueError, match="waits"):
        exact.plan_moves(waiting(SMALL, 1), {}, 1)


def test_the_solver_is_imported_only_when_there_is_something_to_solve() -> None:
    code = "import sys, sessions.planning.exact; sys.exit('highspy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
