"""Solving in a process of its own, which can be ended at any moment."""

import json
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import IO, Any

from sessions.planning.cost import cost
from sessions.planning.exact import Answer
from sessions.planning.problem import Instance, Plan, Visit

GoOn = Callable[[str], bool]
"""Told how far it is, in words, about every half second; says whether to go on."""
LOOKS_EVERY = 0.5
GRACE = 30.0
"""Seconds beyond its limit until there is any plan: making the first one looks at no clock."""
LATE = 2.0
"""Seconds beyond its limit once there is one: building and presolving look at no clock either."""
BUILDING = "Writing down what binds everybody."


class SolverDied(Exception):
    """The process ended without an answer, or did not end."""


def solve_apart(instance: Instance, moves: bool, seconds: float, go_on: GoOn) -> Answer | None:
    """The best answer within the seconds; None where `go_on` said to stop.

    Where the time is over before the solver is done, the best plan that held by then: it costs no
    more than what men were told with what cannot be put at the next times that are free.

    Raises:
        SolverDied: the process was killed, failed, or had no plan in its time.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "sessions.planning.solve_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    try:
        return _watched(process, instance, moves, seconds, go_on)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _watched(
    process: subprocess.Popen[bytes],
    instance: Instance,
    moves: bool,
    seconds: float,
    go_on: GoOn,
) -> Answer | None:
    lines: queue.Queue[bytes] = queue.Queue()
    said = pickle.dumps({"instance": instance, "moves": moves, "seconds": seconds})
    threading.Thread(target=_talk, args=(process, said, lines), daemon=True).start()
    progress, ends = BUILDING, monotonic() + seconds
    early: Answer | None = None
    while True:
        if not go_on(progress):
            return None
        if early is not None and monotonic() > ends + LATE:
            return early
        if monotonic() > ends + GRACE:
            raise SolverDied("it had no plan in its time")
        try:
            line = lines.get(timeout=LOOKS_EVERY)
        except queue.Empty:
            continue
        if not line:
            raise SolverDied(f"it ended with {process.wait()}")
        found: dict[str, Any] = json.loads(line)
        if "plan" in found:
            return _answer(instance, found["plan"], found["bound"])
        if "early" in found:
            early = _answer(instance, found["early"], found["bound"], cut=True)
        else:
            progress = _words(found)


def _talk(process: subprocess.Popen[bytes], said: bytes, lines: "queue.Queue[bytes]") -> None:
    """Tell the process the question and pass on its lines; an empty one stands for its end."""
    try:
        _write(process.stdin, said)
        if process.stdout is not None:
            for line in process.stdout:
                lines.put(line)
    except (OSError, ValueError):
        pass  # it was ended meanwhile
    lines.put(b"")


def _write(pipe: IO[bytes] | None, said: bytes) -> None:
    if pipe is not None:
        pipe.write(said)
        pipe.close()


def _words(found: dict[str, Any]) -> str:
    if found["best"] is None:
        return "Looking for a first plan."
    return f"The best plan so far costs {found['best']}; none can cost less than {found['bound']}."


def _answer(instance: Instance, rows: dict[str, Any], bound: int, *, cut: bool = False) -> Answer:
    plan: Plan = {
        int(key): tuple(Visit(*visit) for visit in visits) for key, visits in rows.items()
    }
    return Answer(plan, cost(instance, plan), bound, stopped=False, cut=cut)
