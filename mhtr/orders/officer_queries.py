"""Who supervises each of many men, with as many questions as for one; who works in a unit."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff, StaffRole, Team, TeamMembership
from mhtr.core.access import SUPERVISES
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.orders.models import ProbationContact

_OF_CASES = Prepared(
    select(
        ProbationContact.id,
        ProbationContact.case_id,
        ProbationContact.unit_id,
        ProbationContact.name,
        Staff.id.label("staff_id"),
        Staff.ref.label("staff_ref"),
        Staff.name.label("staff_name"),
        Staff.organisation_id,
        Staff.disabled_at,
    )
    .outerjoin(Staff, Staff.id == ProbationContact.staff_id)
    .where(
        ProbationContact.case_id.in_(bindparam("cases", expanding=True)),
        ProbationContact.ended_at.is_(None),
    )
    .order_by(ProbationContact.id)
)
_OF_UNIT = (
    select(Staff)
    .where(
        Staff.organisation_id == bindparam("unit"),
        Staff.disabled_at.is_(None),
        Staff.id.in_(select(StaffRole.staff_id).where(StaffRole.role.in_(sorted(SUPERVISES)))),
    )
    .order_by(Staff.sort_name, Staff.id)
)
_TEAMS = (
    select(Team)
    .where(Team.organisation_id == bindparam("unit"), Team.closed_on.is_(None))
    .order_by(Team.sort_name, Team.id)
)
_IN_TEAMS = select(TeamMembership.team_id, TeamMembership.staff_id).where(
    TeamMembership.team_id.in_(bindparam("teams", expanding=True))
)


@dataclass(frozen=True)
class Officer:
    """Who is named for a man now. `staff_id` and `ref` are None where he does not sign in here."""

    contact_id: int
    name: str
    staff_id: int | None = None
    ref: uuid.UUID | None = None


def officers_of(case_ids: Collection[int]) -> Mapping[int, Officer]:
    """The officer of each case who is there to be asked.

    A case without one is nobody's: nobody is named, or his account is closed, or he left the unit
    or no longer works for probation.
    """
    if not case_ids:
        return {}
    found = {}
    for row in _OF_CASES.all({"cases": list(case_ids)}):
        if row.staff_id is None:
            found[row.case_id] = Officer(row.id, row.name or "")
        elif row.disabled_at is None and row.unit_id in (None, row.organisation_id):
            found[row.case_id] = Officer(row.id, row.staff_name, row.staff_id, row.staff_ref)
    return found


def officers_in(unit_id: int) -> list[Staff]:
    """Who of a unit can be named for a man and signs in here, by name."""
    return list(db.session.scalars(_OF_UNIT, {"unit": unit_id}))


def teams_in(unit_id: int) -> Mapping[Team, frozenset[int]]:
    """The teams of a unit by name, each with who is in it."""
    teams = db.session.scalars(_TEAMS, {"unit": unit_id}).all()
    members: dict[int, set[int]] = {team.id: set() for team in teams}
    if teams:
        for team_id, staff_id in db.session.execute(_IN_TEAMS, {"teams": list(members)}):
            members[team_id].add(staff_id)
    return {team: frozenset(members[team.id]) for team in teams}
