"""The pages of the register, gathered from the modules they are split into."""

from flask import Blueprint

bp = Blueprint("register", __name__)
