"""Transactions: read-only unless asked, all or nothing, audit last."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from mhtr.accounts.models import Organisation
from mhtr.core import audit
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.transaction import NotWriting, must_be_writing, writing
from tests.makers import make_organisation


def test_a_write_outside_writing_is_refused_by_the_database(either_app: Flask) -> None:
    organisation = make_organisation()
    organisation.name = "planted"
    with pytest.raises(DBAPIError):
        db.session.flush()


def test_change_and_audit_are_saved_together(either_app: Flask) -> None:
    with writing():
        audit.record("test.done", by=None, thing=1)
    assert db.session.scalars(select(AuditEvent.action)).all() == ["test.done"]


def test_an_error_undoes_change_and_audit(either_app: Flask) -> None:
    organisation = make_organisation(name="before")
    with pytest.raises(RuntimeError), writing():
        db.session.get_one(Organisation, organisation.id).name = "after"
        audit.record("test.done", by=None)
        raise RuntimeError
    assert db.session.get_one(Organisation, organisation.id).name == "before"
    assert db.session.scalars(select(AuditEvent.id)).all() == []
    with writing():
        pass
    assert db.session.scalars(select(AuditEvent.id)).all() == []


def test_writing_inside_writing_is_refused(app: Flask) -> None:
    with writing(), pytest.raises(NotWriting), writing():
        pass


def test_services_refuse_to_run_outside_writing(app: Flask) -> None:
    with pytest.raises(NotWriting):
        must_be_writing()
