"""The documents say what the program does today."""

import re

from mhtr.cli import _parser
from tests.tooling.conftest import ROOT

RUNNING = (ROOT / "docs" / "running.md").read_text()
SETTING = re.compile(r"\bMHTR_[A-Z0-9_]+")


def test_every_setting_is_documented_and_no_other() -> None:
    read = set(SETTING.findall((ROOT / "config.py").read_text()))
    documented = set(re.findall(r"^\| `(MHTR_[A-Z0-9_]+)`", RUNNING, re.MULTILINE))
    assert read == documented


def test_every_command_named_in_the_documents_exists() -> None:
    commands = set(re.findall(r"[{,]([a-z-]+)", _parser().format_usage()))
    for name in ("README.md", "docs/running.md", "docs/development.md"):
        named = set(
            re.findall(r"(?:`|^ {4})mhtr ([a-z-]+)", (ROOT / name).read_text(), re.MULTILINE)
        )
        assert named <= commands, name


def test_every_document_linked_to_exists() -> None:
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text()):
            assert (file.parent / target).exists(), f"{file.name} links to {target}"


def test_each_decision_has_a_number_of_its_own() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(file.name[:4]) for file in files]
    assert len(set(numbers)) == len(files) > 0
    for number, file in zip(numbers, files, strict=True):
        assert file.read_text().startswith(f"# {number}. "), file.name
