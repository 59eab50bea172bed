"""Nobody makes himself somebody else: link and reset of one account are two people's."""

import pytest

from mhtr.accounts import service, sign_in_service
from mhtr.accounts.models import Staff
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.accounts.two_people import LEAD, House, refused, signs_in
from tests.accounts.two_people import house as house
from tests.pages import PageClient


@pytest.mark.parametrize("first", ["link", "reset"])
def test_one_person_never_makes_the_link_and_resets_the_authenticator(
    house: House, set_clock: SetClock, first: str
) -> None:
    lead = house.staff(LEAD, "Real Lead")
    signs_in(lead)
    lead_id, manager, admin = lead.id, house.manager.id, house.admin.id

    def step(name: str, by: int) -> None:
        if name == "link":
            service.invite(lead_id, by=by)
        else:
            service.reset_totp(lead_id, by=by)

    second = "reset" if first == "link" else "link"
    with writing():
        step(first, manager)
    with refused("somebody else must"):
        step(second, manager)
    set_clock.advance(days=6)
    with refused("somebody else must"):
        step(second, manager)
    with writing():
        step(second, admin)


def test_waiting_out_the_days_is_no_way_round(house: House, set_clock: SetClock) -> None:
    lead = house.staff(LEAD, "On Leave")
    signs_in(lead)
    lead_id, manager = lead.id, house.manager.id
    with writing():
        service.reset_totp(lead_id, by=manager)
    set_clock.advance(days=30)
    with refused("somebody else must"):
        service.invite(lead_id, by=manager)
    signs_in(db.session.get_one(Staff, lead_id))
    with writing():
        service.invite(lead_id, by=manager)


def test_a_link_counts_from_its_use(house: House, set_clock: SetClock) -> None:
    lead = house.staff(LEAD, "On Leave")
    signs_in(lead)
    lead_id, manager = lead.id, house.manager.id
    with writing():
        token = service.invite(lead_id, by=manager)
    set_clock.advance(days=2)
    with writing():
        sign_in_service.accept_invitation(token, "other")
    set_clock.advance(days=6)
    with refused("somebody else must"):
        service.reset_totp(lead_id, by=manager)
    set_clock.advance(days=1)
    with writing():
        service.reset_totp(lead_id, by=manager)


def test_the_page_says_who_must_do_the_second_step(client: PageClient, house: House) -> None:
    lead = house.staff(LEAD, "Real Lead")
    client.sign_in(house.manager)
    assert client.post(f"/staff/{lead.ref}/reset-authenticator").status_code == 303
    answer = client.post(f"/staff/{lead.ref}/invitation")
    assert answer.status_code == 409
    assert "somebody else must make the link" in answer.get_data(as_text=True)
