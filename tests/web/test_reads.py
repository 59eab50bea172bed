"""Reads are audited before the page leaves; a page that cannot be audited is not sent."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from mhtr.accounts.models import SignInSession
from mhtr.core import access, audit
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.makers import make_case, make_staff
from tests.pages import PageClient


@pytest.fixture
def reader(either_app: Flask) -> PageClient:
    client = either_app.test_client()
    assert isinstance(client, PageClient)
    return client


def visible_case(client: PageClient) -> str:
    staff, case = make_staff(Role.ASSESSOR), make_case()
    with writing():
        access.grant(case.id, Purpose.CLINICAL, staff.principal_id, because="test", by=None)
    client.sign_in(staff)
    return f"/cases/{case.ref}"


def views() -> list[AuditEvent]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.action == "page.viewed")))


def test_a_page_leaves_one_row_naming_what_it_showed(reader: PageClient) -> None:
    reader.page(visible_case(reader))
    (row,) = views()
    assert row.detail["page"] == "overview.case_page"
    assert row.detail["shown"]["case"] == [row.case_id]
    assert row.detail["shown"]["person"]


def test_a_denied_page_leaves_no_view_and_shows_nothing(reader: PageClient) -> None:
    visible_case(reader)
    other = make_case()
    answer = reader.get(f"/cases/{other.ref}")
    assert answer.status_code == 404
    assert "Okafor" not in answer.get_data(as_text=True)
    assert views() == []


def test_a_page_that_cannot_be_audited_is_not_sent(
    reader: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = visible_case(reader)

    def full() -> None:
        raise OperationalError("INSERT", {}, Exception("disk is full"))

    monkeypatch.setattr(audit, "append_pending", full)
    answer = reader.get(path)
    assert answer.status_code == 503
    assert "Okafor" not in answer.get_data(as_text=True)


def test_being_here_is_noted_once_a_minute(reader: PageClient, set_clock: SetClock) -> None:
    reader.sign_in(make_staff(Role.ASSESSOR))

    def last_seen() -> object:
        db.session.rollback()
        return db.session.scalars(select(SignInSession.last_seen_at)).one()

    start = last_seen()
    set_clock.advance(seconds=59)
    reader.page("/today")
    assert last_seen() == start
    set_clock.advance(seconds=1)
    reader.page("/today")
    assert last_seen() == set_clock.now()
