"""Refusals and failures for programs that call the API: problem+json, as RFC 9457 says."""

from typing import Any

from flask import Response, jsonify, request

PROBLEM = "application/problem+json"
API = "/api/"
"""Whatever is asked for below this path is asked for by a program."""

TITLES = {
    400: "The request cannot be read",
    401: "A valid token is needed",
    403: "The token does not allow this",
    404: "There is nothing at this address",
    405: "Use another method",
    409: "The idempotency key was used for another referral",
    413: "The request is too large",
    415: "Send application/json",
    422: "The referral was not taken",
    429: "Too many calls",
    500: "Something went wrong",
    503: "The service is not available",
}


def for_program() -> bool:
    """Whether the answer to this request is read by a program, not a person."""
    return request.path.startswith(API)


def problem(status: int, detail: str = "", **more: Any) -> Response:
    """The answer to a program; `more` are further members of the problem."""
    response = jsonify(
        {
            "type": "about:blank",
            "title": TITLES.get(status, "The request failed"),
            "status": status,
            **({"detail": detail} if detail else {}),
            **more,
        }
    )
    response.status_code, response.mimetype = status, PROBLEM
    return response
