"""What was typed on an expired session is kept, and is back in the form after sign-in."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

from flask import current_app, g, request
from sqlalchemy import delete, or_, select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web.models import KeptPost
from mhtr.web.submission import posted_body

View = TypeVar("View", bound=Callable[..., Any])

LOOK = "mhtr_looks_at_unsaved"
ANEW = "anew"
NO_PAGE = "/"


class Look(Protocol):
    """Looks at what a request typed and what is not saved."""

    def __call__(self, viewer: Viewer, since: datetime, *, refused: bool) -> None:
        """`since` is when the session began; `refused`: it stands, and what was sent does not."""
        ...


def looked_at(look: Look) -> Callable[[View], View]:
    """The route's form may say something that must not wait until it is sent again.

    `look` is called where his session was over, or where the form was refused with a page of its
    own, inside a write transaction. It reads the request, and says itself whether he had access.
    """

    def mark(view: View) -> View:
        setattr(view, LOOK, look)
        return view

    return mark


def look(viewer: Viewer, since: datetime) -> None:
    """Let the route of this request look at what was typed on a session that is over."""
    if found := _look_of_route():
        found(viewer, since, refused=False)


def look_at_refused(viewer: Viewer, since: datetime) -> None:
    """Let the route look at what it refused, in a write transaction of its own."""
    if found := _look_of_route():
        with writing():
            found(viewer, since, refused=True)


def _look_of_route() -> Look | None:
    view = current_app.view_functions.get(request.endpoint or "")
    found: Look | None = getattr(view, LOOK, None)
    return found


def keep(staff_id: int) -> None:
    """Keep this request's form for the owner of the expired session."""
    body, path = posted_body(), page_of_form()
    # Sent twice by an impatient hand, it is one form to fetch.
    known = any(row.path == path and row.body == body for row in waiting(staff_id))
    if body and not known:
        db.session.add(KeptPost(staff_id=staff_id, path=path, body=body))


def set_aside(staff_id: int, page: str = "") -> str:
    """Keep this request's form to be taken up again at once; where it is filled in with it.

    It does not wait for him at his next sign-in. Empty where nothing was typed, or where no page
    that holds the form is known.

    Args:
        page: the page on which it is taken up; else the one it was sent from.
    """
    body, path = posted_body(), page or page_of_form()
    if not body or path == NO_PAGE:
        return ""
    row = KeptPost(staff_id=staff_id, path=path, body=body, restored_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return f"{path}?{urlencode({'kept': row.ref, ANEW: 'yes'})}"


def anew() -> bool:
    """Whether the kept form is taken up on top of what was saved, both of which he has seen.

    Then what the page carries unseen, such as the version it showed, is today's.
    """
    return ANEW in request.args


def waiting(staff_id: int) -> Sequence[KeptPost]:
    """The kept forms of a member of staff that he has not had back, the newest first."""
    return db.session.scalars(
        select(KeptPost)
        .where(KeptPost.staff_id == staff_id, KeptPost.restored_at.is_(None))
        .order_by(KeptPost.id.desc())
    ).all()


def settle(row: KeptPost) -> None:
    """Note that he has had this one back, or wants it no more. The others still wait for him."""
    row.restored_at = clock.now()


def forget_old() -> None:
    """Delete what was offered more than a day ago, or never fetched for a month."""
    now = clock.now()
    db.session.execute(
        delete(KeptPost).where(
            or_(
                KeptPost.restored_at < now - timedelta(days=1),
                KeptPost.created_at < now - timedelta(days=30),
            )
        )
    )


def formdata() -> MultiDict[str, str] | None:
    """The kept form this page was opened with (`?kept=<ref>`), if it is the viewer's own."""
    viewer, ref = g.get("viewer"), request.args.get("kept")
    if request.method != "GET" or viewer is None or not ref:
        return None
    try:
        row = db.session.scalars(
            select(KeptPost).where(
                KeptPost.ref == uuid.UUID(ref),
                KeptPost.staff_id == viewer.staff_id,
                KeptPost.path == request.path,
            )
        ).one_or_none()
    except ValueError:
        return None
    return None if row is None else MultiDict(row.body)


def page_of_form() -> str:
    """The address of the page the form was on: its own, or where the browser came from.

    `NO_PAGE` where neither can be opened.
    """
    adapter = current_app.create_url_adapter(request)
    candidates = [request.path]
    if request.referrer and urlsplit(request.referrer).netloc == request.host:
        candidates.append(urlsplit(request.referrer).path)
    for path in candidates:
        try:
            if adapter is not None:
                adapter.match(path, method="GET")
                return path
        except HTTPException:
            continue
    return NO_PAGE
