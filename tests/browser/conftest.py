"""A real browser on the running program: Chromium, driven by Playwright, with axe injected."""

import os
import shutil
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

import config as settings
from mhtr.app import create_app
from mhtr.core.database import db
from mhtr.web.security import KEPT
from tests.browser.person import AXE, AXE_AT, EVERY_PAGE, PATIENCE, Person, Screen
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


class Program:
    """The running program: its address, the answers it is giving, and what judges its pages."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.address = ""
        self._answering = 0
        self._changed = threading.Condition()

    def __call__(self, environ: Any, start: Any) -> Iterable[bytes]:
        """What a server asks for each request."""
        if environ["PATH_INFO"] == AXE_AT:
            start("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", KEPT)])
            return [AXE.encode()]
        self._counts(1)
        try:
            # Whole at once: a server may close an answer only when the browser lets go of it.
            with closing(ClosingIterator(self.app(environ, start))) as answer:
                return [b"".join(answer)]
        finally:
            self._counts(-1)

    def rests(self) -> None:
        """Nobody's answer is still made, and no connection is left open."""
        with self._changed:
            self._changed.wait_for(lambda: not self._answering, timeout=PATIENCE / 1000)
        with self.app.app_context():
            db.engine.dispose()

    def _counts(self, step: int) -> None:
        with self._changed:
            self._answering += step
            self._changed.notify_all()


@contextmanager
def serving(app: Flask) -> Iterator[Program]:
    """A program that answers meanwhile; its connections are closed afterwards."""
    program = Program(app)
    server = make_server("127.0.0.1", 0, program, threaded=True)
    program.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield program
    server.shutdown()
    thread.join()
    server.server_close()
    program.rests()


@pytest.fixture(scope="session")
def programs() -> Iterator[Callable[[str], Program]]:
    """The program on the database at an address; it runs to the end of the session."""
    running: dict[str, Program] = {}
    with ExitStack() as served:

        def on(url: str) -> Program:
            if url not in running:
                app = create_app(settings.load({"MHTR_MODE": "demo", "MHTR_DATABASE_URL": url}))
                running[url] = served.enter_context(serving(app))
            return running[url]

        yield on


@pytest.fixture
def served(app: Flask, programs: Callable[[str], Program]) -> Iterator[str]:
    """The address of the running program, on the database of the `app` fixture."""
    program = programs(app.config["SQLALCHEMY_DATABASE_URI"])
    yield program.address
    program.rests()


Looking = Callable[..., AbstractContextManager[Person]]


@pytest.fixture(scope="session")
def looking(chromium: Browser) -> Iterator[Looking]:
    """Somebody new at a screen of the program at an address.

    Chromium keeps what is the same for everybody, files for good; cookies and pages it forgets.
    """
    kept: dict[tuple[str, Screen, bool], BrowserContext] = {}

    @contextmanager
    def at(
        address: str, screen: Screen, *, scripts: bool = True, other: Screen | None = None
    ) -> Iterator[Person]:
        if (address, screen, scripts) not in kept:
            made = chromium.new_context(
                base_url=address,
                viewport={"width": screen[0], "height": screen[1]},
                locale="en-GB",
                java_script_enabled=scripts,
            )
            made.set_default_timeout(15_000)
            kept[address, screen, scripts] = made
        context = kept[address, screen, scripts]
        somebody = Person(context.new_page(), scripts=scripts, other=other)
        try:
            yield somebody
        finally:
            for page in context.pages:
                page.close()
            context.clear_cookies()
        somebody.had_no_trouble()

    yield at
    for context in kept.values():
        context.close()


@pytest.fixture
def person(looking: Looking, served: str, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody at a screen with a phone's or a desk's width."""
    other = next(screen for name, screen in SCREENS.items() if name != request.param)
    with looking(served, SCREENS[request.param], other=None if EVERY_PAGE else other) as somebody:
        yield somebody


@pytest.fixture
def somebody_at_a_desk(looking: Looking, served: str) -> Iterator[Person]:
    """Somebody at a desk, for tests that need one width only."""
    with looking(served, DESK) as somebody:
        yield somebody


@pytest.fixture
def without_scripts(looking: Looking, served: str) -> Iterator[Person]:
    """Somebody at a phone on which no script runs."""
    with looking(served, PHONE, scripts=False) as somebody:
        yield somebody
