"""Signing in and out, own account, staff. Each page lives in one of the modules imported here."""

from mhtr.accounts.blueprint import bp

__all__ = ["bp"]
