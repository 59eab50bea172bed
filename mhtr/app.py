"""The application factory: puts the features together and nothing else."""

import importlib
import logging
import uuid

from flask import Flask, g, redirect, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from config import Config, Mode
from mhtr.accounts import sessions
from mhtr.accounts.gate import init_gate
from mhtr.core import audit, formats
from mhtr.core.access import Viewer
from mhtr.core.crypto import key_ring
from mhtr.core.database import db, init_database
from mhtr.core.errors import NotFound, Refused
from mhtr.web import navigation
from mhtr.web.reads import init_reads
from mhtr.web.security import init_security
from mhtr.web.submission import AlreadySaved
from mhtr.web.templating import init_templating

log = logging.getLogger(__name__)

FEATURES = (
    "mhtr.accounts.routes",
    "mhtr.cases.routes",
    "mhtr.intake.routes",
    "mhtr.suitability.routes",
    "mhtr.overview.routes",
)
"""Modules whose `bp` is registered. Each imports the sibling route modules it is split into."""

TEXTS = {
    400: ("There is a problem with this request", "Go back, reload the page and try again."),
    403: ("You cannot use this page", "Your role does not include it."),
    404: ("Page not found", "The address is wrong, or the record is not one you can see."),
    405: ("You cannot do that here", "Go back and use the buttons on the page."),
    413: ("That file is too large", "Send a smaller file."),
    429: ("Too many tries", "Wait a few minutes and try again."),
    503: (
        "The service is not available",
        "Nothing was saved or shown. Try again in a few minutes.",
    ),
}


def create_app(config: Config) -> Flask:
    """Build the application for these settings."""
    app = Flask("mhtr", static_folder="static", template_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key,
        SERVICE_NAME=config.service_name,
        DEMO=config.mode is Mode.DEMO,
        TESTING=config.mode is Mode.TEST,
        IDENTIFIERS=config.identifiers,
        ARGON2_MEMORY_KIB=config.argon2_memory_kib,
        SESSION_COOKIE_NAME="__Host-mhtr-form" if config.https else "mhtr-form",
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )
    key_ring.set(config.field_keys)
    audit.AuditKey.value = config.audit_key
    init_database(app, config.database_url)
    _init_pages(app)
    init_security(app, https=config.https)
    init_reads(app, _touch, lambda: app.make_response(_page(503)))
    CSRFProtect(app)
    init_gate(app)
    for name in FEATURES:
        app.register_blueprint(importlib.import_module(name).bp)
    if config.mode is not Mode.PRODUCTION:
        app.register_blueprint(importlib.import_module("mhtr.accounts.demo_routes").bp)
    _init_errors(app)
    return app


def _init_pages(app: Flask) -> None:
    init_templating(app)
    for name in ("day", "short_day", "moment", "short_moment", "clock_time"):
        app.jinja_env.filters[name] = getattr(formats, name)

    @app.context_processor
    def names() -> dict[str, object]:
        viewer: Viewer | None = g.get("viewer")
        return {
            "viewer": viewer,
            "nav_items": navigation.main_items(viewer),
            "seconds_left": g.get("seconds_left", 0),
        }


def _touch(viewer: Viewer) -> "None | Note":
    return Note(viewer.session_id) if g.get("needs_touch") else None


class Note:
    """Notes that a session is still in use."""

    def __init__(self, session_id: int) -> None:
        self.session_id = session_id

    def __call__(self) -> None:
        sessions.touch(self.session_id)


def _page(status: int, *reasons: str) -> tuple[str, int]:
    reference = uuid.uuid4().hex[:12] if status >= 500 else ""
    if reference:
        log.error("request failed: status %s reference %s", status, reference, exc_info=True)
    heading, text = TEXTS.get(
        status,
        ("Sorry, something went wrong", "Nothing was saved. Try again, or give this reference."),
    )
    if reasons:
        text = " ".join(reasons)
    page = render_template(
        "errors/error.html", heading=heading, text=text, reference=reference, status=status
    )
    return page, status


def _init_errors(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | tuple[str, int]:
        if error.response is not None:
            return error.response
        status = error.code or 500
        reasons = (
            ("This page was open too long. Go back, reload it and send the form again.",)
            if isinstance(error, CSRFError)
            else ()
        )
        return _page(status, *reasons)

    @app.errorhandler(NotFound)
    def not_found(_error: NotFound) -> tuple[str, int]:
        g.pop("shown", None)
        return _page(404)

    @app.errorhandler(Refused)
    def refused(error: Refused) -> tuple[str, int]:
        heading = "That cannot be done now"
        page = render_template(
            "errors/error.html",
            heading=heading,
            text=" ".join(error.reasons),
            reference="",
            status=409,
        )
        return page, 409

    @app.errorhandler(AlreadySaved)
    def already(error: AlreadySaved) -> Response | tuple[str, int]:
        db.session.rollback()
        if error.same:
            return redirect(error.location or request.path, 303)
        return render_template("errors/already_saved.html", error=error), 409

    @app.errorhandler(OperationalError)
    def database_lost(_error: DBAPIError) -> tuple[str, int]:
        db.session.rollback()
        g.viewer = None
        return _page(503)

    @app.errorhandler(Exception)
    def unexpected(_error: Exception) -> tuple[str, int]:
        if app.config.get("PROPAGATE_EXCEPTIONS"):
            raise _error
        db.session.rollback()
        g.pop("shown", None)
        return _page(500)
