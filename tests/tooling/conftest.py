import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]

# Stands in for the environment's Python: writes down what it is asked to do, and fails when the
# arguments contain the word in FAIL.
FAKE_PYTHON = """#!/bin/sh
echo "$*" >> "{log}"
case "$*" in *"${{FAIL:-nothing at all}}"*) exit 1 ;; esac
exit 0
"""


def load_script() -> ModuleType:
    """The script `run` as a module; loading it runs nothing."""
    loader = SourceFileLoader("run_script", str(ROOT / "run"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


class Copy:
    """A copy of the script in a folder of its own, started as a person would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "asked.log"
        self.environment = {"PATH": str(folder / "bin"), "HOME": str(folder)}
        (folder / "bin").mkdir()
        shutil.copy(ROOT / "run", folder / "run")
        for lock in ("requirements.lock", "requirements-dev.lock"):
            (folder / lock).write_text("nothing==1\n")

    def fake_environment(self) -> None:
        python = self.folder / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(FAKE_PYTHON.format(log=self.log))
        python.chmod(0o755)

    def fake_program(self, name: str, body: str) -> Path:
        program = self.folder / "bin" / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        return program

    def start(self, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(self.folder / "run"), *arguments],
            cwd=self.folder,
            env=self.environment | extra,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def asked(self) -> list[str]:
        """What the environment's Python was asked to do since the last time of asking."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.write_text("")
        return lines


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture
def script() -> ModuleType:
    return load_script()


@pytest.fixture
def refused() -> Callable[[subprocess.CompletedProcess[str]], str]:
    """The one sentence of a start that was refused."""

    def sentence(done: subprocess.CompletedProcess[str]) -> str:
        said = done.stderr.strip()
        assert done.returncode == 1, done
        assert "Traceback" not in said
        assert len(said.splitlines()) == 1
        assert said.endswith(".") or said.endswith(").")
        return said

    return sentence
