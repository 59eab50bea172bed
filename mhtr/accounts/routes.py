"""Signing in and out. (Passwords and codes: `sign_in_routes`; staff: `staff_routes`.)"""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
