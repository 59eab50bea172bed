"""The blueprint that the route modules of this feature add their pages to."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
