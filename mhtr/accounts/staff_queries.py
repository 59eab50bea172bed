"""Reading staff, organisations and teams, within what the viewer manages."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Organisation, RoleRequest, Staff, StaffRole, Team
from mhtr.accounts.roles import why_not
from mhtr.accounts.rules import RAISED_ROLES
from mhtr.core.access import ROLE_LABELS, Role, Viewer
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.web.paging import SIZE, Page, page_from, page_number

SORTS = {
    "name": (Staff.sort_name, Staff.id),
    "-name": (Staff.sort_name.desc(), Staff.id.desc()),
    "organisation": (Organisation.sort_name, Staff.sort_name, Staff.id),
    "-organisation": (Organisation.sort_name.desc(), Staff.sort_name, Staff.id),
}
ACTIONS = {
    "accounts.staff_made": "Account made",
    "accounts.staff_changed": "Details changed",
    "accounts.roles_set": "Roles changed",
    "accounts.roles_given": "Roles given, to be confirmed",
    "accounts.role_confirmed": "Role confirmed",
    "accounts.role_turned_down": "Role turned down",
    "accounts.role_taken_back": "Role taken back before it was confirmed",
    "accounts.disabled": "Disabled",
    "accounts.enabled": "Enabled",
    "accounts.invited": "Invitation made",
    "accounts.totp_reset": "Authenticator reset",
    "accounts.sessions_ended": "Signed out everywhere",
}
FIELDS = {
    "username": "email address",
    "name": "name",
    "job_title": "job title",
    "organisation_id": "organisation",
    "hcpc_number": "HCPC number",
    "hcpc_checked_on": "date of the HCPC check",
    "gmc_number": "GMC number",
    "gmc_checked_on": "date of the GMC check",
    "team_ids": "teams",
}


_LISTED = select(
    Staff.id,
    Staff.ref,
    Staff.name,
    Staff.job_title,
    Staff.disabled_at,
    Staff.password_set_at,
    Staff.totp_confirmed_at,
    Organisation.name.label("organisation"),
).join(Organisation, Organisation.id == Staff.organisation_id)
_ROLES = Prepared(
    select(StaffRole.staff_id, StaffRole.role).where(
        StaffRole.staff_id.in_(bindparam("staff", expanding=True))
    )
)
_WAITING = Prepared(
    select(RoleRequest.staff_id, RoleRequest.role).where(
        RoleRequest.staff_id.in_(bindparam("staff", expanding=True)),
        RoleRequest.settled_at.is_(None),
    )
)


@dataclass(frozen=True)
class Listed:
    """An account in the list: who it is, and whether it can be signed in to."""

    id: int
    ref: uuid.UUID
    name: str
    job_title: str
    roles: str
    waiting: str
    """Roles that wait for a second person."""
    organisation: str
    sign_in: str
    colour: str


@dataclass(frozen=True)
class Change:
    """One entry of an account's history."""

    at: datetime
    by: str
    what: str


def managed(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a `Staff` is one the viewer may manage or read about."""
    if viewer.has(Role.SYSTEM_ADMINISTRATOR):
        return true()
    return Staff.organisation_id == viewer.organisation_id


def staff_page(viewer: Viewer, *, sort: str, **asked: str) -> Page[Listed]:
    """The page asked for of the staff the viewer manages: see `_listed`."""
    number = page_number()
    query = _listed(viewer, sort=sort, **asked).limit(SIZE + 1).offset((number - 1) * SIZE)
    page = page_from(db.session.execute(query).all(), number)
    held: dict[int, set[Role]] = {}
    for staff_id, role in _ROLES.all({"staff": [row.id for row in page.rows]}):
        held.setdefault(staff_id, set()).add(role)
    asked_for: dict[int, set[Role]] = {}
    for staff_id, role in _WAITING.all({"staff": [row.id for row in page.rows]}):
        asked_for.setdefault(staff_id, set()).add(role)
    rows = [
        Listed(
            row.id,
            row.ref,
            row.name,
            row.job_title,
            _words_of(held.get(row.id, set())),
            _words_of(asked_for.get(row.id, set())),
            row.organisation,
            *_sign_in(row),
        )
        for row in page.rows
    ]
    return Page(rows, page.previous_href, page.next_href)


def _sign_in(row: Any) -> tuple[str, str]:
    """Whether somebody can sign in, in words, and the colour of the words."""
    if row.disabled_at:
        return "Disabled", "grey"
    if not row.password_set_at:
        return "Invited", "yellow"
    if not row.totp_confirmed_at:
        return "No authenticator", "yellow"
    return "Can sign in", "green"


def _listed(
    viewer: Viewer,
    *,
    text: str = "",
    role: str = "",
    organisation: str = "",
    state: str = "",
    sort: str = "name",
) -> Any:
    """Staff the viewer manages, filtered and sorted; unknown sorts fall back to the name."""
    query: Any = _LISTED.where(managed(viewer))
    if text:
        wanted = f"%{_literal(text.lower())}%"
        query = query.where(
            or_(
                func.lower(Staff.name).like(wanted, escape="\\"),
                Staff.username.like(wanted, escape="\\"),
            )
        )
    if role:
        query = query.where(Staff.roles.any(StaffRole.role == Role(role)))
    if organisation:
        query = query.where(Organisation.ref == uuid.UUID(organisation))
    if state == "disabled":
        query = query.where(Staff.disabled_at.is_not(None))
    elif state != "all":
        query = query.where(Staff.disabled_at.is_(None))
    return query.order_by(*SORTS.get(sort, SORTS["name"]))


def find_staff(viewer: Viewer, ref: uuid.UUID) -> Staff:
    """A member of staff the viewer may manage.

    Raises:
        NotFound: no such account, or not of the viewer's organisation.
    """
    found = db.session.scalars(select(Staff).where(Staff.ref == ref, managed(viewer))).first()
    if found is None:
        raise NotFound
    return found


def find_readable(viewer: Viewer, ref: uuid.UUID) -> Staff:
    """A member of staff whose account the viewer may read: his to manage, or any account for a
    privacy officer, who is told of links, resets and roles.

    Raises:
        NotFound: no such account, or not the viewer's to read.
    """
    if not viewer.has(Role.PRIVACY_OFFICER):
        return find_staff(viewer, ref)
    found = db.session.scalars(select(Staff).where(Staff.ref == ref)).first()
    if found is None:
        raise NotFound
    return found


def organisations(viewer: Viewer, *, closed: bool = False) -> list[Organisation]:
    """Organisations the viewer manages staff of, by name."""
    query = select(Organisation).order_by(Organisation.sort_name, Organisation.id)
    if not viewer.has(Role.SYSTEM_ADMINISTRATOR):
        query = query.where(Organisation.id == viewer.organisation_id)
    if not closed:
        query = query.where(Organisation.closed_on.is_(None))
    return list(db.session.scalars(query))


def find_organisation(viewer: Viewer, ref: uuid.UUID) -> Organisation:
    """An organisation the viewer manages staff of.

    Raises:
        NotFound: no such organisation, or not the viewer's.
    """
    for found in organisations(viewer, closed=True):
        if found.ref == ref:
            return found
    raise NotFound


def teams_of(organisation_id: int, *, closed: bool = False) -> list[Team]:
    """The teams of an organisation, by name."""
    query = (
        select(Team)
        .where(Team.organisation_id == organisation_id)
        .order_by(Team.sort_name, Team.id)
    )
    return list(db.session.scalars(query if closed else query.where(Team.closed_on.is_(None))))


def staff_count(organisation_id: int) -> int:
    """How many people of an organisation can sign in or could be invited to."""
    query = select(func.count(Staff.id)).where(
        Staff.organisation_id == organisation_id, Staff.disabled_at.is_(None)
    )
    return db.session.scalar(query) or 0


def offered_roles(viewer: Viewer, organisation: Organisation) -> list[Role]:
    """Roles that fit the organisation and that the viewer may give."""
    fitting = [role for role in Role if not why_not([role], organisation.kind)]
    if viewer.has(Role.SYSTEM_ADMINISTRATOR):
        return fitting
    return [role for role in fitting if role not in RAISED_ROLES]


def role_words(staff: Staff) -> str:
    """Somebody's roles in words."""
    return _words_of({row.role for row in staff.roles})


def _words_of(held: Collection[Role]) -> str:
    return ", ".join(label for role, label in ROLE_LABELS.items() if role in held)


def history(staff_id: int, *, limit: int) -> list[Change]:
    """Who changed an account, when, and which fields, newest first."""
    # Found by what was done first: the audit holds every page that anybody ever looked at.
    each = aliased(AuditEvent)
    of_accounts = select(each.id).where(each.action.in_(sorted(ACTIONS)))
    rows = db.session.execute(
        select(AuditEvent, Staff.name)
        .join(Staff, Staff.id == AuditEvent.actor_id, isouter=True)
        .where(
            AuditEvent.id.in_(of_accounts),
            AuditEvent.detail["staff"].as_integer() == staff_id,
        )
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return [Change(event.at, name or "The program", _words(event)) for event, name in rows]


def _words(event: AuditEvent) -> str:
    detail = event.detail
    parts = [FIELDS.get(name, name) for name in detail.get("fields", ())]
    for key, word in (("added", "added"), ("removed", "removed")):
        parts += [f"{word} {_role(code)}" for code in detail.get(key, ())]
    parts += [_role(code) for code in detail.get("roles", ())]
    words = ACTIONS[event.action]
    return f"{words}: {', '.join(parts)}" if parts else words


def _role(code: str) -> str:
    return ROLE_LABELS[Role(code)] if code in set(Role) else code


def _literal(text: str) -> str:
    """Text with the wildcards of LIKE made ordinary characters."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
