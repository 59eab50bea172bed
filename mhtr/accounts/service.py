"""The only writer of staff: who they are, what they may do, and whether they may sign in.

Organisations and teams: `organisation_service`. Roles: `role_service`. Links and lost
authenticators: `way_in_service`. Passwords and codes: `sign_in_service`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from mhtr.accounts import sessions
from mhtr.accounts.authority import held_or_awaited, lock, must_leave_an_administrator, must_manage
from mhtr.accounts.listeners import tell_staff_left
from mhtr.accounts.models import Organisation, Staff, Team, TeamMembership
from mhtr.accounts.organisation_service import create_organisation, create_team
from mhtr.accounts.role_service import give, set_roles
from mhtr.accounts.roles import why_not
from mhtr.accounts.way_in_service import invite, reset_totp, void_invitations
from mhtr.core import audit, clock
from mhtr.core.access import PrincipalKind, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.principals import new_principal

__all__ = [
    "Details",
    "change_staff",
    "create_organisation",
    "create_staff",
    "create_team",
    "disable",
    "enable",
    "invite",
    "lock",
    "reset_totp",
    "set_roles",
]


@dataclass(frozen=True)
class Details:
    """What is known of a member of staff, as an administrator enters it."""

    username: str
    """Work e-mail address; the name to sign in with."""
    name: str
    organisation_id: int
    job_title: str = ""
    team_ids: tuple[int, ...] = ()
    hcpc_number: str | None = None
    hcpc_checked_on: date | None = None
    gmc_number: str | None = None
    gmc_checked_on: date | None = None


def create_staff(details: Details, *, roles: Collection[Role], by: int | None) -> Staff:
    """Make an account. It cannot sign in before it is invited.

    A role that takes two people waits for the second: see `role_service`.

    Raises:
        Refused: the name is taken, a detail is missing, or the roles do not go together.
    """
    must_manage(by, organisation_id=details.organisation_id, roles=roles)
    organisation = _open_organisation(details)
    _refuse(why_not(roles, organisation.kind))
    staff = Staff(
        principal_id=new_principal(PrincipalKind.STAFF),
        roles=[],
        organisation_id=organisation.id,
        memberships=[],
    )
    _apply(staff, details)
    db.session.add(staff)
    db.session.flush()
    audit.record(
        "accounts.staff_made", by=by, staff=staff.id, roles=sorted(role.value for role in roles)
    )
    give(staff, roles, by=by)
    return staff


def change_staff(staff_id: int, details: Details, *, version: int, by: int | None) -> Staff:
    """Change who somebody is and where he works. Moving him ends his sessions.

    Raises:
        Refused: as for making one, or it is one's own account.
        Stale: somebody else changed it since the page was read.
    """
    must_manage(by, of=staff_id, organisation_id=details.organisation_id)
    staff = lock(staff_id)
    if staff.version != version:
        raise Stale(staff)
    former = staff.organisation_id
    organisation = _open_organisation(details, now=former)
    _refuse(why_not(held_or_awaited(staff), organisation.kind))
    changed = _apply(staff, details)
    if changed:
        staff.version += 1
        audit.record("accounts.staff_changed", by=by, staff=staff.id, fields=changed)
    if {"organisation_id", "team_ids"}.intersection(changed):
        sessions.end_all(staff.id, by=by, because="moved")
    if "organisation_id" in changed:
        tell_staff_left(staff.id, former, by)
    return staff


def disable(staff_id: int, *, by: int | None) -> None:
    """Shut somebody out from his next request on; links he was sent stop working.

    Raises:
        Refused: it is one's own account, or the last administrator's.
    """
    must_manage(by, of=staff_id)
    staff = lock(staff_id)
    if staff.disabled_at is not None:
        return
    if any(held.role is Role.SYSTEM_ADMINISTRATOR for held in staff.roles):
        must_leave_an_administrator(staff.id)
    staff.disabled_at = clock.now()
    staff.version += 1
    void_invitations(staff.id)
    audit.record("accounts.disabled", by=by, staff=staff.id)
    sessions.end_all(staff.id, by=by, because="disabled")
    tell_staff_left(staff.id, staff.organisation_id, by)


def enable(staff_id: int, *, by: int | None) -> None:
    """Let somebody in again, with the roles and password he had."""
    must_manage(by, of=staff_id)
    staff = lock(staff_id)
    if staff.disabled_at is None:
        return
    _refuse(why_not(held_or_awaited(staff), staff.organisation.kind))
    staff.disabled_at = None
    staff.version += 1
    audit.record("accounts.enabled", by=by, staff=staff.id)


def _apply(staff: Staff, details: Details) -> list[str]:
    """Write the details onto the account and return the names of those that changed."""
    username = details.username.strip().lower()
    name = " ".join(details.name.split())
    if not username or not name:
        raise Refused("Enter a name and a work email address.")
    taken = select(Staff.id).where(Staff.username == username, Staff.id != (staff.id or 0))
    with db.session.no_autoflush:
        if db.session.scalars(taken).first() is not None:
            raise Refused("There is an account with this email address already.")
    if (details.hcpc_number is None) != (details.hcpc_checked_on is None):
        raise Refused("An HCPC number goes with the date the register was looked up.")
    if (details.gmc_number is None) != (details.gmc_checked_on is None):
        raise Refused("A GMC number goes with the date the register was looked up.")
    if details.hcpc_number and details.gmc_number:
        raise Refused("Enter an HCPC number or a GMC number, not both.")
    wanted = {
        "username": username,
        "name": name,
        "job_title": details.job_title.strip(),
        "organisation_id": details.organisation_id,
        "hcpc_number": details.hcpc_number,
        "hcpc_checked_on": details.hcpc_checked_on,
        "gmc_number": details.gmc_number,
        "gmc_checked_on": details.gmc_checked_on,
    }
    changed = [field for field, value in wanted.items() if getattr(staff, field) != value]
    for field in changed:
        setattr(staff, field, wanted[field])
    if {member.team_id for member in staff.memberships} != set(details.team_ids):
        kept = [member for member in staff.memberships if member.team_id in details.team_ids]
        new = set(details.team_ids) - {member.team_id for member in kept}
        staff.memberships = kept + [TeamMembership(team_id=team) for team in sorted(new)]
        changed.append("team_ids")
    return changed


def _open_organisation(details: Details, *, now: int = 0) -> Organisation:
    """The organisation somebody is to work for, with every team in it."""
    found = db.session.get(Organisation, details.organisation_id)
    if found is None or (found.closed_on is not None and found.id != now):
        raise Refused("Choose an organisation that is open.")
    teams = select(Team.id).where(Team.organisation_id == found.id, Team.closed_on.is_(None))
    if set(details.team_ids) - set(db.session.scalars(teams)):
        raise Refused("Choose teams of that organisation that are open.")
    return found


def _refuse(reasons: tuple[str, ...]) -> None:
    if reasons:
        raise Refused(*reasons)
