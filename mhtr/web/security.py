"""Security headers of every response, and the nonce of the content security policy."""

import re
import secrets

from flask import Flask, Response, g, request

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
KEPT = "public, max-age=31536000, immutable"
_VERSIONED = re.compile(r"-\d+\.\d+\.\d+\.")
"""Vendored files carry their version in their name."""


def csp_nonce() -> str:
    """This response's nonce for inline scripts (the page template has one)."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    nonce: str = g.csp_nonce
    return nonce


def init_security(app: Flask, *, https: bool) -> None:
    """Set the headers on every response of the app."""

    @app.before_request
    def fresh() -> None:
        # A context that outlives the request (a shell, a test) must not hand its nonce on.
        g.pop("csp_nonce", None)

    @app.after_request
    def headers(response: Response) -> Response:
        policy = (
            "default-src 'none'; "
            f"script-src 'self' 'nonce-{csp_nonce()}'; "
            "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        _caching(response)
        return response


def _caching(response: Response) -> None:
    """Nothing of a record is kept; a file whose address names its content is kept for good."""
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    elif "v" in request.args or _VERSIONED.search(request.path):
        response.headers["Cache-Control"] = KEPT
    if request.endpoint == "static" and response.status_code == 304:
        # Nobody reads the file then, and only who reads it closes it.
        response.close()
