"""An installed copy works: it finds its templates, static files, code lists and migrations."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.tooling.conftest import ROOT

SERVE = """
import pathlib, sys, tempfile
import config, mhtr
from mhtr.app import create_app
from mhtr.core import schema
from mhtr.core.codes.lists import load
assert pathlib.Path(mhtr.__file__).is_relative_to(sys.argv[1]), mhtr.__file__
folder = tempfile.mkdtemp()
app = create_app(config.load(
    {"MHTR_MODE": "test", "MHTR_DATABASE_URL": f"sqlite:///{folder}/wheel.sqlite"}
))
with app.app_context():
    schema.upgrade()
assert load("courts").names if hasattr(load("courts"), "names") else load("courts")
client = app.test_client()
page = client.get("/sign-in")
assert page.status_code == 200, page.status_code
assert b"Work email address" in page.data
css = client.get("/static/app.css")
assert css.status_code == 200 and css.data
print("served")
"""


@pytest.mark.slow
def test_an_installed_wheel_serves_a_page(tmp_path: Path) -> None:
    built = tmp_path / "built"
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", built, ROOT],
        check=True,
        capture_output=True,
        text=True,
    )
    (wheel,) = built.glob("*.whl")
    place = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    assert not (place / "tests").exists()
    run = subprocess.run(
        [sys.executable, "-c", SERVE, str(place)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(place), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip().endswith("served"), run.stderr
