"""The moment of being signed in and out: cookies, the form session, and where to go next."""

import ipaddress

from flask import g, request, session, url_for
from werkzeug.wrappers import Response

from mhtr.accounts import sessions
from mhtr.accounts.browser import browser_name
from mhtr.accounts.gate import clear_cookie, set_cookie
from mhtr.accounts.models import Staff
from mhtr.core.access import Viewer
from mhtr.core.transaction import must_be_writing
from mhtr.web import kept_posts


def begin_here(staff: Staff) -> str:
    """Begin a session in this browser and return its token.

    A session this browser held before ends: its token, which somebody may have planted or read,
    is worth nothing from now on.
    """
    must_be_writing()
    viewer: Viewer | None = g.get("viewer")
    if viewer is not None:
        sessions.end(viewer.session_id, by=viewer.staff_id, because="signed_in_anew")
    kept_posts.forget_old()
    return sessions.begin(staff, browser=browser_name(request.user_agent.string))


def arrive(response: Response, token: str) -> Response:
    """Give the browser its new session; the form session starts anew, with a new CSRF token."""
    session.clear()
    g.viewer = None  # the answer is not yet the new viewer's page
    return set_cookie(response, token)


def leave(response: Response) -> Response:
    """Take the session from the browser."""
    session.clear()
    return clear_cookie(response)


def next_page(staff_id: int, goes_to: str) -> str:
    """Where to go after proving oneself: to what was kept, where he was going, or Today."""
    if kept_posts.waiting(staff_id):
        return url_for("accounts.kept")
    return goes_to or "/"


def address() -> str:
    """The network address the request came from, as the configured proxies report it.

    Of an IPv6 address its network of 64 bits: whoever has one has all its addresses, and would
    have as many tries.
    """
    text = request.remote_addr or "unknown"
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, 64), strict=False))
