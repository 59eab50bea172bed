"""Pages about one man. They are reached through a case, so they live above `mhtr.people`."""

from flask import Blueprint, current_app

from mhtr.people.rules import Accepts, accepts

bp = Blueprint("people", __name__)


def settings() -> Accepts:
    """What this installation accepts about people."""
    return accepts(current_app.config)


from mhtr.cases import (  # noqa: E402, F401 (they add their views to bp)
    answer_routes,
    consent_routes,
    flag_man_routes,
    flag_routes,
    identity_routes,
    link_merge_routes,
    link_routes,
    person_routes,
    search_routes,
)
