"""What the demonstration says of itself when it is served."""

import json
from pathlib import Path

import pytest

from mhtr.core import clock
from mhtr.demo import serve
from mhtr.demo.build import Demonstration


@pytest.mark.parametrize("url", ["", "sqlite:////elsewhere.sqlite"])
def test_a_database_that_it_does_not_use_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("MHTR_DATABASE_URL", url)
    made = Demonstration(tmp_path)
    made.note.write_text(json.dumps({"made_on": clock.today().isoformat()}))
    said = serve._announcement("127.0.0.1", 8000, made)
    assert ("MHTR_DATABASE_URL is not used here" in said) is bool(url)
    assert (str(tmp_path / "demo.sqlite") in said) is bool(url)
