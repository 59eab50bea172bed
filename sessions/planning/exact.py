"""The best plan that can be found in a time, and the proof of how good it is.

Nothing leaves here that the checker has not passed.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sessions.planning import highs
from sessions.planning.checker import violations
from sessions.planning.cost import Cost, cost, delay_of
from sessions.planning.fair import fair
from sessions.planning.greedy import greedy, mended
from sessions.planning.highs import Watch
from sessions.planning.linear import Linear
from sessions.planning.moves import Moves
from sessions.planning.problem import Instance, Plan, Visit, courses, visits_in
from sessions.planning.shuffled import shuffled
from sessions.planning.weekly import Weekly

SHARE = 0.2
"""The part of the time that a first answer may take, where a plan is mended."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan that holds, what it costs, and what no plan can cost less than."""

    plan: Plan
    cost: Cost
    bound: int
    stopped: bool
    """Somebody stopped it before its time."""
    cut: bool = False
    """The time was over before the solver was done: it is the best that there was by then."""

    @property
    def proven(self) -> bool:
        """Whether there is no better plan."""
        return self.cost.total <= self.bound


class PlanBroken(Exception):
    """A plan was made that cannot be held: a mistake of the planner, never shown to anybody."""


Early = Callable[[Plan, int], None]
"""Told the first plan that holds, checked, and what no plan can cost less than as far as known."""


class _Problem(Protocol):
    linear: Linear

    def values(self, plan: Mapping[int, tuple[Visit, ...]]) -> list[int]: ...
    def plan(self, values: list[int]) -> Plan: ...


def plan_waiting(
    instance: Instance, seconds: float, watch: Watch | None = None, early: Early | None = None
) -> Answer:
    """Whole weekly courses for everyone who waits, at the least cost, load shared fairly."""
    ends = time.monotonic() + seconds
    first = greedy(instance)
    if early is not None:
        early(_checked(instance, first), _each_alone(instance))
    answer = _answer(instance, Weekly(instance), first, ends, watch)
    return Answer(fair(instance, answer.plan), answer.cost, answer.bound, answer.stopped)


def plan_moves(
    instance: Instance,
    held: Mapping[int, tuple[Visit, ...]],
    seconds: float,
    watch: Watch | None = None,
    early: Early | None = None,
) -> Answer:
    """The least change to what men were told that mends a plan, visit by visit.

    The visits of those who are held stay as they are; everyone else was told of visits. The cost
    and the bound are those of the men who are not held.
    """
    if any(not man.told for man in instance.men if man.key not in held):
        raise ValueError("A man who was told of nothing waits: he is not moved.")
    begun = time.monotonic()
    until = begun + SHARE * seconds
    first = mended(instance, held)
    if early is not None:
        early(_checked(instance, first, held), 0)
    first = shuffled(instance, held, first, lambda: time.monotonic() < until)
    if early is not None:
        early(_checked(instance, first, held), 0)
    moves = Moves(instance, held)
    return _answer(instance, moves, first, begun + seconds, watch, held)


def _answer(
    instance: Instance,
    problem: _Problem,
    first: Plan,
    ends: float,
    watch: Watch | None,
    held: Mapping[int, tuple[Visit, ...]] | None = None,
) -> Answer:
    hint = problem.values(first)
    if not problem.linear.holds(hint):
        raise PlanBroken("The first plan does not hold.")
    left = ends - time.monotonic()
    solved = highs.solve(problem.linear, hint, left, watch) if left > 0 else None
    plan = first
    if solved is not None and solved.values is not None:
        found = problem.plan(solved.values)
        if _cost(instance, found, held).total < _cost(instance, first, held).total:
            plan = found
    _checked(instance, plan, held)
    proven = solved.bound if solved is not None and solved.bound is not None else 0
    bound = max(proven, _each_alone(instance) if held is None else 0)
    return Answer(plan, _cost(instance, plan, held), bound, solved is not None and solved.stopped)


def _checked(
    instance: Instance, plan: Plan, held: Mapping[int, tuple[Visit, ...]] | None = None
) -> Plan:
    wrong = violations(instance, {**plan, **(held or {})})
    if wrong:
        raise PlanBroken(f"{len(wrong)} faults, the first {wrong[0].fault}.")
    return plan


def _cost(instance: Instance, plan: Plan, held: Mapping[int, tuple[Visit, ...]] | None) -> Cost:
    return cost(instance, plan, frozenset(held or ()))


def _each_alone(instance: Instance) -> int:
    """What the men would cost if each had everything to himself: a bound that takes no solving."""
    total = 0
    for man in instance.men:
        best = man.unplaced
        for opening in instance.openings:
            for weeks in courses(instance, man, opening).values():
                best = min(best, man.weight * delay_of(man, visits_in(opening, weeks)))
        total += best
    return total
