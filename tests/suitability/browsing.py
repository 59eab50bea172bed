"""A signed-in browser on the pages of one case, and its forms sent with their hidden fields."""

import re
from typing import Any

from flask import Flask

from mhtr.accounts.models import Staff
from tests.pages import PageClient
from tests.suitability.journey import (
    People,
)


def as_(app: Flask, staff: Staff) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client.sign_in(staff)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def send(client: PageClient, path: str, page: str, **data: Any) -> Any:
    """Send the form of a page with its hidden fields."""
    for name in ("submission_key", "version", "content_hash", "request_ref", "what", "explanation"):
        if f'name="{name}"' in page:
            data.setdefault(name, hidden(page, name))
    return client.post(path, data=data)


def base(people: People) -> str:
    return f"/cases/{people.case.ref}"


def refused(client: PageClient, path: str, page: str, **data: Any) -> str:
    """Send what is refused: the page comes again with status 422 and says why."""
    answer = send(client, path, page, **data)
    assert answer.status_code == 422, (path, answer.status_code)
    return str(answer.get_data(as_text=True))
