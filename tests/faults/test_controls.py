"""Every control has a test that fails when the control is taken out."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counts import count
from tests.faults.controls.control import Control
from tests.faults.controls.page import HEAD, PAGE, row, written
from tests.faults.controls.table import CONTROLS
from tests.tooling.conftest import ROOT

PARTS = ("mhtr", "outcome_measures", "sessions", "templates", "tests", "docs")
FILES = ("config.py", "pyproject.toml")


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_each_control_is_where_the_table_says(control: Control) -> None:
    assert (ROOT / control.path).read_text().count(control.old) == 1
    assert control.old != control.new
    for test in control.test.split():
        path, _, name = test.partition("::")
        assert (ROOT / path).exists()
        assert not name or f"def {name}(" in (ROOT / path).read_text()


def test_the_page_on_controls_names_every_one_and_no_other() -> None:
    page = PAGE.read_text()
    assert written(page) == page, "./run fix writes it"


def test_the_page_is_written_from_the_rows_and_keeps_what_stands_around_them() -> None:
    second = row(CONTROLS[1])
    page = f"Before\n\n{HEAD}{second}\n| Gone | `x.py` | `x` |\n{second}\n\nAfter\n"
    made = written(page)
    before, head, table = made.partition(HEAD)
    rows, _end, after = table.partition("\n\n")
    assert (before, after) == ("Before\n\n", "After\n")
    assert rows.splitlines() == [row(control) for control in CONTROLS]
    assert written(made) == made
    with pytest.raises(ValueError, match="no table"):
        written("Before\n\nAfter\n")


def test_rows_that_are_right_stay_where_they_are_on_the_page() -> None:
    backwards = [row(control) for control in reversed(CONTROLS)]
    page = HEAD + "\n".join(backwards) + "\n"
    assert written(page) == page
    without = HEAD + "\n".join(backwards[:-2] + backwards[-1:]) + "\n"
    assert sorted(written(without).splitlines()) == sorted(page.splitlines())


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The program in another folder, where it may be spoilt."""
    folder = tmp_path_factory.mktemp("spoilt")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.skipif(count(0, 1) == 0, reason="controls are taken out in ./run faults only")
@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_its_test_fails_when_a_control_is_taken_out(copy: Path, control: Control) -> None:
    file = copy / control.path
    whole = file.read_text()
    file.write_text(whole.replace(control.old, control.new))
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-x", "--no-header"),
                *("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:xdist"),
                *control.test.split(),
            ],
            cwd=copy,
            env={**os.environ, "MHTR_FAULTS": "", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
        )
    finally:
        file.write_text(whole)
    # 1 is a failed test; 0 noticed nothing, anything else is a test that could not run.
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-500:]
