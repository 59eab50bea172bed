"""Keyed hashes: names and addresses that can be counted but not read back from the database."""

import hashlib
import hmac

from flask import current_app


def keyed(kind: str, value: str) -> str:
    """The HMAC-SHA256 of a value under the program's secret key, as 64 hex digits.

    `kind` keeps equal values of different kinds apart.
    """
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
