"""Before every view: who is asking, and may he. Whatever has no rule is refused."""

from dataclasses import replace

from flask import Flask, abort, current_app, flash, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from mhtr.accounts import sessions
from mhtr.accounts.models import Staff
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web import kept_posts
from mhtr.web.errors import OPEN_TOO_LONG, Page, error_page
from mhtr.web.gate import RuleKind, rule_of, serves_emergency
from mhtr.web.submission import posted_body

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KEPT = (
    "You were signed out because nothing happened for a while. What you just sent was not saved, "
    "but it is kept: sign in, and you can take it up again."
)
# Whoever sends on a session that was ended may be the reason why it was. What he typed is not
# put before the account's owner as her own words.
NOT_KEPT = (
    "Your session had been ended. What you just sent was not saved, and it was not kept. "
    "Go back in your browser to copy it."
)


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
    app.register_error_handler(CSRFError, _stale_token)


def _admit() -> Response | None:
    g.viewer = g.signed_in_since = None
    g.cannot_save = False
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
    g.viewer = _here(found.viewer) if found.viewer else None
    g.seconds_left, g.needs_touch = found.seconds_left, found.needs_touch
    g.signed_in_since = found.since
    if rule.allows(found.viewer.roles if found.viewer else None):
        return None
    if found.viewer is not None:
        abort(403)
    if request.method not in SAFE_METHODS and found.lapsed is not None:
        _keep(found.lapsed)
    db.session.rollback()
    back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("accounts.sign_in", next=back), 303)


def _here(viewer: Viewer) -> Viewer:
    """The viewer with his emergency access, where it counts: to look, and where a view says so."""
    marked = serves_emergency(current_app, request.endpoint or "")
    return replace(viewer, emergency=marked or request.method in SAFE_METHODS)


def _stale_token(_error: CSRFError) -> Response | Page:
    """A page from before his last sign-in: what he typed on it is kept and offered again.

    The session cookie does not travel with another site's form, so this is his own browser's.
    """
    token = request.cookies.get(cookie_name(current_app), "")
    found = sessions.recognise(token) if token else sessions.Recognised(None)
    rule = rule_of(current_app, request.endpoint or "")
    guarded = rule is not None and rule.kind in (RuleKind.SIGNED_IN, RuleKind.ROLES)
    if guarded and found.lapsed is not None:
        _keep(found.lapsed)
        return redirect(url_for("accounts.sign_in"), 303)
    viewer = found.viewer if rule is not None and guarded and posted_body() else None
    since = found.since
    if rule is None or viewer is None or since is None or not rule.allows(viewer.roles):
        db.session.rollback()
        return error_page(400, OPEN_TOO_LONG)
    with writing():
        kept_posts.look(_here(viewer), since)
        kept_posts.keep(viewer.staff_id)
    return redirect(url_for("accounts.kept"), 303)


def _keep(lapsed: sessions.Lapsed) -> None:
    """What was typed on a session that is over: kept if it ran out, looked at for risk always."""
    with writing():
        viewer = _here(sessions.viewer_of(db.session.get_one(Staff, lapsed.staff_id)))
        kept_posts.look(viewer, lapsed.since)
        if lapsed.ran_out:
            kept_posts.keep(viewer.staff_id)
    if posted_body():
        flash(KEPT if lapsed.ran_out else NOT_KEPT, "important")


def current_viewer() -> Viewer:
    """The signed-in member of staff; only for views whose rule requires one."""
    viewer: Viewer | None = g.get("viewer")
    if viewer is None:
        abort(403)
    return viewer
