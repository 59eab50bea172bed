"""The shape of the code: lengths, layers, one clock, and the contracts that hold it up."""

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tooling.conftest import ROOT

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
# "path" or "path:function" -> why it stays as long as it is.
ALLOWED: dict[str, str] = {
    "mhtr/suitability/sections.py": "the questions of the assessment, written out as data",
}
# Lists of tables written out once and never edited again.
MIGRATIONS = "mhtr/migrations/versions/"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    folders = (ROOT / name for name in ("mhtr", "sessions", "outcome_measures"))
    return [ROOT / "config.py", *sorted(path for f in folders for path in f.rglob("*.py"))]


def lengths() -> Iterator[tuple[str, int, int]]:
    """Name, length and permitted length of every module and function."""
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(MIGRATIONS):
            continue
        text = path.read_text()
        yield name, len(text.splitlines()), LONGEST_MODULE
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                yield f"{name}:{node.name}", length, LONGEST_FUNCTION


def test_no_module_or_function_is_too_long() -> None:
    too_long = {name: length for name, length, limit in lengths() if length > limit}
    unexplained = {name: length for name, length in too_long.items() if name not in ALLOWED}
    assert not unexplained, "make two things with names of these, or say in ALLOWED why not"
    assert set(ALLOWED) <= set(too_long), "no longer too long: take it off ALLOWED"


def test_packages_run_nothing_when_imported() -> None:
    filled = [p for p in sources() if p.name == "__init__.py" and p.read_text().strip()]
    assert not filled


def test_nothing_asks_the_time_but_the_clock() -> None:
    asking = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        if path != ROOT / "mhtr" / "core" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "today", "utcnow")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("date", "datetime")
    ]
    assert not asking


def contracts() -> list[dict[str, list[str]]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    assert isinstance(found, list)
    return found


def test_every_folder_has_its_layer() -> None:
    layers = {name.strip(" ()") for layer in contracts()[0]["layers"] for name in layer.split(":")}
    # Data that no code imports: migrations run by path, and what the browser fetches.
    unlayered = {"mhtr.migrations", "mhtr.static"}
    folders = {f"mhtr.{p.name}" for p in (ROOT / "mhtr").iterdir() if p.is_dir()}
    modules = {f"mhtr.{p.stem}" for p in (ROOT / "mhtr").glob("*.py") if p.stem != "__init__"}
    caches = {"mhtr.__pycache__"}
    assert (folders | modules) - layers - unlayered - caches == set()


@pytest.mark.parametrize("package", ["outcome_measures", "sessions"])
def test_every_subject_of_a_package_has_its_layer(package: str) -> None:
    (contract,) = (found for found in contracts() if found.get("containers") == [package])
    layers = {name.strip(" ()") for layer in contract["layers"] for name in layer.split("|")}
    folders = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    alone = {path.stem for path in (ROOT / package).glob("*.py")}
    assert folders <= layers <= folders | alone | {"routes", "calendar"}


def test_every_module_of_rules_is_held_to_be_pure() -> None:
    pure = {pattern.rpartition(".")[2] for pattern in contracts()[1]["source_modules"]}
    named = {p.stem for p in sources() if p.stem == "rules" or p.stem.endswith("_rules")}
    assert named <= pure


PLANTED = {
    "mhtr/core/uses_people.py": "import mhtr.people.names\n",
    "mhtr/people/rules.py": "import mhtr.people.sibling\n",
    "mhtr/people/sibling.py": "import sqlalchemy\n",
    "mhtr/people/service.py": "import flask\n",
    "mhtr/probation/queries.py": "import sessions.notes.queries\n",
    "outcome_measures/instruments/registry.py": "import outcome_measures.flags\n",
    "sessions/courses/service.py": "import sessions.notes\n",
}
CLEAN = (
    "mhtr/core/clock.py",
    "mhtr/core/database.py",
    "mhtr/core/due.py",
    "mhtr/people/names.py",
)
LAYERS = ("cases", "people", "tasks", "accounts", "web", "core", "probation")


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """The folders with the real contracts over them and next to nothing inside."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    packages = ["mhtr", "sessions", "sessions/notes", "sessions/courses", "outcome_measures"]
    packages += ["outcome_measures/flags", "outcome_measures/instruments"] + [
        f"mhtr/{name}" for name in LAYERS
    ]
    for package in packages:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for name in (*CLEAN, "sessions/notes/queries.py"):
        (tmp_path / name).touch()
    return tmp_path


def broken_contracts(folder: Path) -> int:
    command = "from importlinter.cli import lint_imports_command as main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    broken = int(done.stdout.rpartition("kept, ")[2].split()[0])
    assert done.returncode == int(broken > 0)
    return broken


def test_the_contracts_hold_for_a_house_in_order(small_house: Path) -> None:
    assert broken_contracts(small_house) == 0


def test_each_contract_breaks_when_it_is_broken(small_house: Path) -> None:
    for name, text in PLANTED.items():
        (small_house / name).write_text(text)
    assert broken_contracts(small_house) == len(contracts()) == 6


WRITING_CALLS = {"add", "add_all", "delete", "merge"}
WRITING_STATEMENTS = {"insert", "update", "delete"}
# Modules that know the request and write all the same, and why.
WRITES_WITH_FLASK = {
    "mhtr/web/submission.py": "consumes the key of the form that was sent",
    "mhtr/web/kept_posts.py": "keeps the form that was sent on an expired session",
}


def knows_the_web(tree: ast.Module) -> bool:
    names = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    }
    return bool({name.split(".")[0] for name in names} & {"flask", "flask_wtf", "wtforms"})


def writes(tree: ast.AST) -> list[int]:
    """Lines that put something into the session or send a statement that changes rows."""
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called.rpartition(".")[0] in ("db.session", "session"):
            verb = called.rpartition(".")[2]
            inner = ast.unparse(node.args[0]).partition("(")[0] if node.args else ""
            if verb in WRITING_CALLS or (verb == "execute" and inner in WRITING_STATEMENTS):
                lines.append(node.lineno)
    return lines


def changes_rows(tree: ast.AST) -> list[int]:
    """Lines in a `with saving()` or `with writing()` block that set an attribute of a row.

    What is set on the form itself is shown again and goes no further.
    """
    lines = []
    for block in ast.walk(tree):
        if not isinstance(block, ast.With):
            continue
        opened = {ast.unparse(item.context_expr).partition("(")[0] for item in block.items}
        if not opened & {"saving", "writing"}:
            continue
        for node in ast.walk(block):
            targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AugAssign) else targets
            lines += [
                one.lineno
                for one in targets
                if isinstance(one, ast.Attribute) and not ast.unparse(one).startswith("form.")
            ]
    return lines


def test_whatever_knows_the_web_writes_through_a_service() -> None:
    found, excused = [], set()
    for path in sources():
        name, tree = path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())
        lines = [*writes(tree), *changes_rows(tree)]
        if not lines or not knows_the_web(tree):
            continue
        if name in WRITES_WITH_FLASK:
            excused.add(name)
        else:
            found += [f"{name}:{line}" for line in lines]
    assert not found, "a route finds, validates and calls a service; the service writes"
    assert excused == set(WRITES_WITH_FLASK)


@pytest.mark.parametrize(
    "planted",
    [
        "db.session.add(Task())",
        "db.session.execute(delete(Task).where(Task.id == 1))",
        "with saving() as saved:\n    case.state = 'closed'",
        "with writing():\n    case.version += 1",
    ],
)
def test_the_check_on_writes_sees_a_planted_one(planted: str) -> None:
    tree = ast.parse(f"from flask import g\n{planted}\n")
    assert knows_the_web(tree)
    assert writes(tree) or changes_rows(tree)
