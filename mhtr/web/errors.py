"""What the browser is shown, or a program told, when something is refused or goes wrong.

An unexpected failure gets a plain page with a reference; the log has the same reference and
the kind of failure, never what was typed.
"""

import logging
import uuid
from datetime import datetime
from types import TracebackType

from flask import Flask, g, make_response, redirect, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.web import kept_posts, kept_words
from mhtr.web.problems import for_program, problem
from mhtr.web.submission import AlreadySaved

log = logging.getLogger(__name__)

Page = tuple[str, int]

TEXTS = {
    400: ("There is a problem with this request", "Go back, reload the page and try again."),
    403: ("You cannot use this page", "Your role does not include it."),
    404: ("Page not found", "The address is wrong, or the record is not one you can see."),
    405: ("You cannot do that here", "Go back and use the buttons on the page."),
    409: ("That cannot be done now", "Somebody changed the record meanwhile. Reload the page."),
    413: ("That file is too large", "Send a smaller file."),
    429: ("Too many tries", "Wait a few minutes and try again."),
    503: (
        "The service is not available",
        "Nothing was saved or shown. Try again in a few minutes.",
    ),
}
UNEXPECTED = (
    "Sorry, something went wrong",
    "Nothing was saved. Try again. If it happens again, tell us the reference.",
)
BY_EMERGENCY = (
    "Nothing was saved. Emergency access is for looking, for recording what was done about a risk, "
    "and for recording a contact with its measures. If you came here with it, ask somebody of the "
    "trust that has him for anything else."
)
OPEN_TOO_LONG = "This page was open too long. Go back, reload it and send the form again."


def error_page(status: int, *reasons: str) -> Page | Response:
    """A plain page for a status; server faults get a reference that the log has too.

    A program that called the API is told the same as problem+json.
    """
    reference = uuid.uuid4().hex[:12] if status >= 500 else ""
    if reference:
        log.error("request failed: status=%s reference=%s", status, reference)
    if for_program():
        return problem(status, " ".join(reasons), **({"reference": reference} if reference else {}))
    heading, text = TEXTS.get(status, UNEXPECTED)
    page = render_template(
        "errors/error.html",
        heading=heading,
        text=" ".join(reasons) or text,
        reference=reference,
        status=status,
        opened_now=None,  # the banner names nobody on a page that shows nothing of anybody
    )
    return page, status


def init_errors(app: Flask) -> None:
    """Give every kind of refusal and failure its page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Stale, lambda _error: _not_saved(409))
    app.register_error_handler(AlreadySaved, _already_saved)
    app.register_error_handler(OperationalError, _database_lost)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)


def _nothing_shown(status: int, *reasons: str) -> Page | Response:
    """The page of a denial carries nothing of the record that was asked for."""
    g.pop("shown", None)
    return error_page(status, *reasons)


def _not_found(_error: NotFound) -> Page | Response:
    """The same for every record that is not his, and for what emergency access is not for."""
    _look_at_unsaved()
    viewer: Viewer | None = g.get("viewer")
    if viewer is not None and viewer.break_glass and not viewer.emergency:
        return _nothing_shown(403, BY_EMERGENCY)
    return _nothing_shown(404)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return redirect(error.response.location or "/", error.response.status_code)
    answer = make_response(_nothing_shown(error.code or 500))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _not_saved(status: int) -> Page | Response:
    _look_at_unsaved()
    return _nothing_shown(status)


def _refused(error: Refused) -> Page | Response:
    _look_at_unsaved()
    return error_page(409, *error.reasons)


def _already_saved(error: AlreadySaved) -> Response | Page:
    db.session.rollback()
    if error.same:
        return redirect(error.location or request.path, 303)
    _look_at_unsaved()
    viewer: Viewer | None = g.get("viewer")
    take_up = ""
    if viewer is not None:
        with writing():
            take_up = kept_posts.set_aside(viewer.staff_id, error.page)
    rows = kept_words.beside(
        error.page or kept_posts.page_of_form(), error.saved_body, error.typed_body
    )
    page = render_template("errors/already_saved.html", error=error, rows=rows, take_up=take_up)
    return page, 409


def _look_at_unsaved() -> None:
    """What was sent is not saved, and this page shows it to nobody: a sign of risk in it counts."""
    viewer: Viewer | None = g.get("viewer")
    since: datetime | None = g.get("signed_in_since")
    if request.method == "POST" and viewer is not None and since is not None:
        kept_posts.look_at_refused(viewer, since)


def _database_lost(error: OperationalError) -> Page | Response:
    db.session.rollback()
    g.viewer = None
    # The statement's parameters can hold personal data: only the kind of failure is logged.
    log.error("the database did not answer: %s", type(error.orig).__name__)
    return _nothing_shown(503)


def _unexpected(error: Exception) -> Page | Response:
    db.session.rollback()
    places = [f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" for frame in _frames(error)]
    log.error("unexpected %s at %s", type(error).__name__, " < ".join(reversed(places[-4:])))
    return _nothing_shown(500)


def _frames(error: Exception) -> list[TracebackType]:
    frames, here = [], error.__traceback__
    while here is not None:
        frames.append(here)
        here = here.tb_next
    return frames
