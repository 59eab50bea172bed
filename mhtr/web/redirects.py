"""Where a browser may be sent back to: pages of this program, nothing else."""

import re

from flask import current_app, request
from werkzeug.exceptions import HTTPException

# One slash, then no second one and no backslash (browsers read "\" as "/"), no control characters
# (browsers drop tabs and line ends) and no spaces.
_LOCAL = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")


def local_page(address: str | None) -> str | None:
    """The address if it is a page of this program that can be opened, else None."""
    if not address or len(address) > 2000 or not _LOCAL.fullmatch(address):
        return None
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None:
            adapter.match(address.partition("?")[0].partition("#")[0], method="GET")
            return address
    except HTTPException:
        return None
    return None
