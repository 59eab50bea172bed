"""The service's pages of the end of treatment, gathered from the modules they are split into."""

from flask import Blueprint

bp = Blueprint("ending", __name__)
