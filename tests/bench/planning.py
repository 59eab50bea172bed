"""The planner on its benchmark instances: how near the proven optimum, in what time.

`python -m tests.bench.planning --prove` works the optima out anew and writes them beside the
instances; it takes minutes. For the tight one a second, plain problem must prove the same bound: it
has a variable for each man, opening and first week. For the loose one that would take hours.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sessions.planning import exact, highs
from sessions.planning.exact import Answer
from sessions.planning.instances import digest, named
from tests.sessions.planning.naive import naive

OPTIMA = Path(str(files("sessions.planning") / "data" / "optima.json"))
LIMITS = {"loose": 15.0, "tight": 15.0, "absence": 3.0}
"""Seconds, model building included."""
MOST = 1.01
"""The cost found, as a multiple of the optimum."""
PROVING = 1200.0


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """What one instance came to."""

    name: str
    seconds: float
    cost: int
    bound: int
    optimum: int

    @property
    def missed(self) -> bool:
        """Whether the cost is too far from the optimum, or was too long in coming."""
        return self.cost > MOST * self.optimum or self.seconds > LIMITS[self.name] * 1.1

    @property
    def words(self) -> str:
        """One line."""
        return (
            f"Planning, {self.name}: cost {self.cost} (bound {self.bound}, proven optimum "
            f"{self.optimum}) in {self.seconds:.1f} s of {LIMITS[self.name]:.0f} s"
        )


def measure_planning() -> list[PlanFigure]:
    """Each instance once, with its time limit."""
    proven = json.loads(OPTIMA.read_text(encoding="utf-8"))
    figures = []
    for name, limit in LIMITS.items():
        begun = time.perf_counter()
        answer = _answer(name, limit)
        took = time.perf_counter() - begun
        known = proven[name]["optimum"]
        figures.append(PlanFigure(name, took, answer.cost.total, answer.bound, known))
    return figures


def _answer(name: str, seconds: float) -> Answer:
    instance, held = named(name)
    if held:
        return exact.plan_moves(instance, held, seconds)
    return exact.plan_waiting(instance, seconds)


def prove() -> None:
    """Write the optima of all instances; an error where they are not proven."""
    written = {}
    for name in LIMITS:
        instance, held = named(name)
        answer = _answer(name, PROVING)
        if not answer.proven:
            raise RuntimeError(f"{name}: {answer.cost.total} is not proven ({answer.bound})")
        if name == "tight":
            plain = naive(instance)
            second = highs.solve(plain, [0] * len(plain.highest), PROVING, None)
            if second.bound != answer.bound:
                raise RuntimeError(f"{name}: {second.bound} and {answer.bound} do not agree")
        written[name] = {
            "sha256": digest(instance),
            "optimum": answer.cost.total,
            "plan": {
                str(key): [[v.week, v.slot, v.clinician, v.place] for v in visits]
                for key, visits in sorted(answer.plan.items())
            },
        }
        print(f"{name}: {answer.cost.total}")
    OPTIMA.write_text(json.dumps(written, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--prove", action="store_true", help="work the optima out anew")
    if parser.parse_args().prove:
        prove()
        sys.exit()
    found = measure_planning()
    for figure in found:
        print(figure.words)
    sys.exit(any(figure.missed for figure in found))
