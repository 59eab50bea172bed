"""`mhtr report compliance`: the file of what the officer himself may see, or nothing."""

import json
import stat
import uuid
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import config as settings
from mhtr import cli, reports_cli
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from tests.compliance.test_decisions import under_order
from tests.makers import make_staff


@pytest.fixture
def here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The command runs on the database of the test."""
    monkeypatch.setattr(reports_cli, "create_app", lambda _: app)
    monkeypatch.setattr(settings, "load", lambda _: None)
    return app


def run(*args: object) -> int:
    db.session.rollback()
    return cli.main(["report", "compliance", *map(str, args)])


def test_a_caseload_and_one_man(here: Flask, tmp_path: Path) -> None:
    man = under_order()
    out, ref, email = tmp_path / "report.json", man.case.ref, man.world.officer.username
    for about in (("--officer", email), ("--case", ref)):
        assert run(*about, "--format", "json", "--out", out) == 0
        said = json.loads(out.read_bytes())
        assert len(said["men"]) == 1 and said["totals"]["Missed"] == 1
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [*tmp_path.iterdir()] == [out]
    query = select(AuditEvent).where(AuditEvent.action == "reports.from_console")
    assert len(db.session.scalars(query).all()) == 2


def test_a_pdf_is_the_default(here: Flask, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    email = under_order().world.officer.username
    assert run("--officer", email, "--out", out) == 0
    assert out.read_bytes().startswith(b"%PDF-")


def test_whom_nobody_supervises_is_in_no_file(
    here: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    man, out = under_order(), tmp_path / "report.pdf"
    other = make_staff(Role.PROBATION, organisation=man.world.officer.organisation).username
    therapist = man.therapist.username
    for about in (("--case", uuid.uuid4()), ("--officer", "nobody@example.org"),
                  ("--officer", therapist)):  # fmt: skip
        assert run(*about, "--out", out) == 1
        assert capsys.readouterr().err.strip() and not out.exists()
    assert run("--officer", other, "--format", "json", "--out", out) == 0
    assert json.loads(out.read_bytes())["men"] == []


def test_a_seniors_file_holds_his_own_men_alone(here: Flask, tmp_path: Path) -> None:
    """He sees those of the whole unit on his pages; this is a report on his own caseload."""
    out, email = tmp_path / "report.json", under_order().world.senior.username
    assert run("--officer", email, "--format", "json", "--out", out) == 0
    assert json.loads(out.read_bytes())["men"] == []
