"""The front of the house stands: signing in leads to Today; a case is found only in scope."""

from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.transaction import writing
from tests.makers import make_case, make_staff
from tests.pages import PageClient


def test_the_front_door_leads_to_today(client: PageClient) -> None:
    assert client.get("/").location == "/today"
    assert client.get("/today").location == "/sign-in?next=/today"
    assert "Work email address" in client.page("/sign-in")
    client.sign_in(make_staff(Role.ASSESSOR))
    assert "Today" in client.page("/today")


def test_a_case_outside_the_scope_is_not_found(client: PageClient) -> None:
    staff, case = make_staff(Role.ASSESSOR), make_case()
    client.sign_in(staff)
    assert client.get(f"/cases/{case.ref}").status_code == 404
    with writing():
        access.grant(case.id, Purpose.CLINICAL, staff.principal_id, because="test", by=None)
    assert "Tunde Okafor" in client.page(f"/cases/{case.ref}")
