"""The pages of safeguarding, gathered from the modules they are split into."""

from flask import Blueprint

bp = Blueprint("safeguarding", __name__)
