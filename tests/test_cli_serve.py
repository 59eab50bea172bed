"""Starting for real: not on a database of another schema, and not without secrets."""

import subprocess
import sys
from pathlib import Path

from tests.tooling.conftest import ROOT


def start(tmp_path: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "mhtr.cli", "serve", "--port", "0"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_database_that_is_not_migrated_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    done = start(tmp_path, MHTR_MODE="test", MHTR_DATABASE_URL=url)
    assert done.returncode == 1
    assert "run mhtr migrate first" in done.stderr
    assert done.stderr.count("\n") == 1


def test_production_without_secrets_is_refused(tmp_path: Path) -> None:
    done = start(tmp_path, MHTR_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert done.returncode == 2
    assert "MHTR_SECRET_KEY" in done.stderr
