"""A trust with a manager, a lead and privacy officers, and what is asked of them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service
from mhtr.accounts.models import RoleRequest, Staff
from mhtr.accounts.service import Details
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from tests.accounts.enrolled import SECRET
from tests.makers import make_organisation, make_staff

LEAD, MANAGER, ADMIN = Role.CLINICAL_LEAD, Role.SERVICE_MANAGER, Role.SYSTEM_ADMINISTRATOR


class House:
    """A trust with a manager, a lead, an administrator and two privacy officers."""

    def __init__(self) -> None:
        self.trust = make_organisation(name="Riverside Trust")
        self.manager = self.staff(MANAGER, "Mina Ager")
        self.lead = self.staff(LEAD, "Lea Dare")
        self.admin = self.staff(ADMIN, "Ade Min")
        self.officers = [
            make_staff(Role.PRIVACY_OFFICER, name="Pri Vacy"),
            self.staff(Role.PRIVACY_OFFICER, "Pia Other"),
        ]

    def staff(self, role: Role, name: str) -> Staff:
        return make_staff(role, organisation=self.trust, name=name)

    def adds(self, *roles: Role, by: Staff) -> int:
        """Somebody new, whose sign-in is set up."""
        with writing():
            made = service.create_staff(
                Details("new@example.nhs.uk", "Newly Made", self.trust.id), roles=roles, by=by.id
            )
        signs_in(made)
        return made.id


def signs_in(staff: Staff) -> None:
    with writing():
        row = db.session.get_one(Staff, staff.id)
        row.password_hash, row.password_set_at = "x", clock.now()
        row.totp_secret, row.totp_confirmed_at = SECRET, clock.now()


@pytest.fixture
def house(app: Flask) -> House:
    return House()


def the_request() -> RoleRequest:
    return db.session.scalars(select(RoleRequest)).one()


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(Refused, match=words), writing():
        yield
