"""The pages of probation's workspace, gathered from the modules they are split into."""

from flask import Blueprint

bp = Blueprint("probation", __name__)
