"""The application factory: puts the features together and nothing else."""

import importlib

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config, Mode
from mhtr.accounts import sessions
from mhtr.accounts.gate import init_gate
from mhtr.core import audit, clock, formats
from mhtr.core.access import Viewer
from mhtr.core.crypto import key_ring
from mhtr.core.database import init_database
from mhtr.web import navigation
from mhtr.web.errors import error_page, init_errors
from mhtr.web.reads import init_reads
from mhtr.web.security import init_security
from mhtr.web.templating import init_templating

FEATURES = (
    "mhtr.accounts.routes",
    "mhtr.accounts.staff_routes",
    "mhtr.accounts.organisation_routes",
    "mhtr.tasks.routes",
    "mhtr.wall.routes",
    "mhtr.cases.routes",
    "mhtr.cases.break_glass_routes",
    "mhtr.cases.access_routes",
    "outcome_measures.routes",
    "mhtr.intake.routes",
    "mhtr.intake.api_routes",
    "mhtr.suitability.routes",
    "mhtr.safeguarding.routes",
    "mhtr.orders.routes",
    "sessions.routes",
    "sessions.calendar.routes",
    "mhtr.compliance.routes",
    "sessions.register.routes",
    "sessions.notes.routes",
    "mhtr.ending.routes",
    "mhtr.reviews.routes",
    "mhtr.discharge.routes",
    "mhtr.probation.routes",
    "mhtr.overview.routes",
    "mhtr.overview.audit_routes",
    "mhtr.overview.cohort_routes",
    "mhtr.overview.settings_routes",
)
"""Modules whose `bp` is registered. Each imports the sibling route modules it is split into."""

# Read with this module, not when an application is made: whatever else a process reads before or
# after, everybody who listens to a lower folder is known, and is called in one order.
_BLUEPRINTS = [importlib.import_module(name).bp for name in FEATURES]


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
    _init_mail(app, config)
    init_security(app, https=config.https)
    init_reads(app, _touch, lambda: app.make_response(error_page(503)))
    csrf = CSRFProtect(app)
    init_gate(app)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    # The API takes a bearer token, which no browser sends on its own.
    csrf.exempt(app.blueprints["api"])
    if config.mode is Mode.DEMO:
        app.register_blueprint(importlib.import_module("mhtr.accounts.demo_routes").bp)
    init_errors(app)
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
            "printed_at": clock.now(),
            "nav_items": navigation.main_items(viewer),
            "nav_beside": navigation.items_beside(viewer),
            "session_seconds": g.get("seconds_left", 0),
        }


def _init_mail(app: Flask, config: Config) -> None:
    app.config.update(MAIL=config.mail, MAIL_FROM=config.mail_from, ADDRESS=config.address)


def _touch(viewer: Viewer) -> "None | Note":
    return Note(viewer.session_id) if g.get("needs_touch") else None


class Note:
    """Notes that a session is still in use."""

    def __init__(self, session_id: int) -> None:
        self.session_id = session_id

    def __call__(self) -> None:
        sessions.touch(self.session_id)
