"""Pages of his plan for later and of letters, gathered from the modules they are split into."""

from flask import Blueprint

bp = Blueprint("discharge", __name__)
