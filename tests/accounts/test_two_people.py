"""Nobody makes himself somebody else: roles that open records take two people."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from mhtr.accounts import role_queries, role_service, service, sessions
from mhtr.accounts.models import RoleOutcome, RoleRequest, Staff
from mhtr.accounts.service import Details
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.accounts.test_staff_routes import fields, keyed
from tests.accounts.two_people import ADMIN, LEAD, MANAGER, House, refused, signs_in, the_request
from tests.accounts.two_people import house as house
from tests.makers import make_staff
from tests.pages import PageClient


def roles_of(staff_id: int) -> set[Role]:
    db.session.expire_all()
    return set(sessions.viewer_of(db.session.get_one(Staff, staff_id)).roles)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COMMISSIONER}))
def test_no_role_given_by_one_person_takes_effect(app: Flask, role: Role) -> None:
    admin, holder = make_staff(ADMIN), make_staff(role)
    place = holder.organisation
    other = MANAGER if role is not MANAGER else Role.PRIVACY_OFFICER
    colleague = make_staff(other, organisation=place)
    with writing():
        made = service.create_staff(
            Details("n@example.nhs.uk", "N", place.id), roles=[role], by=admin.id
        )
        service.set_roles(colleague.id, [other, role], by=admin.id)
    assert roles_of(made.id) == set()
    assert roles_of(colleague.id) == {other}, "what was held before stays, and no more"
    assert roles_of(holder.id) == {role}


def test_the_made_up_lead_reads_nothing(client: PageClient, house: House) -> None:
    """The whole way: the manager adds a lead, and sets up the sign-in himself."""
    client.sign_in(house.manager)
    data = {
        "name": "Fabricated Lead",
        "username": "lead@example.nhs.uk",
        "roles": "clinical_lead",
        "hcpc_number": "PYL012345",
        "hcpc_checked_on-day": "1",
        "hcpc_checked_on-month": "11",
        "hcpc_checked_on-year": "2026",
    }
    answer = client.post("/staff/new", data=keyed(**data))
    assert answer.status_code == 200
    made = db.session.scalars(select(Staff).where(Staff.name == "Fabricated Lead")).one()
    signs_in(made)
    asked = the_request().ref
    assert f"/staff/roles/{asked}" in client.page(f"/staff/{made.ref}")
    assert "To be confirmed: Clinical lead" in client.page("/staff")
    page = client.page(f"/staff/roles/{asked}")
    assert "You gave this role. Somebody else must confirm it." in page
    again = client.post(f"/staff/roles/{asked}", data=keyed(spoken="yes"))
    assert again.status_code == 422 and "Somebody else" in again.get_data(as_text=True)
    client.sign_in(made)
    today = client.page("/today")
    assert "Your account has no role yet" in today
    for path in ("/triage", "/emergency-access", "/countersign", "/rota", "/search"):
        assert client.get(path).status_code in (403, 404), path
    assert client.get("/worklists").status_code == 303
    assert client.get(f"/staff/roles/{asked}").status_code == 403


def test_the_second_person_finds_it_on_today_and_confirms(client: PageClient, house: House) -> None:
    staff_id = house.adds(LEAD, by=house.manager)
    for who in (house.lead, house.admin):
        client.sign_in(who)
        assert "Roles to confirm" in client.page("/today")
    client.sign_in(house.manager)
    assert "Roles to confirm" not in client.page("/today")
    asked = the_request()
    ref, request_id = asked.ref, asked.id
    client.sign_in(house.lead)
    assert "Speak with Newly Made" in client.page(f"/staff/roles/{ref}")
    unticked = client.post(f"/staff/roles/{ref}", data=keyed())
    assert unticked.status_code == 422 and roles_of(staff_id) == set()
    assert client.post(f"/staff/roles/{ref}", data=keyed(spoken="yes")).status_code == 303
    assert roles_of(staff_id) == {LEAD}
    assert "Confirmed by Lea Dare" in client.page(f"/staff/roles/{ref}")
    assert db.session.get_one(RoleRequest, request_id).outcome is RoleOutcome.CONFIRMED
    client.sign_in(house.manager)
    page = client.page(f"/staff/{db.session.get_one(Staff, staff_id).ref}")
    assert "Roles given, to be confirmed: Clinical lead" in page
    assert "Role confirmed: Clinical lead" in page and "wait for a second person" not in page


def test_who_is_refused_and_what_stays(house: House) -> None:
    staff_id = house.adds(LEAD, by=house.manager)
    request_id = the_request().id
    elsewhere, outsider = make_staff(LEAD), make_staff(MANAGER)
    assessor = house.staff(Role.ASSESSOR, "Asa Sor")
    for who, words in (
        (house.manager, "Somebody else must confirm"),
        (elsewhere, "confirms this"),
        (outsider, "confirms this"),
        (assessor, "confirms this"),
        (house.officers[1], "confirms this"),
    ):
        by = who.id
        with refused(words):
            role_service.confirm(request_id, by=by)
    with refused("of his own"):
        role_service.confirm(request_id, by=staff_id)
    assert roles_of(staff_id) == set()


def test_no_chain_of_invented_people(house: House) -> None:
    """A second manager whom the first invents has no role with which to confirm the third."""
    invented = house.adds(MANAGER, by=house.manager)
    with writing():
        third = service.create_staff(
            Details("third@example.nhs.uk", "Third", house.trust.id),
            roles=[LEAD],
            by=house.manager.id,
        )
    signs_in(third)
    wanted = db.session.scalars(
        select(RoleRequest.id).where(RoleRequest.staff_id == third.id)
    ).one()
    with refused("confirms this"):
        role_service.confirm(wanted, by=invented)


def test_nobody_vouches_before_the_sign_in_is_set_up(house: House) -> None:
    with writing():
        made = service.create_staff(
            Details("new@example.nhs.uk", "New", house.trust.id), roles=[LEAD], by=house.manager.id
        )
    made_id, request_id, by = made.id, the_request().id, house.lead.id
    with refused("not set up yet"):
        role_service.confirm(request_id, by=by)
    signs_in(db.session.get_one(Staff, made_id))
    with writing():
        role_service.confirm(request_id, by=by)
    assert roles_of(made_id) == {LEAD}


def test_whoever_made_the_link_does_not_vouch(house: House) -> None:
    staff_id = house.adds(LEAD, by=house.manager)
    by, lead = house.admin.id, house.lead.id
    with writing():
        service.invite(staff_id, by=by)
    request_id = the_request().id
    with refused("You made a link"):
        role_service.confirm(request_id, by=by)
    with writing():
        role_service.confirm(request_id, by=lead)


def test_turned_down_or_taken_back_it_is_never_confirmed(house: House) -> None:
    staff_id = house.adds(LEAD, by=house.manager)
    request_id, lead, admin = the_request().id, house.lead.id, house.admin.id
    with writing():
        role_service.turn_down(request_id, by=lead)
    with refused("already"):
        role_service.confirm(request_id, by=admin)
    with writing():
        service.set_roles(staff_id, [LEAD, Role.ASSESSOR], by=house.manager.id)
    waiting = db.session.scalars(
        select(RoleRequest).where(RoleRequest.settled_at.is_(None)).order_by(RoleRequest.id)
    ).all()
    assert [row.role for row in waiting] == [Role.ASSESSOR, LEAD]
    lead_request = waiting[1].id
    with writing():
        service.set_roles(staff_id, [Role.ASSESSOR], by=house.manager.id)
    assert db.session.get_one(RoleRequest, lead_request).outcome is RoleOutcome.TAKEN_BACK
    with refused("already"):
        role_service.confirm(lead_request, by=admin)
    assert roles_of(staff_id) == set()


def test_a_role_taken_ends_at_once_and_one_given_beside_it_waits(house: House) -> None:
    other = house.staff(LEAD, "Was Lead")
    with writing():
        sessions.begin(other)
        service.set_roles(other.id, [Role.ASSESSOR], by=house.admin.id)
    assert roles_of(other.id) == set() and sessions.own_sessions(other.id) == []


def test_the_database_itself_wants_a_second_person(either_app: Flask) -> None:
    house = House()
    staff_id = house.adds(LEAD, by=house.manager)
    request_id = the_request().id
    for by in (house.manager.id, staff_id):
        with pytest.raises(IntegrityError), writing():
            db.session.execute(
                text(
                    "UPDATE role_requests SET outcome = 'confirmed', settled_by = :by, "
                    "settled_at = created_at WHERE id = :id"
                ),
                {"by": by, "id": request_id},
            )
    with writing():
        role_service.confirm(request_id, by=house.lead.id)
    assert roles_of(staff_id) == {LEAD}


def test_a_raised_role_that_waits_is_out_of_a_managers_hands(house: House) -> None:
    staff_id = house.adds(Role.PRIVACY_OFFICER, by=house.admin)
    by = house.manager.id
    with refused("Only a system administrator"):
        service.invite(staff_id, by=by)
    with refused("confirms this"):
        role_service.confirm(the_request().id, by=by)


def test_a_manager_is_shown_only_what_the_rule_lets_him_confirm(house: House) -> None:
    house.adds(Role.SERVICE_MANAGER, Role.PRIVACY_OFFICER, by=house.admin)
    other = house.staff(ADMIN, "Otto Min")
    found = {
        staff.name: len(role_queries.to_confirm(sessions.viewer_of(staff), limit=9))
        for staff in (house.manager, house.lead, house.admin, other)
    }
    assert found == {"Mina Ager": 0, "Lea Dare": 0, "Ade Min": 0, "Otto Min": 2}


def test_a_clinical_lead_decides_about_clinical_roles_only(
    client: PageClient, house: House
) -> None:
    house.adds(Role.ADMINISTRATOR, by=house.manager)
    ref = the_request().ref
    client.sign_in(house.lead)
    assert "Roles to confirm" not in client.page("/today")
    assert client.get(f"/staff/roles/{ref}").status_code == 404
    client.sign_in(make_staff(MANAGER))
    assert client.get(f"/staff/roles/{ref}").status_code == 404
    client.sign_in(house.officers[0])
    page = client.page(f"/staff/roles/{ref}")
    assert "Not yours to confirm now" in page and "Turn it down" not in page
    assert client.post(f"/staff/roles/{ref}/turn-down", data=keyed()).status_code == 409
    client.sign_in(house.admin)
    assert client.post(f"/staff/roles/{ref}/turn-down", data=keyed()).status_code == 303
    assert "Turned down by Ade Min" in client.page(f"/staff/roles/{ref}")


def test_the_form_keeps_what_waits(client: PageClient, house: House) -> None:
    """Saving the account with its boxes as they are takes nothing back and asks for nothing new."""
    staff_id = house.adds(LEAD, by=house.manager)
    staff = db.session.get_one(Staff, staff_id)
    client.sign_in(house.admin)
    assert 'value="clinical_lead" checked' in client.page(f"/staff/{staff.ref}/change")
    data = fields(staff, LEAD, job_title="Psychologist")
    assert client.post(f"/staff/{staff.ref}/change", data=data).status_code == 303
    request = the_request()
    assert request.settled_at is None and request.given_by == house.manager.id
