"""A newcomer whose role waits for a second person."""

import pyotp

from mhtr.accounts import service, sign_in_service
from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.demo.simulation import Story, at
from mhtr.demo.world import World

NAME, USERNAME = "Solveig Brandt", "solveig.brandt@west.example"


def role_to_confirm(world: World) -> Story:
    """The manager adds a practitioner, who sets up her sign-in; nobody has confirmed her yet."""
    manager = world.staff("manager")
    yield at(world.day(-2), 10)
    made = service.create_staff(
        service.Details(
            username=USERNAME,
            name=NAME,
            organisation_id=world.cast.organisations["west"],
            job_title="MHTR practitioner",
        ),
        roles=[Role.ASSESSOR],
        by=manager,
    )
    staff_id, token = made.id, service.invite(made.id, by=manager)
    yield at(world.day(-2), 14)
    sign_in_service.accept_invitation(token, _hash_of(manager))
    sign_in_service.begin_enrolment(staff_id)
    secret = db.session.get_one(Staff, staff_id).totp_next_secret or ""
    sign_in_service.finish_enrolment(staff_id, pyotp.TOTP(secret).at(clock.now()))


def _hash_of(staff_id: int) -> str:
    """The hash everybody of the demonstration has: making one takes long."""
    return db.session.get_one(Staff, staff_id).password_hash


STORIES = (role_to_confirm,)
