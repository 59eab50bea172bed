"""Pages of the disclosure wall."""

from flask import Blueprint

bp = Blueprint("wall", __name__)
