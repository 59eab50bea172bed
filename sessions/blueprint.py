"""The blueprint that every page of this package is added to."""

from flask import Blueprint

bp = Blueprint("sessions", __name__)
