"""Roles that wait for a second person, for those who may decide or must know."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, false, or_, select, true
from sqlalchemy.orm import aliased

from mhtr.accounts.models import RoleRequest, Staff, StaffRole
from mhtr.accounts.rules import RAISED_ROLES
from mhtr.core.access import CLINICAL_ROLES, ROLE_LABELS, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound

_DECIDERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.CLINICAL_LEAD, Role.SERVICE_MANAGER})


@dataclass(frozen=True)
class Waiting:
    """A role that waits, in words."""

    ref: uuid.UUID
    holder: str
    role: str
    giver: str
    given_at: datetime


def find_request(viewer: Viewer, ref: uuid.UUID) -> RoleRequest:
    """A role that somebody was given, waiting or decided about.

    Raises:
        NotFound: no such request, or none that the viewer may know of.
    """
    found = db.session.scalars(
        select(RoleRequest)
        .join(Staff, Staff.id == RoleRequest.staff_id)
        .where(RoleRequest.ref == ref, _known(viewer))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def to_confirm(viewer: Viewer, *, limit: int) -> list[Waiting]:
    """Roles that wait for somebody like the viewer, but for those he gave or would get himself."""
    made = _to_confirm(viewer.roles & _DECIDERS)
    return _waiting(made, me=viewer.staff_id, here=viewer.organisation_id, limit=limit)


def waiting_of(staff_id: int) -> list[Waiting]:
    """Roles of one account that wait."""
    return _waiting(_OF_ONE, holder=staff_id, limit=len(Role))


def _waiting(made: Any, **given: int) -> list[Waiting]:
    return [
        Waiting(line.ref, line.holder, ROLE_LABELS[line.role], line.giver, line.created_at)
        for line in db.session.execute(made, given)
    ]


def _lines(*which: ColumnElement[bool]) -> Any:
    giver, asked = aliased(Staff), RoleRequest
    return (
        select(
            asked.ref,
            asked.role,
            asked.created_at,
            Staff.name.label("holder"),
            giver.name.label("giver"),
        )
        .join(Staff, Staff.id == asked.staff_id)
        .join(giver, giver.id == asked.given_by)
        .where(asked.settled_at.is_(None), *which)
        .order_by(asked.id)
        .limit(bindparam("limit"))
    )


@cache
def _to_confirm(roles: frozenset[Role]) -> Any:
    """Made once for the roles that decide: Today asks it."""
    me: BindParameter[int] = bindparam("me")
    others = and_(RoleRequest.given_by != me, RoleRequest.staff_id != me)
    return _lines(others, _decides(roles, bindparam("here")), Staff.disabled_at.is_(None))


_OF_ONE = _lines(RoleRequest.staff_id == bindparam("holder"))


def _decides(roles: frozenset[Role], organisation: Any) -> ColumnElement[bool]:
    """The condition that somebody of these roles, there, may decide: `rules.may_settle`."""
    if Role.SYSTEM_ADMINISTRATOR in roles:
        return true()
    kinds: list[ColumnElement[bool]] = []
    if Role.CLINICAL_LEAD in roles:
        kinds.append(RoleRequest.role.in_(sorted(CLINICAL_ROLES)))
    if Role.SERVICE_MANAGER in roles:
        raised, other = sorted(RAISED_ROLES), aliased(RoleRequest)
        awaits = select(other.id).where(
            other.staff_id == RoleRequest.staff_id,
            other.settled_at.is_(None),
            other.role.in_(raised),
        )
        holds = Staff.roles.any(StaffRole.role.in_(raised))
        kinds.append(and_(~awaits.exists(), ~holds))
    return and_(Staff.organisation_id == organisation, or_(false(), *kinds))


def _known(viewer: Viewer) -> ColumnElement[bool]:
    """Who decides, and every privacy officer."""
    if viewer.has(Role.PRIVACY_OFFICER):
        return true()
    decides = _decides(viewer.roles, viewer.organisation_id)
    if viewer.has(Role.SERVICE_MANAGER):
        return or_(decides, Staff.organisation_id == viewer.organisation_id)
    return decides
