"""What `./run` does when all is well; a stand-in for the environment's Python writes it down."""

import socket
from pathlib import Path
from types import ModuleType

import pytest

from tests.tooling.conftest import ROOT, Copy


@pytest.fixture
def ready(copy: Copy) -> Copy:
    """A copy whose environment is made and whose packages are installed."""
    copy.fake_environment()
    assert copy.start("setup").returncode == 0
    copy.asked()
    return copy


@pytest.fixture
def port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def installations(asked: list[str]) -> list[str]:
    return [line for line in asked if " install " in line]


def test_packages_are_installed_with_their_hashes(copy: Copy) -> None:
    copy.fake_environment()
    copy.start("setup")
    (line,) = installations(copy.asked())
    assert line.startswith("-m uv pip install --require-hashes -r")
    assert "requirements-dev.lock" in line


def test_pip_takes_over_where_uv_cannot_install(copy: Copy) -> None:
    copy.fake_environment()
    assert copy.start("setup", FAIL="-m uv").returncode == 0
    last = installations(copy.asked())[-1]
    assert last.startswith("-m pip install --require-hashes -r")


def test_an_unchanged_lock_is_not_installed_again(ready: Copy) -> None:
    ready.start("setup")
    assert installations(ready.asked()) == []


def test_the_development_packages_suffice_for_the_demo(ready: Copy, port: str) -> None:
    ready.start("--port", port)
    assert installations(ready.asked()) == []


def test_a_changed_lock_is_installed(ready: Copy) -> None:
    (ready.folder / "requirements-dev.lock").write_text("nothing==2\n")
    ready.start("setup")
    assert len(installations(ready.asked())) == 1


def test_installing_for_the_demo_forgets_the_development_packages(ready: Copy, port: str) -> None:
    (ready.folder / "requirements.lock").write_text("nothing==2\n")
    ready.start("--port", port)
    assert "requirements.lock" in installations(ready.asked())[0]
    ready.start("setup")
    assert "requirements-dev.lock" in installations(ready.asked())[0]


def test_an_interrupted_installation_is_repeated(ready: Copy) -> None:
    (ready.folder / "requirements-dev.lock").write_text("nothing==2\n")
    assert ready.start("setup", FAIL="install").returncode == 1
    (ready.folder / "requirements-dev.lock").write_text("nothing==1\n")
    ready.asked()
    ready.start("setup")
    assert len(installations(ready.asked())) == 1


def test_the_demo_is_served_with_its_options(ready: Copy, port: str) -> None:
    ready.start("--port", port, "--fresh", "--people", "40")
    assert ready.asked()[-1] == (
        f"-m mhtr.cli demo --host 127.0.0.1 --port {port} --fresh --people 40"
    )


def test_the_environment_can_be_elsewhere(copy: Copy) -> None:
    copy.fake_environment()
    (copy.folder / ".venv").rename(copy.folder / "elsewhere")
    assert copy.start("setup", MHTR_VENV=str(copy.folder / "elsewhere")).returncode == 0
    assert not (copy.folder / ".venv").exists()
    assert (copy.folder / "elsewhere" / "installed.json").exists()


def test_all_tests_run_with_the_browser_that_was_found(ready: Copy) -> None:
    ready.fake_program("chromium", "exit 0")
    done = ready.start("test", CI="true")
    assert done.returncode == 0
    assert ready.asked()[-1] == "-m pytest -n 3 --dist loadfile --no-loadscope-reorder"
    assert "LEFT OUT" not in done.stderr


@pytest.mark.parametrize(
    ("there", "used"),
    [
        (["chromium", "chromium-headless-shell"], "chromium-headless-shell"),
        (["chromium"], "chromium"),
        (["google-chrome"], "google-chrome"),
    ],
)
def test_the_chromium_without_a_window_is_preferred(
    copy: Copy, script: ModuleType, monkeypatch: pytest.MonkeyPatch, there: list[str], used: str
) -> None:
    folders = {str(copy.fake_program(name, "exit 0").parent) for name in there}
    monkeypatch.setenv("PATH", ":".join(folders))
    monkeypatch.delenv("MHTR_CHROMIUM", raising=False)
    assert Path(script.find_chromium()).name == used


@pytest.mark.parametrize(
    ("missing", "asked_for"),
    [((), 1), (("chromium-headless-shell",), 2), (("chromium-headless-shell", "chromium"), 2)],
)
def test_chromium_is_installed_by_the_package_that_there_is(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...], asked_for: int
) -> None:
    asked: list[str] = []

    def logged(command: list[str], **_extra: str) -> bool:
        asked.append(command[-1])
        return command[-1] not in missing

    monkeypatch.setattr(script, "logged", logged)
    monkeypatch.setattr(script.os, "geteuid", lambda: 0)
    monkeypatch.setattr(script.shutil, "which", lambda name: "/usr/bin/apt-get")
    script.install_chromium()
    assert asked == ["update", *script.CHROMIUM_PACKAGES[:asked_for]]


@pytest.mark.parametrize(
    ("there", "build", "installs"),
    [
        ((), False, True),
        (("chromium",), False, False),
        (("chromium",), True, True),
        (("chromium-headless-shell",), True, False),
        (("chromium", "chromium-headless-shell"), True, False),
    ],
)
def test_a_build_installs_the_chromium_without_a_window_beside_another(
    script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    there: tuple[str, ...],
    build: bool,
    installs: bool,
) -> None:
    installed: list[bool] = []
    monkeypatch.setattr(script.shutil, "which", lambda name: name if name in there else None)
    monkeypatch.setattr(script, "install_chromium", lambda: installed.append(True))
    monkeypatch.setenv("CI", "true" if build else "")
    monkeypatch.delenv("MHTR_CHROMIUM", raising=False)
    assert script.browser() == next((name for name in script.CHROMIUM_NAMES if name in there), None)
    assert bool(installed) is installs


def test_a_chromium_that_is_named_is_taken(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda name: name)
    monkeypatch.setattr(script, "install_chromium", lambda: pytest.fail("installs another"))
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("MHTR_CHROMIUM", "/opt/chrome")
    assert script.browser() == "/opt/chrome"


def test_fixing_mends_formats_and_writes_the_pages_on_controls_and_the_wall(ready: Copy) -> None:
    assert ready.start("fix").returncode == 0
    assert ready.asked()[-4:] == [
        "-m ruff check --fix .",
        "-m ruff format .",
        "-m tests.fitness.wall_page",
        "-m tests.faults.controls.page",
    ]


def test_picked_tests_run_in_one_process(ready: Copy) -> None:
    ready.fake_program("chromium", "exit 0")
    (ready.folder / "tests").mkdir()
    ready.start("test", "tests::test_x", "-x")
    assert ready.asked()[-1] == "-m pytest tests::test_x -x"


def test_without_a_browser_its_tests_are_left_out_loudly(ready: Copy) -> None:
    done = ready.start("test")
    assert done.returncode == 0
    assert "-m not browser" in ready.asked()[-1]
    assert done.stderr.count("BROWSER TESTS ARE LEFT OUT") == 2


def test_without_a_browser_a_build_is_red(ready: Copy) -> None:
    assert ready.start("test", CI="true").returncode == 1
    assert "-m pytest" in ready.asked()[-1]


def test_failing_tests_are_red(ready: Copy) -> None:
    ready.fake_program("chromium", "exit 0")
    assert ready.start("test", FAIL="pytest").returncode == 1


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("ruff check", "ruff check"),
        ("ruff format", "ruff format"),
        ("mypy", "mypy"),
        ("importlinter", "import contracts"),
        ("djlint", "djlint"),
        ("check-migrations", "migration drift"),
    ],
)
def test_a_check_that_fails_is_named_and_the_others_still_run(
    ready: Copy, word: str, name: str
) -> None:
    done = ready.start("check", FAIL=word)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == f"--- check failed: {name}"
    assert len([line for line in ready.asked() if "find_spec" not in line]) == 6


def test_checks_that_pass_are_green(ready: Copy) -> None:
    done = ready.start("check")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "--- check passed"


def test_help_lists_every_recipe(copy: Copy) -> None:
    listed = copy.start("help").stdout
    for recipe in ("test", "check", "fix", "setup", "lock", "bench", "faults", "help"):
        assert f"./run {recipe} " in listed


@pytest.mark.parametrize("program", [ROOT / "run", ROOT / ".ci" / "run"])
def test_the_programs_can_be_started(program: Path) -> None:
    assert program.stat().st_mode & 0o111 == 0o111
