"""The blueprint that every page of the calendar is added to."""

from flask import Blueprint

bp = Blueprint("calendar", __name__)
