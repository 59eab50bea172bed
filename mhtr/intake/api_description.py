"""The OpenAPI description of the referral API, made from the same names the reader understands."""

from typing import Any

from mhtr.cases.facts import CaseState
from mhtr.cases.standing_words import outside_state
from mhtr.core.codes import lists
from mhtr.intake.referral import FIELDS, REQUIRED, TEXTS, says_where
from mhtr.intake.referral_columns import CHOICES, HINTS
from mhtr.web.problems import PROBLEM

LONGEST_VALUE = 1000
"""Characters; single fields may allow fewer."""

_SEE_HIM = [
    text
    for entry in lists.load("source_of_referral").entries
    if says_where(entry)
    for text in (entry.code, entry.label)
]
"""Sources that see him in custody or at court, and say where."""
_STATES = [state.value for state in CaseState if outside_state(state) is state]
"""No recommendation is told before the report is released."""


def describe(base: str) -> dict[str, Any]:
    """The description, for a service whose API lies under `base`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Referrals to the Men's MHTR service",
            "version": "1.0.0",
            "description": (
                "For case systems of Liaison and Diversion services. Send a referral once with an "
                "idempotency key; ask later what became of it. Not an emergency route."
            ),
        },
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "paths": {
            "/referrals": {"post": _send()},
            "/referrals/{reference}": {"get": _ask()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Referral": _referral(),
                "Receipt": _receipt(),
                "Problem": _problem(),
            },
        },
    }


def _send() -> dict[str, Any]:
    return {
        "operationId": "sendReferral",
        "summary": "Send a referral",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "Your own unique text for this sending; repeat it when you retry.",
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,80}$"},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Referral"}}},
        },
        "responses": {
            "200": _answer(
                "The same referral was taken before under this external reference: nothing was "
                "saved, and this is its receipt",
                "Receipt",
            ),
            "201": _answer("The referral was taken", "Receipt"),
            **_problems(400, 401, 403, 409, 413, 415, 422, 429, 500, 503),
        },
    }


def _ask() -> dict[str, Any]:
    return {
        "operationId": "askReferral",
        "summary": "What became of a referral your organisation sent",
        "parameters": [
            {
                "name": "reference",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
        ],
        "responses": {
            "200": _answer("Where the case stands", "Receipt"),
            **_problems(400, 401, 403, 404, 429, 500, 503),
        },
    }


def _answer(words: str, schema: str) -> dict[str, Any]:
    return {
        "description": words,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _problems(*statuses: int) -> dict[str, Any]:
    answer = {
        "description": "Why it was refused, in words",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {str(status): answer for status in statuses}


def _referral() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(REQUIRED),
        "properties": {name: _field(name) for name in FIELDS},
        "if": {"properties": {"source": {"enum": _SEE_HIM}}},
        "then": {"required": ["place"]},
    }


def _field(name: str) -> dict[str, Any]:
    hint = {"description": HINTS[name]} if name in HINTS else {}
    if name in CHOICES:
        return {"type": "string", "enum": [member.value for member in CHOICES[name]], **hint}
    least = {"minLength": 1} if name in REQUIRED else {}
    return {"type": "string", "maxLength": TEXTS.get(name, LONGEST_VALUE), **least, **hint}


def _receipt() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["reference", "state", "words", "since"],
        "properties": {
            "reference": {"type": "string", "format": "uuid"},
            "external_reference": {"type": "string"},
            "state": {
                "type": "string",
                "enum": [s.value for s in CaseState if outside_state(s) is s],
            },
            "words": {"type": "string", "description": "The state in plain words"},
            "since": {"type": "string", "format": "date"},
        },
    }


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "existing_reference": {
                "type": "string",
                "format": "uuid",
                "description": "With 409, where the external reference stands for a referral with "
                "other content: that referral. Amend it, or use another external reference",
            },
            "safety_not_taken": {
                "type": "boolean",
                "description": "Whether the refused referral says that he may not be safe, or is "
                "urgent: true with every refusal, of whatever kind, where it does. Tell custody "
                "healthcare: this is no emergency route",
            },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                },
            },
        },
    }
