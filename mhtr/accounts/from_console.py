"""Accounts from the command line: the first administrator, and the one who lost everything.

Whoever can run these has the database anyway. What they do is audited with nobody as the actor.
"""

from sqlalchemy import select

from mhtr.accounts import service
from mhtr.accounts.models import Organisation, OrganisationKind, Staff, StaffRole
from mhtr.accounts.service import Details
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing

ENOUGH = 2
"""System administrators from the command line: the second confirms what the first gives."""


def make_first_administrator(*, name: str, email: str, organisation: str) -> str:
    """Make one of the two accounts from which all others are made; returns its invitation's path.

    Their role waits for nobody: whoever runs this has the database anyway.

    Raises:
        Refused: there are two system administrators already, or a detail is wrong.
    """
    with writing():
        live = select(Staff.id).where(
            Staff.disabled_at.is_(None),
            Staff.roles.any(StaffRole.role == Role.SYSTEM_ADMINISTRATOR),
        )
        if len(db.session.scalars(live.limit(ENOUGH)).all()) == ENOUGH:
            raise Refused(
                "There are two system administrators already, who can make other accounts: "
                "one gives a role and the other confirms it."
            )
        trust = db.session.scalars(
            select(Organisation).where(Organisation.name == organisation)
        ).one_or_none() or service.create_organisation(
            kind=OrganisationKind.TREATING_TRUST, name=organisation, by=None
        )
        staff = service.create_staff(
            Details(username=email, name=name, organisation_id=trust.id),
            roles=[Role.SYSTEM_ADMINISTRATOR],
            by=None,
        )
        return _path(service.invite(staff.id, by=None))


def invite_again(*, email: str, reset_authenticator: bool) -> str:
    """Invite somebody anew and return the path of the invitation.

    Raises:
        Refused: there is no such account, or it is disabled.
    """
    with writing():
        staff = db.session.scalars(
            select(Staff).where(Staff.username == email.strip().lower())
        ).one_or_none()
        if staff is None:
            raise Refused("There is no account with this email address.")
        if reset_authenticator:
            service.reset_totp(staff.id, by=None)
        return _path(service.invite(staff.id, by=None))


def _path(token: str) -> str:
    return f"/invitations/{token}"
