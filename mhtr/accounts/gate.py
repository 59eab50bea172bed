"""Before every view: who is asking, and may he. Whatever has no rule is refused."""

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts import sessions
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web import kept_posts
from mhtr.web.gate import rule_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def cookie_name(app: Flask) -> str:
    """`__Host-` binds the cookie to this host and path; browsers accept it only under HTTPS."""
    return "__Host-mhtr" if app.config["SESSION_COOKIE_SECURE"] else "mhtr"


def set_cookie(response: Response, token: str) -> Response:
    """Give the browser its session token."""
    response.set_cookie(
        cookie_name(current_app),
        token,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        path="/",
    )
    return response


def clear_cookie(response: Response) -> Response:
    """Forget the session token."""
    response.delete_cookie(
        cookie_name(current_app),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        path="/",
    )
    return response


def init_gate(app: Flask) -> None:
    """Put the gate before every view of the app."""
    app.before_request(_admit)


def _admit() -> Response | None:
    g.viewer = None
    g.seconds_left = 0
    if request.endpoint is None:
        return None  # no such address: the 404 page follows
    if request.endpoint == "static":
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        abort(403)
    token = request.cookies.get(cookie_name(current_app), "")
    found = sessions.recognise(token) if token else sessions.Recognised(None)
    g.viewer, g.seconds_left, g.needs_touch = found.viewer, found.seconds_left, found.needs_touch
    if rule.allows(found.viewer.roles if found.viewer else None):
        return None
    if found.viewer is not None:
        abort(403)
    if request.method not in SAFE_METHODS and found.expired_staff_id is not None:
        with writing():
            kept_posts.keep(found.expired_staff_id)
    db.session.rollback()
    back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("accounts.sign_in", next=back), 303)


def current_viewer() -> Viewer:
    """The signed-in member of staff; only for views whose rule requires one."""
    viewer: Viewer | None = g.get("viewer")
    if viewer is None:
        abort(403)
    return viewer
