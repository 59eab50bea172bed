"""What one worker has judged the others need not; nothing else is taken for judged."""

from pathlib import Path

import pytest

from tests.browser.judged import Judged
from tests.templates import FOLDER


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


def test_what_one_has_judged_the_other_knows_and_no_more() -> None:
    one, other = Judged("here"), Judged("here")
    assert one.of_these_new(["main a", "main b"]) == {"main a", "main b"}
    one.add(["main a"])
    assert other.of_these_new(["main a", "main b"]) == {"main b"}
    other.add(["main b", "main a"])
    assert one.of_these_new(["main a", "main b", "main c"]) == {"main c"}
    assert Judged("there").of_these_new(["main a"]) == {"main a"}


def test_a_line_that_is_half_written_is_read_when_it_is_whole(folder: Path) -> None:
    judged, other = Judged("here"), Judged("here")
    judged.add(["first"])
    Judged("whole").add(["second"])
    line = (folder / "judged-whole").read_bytes()
    file = folder / "judged-here"
    before = file.read_bytes()
    file.write_bytes(before + line[:10])
    assert other.of_these_new(["first", "second"]) == {"second"}
    file.write_bytes(before + line)
    assert other.of_these_new(["first", "second"]) == set()
