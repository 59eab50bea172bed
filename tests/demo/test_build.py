"""The demonstration: whole or not at all, everybody made up, the journey in it."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import passwords
from mhtr.accounts.demo_routes import demo_staff
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import audit
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.demo.build import DEFAULT_PEOPLE, Demonstration, fingerprint
from mhtr.demo.cast import PASSWORD
from mhtr.demo.databases import application
from mhtr.people.contact_rules import is_fictional_phone
from mhtr.people.identifiers import is_test_nhs_number, parse_nhs_number
from mhtr.people.models import Identifier, IdentifierKind, Person
from mhtr.tasks.models import DutyShift, Task, TaskKind, TaskState
from tests.conftest import NOON
from tests.tooling.conftest import ROOT


def test_every_nhs_number_is_of_the_range_that_is_never_issued(shown: Flask) -> None:
    numbers = db.session.scalars(
        select(Identifier.value).where(Identifier.kind == IdentifierKind.NHS)
    ).all()
    assert numbers
    assert all(is_test_nhs_number(number) for number in numbers)
    assert all(parse_nhs_number(number) == number for number in numbers)


def test_no_two_men_have_one_number_but_the_one_who_is_recorded_twice(shown: Flask) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for row, name in db.session.execute(
        select(Identifier, Person.family_name).join(Person, Person.id == Identifier.person_id)
    ):
        found.setdefault((row.kind, row.value), set()).add(name)
    assert [one for one, names in found.items() if len(names) > 1] == []


def test_every_telephone_number_reaches_nobody(shown: Flask) -> None:
    phones = [phone for phone in db.session.scalars(select(Person.phone)) if phone]
    assert phones
    assert all(is_fictional_phone(phone) for phone in phones)


def test_nothing_happens_after_the_moment_it_is_made(shown: Flask) -> None:
    assert (
        db.session.scalars(select(audit.AuditEvent.id).where(audit.AuditEvent.at > NOON)).all()
        == []
    )


def test_its_audit_holds_and_is_in_the_order_of_time(shown: Flask) -> None:
    assert audit.verify().ok
    moments = list(db.session.scalars(select(audit.AuditEvent.at).order_by(audit.AuditEvent.id)))
    assert moments == sorted(moments)


def test_every_role_has_a_face(shown: Flask) -> None:
    assert set(demo_staff()) == set(Role)


def test_the_password_that_is_printed_opens_every_account(shown: Flask) -> None:
    hashes = set(db.session.scalars(select(Staff.password_hash)))
    assert [passwords.verify(stored, PASSWORD) for stored in hashes] == [True]


def test_there_is_a_duty_clinician_in_the_weeks_around_today(shown: Flask) -> None:
    days = list(db.session.scalars(select(DutyShift.day)))
    assert (NOON.date() - min(days)).days >= 25
    assert (max(days) - NOON.date()).days >= 20


def test_no_step_was_refused(demonstration: Demonstration) -> None:
    assert demonstration.refused() == []


def test_risk_reviews_wait_are_seen_and_are_closed(shown: Flask) -> None:
    reviews = list(db.session.scalars(select(Task).where(Task.kind == TaskKind.RISK_REVIEW)))
    still = [task for task in reviews if task.state is TaskState.OPEN]
    assert any(task.acknowledged_at is None and task.due_at < NOON for task in still)
    assert any(task.acknowledged_at is not None for task in still)
    assert any(task.state is TaskState.DONE for task in reviews)
    assert all(task.owner_staff_id is not None for task in reviews)


A_FEW_STORIES = """
import pathlib, sys
from mhtr.core import clock
from mhtr.demo import programme
from mhtr.demo.build import Demonstration
from tests.conftest import NOON

programme.BEFORE, programme.UNDER_ORDER = programme.BEFORE[:2], programme.UNDER_ORDER[1:2]
with clock.using(clock.SetClock(NOON)):
    Demonstration(pathlib.Path(sys.argv[1])).build(8, forks=sys.argv[2] == "at once")
"""


def test_the_same_moment_makes_the_same_programme(tmp_path: Path) -> None:
    """Also where its parts are played in two processes; of which none may have threads, as here."""

    def told(how: str) -> list[tuple[object, ...]]:
        folder = tmp_path / how
        folder.mkdir()
        command = [sys.executable, "-c", A_FEW_STORIES, str(folder), how]
        subprocess.run(command, cwd=ROOT, check=True, timeout=300)
        assert sorted(file.name for file in folder.iterdir()) == ["demo.json", "demo.sqlite"]
        query = select(Person.given_name, Person.family_name, Case.state, Case.opened_at)
        with application(Demonstration(folder).url):
            rows = db.session.execute(query.join(Case.person).order_by(Case.id))
            return [tuple(row) for row in rows]

    assert told("in turn") == told("at once") != []


def test_it_is_built_again_only_with_a_reason(demonstration: Demonstration) -> None:
    assert demonstration.reason_to_build(0) == ""
    assert demonstration.reason_to_build(DEFAULT_PEOPLE) == ""
    assert "another size" in demonstration.reason_to_build(DEFAULT_PEOPLE + 1)
    assert demonstration.made_on() == NOON.date()


def test_another_schema_is_a_reason(tmp_path: Path) -> None:
    other = Demonstration(tmp_path)
    assert "no demonstration" in other.reason_to_build(0)
    other.database.touch()
    other.note.write_text('{"made_on": "2026-01-01", "people": 5, "schema": "older"}')
    assert "another version" in other.reason_to_build(0)
    other.note.write_text(f'{{"made_on": "2026-01-01", "people": 5, "schema": "{fingerprint()}"}}')
    assert other.reason_to_build(0) == ""


def test_a_build_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Demonstration(tmp_path)
    made.database.write_text("the one before")

    def fail(*_args: object, **_how: object) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr("mhtr.demo.build.fill", fail)
    with pytest.raises(RuntimeError):
        made.build(DEFAULT_PEOPLE)
    assert [file.name for file in tmp_path.iterdir()] == ["demo.sqlite"]
    assert made.database.read_text() == "the one before"


def test_a_killed_build_leaves_no_database(tmp_path: Path) -> None:
    build = (
        "import pathlib; from mhtr.demo.build import Demonstration;"
        f"Demonstration(pathlib.Path({str(tmp_path)!r})).build(300, forks=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", build], cwd=ROOT)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not list(tmp_path.glob("building-*")):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    left = [file.name for file in tmp_path.iterdir()]
    assert any(name.startswith("building-") for name in left), "it was killed too early or late"
    assert "demo.sqlite" not in left
    assert Demonstration(tmp_path).reason_to_build(0)
    Demonstration(tmp_path)._clear_leftovers()
    assert list(tmp_path.iterdir()) == []


def test_it_serves_and_stops(demonstration: Demonstration, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    shutil.copytree(demonstration.folder, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "mhtr.cli", "demo", "--port", str(port)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        address = re.search(r"http://127\.0\.0\.1:\d+/demo/", said)
        assert address, said
        with urllib.request.urlopen(address[0], timeout=60) as page:  # noqa: S310  (own server)
            assert page.status == 200
            assert b"Choose who to be" in page.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0, process.stdout.read()
    assert "@" in said and "Everybody here is made up" in said


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "mhtr.cli", "demo", "--port", str(taken.getsockname()[1])],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "choose another --port" in done.stderr
    assert not (tmp_path / "var").exists()


RELEASED_AFTER_A_FIRST_START = """
import os, pathlib, signal, sys
from mhtr.demo import programme, serve
from mhtr.demo.build import Demonstration
from mhtr.demo.stories.reports import he_disagrees
from mhtr.suitability.report_pdf import compile_report
from tests.suitability.report_samples import SIGNED

programme.BEFORE, programme.UNDER_ORDER = (he_disagrees,), ()
serve._build_if_needed(Demonstration(pathlib.Path(sys.argv[1])), fresh=True, people=2)
worker = os.fork()
if not worker:
    signal.alarm(30)
    os._exit(0 if compile_report(SIGNED) else 1)
_, ended = os.waitpid(worker, 0)
sys.exit("a worker cannot make a report" if ended else 0)
"""


def test_reports_can_be_made_after_the_start_that_made_the_demonstration(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RELEASED_AFTER_A_FIRST_START, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert (tmp_path / "demo.sqlite").exists()
