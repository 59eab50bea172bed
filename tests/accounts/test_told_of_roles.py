"""Who is told of roles, links and resets."""

from flask import Flask
from sqlalchemy import select

from mhtr.accounts import role_service, service
from mhtr.accounts.models import Staff
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Notice
from tests.accounts.two_people import LEAD, House, the_request
from tests.accounts.two_people import house as house
from tests.makers import make_staff
from tests.pages import PageClient


def told(staff: Staff) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
    return list(db.session.scalars(query.order_by(Notice.id)))


def test_the_holder_and_every_privacy_officer_are_told(client: PageClient, house: House) -> None:
    staff_id = house.adds(LEAD, by=house.manager)
    holder = db.session.get_one(Staff, staff_id)
    with writing():
        role_service.confirm(the_request().id, by=house.lead.id)
    with writing():
        service.reset_totp(staff_id, by=house.manager.id)
    with writing():
        service.invite(staff_id, by=house.admin.id)
        service.invite(staff_id, by=house.admin.id)
    for officer in house.officers:
        assert told(officer) == [
            "Newly Made was given: Clinical lead. It waits for a second person.",
            "A second person confirmed for Newly Made: Clinical lead.",
            "The authenticator of Newly Made was reset.",
            "A link to set a new password was made for Newly Made.",
        ]
    assert [words.partition(".")[0] for words in told(holder)] == [
        "You were given: Clinical lead",
        "Confirmed, and yours from now on: Clinical lead",
        "The authenticator of your account was reset",
        "A link to set a new password for your account was made",
    ]
    assert told(house.lead) == told(house.manager) == []
    client.sign_in(house.officers[0])
    page = client.page("/today")
    assert f'href="/staff/{holder.ref}"' in page
    account = client.page(f"/staff/{holder.ref}")
    assert "You read this account as a privacy officer" in account
    assert "Make a new invitation" not in account and "Change this account" not in account
    assert client.get(f"/staff/{holder.ref}/change").status_code == 403
    assert client.get("/staff").status_code == 403


def test_a_privacy_officer_is_told_neither_of_himself_nor_of_what_he_did(house: House) -> None:
    officer, other = house.officers
    with writing():
        service.reset_totp(officer.id, by=house.admin.id)
    assert told(officer) == [
        "The authenticator of your account was reset. "
        "If you did not ask for it, tell your privacy officer."
    ]
    assert told(other) == ["The authenticator of Pri Vacy was reset."]


def test_an_account_that_counts_only_is_nobodys_news(house: House, app: Flask) -> None:
    commissioner = make_staff(Role.COMMISSIONER)
    with writing():
        service.reset_totp(commissioner.id, by=house.admin.id)
    assert told(house.officers[0]) == []
