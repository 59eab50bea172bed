"""Starting for real: not on a database of another schema, and not without secrets."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from config import ConfigError
from mhtr import serving
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


KEY = base64.b64encode(b"k" * 32).decode()
SECRETS = {
    "MHTR_SECRET_KEY": "s" * 40,
    "MHTR_AUDIT_KEY": KEY,
    "MHTR_FIELD_KEYS": f"1:{KEY}",
}


@pytest.mark.parametrize("mode", ["test", "demo"])
def test_only_production_is_served(tmp_path: Path, mode: str) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    done = start(tmp_path, MHTR_MODE=mode, MHTR_DATABASE_URL=url, **SECRETS)
    assert done.returncode == 2
    assert f"does not serve with MHTR_MODE={mode}" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_server_itself_refuses_the_test_suites_application(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving.Server, "run", lambda _self: None)
    with pytest.raises(ConfigError, match="never served"):
        serving.run(app, host="127.0.0.1", port=0, workers=1, threads=1)


def test_a_database_that_is_not_migrated_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    done = start(tmp_path, MHTR_DATABASE_URL=url, **SECRETS)
    assert done.returncode == 1
    assert "run mhtr migrate first" in done.stderr
    assert done.stderr.count("\n") == 1


def test_production_without_secrets_is_refused(tmp_path: Path) -> None:
    done = start(tmp_path, MHTR_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert done.returncode == 2
    assert "MHTR_SECRET_KEY" in done.stderr
