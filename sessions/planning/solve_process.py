"""The process that solves one question: read from its input, answered on its output.

It is apart so that whoever started it can end it at any moment, and goes on with other work.
Lines of JSON come out: plans that hold, how far it is, and at last the answer.
"""

import json
import os
import pickle
import sys
from typing import Any, TextIO

from sessions.planning import exact
from sessions.planning.problem import Instance, Plan


def main() -> int:
    """Solve what comes in; 0 where an answer was given."""
    said: dict[str, Any] = pickle.load(sys.stdin.buffer)  # noqa: S301  (written by our own parent)
    instance: Instance = said["instance"]
    parent = os.getppid()
    out, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer

    def watch(best: int | None, bound: int) -> bool:
        _say(out, {"best": best, "bound": bound})
        return os.getppid() == parent  # nobody waits for it any more

    def early(plan: Plan, bound: int) -> None:
        _say(out, {"early": _rows(plan), "bound": bound})

    if said["moves"]:
        answer = exact.plan_moves(instance, {}, said["seconds"], watch, early)
    else:
        answer = exact.plan_waiting(instance, said["seconds"], watch, early)
    _say(out, {"plan": _rows(answer.plan), "bound": answer.bound})
    return 0


def _rows(plan: Plan) -> dict[int, list[tuple[int, ...]]]:
    return {
        key: [(v.week, v.slot, v.clinician, v.place) for v in visits]
        for key, visits in plan.items()
    }


def _say(out: TextIO, line: dict[str, Any]) -> None:
    out.write(json.dumps(line) + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
