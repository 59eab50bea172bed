"""Saving a form: one effect for one form, however often it is sent.

with saving() as saved:
    case = service.do_it(..., by=viewer.staff_id)
    saved.goes_to(url_for("cases.page", case_ref=case.ref))
return saved.redirect()
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import flash, g, redirect, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web.models import Submission

NEVER_KEPT = ("csrf_token", "submission_key", "kept_form", "restore", "discard")
CODES = ("code", "recovery_code")
"""What proves who somebody is. A postcode or the code of a court is no secret."""


@dataclass
class Saved:
    """Where to go once the form is saved."""

    location: str = ""
    message: str = ""

    def goes_to(self, location: str, message: str = "") -> None:
        """Say where the browser goes next, and what the page there says was done."""
        self.location, self.message = location, message

    def redirect(self) -> Response:
        """The answer after the commit."""
        if self.message:
            flash(self.message, "success")
        return redirect(self.location, 303)


@dataclass
class AlreadySaved(Exception):
    """The same form was saved before. `same` says whether with the same content.

    `page` is where what was typed is taken up again, if that is not the page it was sent from: a
    form that began something is taken up in what it began.
    """

    location: str
    same: bool
    saved_body: dict[str, Any] = field(default_factory=dict)
    typed_body: dict[str, Any] = field(default_factory=dict)
    page: str = ""


def posted_body() -> dict[str, list[str]]:
    """What was typed, without keys and secrets."""
    return {
        name: request.form.getlist(name)
        for name in request.form
        if name not in NEVER_KEPT and not is_secret(name)
    }


def is_secret(name: str) -> bool:
    """Whether a field of this name holds what may be kept nowhere, however it was sent."""
    return name in CODES or "password" in name


@contextmanager
def saving() -> Iterator[Saved]:
    """Open the write transaction for this form and consume its key in it.

    Raises:
        AlreadySaved: this form's key was consumed before.
    """
    viewer: Viewer = g.viewer
    key = request.form.get("submission_key", "")[:64]
    route, body = request.path, posted_body()
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    saved = Saved()
    row: Submission | None = None
    with writing():
        if key:
            row = _consume(viewer.staff_id, route, key, body, digest)
        yield saved
        if row is not None:
            row.location = saved.location


def _consume(
    staff_id: int, route: str, key: str, body: dict[str, list[str]], digest: str
) -> Submission:
    earlier = _earlier(staff_id, route, key)
    if earlier is None:
        row = Submission(
            staff_id=staff_id, route=route, key=key, body_hash=digest, body=body, location=""
        )
        try:
            with db.session.begin_nested():
                db.session.add(row)
            return row
        except IntegrityError:
            # A simultaneous post won between the look and the insert (PostgreSQL only).
            earlier = _earlier(staff_id, route, key)
            if earlier is None:
                raise
    raise AlreadySaved(earlier.location, earlier.body_hash == digest, earlier.body, body)


def _earlier(staff_id: int, route: str, key: str) -> Submission | None:
    return db.session.scalars(
        select(Submission).where(
            Submission.staff_id == staff_id, Submission.route == route, Submission.key == key
        )
    ).one_or_none()
