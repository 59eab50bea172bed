"""Full disk, lost database, killed process: said plainly, and nothing is left by half."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, func, select, text

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.intake.models import Referral, ReferralDraft
from tests.counts import count
from tests.databases import Databases
from tests.faults.invariants import assert_sound
from tests.intake import journey
from tests.intake.house import House
from tests.makers import make_staff
from tests.pages import PageClient


@contextmanager
def no_room(spare_pages: int) -> Iterator[None]:
    """The file may grow by so many pages and no further, as on a disk that fills up."""
    pages = db.session.execute(text("PRAGMA page_count")).scalar_one()
    db.session.remove()
    db.engine.dispose()

    def limit(connection: Any, _entry: object) -> None:
        connection.setting(f"max_page_count={pages + spare_pages}")

    event.listen(db.engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", limit)
        db.session.remove()
        db.engine.dispose()


def test_a_full_disk_is_said_and_leaves_nothing_by_half(client: PageClient) -> None:
    client.sign_in(make_staff(Role.LD_PRACTITIONER))

    def send() -> int:
        typed = {"submission_key": str(uuid.uuid4()), "safety": "safe", "told_whom": "x" * 60}
        answer = client.post("/referrals/new", data=typed)
        if answer.status_code == 503:
            assert "Nothing was saved or shown" in answer.get_data(as_text=True)
        return answer.status_code

    with no_room(2):
        answers = [send() for _ in range(count(60, 200))]
    assert answers.count(503) > 0
    assert set(answers) <= {303, 503}
    drafts = db.session.scalar(select(func.count(ReferralDraft.id)))
    assert drafts == answers.count(303)
    assert_sound()
    assert send() == 303


def test_a_database_that_goes_away_is_said_and_the_next_request_works(
    databases: Databases,
) -> None:
    app = databases.app("postgresql")
    with app.app_context():
        client = app.test_client()
        assert isinstance(client, PageClient)
        client.sign_in(make_staff(Role.LD_PRACTITIONER))
        draft = journey.begin(client)
        other = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
        before = _drafts()
        for statement in range(2, 2 + count(6, 25)):
            with _cut_at(statement, other):
                shown = client.get(draft + "/person")
                assert shown.status_code in (200, 503)
                assert statement > 3 or shown.status_code == 503
            assert client.get(draft + "/person").status_code == 200
            with _cut_at(statement, other) as cut:
                key = {"submission_key": str(uuid.uuid4()), "safety": "safe"}
                saved = client.post("/referrals/new", data=key).status_code
            assert saved == (503 if cut else 303)
            before += saved == 303
            assert _drafts() == before
        assert_sound()
        other.dispose()
        db.session.remove()
        db.engine.dispose()


def _drafts() -> int:
    db.session.rollback()
    made = db.session.scalar(select(func.count(ReferralDraft.id))) or 0
    db.session.rollback()
    return made


@contextmanager
def _cut_at(statement: int, other: Any) -> Iterator[list[int]]:
    """Let the server end the connection just before the nth statement."""
    sent: list[int] = []
    cut: list[int] = []

    def before(connection: Any, _cursor: Any, _words: str, *_rest: Any) -> None:
        sent.append(1)
        if len(sent) == statement:
            pid = connection.connection.dbapi_connection.info.backend_pid
            with other.connect() as from_outside:
                from_outside.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            cut.append(pid)

    event.listen(db.engine, "before_cursor_execute", before)
    try:
        yield cut
    finally:
        event.remove(db.engine, "before_cursor_execute", before)
        db.session.remove()


@pytest.mark.skipif(count(0, 1) == 0, reason="a process is killed in ./run faults only")
def test_what_was_acknowledged_survives_a_killed_process(app: Flask) -> None:
    house = House()
    ids = (house.practitioner.id, house.practitioner.organisation_id)
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    db.session.remove()
    db.engine.dispose()
    said: list[int] = []
    for kill in range(5):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.referring", url, *map(str, ids)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        for _ in range(3 + kill):
            said.append(int(child.stdout.readline()))
        # Not the clock of the program: only how far into the next referral the process gets.
        time.sleep(0.007 * kill)
        os.kill(child.pid, signal.SIGKILL)
        said += [int(line) for line in child.stdout.read().split("\n")[:-1]]
        child.stdout.close()
        child.wait()
        assert_sound()
        held = set(db.session.scalars(select(Referral.case_id)))
        assert set(said) <= held
        assert len(held) <= len(said) + kill + 1
        db.session.remove()
        db.engine.dispose()
