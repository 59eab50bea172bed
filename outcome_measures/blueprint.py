"""The blueprint that every page of this feature is added to."""

from flask import Blueprint

bp = Blueprint("measures", __name__)
