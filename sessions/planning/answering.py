"""From a question to what a proposal says: solved, given rooms, checked. No database."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sessions.planning.ask_rules import Left
from sessions.planning.caseload import Question, question
from sessions.planning.checker import violations
from sessions.planning.cost import Cost, cost
from sessions.planning.exact import Answer
from sessions.planning.men_read import Read
from sessions.planning.problem import Instance, Plan
from sessions.planning.settling import Given, settle, without

Solve = Callable[[Instance, bool, float], Answer | None]
"""Told the question, whether it mends, and the seconds; None: somebody stopped it."""
_ROUNDS = 4


class Broken(Exception):
    """A plan did not pass the checker: it is never stored."""


@dataclass(frozen=True)
class Proposed:
    """An answer as it is kept and shown."""

    given: Mapping[int, tuple[Given, ...]]
    """By case; only those of whom something changes."""
    left: Mapping[int, Left]
    cost: Cost
    bound: int
    numbers: Mapping[str, Any]

    def stored(self) -> dict[str, Any]:
        """What a proposal keeps beside its parts: ids, codes and numbers."""
        return {"left": [[key, why.value] for key, why in self.left.items()], **self.numbers}


def answered(found: Read, moves: bool, seconds: float, solve: Solve) -> Proposed | None:
    """The best answer within a time; None where somebody stopped it.

    What the numbers allowed and booking does not is planned again without it, a few times; the
    bound is that of the first time, when nothing had been taken away.

    Raises:
        Broken: the checker found a fault.
    """
    asked = question(found.asked)
    if not asked.asked.men:
        return _proposed(found, asked, {}, {}, 0, moves)
    ends = monotonic() + seconds
    instance, bound, cut = asked.instance, None, False
    best: tuple[int, Mapping[int, tuple[Given, ...]], Plan] | None = None
    for number in range(_ROUNDS):
        left = ends - monotonic()
        if number and left < seconds / 10:
            break
        answer = solve(instance, moves, left)
        if answer is None:
            return None
        bound, cut = answer.bound if bound is None else bound, cut or answer.cut
        settled = settle(asked, answer.plan)
        plan = {key: answer.plan[key] for key in settled.given}
        price = cost(asked.instance, plan).total
        if best is None or price < best[0]:
            best = price, settled.given, plan
        if not settled.refused:
            break
        instance = without(instance, settled.refused)
    _, given, plan = best or (0, {}, {})
    if violations(asked.instance, plan):
        raise Broken
    return _proposed(found, asked, given, plan, bound or 0, moves, cut=cut)


def _proposed(
    found: Read,
    asked: Question,
    given: Mapping[int, tuple[Given, ...]],
    plan: Plan,
    bound: int,
    moves: bool,
    *,
    cut: bool = False,
) -> Proposed:
    price = cost(asked.instance, plan)
    why = Left.NO_TIME if moves else Left.NO_COURSE
    left = dict(found.left)
    left |= {man.case_id: why for man in found.asked.men if man.case_id not in given}
    numbers = {
        "men": len(found.asked.men),
        "closed": found.closed,
        "delay": price.delay,
        "changed": price.changed,
        "unusual": price.unusual,
        "unplaced": price.unplaced,
        "load": _load(asked, plan),
        "weeks": asked.asked.weeks,
        "cut": cut,
    }
    changed = {key: all_ for key, all_ in given.items() if any(one.changed for one in all_)}
    return Proposed(changed, left, price, min(bound, price.total), numbers)


def _load(asked: Question, plan: Plan) -> list[list[int]]:
    """By clinician: times open in these weeks, sessions before, sessions after."""
    instance = asked.instance
    before: Counter[int] = Counter()
    for (clinician, _), count in instance.booked.items():
        before[clinician] += count
    after = Counter(before)
    for told in asked.told.values():
        before.update(visit.clinician for visit in told)
    for visits in plan.values():
        after.update(visit.clinician for visit in visits)
    for key, told in asked.told.items():
        if key not in plan:
            after.update(visit.clinician for visit in told)
    times = {(o.clinician, o.slot, week) for o in instance.openings for week in o.weeks}
    opened = Counter(clinician for clinician, _, _ in times)
    return [[key, opened[key], before[key], after[key]] for key in asked.asked.diary.clinicians]
