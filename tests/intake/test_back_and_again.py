"""Back, other answers, and the form sent again: nothing must be typed a second time."""

import html
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.intake.models import ReferralDraft
from mhtr.web import kept_posts
from tests.intake import journey
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient

KEY = "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11"


@pytest.fixture
def practitioner(app: Flask, client: PageClient) -> Staff:
    make_organisation()
    staff = make_staff(
        Role.LD_PRACTITIONER, organisation=make_organisation(OrganisationKind.LD_TEAM)
    )
    client.sign_in(staff)
    return staff


def taken_up(page: str) -> str:
    found = re.search(r'href="([^"]*)"[^>]*>Take up what I typed<', page)
    assert found, page
    return html.unescape(found[1])


def hidden(page: str) -> dict[str, str]:
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.partition("<main")[2])
    pairs = [(re.search(r'name="([^"]*)"', t), re.search(r'value="([^"]*)"', t)) for t in tags]
    return {name[1]: value[1] for name, value in pairs if name and value}


def test_other_answers_of_a_step_are_taken_up_and_saved(
    client: PageClient, practitioner: Staff
) -> None:
    draft = journey.begin(client)
    sent = {**journey.PAGES["person"], "submission_key": KEY, "version": "0"}
    assert client.post(f"{draft}/person", data=sent).status_code == 303
    again = client.post(f"{draft}/person", data={**sent, "given_name": "Babatunde"})
    assert again.status_code == 409
    page = client.page(taken_up(again.get_data(as_text=True)))
    assert 'value="Babatunde"' in page
    carried = hidden(page)
    assert carried["submission_key"] != KEY
    # It is saved over what he saw: the version is that of today, not of the page he went back to.
    saved = client.post(f"{draft}/person", data={**sent, **carried, "given_name": "Babatunde"})
    assert saved.status_code == 303
    assert 'value="Babatunde"' in client.page(f"{draft}/person")


def test_a_form_that_began_something_is_taken_up_in_what_it_began(
    client: PageClient, practitioner: Staff
) -> None:
    first = {"submission_key": KEY, **journey.SAFETY}
    assert client.post("/referrals/new", data=first).status_code == 303
    again = client.post("/referrals/new", data={**first, "safety": "not_known"})
    assert again.status_code == 409
    href = taken_up(again.get_data(as_text=True))
    page = client.page(href)
    assert re.search(r'value="not_known"[^>]* checked', page)
    path = href.partition("?")[0]
    sent = client.post(path, data={**hidden(page), "safety": "not_known"})
    assert sent.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(ReferralDraft)) == 1


def test_what_is_taken_up_is_his_alone_and_not_offered_at_sign_in(
    client: PageClient, practitioner: Staff
) -> None:
    sent = {"submission_key": KEY, **journey.SAFETY, "told_whom": "Canarynurse"}
    client.post("/referrals/new", data={**sent, "told_whom": ""})
    again = client.post(
        "/referrals/new",
        data={
            **sent,
            "safety": "healthcare_told",
            "told_time": "03:20",
            "told_whom": "Canarynurse",
        },
    )
    href = taken_up(again.get_data(as_text=True)).replace(
        taken_up(again.get_data(as_text=True)).partition("?")[0], "/referrals/new"
    )
    assert not kept_posts.waiting(practitioner.id)
    client.sign_in(make_staff(Role.LD_PRACTITIONER, organisation=practitioner.organisation))
    assert "Canarynurse" not in client.page(href)


def test_the_same_answers_again_simply_go_on(client: PageClient, practitioner: Staff) -> None:
    first = {"submission_key": KEY, **journey.SAFETY}
    one, two = (client.post("/referrals/new", data=first) for _ in range(2))
    assert one.status_code == two.status_code == 303
    assert one.location == two.location
