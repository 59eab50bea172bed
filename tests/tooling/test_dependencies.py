"""Every dependency says why it is here, and the locks say exactly what is installed."""

import re
import tomllib

import pytest

from tests.tooling.conftest import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")


def pinned(lock: str) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return dict(found)


def wanted(group: str) -> set[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    lines = {
        "runtime": project["project"]["dependencies"],
        "dev": project["dependency-groups"]["dev"],
    }[group]
    return {re.split(r"[\[<>=~!; ]", line)[0].lower() for line in lines}


def test_every_dependency_says_why_it_is_here() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    start, end = lines.index("dependencies = ["), lines.index("[tool.hatch.build.targets.wheel]")
    listed = [line for line in lines[start:end] if line.startswith('    "')]
    assert len(listed) == len(wanted("runtime")) + len(wanted("dev"))
    assert [line for line in listed if not re.search(r'",\s+# \w+', line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    packages = [entry for entry in entries if re.match(r"[a-z0-9._-]+(\[.*\])?==", entry)]
    assert len(packages) >= len(pinned(lock)) > 0
    assert [entry.split()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_the_locks_cover_what_the_project_asks_for() -> None:
    assert wanted("runtime") <= set(pinned(LOCKS[0]))
    assert wanted("runtime") | wanted("dev") <= set(pinned(LOCKS[1]))


def test_what_is_tested_is_what_runs() -> None:
    tested = pinned(LOCKS[1])
    differing = {
        name: (version, tested.get(name))
        for name, version in pinned(LOCKS[0]).items()
        if tested.get(name) != version
    }
    assert differing == {}
