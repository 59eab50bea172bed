"""Who supervises a man and who covers, as the pages of probation say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Organisation, Staff
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.orders.contact_queries import shown
from mhtr.orders.cover_queries import CoverShown, covers_on
from mhtr.orders.queries import contact_of, contacts_of

_NAMES = select(Staff.id, Staff.name).where(Staff.id.in_(bindparam("ids", expanding=True)))
_UNITS = select(Organisation.id, Organisation.name).where(
    Organisation.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class OfficerLine:
    """Who is named for a man, and who covers.

    `for_him`: whoever looks is somebody else, and decides for him. `may_cover`: whoever looks may
    say who covers for this man.
    """

    name: str
    covers: Sequence[CoverShown]
    for_him: bool
    may_cover: bool


def officer_line(case_id: int, viewer_id: int) -> OfficerLine:
    """Who supervises a man, seen by somebody of probation."""
    contact = contact_of(case_id)
    if contact is None:
        return OfficerLine("", (), for_him=False, may_cover=False)
    if contact.staff_id is None:
        return OfficerLine(shown(contact).name, (), for_him=True, may_cover=False)
    officer = db.session.get_one(Staff, contact.staff_id)
    return OfficerLine(
        officer.name,
        covers_on(case_id, officer.id),
        for_him=officer.id != viewer_id,
        may_cover=may_manage(officer, viewer_id),
    )


@dataclass(frozen=True)
class Before:
    """One who supervised him: from when until when, who named him, and why."""

    name: str
    unit: str
    since: datetime
    until: datetime | None
    by: str
    why: str


def officers_before(case_id: int) -> list[Before]:
    """Everybody who supervised a man, the newest first."""
    rows = contacts_of(case_id)
    people = {row.staff_id for row in rows} | {row.by_id for row in rows}
    names = {one: name for one, name in db.session.execute(_NAMES, {"ids": list(people)})}
    units = {row.unit_id for row in rows}
    called = {one: name for one, name in db.session.execute(_UNITS, {"ids": list(units)})}
    return [
        Before(
            row.name or names.get(row.staff_id or 0, ""),
            called.get(row.unit_id or 0, ""),
            row.created_at,
            row.ended_at,
            names.get(row.by_id, ""),
            row.why or "",
        )
        for row in rows
    ]


def may_manage(officer: Staff, viewer_id: int) -> bool:
    """Whether somebody may say who covers for an officer: he himself, or a senior of his unit."""
    viewer = db.session.get_one(Staff, viewer_id)
    leads = Role.SENIOR_PROBATION in {row.role for row in viewer.roles}
    return officer.id == viewer.id or (leads and officer.organisation_id == viewer.organisation_id)
