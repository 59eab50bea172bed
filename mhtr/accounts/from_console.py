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


def make_first_administrator(*, name: str, email: str, organisation: str) -> str:
    """Make the account from which all others are made, and return the path of its invitation.

    Raises:
        Refused: there is a system administrator already, or a detail is wrong.
    """
    with writing():
        held = select(StaffRole.id).where(StaffRole.role == Role.SYSTEM_ADMINISTRATOR)
        if db.session.scalars(held).first() is not None:
            raise Refused("There is a system administrator already, who can make other accounts.")
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
