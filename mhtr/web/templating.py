"""Where templates come from and how strictly they are read.

Two readings of a misspelt variable live side by side. The design system's macros ask for optional
parameters that were not passed, so they need a lenient undefined value. In the service's own
templates a name that does not exist is a fault and must fail, not print nothing. Each template
keeps the reading of the environment it was loaded by, so names under `nhsuk/` load through a
lenient overlay and all others through the strict environment.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from flask.templating import Environment
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    Template,
)

from mhtr.web.formfield_macros import field_params
from mhtr.web.security import csp_nonce

_PACKAGE = Path(__file__).resolve().parent.parent
_DESIGN_SYSTEM = "nhsuk/"


class TwoReadings(Environment):
    """Strict for the service's own templates, lenient for the design system's."""

    _lenient: "TwoReadings | None" = None

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: Any = None
    ) -> Template:
        """Load a template through the environment that its name belongs to."""
        if self.overlayed or not isinstance(name, str) or not name.startswith(_DESIGN_SYSTEM):
            return super().get_template(name, parent, globals)
        if self._lenient is None:
            self._lenient = self.overlay(undefined=ChainableUndefined)
        return self._lenient.get_template(name, parent, globals)


def template_folder() -> Path:
    """The folder of the templates: inside an installed package, or at the top of a checkout."""
    packaged = _PACKAGE / "_templates"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "templates"


def init_templating(app: Flask) -> None:
    """Set the template loader, escaping, strictness and globals of `app`.

    Raises RuntimeError when the Jinja environment exists already: its options would be ignored.
    """
    if "jinja_env" in app.__dict__:
        raise RuntimeError("Templating must be set up before the template environment is used")
    app.jinja_environment = TwoReadings
    # Flask escapes .html names only; the design system's files are named .jinja.
    app.jinja_options = {"autoescape": True, "undefined": StrictUndefined}
    env = app.jinja_env
    env.loader = ChoiceLoader(
        [FileSystemLoader(template_folder()), PackageLoader("nhsuk_frontend_jinja")]
    )
    env.globals.update(field_params=field_params, static_url=static_url, csp_nonce=csp_nonce)
    app.context_processor(lambda: _names(app))


def static_url(name: str) -> str:
    """Address of a file under `mhtr/static`, marked with its content so that it may be cached."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((_PACKAGE / "static" / name).read_bytes()).hexdigest()[:10]


def _names(app: Flask) -> dict[str, object]:
    config = app.config
    return {
        "service_name": config.get("SERVICE_NAME", "MHTR Programme Manager"),
        "public_service_name": config.get("PUBLIC_SERVICE_NAME", "My appointments"),
        "header_logo": config.get("HEADER_LOGO", ""),
        "demo": bool(config.get("DEMO", False)),
    }
