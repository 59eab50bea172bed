"""Solves a linear problem with HiGHS, which is imported only when something is to be solved."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sessions.planning.linear import Linear

if TYPE_CHECKING:
    import highspy

Watch = Callable[[int | None, int], bool]
"""Told now and then the cost of the best answer so far (None: none yet) and the proven bound.
Says whether to go on."""

THREADS = 2
_LOOK_EVERY = 0.2
_WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Solved:
    """The best values found, and what no values can cost less than."""

    values: list[int] | None
    bound: int | None
    """None where the time was too short to prove anything."""
    stopped: bool
    """The watch said not to go on."""


def solve(linear: Linear, hint: Sequence[int], seconds: float, watch: Watch | None) -> Solved:
    """The best whole numbers that can be found in a time, starting from known ones."""
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", THREADS)
    solver.setOptionValue("time_limit", max(0.0, seconds))
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(_model(linear))
    start = highspy.HighsSolution()
    start.col_value = [float(value) for value in hint]
    solver.setSolution(start)
    watching = _Watching(linear, watch)
    solver.cbMipInterrupt += watching.look
    solver.run()
    info = solver.getInfo()
    values = [round(value) for value in solver.getSolution().col_value]
    found = len(values) == len(linear.highest) and linear.holds(values)
    bound = _rounded_up(info.mip_dual_bound, linear)
    return Solved(values if found else None, bound, watching.stopped)


class _Watching:
    """Passes what the solver says to a watch, not too often, and its wish to stop back."""

    def __init__(self, linear: Linear, watch: Watch | None) -> None:
        self.stopped = False
        self._linear = linear
        self._watch = watch
        self._next = time.monotonic()

    def look(self, event: Any) -> None:
        """One look in; the solver goes on unless it is told otherwise."""
        if self._watch is None or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _LOOK_EVERY
        best = event.data_out.mip_primal_bound
        cost = round(best) + self._linear.constant if math.isfinite(best) else None
        bound = _rounded_up(event.data_out.mip_dual_bound, self._linear)
        if not self._watch(cost, bound if bound is not None else 0):
            self.stopped = True
            event.interrupt()


def _rounded_up(bound: float, linear: Linear) -> int | None:
    """All costs are whole, so a bound of 11.2 is one of 12."""
    if not math.isfinite(bound):
        return None
    return math.ceil(bound - _WHOLE * max(1.0, abs(bound))) + linear.constant


def _model(linear: Linear) -> "highspy.HighsLp":
    import highspy

    starts, columns, factors = [0], [], []
    least, most = [], []
    for terms, low, high in linear.rows:
        for column, factor in terms:
            columns.append(column)
            factors.append(factor)
        starts.append(len(columns))
        least.append(-highspy.kHighsInf if low is None else low)
        most.append(highspy.kHighsInf if high is None else high)
    count = len(linear.highest)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(linear.rows)
    model.col_cost_ = np.array(linear.costs, dtype=np.float64)
    model.col_lower_ = np.zeros(count)
    model.col_upper_ = np.array(linear.highest, dtype=np.float64)
    model.row_lower_ = np.array(least, dtype=np.float64)
    model.row_upper_ = np.array(most, dtype=np.float64)
    model.integrality_ = [highspy.HighsVarType.kInteger] * count
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(columns, dtype=np.int32)
    model.a_matrix_.value_ = np.array(factors, dtype=np.float64)
    return model
