"""Staff administration: who may manage whom, and what the pages do."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from mhtr.accounts import service
from mhtr.accounts.authority import OWN
from mhtr.accounts.models import Invitation, Organisation, OrganisationKind, Staff
from mhtr.accounts.staff_queries import history
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from tests.makers import make_organisation, make_staff, make_team
from tests.pages import PageClient

MANAGERS = {Role.SYSTEM_ADMINISTRATOR, Role.SERVICE_MANAGER}


@pytest.fixture
def trust(app: object) -> Organisation:
    return make_organisation(name="Riverside Trust")


@pytest.fixture
def administrator(trust: Organisation) -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, organisation=trust, name="Ade Min")


@pytest.fixture
def manager(trust: Organisation) -> Staff:
    return make_staff(Role.SERVICE_MANAGER, organisation=trust, name="Mina Ager")


def fields(staff: Staff, *roles: Role, **changes: str) -> dict[str, object]:
    return {
        "name": staff.name,
        "username": staff.username,
        "roles": [role.value for role in roles or [row.role for row in staff.roles]],
        "version": str(staff.version),
        "submission_key": str(uuid4()),
        **changes,
    }


def keyed(**data: str) -> dict[str, str]:
    return {**data, "submission_key": str(uuid4())}


@pytest.mark.parametrize("role", list(Role))
def test_only_managers_reach_staff_and_organisations(client: PageClient, role: Role) -> None:
    other = make_staff(Role.ASSESSOR)
    client.sign_in(make_staff(role))
    staff = 200 if role in MANAGERS else 403
    assert client.get("/staff").status_code == staff
    assert client.get("/staff/new").status_code == staff
    assert client.post(f"/staff/{other.ref}/disable").status_code == (
        403 if staff == 403 else 303 if role is Role.SYSTEM_ADMINISTRATOR else 404
    )
    places = 200 if role is Role.SYSTEM_ADMINISTRATOR else 403
    assert client.get("/organisations").status_code == places
    assert client.get("/organisations/new").status_code == places


def test_the_list_is_searched_filtered_and_sorted(
    client: PageClient, administrator: Staff, trust: Organisation
) -> None:
    make_staff(Role.ASSESSOR, organisation=trust, name="Zoe Last")
    make_staff(Role.PROBATION, name="Per Cent_100%")
    client.sign_in(administrator)
    everybody = client.page("/staff")
    assert everybody.index("Per Cent") < everybody.index("Zoe Last")
    backwards = client.page("/staff?sort=-name")
    assert backwards.index("Zoe Last") < backwards.index("Per Cent")
    assert "Zoe Last" not in client.page("/staff?text=%25")
    assert "Per Cent" in client.page("/staff?text=cent_1")
    assert "Per Cent" not in client.page("/staff?role=assessor")
    assert "Per Cent" not in client.page(f"/staff?organisation={trust.ref}")
    assert "Nobody matches" in client.page("/staff?state=disabled")


def test_a_long_list_is_paged(client: PageClient, administrator: Staff) -> None:
    organisation = make_organisation(OrganisationKind.PROBATION_UNIT)
    for number in range(52):
        make_staff(Role.PROBATION, organisation=organisation, name=f"Officer {number:02}")
    client.sign_in(administrator)
    first = client.page("/staff?role=probation")
    assert "Officer 49" in first and "Officer 50" not in first and "Next page" in first
    second = client.page("/staff?role=probation&page=2")
    assert "Officer 50" in second and "Previous page" in second and "Next page" not in second


def test_a_new_account_shows_its_link_once(
    client: PageClient, administrator: Staff, trust: Organisation
) -> None:
    team = make_team(trust, "North")
    client.sign_in(administrator)
    data = {
        "name": "New Person",
        "username": "New.Person@example.nhs.uk",
        "roles": ["assessor"],
        "teams": [str(team.id)],
        "hcpc_number": "PYL012345",
        "hcpc_checked_on-day": "1",
        "hcpc_checked_on-month": "11",
        "hcpc_checked_on-year": "2026",
        "submission_key": "5f1c1c1e-3b4c-4b9e-8a55-0d0f7d1a4f10",
    }
    page = client.post(f"/staff/new?organisation={trust.ref}", data=data)
    assert page.status_code == 200 and "/invitations/" in page.get_data(as_text=True)
    made = db.session.query(Staff).filter_by(username="new.person@example.nhs.uk").one()
    assert [m.team.name for m in made.memberships] == ["North"]
    again = client.post(f"/staff/new?organisation={trust.ref}", data=data)
    assert again.status_code == 303 and again.location == f"/staff/{made.ref}"
    assert "/invitations/" not in client.page(f"/staff/{made.ref}")


def test_roles_across_the_wall_are_refused_with_the_reason(
    client: PageClient, administrator: Staff, trust: Organisation
) -> None:
    other = make_staff(Role.ASSESSOR, organisation=trust)
    client.sign_in(administrator)
    data = fields(other, Role.ASSESSOR, Role.PROBATION)
    answer = client.post(f"/staff/{other.ref}/change", data=data)
    assert answer.status_code == 422
    assert "two sides of the disclosure wall" in answer.get_data(as_text=True)
    assert [row.role for row in db.session.get_one(Staff, other.id).roles] == [Role.ASSESSOR]


def test_a_stale_edit_is_refused_and_both_versions_are_shown(
    client: PageClient, administrator: Staff, trust: Organisation
) -> None:
    other = make_staff(Role.ASSESSOR, organisation=trust, name="Old Name")
    client.sign_in(administrator)
    stale = fields(other, name="Typed Name")
    assert (
        client.post(f"/staff/{other.ref}/change", data=fields(other, name="Saved Name")).status_code
        == 303
    )
    answer = client.post(f"/staff/{other.ref}/change", data=stale)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Saved Name" in page and "Typed Name" in page
    assert db.session.get_one(Staff, other.id).name == "Saved Name"


def test_history_says_who_changed_which_fields(
    client: PageClient, administrator: Staff, trust: Organisation
) -> None:
    other = make_staff(Role.ASSESSOR, organisation=trust)
    client.sign_in(administrator)
    client.post(
        f"/staff/{other.ref}/change",
        data=fields(other, Role.ASSESSOR, Role.CLINICAL_LEAD, job_title="Psychologist"),
    )
    told = [(change.by, change.what) for change in history(other.id, limit=9)]
    assert ("Ade Min", "Details changed: job title") in told
    assert ("Ade Min", "Roles given, to be confirmed: Clinical lead") in told
    page = client.page(f"/staff/{other.ref}")
    assert "Details changed: job title" in page


@pytest.mark.parametrize("act", ["disable", "reset-authenticator", "invitation"])
def test_he_is_out_on_the_next_request(
    client: PageClient, administrator: Staff, trust: Organisation, act: str
) -> None:
    other = make_staff(Role.ASSESSOR, organisation=trust)
    his = client.application.test_client()
    assert isinstance(his, PageClient)
    his.sign_in(other)
    assert his.get("/today").status_code == 200
    client.sign_in(administrator)
    assert client.post(f"/staff/{other.ref}/{act}").status_code < 400
    assert his.get("/today").status_code == 303


def test_nobody_manages_himself(client: PageClient, administrator: Staff, manager: Staff) -> None:
    for staff in (administrator, manager):
        client.sign_in(staff)
        assert "This is your own account" in client.page(f"/staff/{staff.ref}")
        data = fields(staff, Role.SYSTEM_ADMINISTRATOR, Role.PRIVACY_OFFICER)
        answer = client.post(f"/staff/{staff.ref}/change", data=data)
        assert answer.status_code == 409 and "your own account" in answer.get_data(as_text=True)
        assert client.post(f"/staff/{staff.ref}/disable").status_code == 409


@pytest.mark.parametrize(
    "path", ["new", "{ref}/change", "{ref}/invitation", "{ref}/enable", "{ref}/reset-authenticator"]
)
def test_an_unattended_browser_gives_nobody_an_account(
    client: PageClient, administrator: Staff, trust: Organisation, set_clock: SetClock, path: str
) -> None:
    colleague = make_staff(Role.ASSESSOR, organisation=trust)
    client.sign_in(administrator)
    set_clock.advance(minutes=6)
    said = f"/staff/{path.format(ref=colleague.ref)}"
    answer = client.post(said, data=fields(colleague))
    assert answer.status_code == 303 and answer.location.startswith("/sign-in/again?next=")
    assert db.session.scalars(select(Invitation.id)).all() == []
    assert history(colleague.id, limit=5) == []


def test_ones_own_account_has_no_form_that_is_always_refused(
    client: PageClient, manager: Staff
) -> None:
    client.sign_in(manager)
    assert f"/staff/{manager.ref}/change" not in client.page(f"/staff/{manager.ref}")
    answer = client.get(f"/staff/{manager.ref}/change")
    assert answer.status_code == 409
    assert OWN in answer.get_data(as_text=True)
    assert client.post(f"/staff/{manager.ref}/change", data=fields(manager)).status_code == 409


def test_a_manager_manages_his_own_organisation_only(
    client: PageClient, manager: Staff, trust: Organisation
) -> None:
    own = make_staff(Role.ASSESSOR, organisation=trust, name="Own Person")
    outside = make_staff(Role.ASSESSOR, name="Other Person")
    client.sign_in(manager)
    page = client.page("/staff?state=all")
    assert "Own Person" in page and "Other Person" not in page
    assert client.get(f"/staff/{outside.ref}").status_code == 404
    assert client.post(f"/staff/{outside.ref}/change", data=fields(outside)).status_code == 404
    assert client.get(f"/staff/{own.ref}/change").status_code == 200
    assert "System administrator" not in client.page(f"/staff/{own.ref}/change")


@pytest.mark.parametrize("raised", [Role.SYSTEM_ADMINISTRATOR, Role.PRIVACY_OFFICER])
def test_a_manager_neither_raises_nor_touches_the_raised(
    client: PageClient, manager: Staff, trust: Organisation, raised: Role
) -> None:
    own = make_staff(Role.ASSESSOR, organisation=trust)
    above = make_staff(raised, organisation=trust)
    client.sign_in(manager)
    answer = client.post(f"/staff/{own.ref}/change", data=fields(own, Role.ASSESSOR, raised))
    assert answer.status_code == 422
    assert "Only a system administrator" in answer.get_data(as_text=True)
    for act in ("disable", "reset-authenticator", "invitation"):
        assert client.post(f"/staff/{above.ref}/{act}").status_code == 409
    with pytest.raises(Refused), writing():
        service.create_staff(
            service.Details("x@example.nhs.uk", "X", trust.id), roles=[raised], by=manager.id
        )


def test_a_manager_cannot_move_or_make_staff_elsewhere(manager: Staff) -> None:
    elsewhere = make_organisation()
    with pytest.raises(Refused, match="own organisation"), writing():
        service.create_staff(
            service.Details("x@example.nhs.uk", "X", elsewhere.id),
            roles=[Role.ASSESSOR],
            by=manager.id,
        )
    outside = make_staff(Role.ASSESSOR, organisation=elsewhere)
    with pytest.raises(Refused, match="own organisation"), writing():
        service.set_roles(outside.id, [Role.CLINICAL_LEAD], by=manager.id)


def test_organisations_and_teams_are_made_changed_and_closed(
    client: PageClient, administrator: Staff
) -> None:
    client.sign_in(administrator)
    answer = client.post(
        "/organisations/new",
        data=keyed(kind="treating_trust", name="West Trust", ods_code="rkl"),
    )
    assert answer.status_code == 303
    assert "RKL" in client.page(answer.location)
    wrong = keyed(kind="treating_trust", name="No Trust", ods_code="XXX")
    refused = client.post("/organisations/new", data=wrong)
    assert refused.status_code == 422 and "not an ODS code" in refused.get_data(as_text=True)
    retired = client.post("/organisations/new", data=wrong | {"ods_code": "RRP"})
    assert "successor is G6V2S" in retired.get_data(as_text=True)
    assert client.post(f"{answer.location}/teams/new", data=keyed(name="East")).status_code == 303
    assert "East" in client.page(answer.location)
    edit = keyed(name="West Trust 2", ods_code="RKL", version="1")
    assert client.post(f"{answer.location}/change", data=edit).status_code == 303
    stale = client.post(f"{answer.location}/change", data=edit | keyed(name="West Trust 3"))
    assert stale.status_code == 409 and "West Trust 2" in stale.get_data(as_text=True)
    assert client.post(f"{answer.location}/close").status_code == 303
    assert "West Trust 2" not in client.page("/organisations")
    assert "West Trust 2" in client.page("/organisations?closed=yes")


def test_an_organisation_with_people_is_not_closed(
    client: PageClient, administrator: Staff, trust: Organisation
) -> None:
    client.sign_in(administrator)
    answer = client.post(f"/organisations/{trust.ref}/close")
    assert answer.status_code == 409 and "can still sign in" in answer.get_data(as_text=True)
