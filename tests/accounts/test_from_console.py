"""The first administrator comes from the command line, once; a lost one can be let in again."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr import cli
from mhtr.accounts.models import Staff
from mhtr.accounts.sign_in_service import live_invitation
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from tests.accounts.enrolled import Enrolled, enrol
from tests.pages import PageClient

FIRST = ["first-administrator", "--name", "Ada Mensah", "--email", "Ada@Trust.example"]
FIRST += ["--organisation", "North Trust"]


@pytest.fixture(autouse=True)
def here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line uses the test's database."""
    monkeypatch.setattr(cli, "create_app", lambda _config: app)
    monkeypatch.setenv("MHTR_MODE", "test")


def test_the_first_administrator(client: PageClient, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(FIRST) == 0
    path = capsys.readouterr().out.strip().splitlines()[-1]
    assert "ada@trust.example" in client.page(path)
    staff = live_invitation(path.rpartition("/")[2])
    assert staff is not None
    assert [held.role for held in staff.roles] == [Role.SYSTEM_ADMINISTRATOR]
    assert staff.organisation.name == "North Trust"
    db.session.rollback()
    assert cli.main(FIRST) == 1, "the same name once more"
    assert "already" in capsys.readouterr().err
    second = [word.replace("Ada", "Ben") for word in FIRST]
    assert cli.main(second) == 0, "who confirms what the first gives"
    assert cli.main([word.replace("Ada", "Cem") for word in FIRST]) == 1
    assert "two system administrators already" in capsys.readouterr().err
    assert len(db.session.scalars(select(Staff)).all()) == 2


def enrolled(who: Enrolled) -> bool:
    return who.staff.totp_secret is not None


def test_somebody_who_lost_everything(capsys: pytest.CaptureFixture[str]) -> None:
    who = enrol()
    assert cli.main(["invite", who.username]) == 0
    assert enrolled(who)
    db.session.rollback()
    assert cli.main(["invite", who.username.upper(), "--reset-authenticator"]) == 0
    assert capsys.readouterr().out.count("/invitations/") == 2
    assert not enrolled(who)
    actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions[-2:] == ["accounts.totp_reset", "accounts.invited"]
    db.session.rollback()
    assert cli.main(["invite", "nobody@example.nhs.uk"]) == 1
