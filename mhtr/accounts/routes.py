"""Signing in and out, own account, staff. Each page lives in one of the modules imported here."""

import mhtr.accounts.invitation_routes
import mhtr.accounts.own_routes
import mhtr.accounts.session_routes
import mhtr.accounts.sign_in_routes  # noqa: F401  (all four for their pages)
from mhtr.accounts.blueprint import bp

__all__ = ["bp"]
