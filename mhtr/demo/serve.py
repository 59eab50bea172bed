"""Serving the demonstration: build it when need be, say where it is, and stop on Ctrl-C."""

import multiprocessing
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from mhtr import serving
from mhtr.core import clock
from mhtr.core.access import ROLE_LABELS, Role
from mhtr.demo import tables
from mhtr.demo.build import DEFAULT_PEOPLE, Demonstration
from mhtr.demo.cast import PASSWORD, username
from mhtr.demo.databases import application

WORKERS, THREADS = 2, 4
STALE_AFTER_DAYS = 7


def serve(*, host: str, port: int, fresh: bool = False, people: int = 0) -> int:
    """Serve the demonstration in the folder `var`; returns only when it cannot."""
    started = time.monotonic()
    fault = _port_fault(host, port)
    if fault:
        print(fault, file=sys.stderr)
        return 1
    demonstration = Demonstration(Path.cwd() / "var")
    try:
        demonstration.folder.mkdir(exist_ok=True)
        _build_if_needed(demonstration, fresh=fresh, people=people)
    except OSError as problem:
        print(
            f"Cannot write to {demonstration.folder} ({problem.strerror}): "
            "make that folder writable and free some space.",
            file=sys.stderr,
        )
        return 1
    with application(demonstration.url) as app:
        pass
    _start_scheduler(demonstration, _address(host, port))
    say = _announcement(host, port, demonstration)
    serving.run(
        app,
        host=host,
        port=port,
        workers=WORKERS,
        threads=THREADS,
        ready=lambda: print(f"{say}\n(ready after {time.monotonic() - started:.1f} s)", flush=True),
    )
    return 0


def _start_scheduler(demonstration: Demonstration, address: str) -> None:
    """Run the timed work beside the pages; it ends with them, however they end.

    Whatever mail server this machine knows of: fiction is sent to nobody.
    """
    settings = {
        "MHTR_MODE": "demo",
        "MHTR_DATABASE_URL": demonstration.url,
        "MHTR_MAIL": "console",
        "MHTR_ADDRESS": address,
    }
    command = [sys.executable, "-m", "mhtr.cli", "scheduler", "--beside", str(os.getpid())]
    with (demonstration.folder / "scheduler.log").open("w") as log:
        subprocess.Popen(  # noqa: S603  (this program itself)
            command, env={**os.environ, **settings}, stdout=log, stderr=log
        )


def _port_fault(host: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as problem:
        return f"Cannot listen on {host} port {port} ({problem.strerror}): choose another --port."
    return ""


def _build_if_needed(demonstration: Demonstration, *, fresh: bool, people: int) -> None:
    reason = "" if fresh else demonstration.reason_to_build(people)
    if not fresh and not reason:
        return
    size = people or DEFAULT_PEOPLE
    print(f"{reason} Making one of about {size} people ...".strip(), flush=True)
    started = time.monotonic()
    # In a process of its own: making reports starts threads of the typesetter, which are missing
    # in the workers that this process forks, and there a report waits for them for ever.
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as apart:
        apart.submit(demonstration.build, people, forks=True).result()
    print(f"Made in {time.monotonic() - started:.0f} s.", flush=True)


def _announcement(host: str, port: int, demonstration: Demonstration) -> str:
    address = _address(host, port)
    lines = [
        "",
        f"The demonstration is at  {address}/demo/  (one click signs you in as any role)",
        "",
        f"Or sign in at {address}/sign-in as one of these, all with the password",
        f"“{PASSWORD}” (the first time you set up an authenticator app):",
        "",
        *(f"  {ROLE_LABELS[role]:<36} {name}" for role, name in faces()),
        "",
        "Everybody here is made up. Ctrl-C stops it.",
    ]
    if os.environ.get("MHTR_DATABASE_URL"):
        lines.append(
            f"MHTR_DATABASE_URL is not used here: the database is {demonstration.database}."
        )
    age = (clock.today() - demonstration.made_on()).days
    if age >= STALE_AFTER_DAYS:
        lines.append(f"It was made {age} days ago: ./run --fresh makes it anew around today.")
    return "\n".join(lines)


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104  (compared only)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def faces() -> list[tuple[Role, str]]:
    """Each role with the name to sign in with: the first made of that role, as on /demo/."""
    found: dict[Role, str] = {}
    for row in tables.rows("staff"):
        for role in row["roles"].split():
            found.setdefault(Role(role), username(row["name"], row["organisation"]))
    return [(role, found[role]) for role in Role if role in found]
