"""Whoever listens to a lower folder is there in every process, and is called in one order.

A feature registers its functions when it is read. Were one not read, a death would leave its
sessions booked and nobody would notice; were they read in another order, what follows a fact would
follow in another order than was tested.
"""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from types import FunctionType

import pytest

from tests.tooling.conftest import ROOT

OWN = ("mhtr", "sessions", "outcome_measures")
ENTRIES = (
    ("mhtr.cli", "mhtr.serving", "mhtr.jobs.plans", "mhtr.jobs.scheduler", "mhtr.jobs.table"),
    ("mhtr.demo.serve",),
    ("mhtr.demo.build",),
)
"""What the commands of `mhtr` read, and what processes of the demonstration begin with."""
LISTENING = """
import importlib, json, sys
from tests.fitness.test_listeners import listening
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps([listening(), sorted(sys.modules)]))
"""


def listening() -> dict[str, list[str]]:
    """Every list of functions that a module holds, each once, in the order of its functions."""
    found: dict[int, tuple[str, list[str]]] = {}
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] not in OWN:
            continue
        for key, held in vars(module).items():
            if isinstance(held, list) and held and all(isinstance(f, FunctionType) for f in held):
                said = [f"{one.__module__}.{one.__qualname__}" for one in held]
                found.setdefault(id(held), (f"{name}.{key}", said))
    return dict(found.values())


def read_by(*names: str) -> tuple[dict[str, list[str]], list[str]]:
    """Who listens, and what was read, in a process of its own that reads these modules."""
    done = subprocess.run(
        [sys.executable, "-c", LISTENING, *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    held, modules = json.loads(done.stdout)
    return held, modules


@pytest.fixture(scope="module")
def of_the_program() -> tuple[dict[str, list[str]], list[str]]:
    return read_by("mhtr.app")


def registering() -> Iterator[str]:
    """Every module that registers something with another one when it is read."""
    for own in OWN:
        for path in sorted((ROOT / own).rglob("*.py")):
            if any(_registers(one) for one in ast.parse(path.read_text()).body):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _registers(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return False
    return any(isinstance(one, ast.Call) and _is_register(one) for one in ast.walk(statement))


def _is_register(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id == "register"
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "insert")


def test_whoever_registers_is_read_with_the_program(
    of_the_program: tuple[dict[str, list[str]], list[str]],
) -> None:
    found = list(registering())
    for known in ("sessions.booking.follow", "mhtr.orders.away_news", "mhtr.compliance.telling"):
        assert known in found
    aside = {name for name in found if name.startswith(("mhtr.demo.", "mhtr.migrations."))}
    assert set(found) - aside - set(of_the_program[1]) == set()


@pytest.mark.parametrize("names", ENTRIES, ids=" ".join)
def test_they_are_called_in_one_order_in_every_process(
    of_the_program: tuple[dict[str, list[str]], list[str]], names: tuple[str, ...]
) -> None:
    assert (
        "sessions.booking.follow._died" in of_the_program[0]["mhtr.cases.listeners.death_recorded"]
    )
    assert read_by(*names)[0] == of_the_program[0]


def test_they_are_called_in_that_order_in_tests(
    of_the_program: tuple[dict[str, list[str]], list[str]],
) -> None:
    here, there = listening(), of_the_program[0]
    assert {name: here.get(name) for name in there} == there
