"""What an audit entry says, in plain words. Shown, never decided upon."""

from collections.abc import Mapping
from typing import Any

ACTIONS = {
    "page.viewed": "Looked at",
    "access.granted": "Access given",
    "access.ended": "Access ended",
    "access.limited": "Access limited in time",
    "access.restricted": "Record restricted to named staff",
    "access.unrestricted": "Restriction lifted",
    "access.excluded": "Member of staff shut out of a record",
    "access.exclusion_ended": "Member of staff no longer shut out",
    "accounts.signed_in": "Signed in",
    "accounts.session_ended": "Signed out",
    "accounts.sessions_ended": "Signed out everywhere",
    "accounts.staff_made": "Account made",
    "accounts.staff_changed": "Account changed",
    "accounts.roles_set": "Roles changed",
    "accounts.disabled": "Account disabled",
    "accounts.enabled": "Account enabled",
    "accounts.invited": "Invitation made",
    "accounts.totp_reset": "Authenticator reset",
    "accounts.organisation_made": "Organisation made",
    "accounts.organisation_changed": "Organisation changed",
    "accounts.team_made": "Team made",
    "accounts.team_changed": "Team changed",
    "accounts.closed": "Organisation or team closed",
    "audit.verified": "Audit verified",
    "audit.exported": "Audit exported",
    "break_glass.opened": "Emergency access opened",
    "break_glass.missed": "Search for emergency access found nobody",
    "break_glass.ended": "Emergency access ended early",
    "break_glass.reviewed": "Emergency access reviewed",
    "cases.fact_added": "Milestone recorded",
    "policy.set": "Setting changed",
    "rota.day_set": "Duty clinicians of a day set",
    "rota.filled": "Duty rota filled",
    "rota.hours_set": "Service hours set",
    "rota.closure_set": "Closure or extra day set",
    "rota.closure_removed": "Closure or extra day removed",
    "rota.leave_planned": "Leave planned",
    "rota.leave_cancelled": "Leave cancelled",
    "tasks.opened": "Task opened",
    "tasks.handed_over": "Task handed over",
    "tasks.answer_saved": "Answer behind a risk review saved",
    "tasks.passed_on": "Task passed on: its owner could not see to it",
    "tasks.escalated": "Task escalated: nobody had seen it in time",
    "tasks.moved": "Task moved",
    "tasks.acknowledged": "Task acknowledged",
    "tasks.done": "Task done",
    "tasks.withdrawn": "Task withdrawn",
}
HIDDEN = frozenset(
    {
        "break_glass",
        "fact",
        "leave",
        "page",
        "person",
        "principal",
        "session",
        "shown",
        "task",
        "team",
    }
)
"""Numbers inside the program, which say nothing to a reader."""


def words(action: str, detail: Mapping[str, Any]) -> str:
    """An entry in words: what was done, and the names (never the values) of what it touched."""
    said = ACTIONS.get(action) or _plain(action)
    if page := detail.get("page"):
        said = f"{said}: {_plain(str(page))}"
    about = [
        _pair(name, value)
        for name, value in detail.items()
        if name not in HIDDEN and value not in ("", None, [])
    ]
    return f"{said} ({'; '.join(about)})" if about else said


def _pair(name: str, value: Any) -> str:
    listed = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return f"{name.replace('_', ' ')}: {listed.replace('_', ' ').replace('.', ', ')}"


def _plain(code: str) -> str:
    """`people.consent_recorded` as `People, consent recorded`."""
    feature, _, verb = code.partition(".")
    parts = [feature.replace("_", " ").capitalize(), verb.replace("_", " ")]
    return ", ".join(part for part in parts if part)
