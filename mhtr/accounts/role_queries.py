"""Roles that wait for a second person, for those who may decide or must know."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from mhtr.accounts.models import RoleRequest, Staff
from mhtr.core.access import CLINICAL_ROLES, ROLE_LABELS, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound


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
    mine = and_(RoleRequest.given_by != viewer.staff_id, RoleRequest.staff_id != viewer.staff_id)
    return _waiting(mine, _decides(viewer), Staff.disabled_at.is_(None), limit=limit)


def waiting_of(staff_id: int) -> list[Waiting]:
    """Roles of one account that wait."""
    return _waiting(RoleRequest.staff_id == staff_id, limit=len(Role))


def _waiting(*which: ColumnElement[bool], limit: int) -> list[Waiting]:
    giver = aliased(Staff)
    rows = db.session.execute(
        select(RoleRequest, Staff.name, giver.name)
        .join(Staff, Staff.id == RoleRequest.staff_id)
        .join(giver, giver.id == RoleRequest.given_by)
        .where(RoleRequest.settled_at.is_(None), *which)
        .order_by(RoleRequest.id)
        .limit(limit)
    )
    return [
        Waiting(row.ref, name, ROLE_LABELS[row.role], giver_name, row.created_at)
        for row, name, giver_name in rows
    ]


def _decides(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that the viewer is one of those who decide: `rules.may_settle`."""
    if viewer.has(Role.SYSTEM_ADMINISTRATOR):
        return true()
    kinds: list[ColumnElement[bool]] = []
    if viewer.has(Role.CLINICAL_LEAD):
        kinds.append(RoleRequest.role.in_(sorted(CLINICAL_ROLES)))
    if viewer.has(Role.SERVICE_MANAGER):
        raised = (Role.SYSTEM_ADMINISTRATOR, Role.PRIVACY_OFFICER)
        kinds.append(RoleRequest.role.not_in(raised))
    return and_(Staff.organisation_id == viewer.organisation_id, or_(false(), *kinds))


def _known(viewer: Viewer) -> ColumnElement[bool]:
    """Who decides, and every privacy officer."""
    if viewer.has(Role.PRIVACY_OFFICER):
        return true()
    if viewer.has(Role.SERVICE_MANAGER):
        return or_(_decides(viewer), Staff.organisation_id == viewer.organisation_id)
    return _decides(viewer)
