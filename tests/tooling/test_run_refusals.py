"""What `./run` says when the machine is not ready: one sentence that says what to do."""

import ast
import errno
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.tooling.conftest import ROOT, Copy

Refused = Callable[[subprocess.CompletedProcess[str]], str]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_a_free_one(
    copy: Copy, refused: Refused, taken_port: int
) -> None:
    sentence = refused(copy.start("--port", str(taken_port)))
    assert sentence.startswith(f"Port {taken_port} is already in use")
    suggested = re.search(r"\./run --port (\d+)", sentence)
    assert suggested is not None
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", int(suggested[1])))


def test_a_taken_port_is_noticed_before_anything_slow(copy: Copy, taken_port: int) -> None:
    copy.start("--port", str(taken_port))
    assert not (copy.folder / ".venv").exists()


def test_a_port_whose_last_connection_is_still_closing_is_free(script: ModuleType) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        # The side that closes first keeps the port in TIME_WAIT.
        accepted.close()
        client.close()
    assert script.binding_error("127.0.0.1", port) is None


def test_a_port_for_administrators_is_named(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = OSError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(script, "binding_error", lambda host, port: denied)
    with pytest.raises(SystemExit, match=r"Port 80 is reserved .* --port 8000\."):
        script.check_port("127.0.0.1", 80)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_refused(copy: Copy, refused: Refused, host: str) -> None:
    sentence = refused(copy.start("--host", host))
    assert sentence.startswith(f"Cannot listen on {host}")


@pytest.mark.parametrize("wrong", [["--port", "0"], ["--port", "65536"], ["--people", "0"]])
def test_numbers_out_of_range_are_refused(copy: Copy, wrong: list[str]) -> None:
    done = copy.start(*wrong)
    assert done.returncode == 2
    assert wrong[0] in done.stderr.splitlines()[-1]


def test_a_data_folder_that_cannot_be_written_is_named(copy: Copy, refused: Refused) -> None:
    in_the_way = copy.folder / "var"
    in_the_way.write_text("a file where the folder belongs")
    sentence = refused(copy.start())
    assert sentence.startswith(f"Cannot write to {in_the_way} (")
    assert "make that folder writable" in sentence


def test_an_environment_folder_that_cannot_be_made_is_named(copy: Copy, refused: Refused) -> None:
    in_the_way = copy.folder / "file"
    in_the_way.write_text("")
    sentence = refused(copy.start("setup", MHTR_VENV=str(in_the_way / "venv")))
    assert sentence.startswith(f"Cannot write to {in_the_way} (")


def test_a_folder_that_not_even_root_can_write_is_named(copy: Copy, refused: Refused) -> None:
    sentence = refused(copy.start("setup", MHTR_VENV="/proc/nowhere/venv"))
    assert sentence.startswith("Cannot write to /proc/nowhere (")


def test_the_script_can_be_read_by_a_python_that_is_too_old() -> None:
    ast.parse((ROOT / "run").read_text(), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 14)])
def test_a_python_that_is_too_old_is_told_so(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: tuple[int, ...]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as stopped:
        script.check_python(version, [])
    assert str(stopped.value).startswith(
        f"This needs Python 3.11 or newer, and this is Python 3.{version[1]}:"
    )


def test_a_newer_python_on_the_path_takes_over(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, copy: Copy
) -> None:
    copy.fake_program("python3.14", "exit 127")  # a stub without the real thing behind it
    newer = copy.fake_program("python3.12", "exit 0")
    monkeypatch.setenv("PATH", str(newer.parent))
    handed_over: list[list[str]] = []

    def execv(path: str, command: list[str]) -> None:
        handed_over.append(command)
        raise SystemExit(0)

    monkeypatch.setattr(script.os, "execv", execv)
    with pytest.raises(SystemExit):
        script.check_python((3, 9, 2), ["test", "-x"])
    assert handed_over == [[str(newer), str(ROOT / "run"), "test", "-x"]]


def test_the_python_of_today_goes_on(script: ModuleType) -> None:
    script.check_python((3, 11, 0), [])
    script.check_python((4, 0, 0), [])


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_named_with_its_package(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr(
        script.importlib.util, "find_spec", lambda name: None if name == missing else object()
    )
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        script.check_venv_module()


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("ensurepip is not available", "apt install python3-venv"),
        ("No space left on device", r"\(No space left on device\): remove that folder"),
    ],
)
def test_an_environment_that_fails_half_way_is_explained(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, copy: Copy, printed: str, said: str
) -> None:
    failing = copy.fake_program("python3", f'echo "{printed}"; exit 1')
    monkeypatch.setattr(script.sys, "executable", str(failing))
    monkeypatch.setattr(script, "VENV", str(copy.folder / "venv"))
    with pytest.raises(SystemExit, match=said):
        script.make_venv()


def test_packages_that_cannot_be_had_are_explained(copy: Copy, refused: Refused) -> None:
    copy.fake_environment()
    sentence = refused(copy.start("setup", FAIL="install"))
    assert sentence.startswith("The packages could not be downloaded")
    assert "network" in sentence
    assert str(copy.folder / ".venv" / "install.log") in sentence


@pytest.mark.slow
def test_a_real_installation_without_a_registry_is_explained(copy: Copy, refused: Refused) -> None:
    sentence = refused(copy.start("setup", PIP_NO_INDEX="1", PIP_CONFIG_FILE="/dev/null"))
    assert sentence.startswith("The packages could not be downloaded")
    assert not (copy.folder / ".venv" / "installed.json").exists()


def test_an_unknown_recipe_is_refused(copy: Copy, refused: Refused) -> None:
    assert "no recipe called tests" in refused(copy.start("tests"))
