"""Members of staff who can really sign in, and the steps of doing so."""

from dataclasses import dataclass

import pyotp
from werkzeug.test import TestResponse

from mhtr.accounts import passwords, sign_in_service, totp
from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.makers import make_staff
from tests.pages import PageClient

PASSWORD = "copper lantern walrus drift"
SECRET = pyotp.random_base32()


@dataclass
class Enrolled:
    """Somebody with password, authenticator and recovery codes."""

    id: int
    username: str
    codes: list[str]

    @property
    def staff(self) -> Staff:
        return db.session.get_one(Staff, self.id)

    def code(self, *, steps: int = 0) -> str:
        """The code of now, or of some 30-second steps away."""
        return pyotp.TOTP(SECRET).generate_otp(totp.step_of(clock.now()) + steps)


def enrol(*roles: Role, password: str = PASSWORD) -> Enrolled:
    """Make somebody who is set up as after a first sign-in long ago."""
    staff = make_staff(*(roles or (Role.ASSESSOR,)))
    staff_id, username = staff.id, staff.username
    db.session.rollback()
    hashed = passwords.hash_password(password)
    with writing():
        row = db.session.get_one(Staff, staff_id)
        row.password_hash, row.password_set_at = hashed, clock.now()
        row.totp_secret, row.totp_confirmed_at = SECRET, clock.now()
        codes = sign_in_service.new_recovery_codes(staff_id)
    return Enrolled(staff_id, username, codes)


def give_password(
    client: PageClient, username: str, password: str = PASSWORD, *, query: str = ""
) -> TestResponse:
    return client.post(f"/sign-in{query}", data=form(username=username, password=password))


def sign_in(client: PageClient, who: Enrolled, *, query: str = "") -> TestResponse:
    """Both steps; returns the last answer."""
    assert give_password(client, who.username, query=query).location == "/sign-in/code"
    return client.post("/sign-in/code", data=form(code=who.code()))


def form(**typed: str) -> dict[str, str]:
    """What a browser sends of a form."""
    return {"submission_key": "7f0c2f4e-3b0a-4f0e-9f43-0a4f6c6f9a10", **typed}
