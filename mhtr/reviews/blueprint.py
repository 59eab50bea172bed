"""The pages of three-way reviews, gathered from the modules they are split into."""

from flask import Blueprint

bp = Blueprint("reviews", __name__)
