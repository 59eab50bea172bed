"""A real browser on the running program: Chromium, driven by Playwright, with axe injected."""

import os
import shutil
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

import config as settings
from mhtr.app import create_app
from mhtr.core.database import db
from tests.browser.person import EVERY_PAGE, Person, Screen
from tests.counts import count

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for all pages of a test.
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
]
# What a window's own edge would show: processes of their own in every window.
OF_WINDOWS = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,PreloadTopChromeWebUI,"
    "SpareRendererForSitePerProcess"
)
# What Playwright switches off, once more: Chromium reads the last list only.
OF_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,TcpPortRandomizationWin,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
FLAGS.append(f"--disable-features={OF_WINDOWS},{OF_PLAYWRIGHT}")
PHONE, DESK = (390, 844), (1280, 900)
SCREENS: dict[str, Screen] = {"phone": PHONE, "desk": DESK}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each walk at both widths; in `./run test` at one of them, and each of its pages at both.

    Which one follows from the name. What a test asks of a width itself it says by a mark.
    """
    if "person" not in metafunc.fixturenames:
        return
    names = list(SCREENS)
    marked = any(mark.name == "both_widths" for mark in metafunc.definition.iter_markers())
    if not marked and not count(0, 1):
        walk = metafunc.definition.nodeid.encode()
        names = [names[zlib.crc32(walk) % len(names)]]
    metafunc.parametrize("person", names, indirect=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    path = os.environ.get("MHTR_CHROMIUM") or shutil.which("chromium")
    assert path, "no Chromium: ./run test installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def programs() -> dict[str, Flask]:
    """The running program by the address of its database: starting it anew takes a second."""
    return {}


@pytest.fixture
def served(app: Flask, programs: dict[str, Flask]) -> Iterator[str]:
    """The address of the running program, on the database of the `app` fixture."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url not in programs:
        programs[url] = create_app(settings.load({"MHTR_MODE": "demo", "MHTR_DATABASE_URL": url}))
    program = programs[url]
    with serving(program) as address:
        yield address


@contextmanager
def serving(program: Flask) -> Iterator[str]:
    """The address at which a program answers meanwhile; its connections are closed afterwards."""
    server = make_server("127.0.0.1", 0, program, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with program.app_context():
        db.engine.dispose()


@pytest.fixture
def person(chromium: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody at a screen with a phone's or a desk's width."""
    width, height = SCREENS[request.param]
    other = next(screen for name, screen in SCREENS.items() if name != request.param)
    context = chromium.new_context(
        base_url=served, viewport={"width": width, "height": height}, locale="en-GB"
    )
    context.set_default_timeout(15_000)
    somebody = Person(context.new_page(), other=None if EVERY_PAGE else other)
    yield somebody
    context.close()
    somebody.had_no_trouble()


@pytest.fixture
def somebody_at_a_desk(chromium: Browser, served: str) -> Iterator[Person]:
    """Somebody at a desk, for tests that need one width only."""
    context = chromium.new_context(
        base_url=served, viewport={"width": DESK[0], "height": DESK[1]}, locale="en-GB"
    )
    context.set_default_timeout(15_000)
    somebody = Person(context.new_page())
    yield somebody
    context.close()
    somebody.had_no_trouble()


@pytest.fixture
def without_scripts(chromium: Browser, served: str) -> Iterator[Person]:
    """Somebody at a phone on which no script runs."""
    context = chromium.new_context(
        base_url=served,
        viewport={"width": PHONE[0], "height": PHONE[1]},
        locale="en-GB",
        java_script_enabled=False,
    )
    context.set_default_timeout(15_000)
    somebody = Person(context.new_page(), scripts=False)
    yield somebody
    context.close()
    somebody.had_no_trouble()
