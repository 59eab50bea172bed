"""Pages about one man. They are reached through a case, so they live above `mhtr.people`."""

from flask import Blueprint

bp = Blueprint("people", __name__)
