"""Pages of this feature. Sibling route modules add theirs to `bp`."""

from flask import Blueprint

bp = Blueprint("intake", __name__)
