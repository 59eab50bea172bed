"""Every main page, as every role's face: it opens, is fit to be shown, and has something on it."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.demo_routes import demo_staff
from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.web.navigation import main_items
from tests.pages import PageClient

SEE_CASES = (
    Role.LD_PRACTITIONER,
    Role.ASSESSOR,
    Role.CLINICAL_LEAD,
    Role.DUTY_CLINICIAN,
    Role.ADMINISTRATOR,
    Role.LINK_WORKER,
    Role.COURT_PROBATION,
)


def visitor(shown: Flask, role: Role) -> tuple[PageClient, Staff]:
    client = shown.test_client()
    assert isinstance(client, PageClient)
    staff = demo_staff()[role]
    client.sign_in(staff)
    return client, staff


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_navigation_opens(shown: Flask, role: Role) -> None:
    client, staff = visitor(shown, role)
    with shown.test_request_context():
        addresses = [item.href for item in main_items(viewer_of(staff))]
    assert addresses
    for address in addresses:
        client.page(address, follow_redirects=True)


@pytest.mark.parametrize("role", SEE_CASES)
def test_everybody_who_sees_cases_has_some(shown: Flask, role: Role) -> None:
    viewer = viewer_of(demo_staff()[role])
    found = db.session.scalars(
        select(Case.id).where(in_scope(viewer, *viewer.purposes)).limit(5)
    ).all()
    assert len(found) == 5


@pytest.mark.parametrize("role", SEE_CASES)
def test_cases_open_for_those_who_see_them(shown: Flask, role: Role) -> None:
    client, staff = visitor(shown, role)
    viewer = viewer_of(staff)
    refs = db.session.scalars(
        select(Case.ref).where(in_scope(viewer, *viewer.purposes)).order_by(Case.id.desc()).limit(6)
    ).all()
    for ref in refs:
        client.page(f"/cases/{ref}", follow_redirects=True)
