"""Answers to a questionnaire of an assessment, typed and sent."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core.database import db
from mhtr.tasks.models import Task, TaskKind
from tests.pages import PageClient
from tests.suitability.journey import People, allocated, started

RISK_TITLE = "Risk review, harm to himself: an answer needs a clinician to look"


@pytest.fixture
def on(request: pytest.FixtureRequest) -> Flask:
    """Both engines for a test that asks for `either_app` as well, otherwise SQLite."""
    name = "either_app" if "either_app" in request.fixturenames else "app"
    made: Flask = request.getfixturevalue(name)
    return made


@pytest.fixture
def people(on: Flask) -> People:
    made = allocated()
    started(made)
    return made


@pytest.fixture
def client(on: Flask, people: People) -> PageClient:
    made = on.test_client()
    assert isinstance(made, PageClient)
    return made.sign_in(people.assessor)


def path_of(people: People, instrument: str = "phq9") -> str:
    return f"/cases/{people.case.ref}/assessment/measures/{instrument}"


def answers(item_9: str | None, **other: str) -> dict[str, str]:
    given = {f"item_{n}": "0" for n in range(1, 9)}
    return given | ({} if item_9 is None else {"item_9": item_9}) | other


def risks() -> list[Task]:
    db.session.rollback()
    query = select(Task).where(Task.kind == TaskKind.RISK_REVIEW).order_by(Task.id)
    return list(db.session.scalars(query))


def hidden(page: str) -> dict[str, str]:
    found = re.search(r'name="version"[^>]*value="([^"]*)"', page)
    return {"version": found[1]} if found else {}


def send(client: PageClient, people: People, data: dict[str, str]) -> int:
    form = client.page(path_of(people))
    key = re.search(r'name="submission_key"[^>]*value="([^"]*)"', form)
    assert key
    sent = {"submission_key": key[1], **hidden(form), **data}
    return client.post(path_of(people), data=sent).status_code
