"""A referral that nobody made in custody or at court: no place is asked for, or invented."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import OrganisationKind
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.intake.api_description import describe
from mhtr.intake.models import Referral
from mhtr.intake.steps import FormStep
from tests.intake import journey
from tests.intake.api_system import REFERRAL, System, a_token
from tests.intake.house import House, amend
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient


def sent(client: PageClient, name: str = "Tunde", **place: str) -> tuple[str, Referral]:
    draft, person = journey.begin(client), {"given_name": name, "family_name": f"{name}son"}
    for step in journey.PAGES:
        typed: dict[str, Any] = {"place": place, "person": person}.get(step, {})
        assert journey.save(client, draft, step, **typed).status_code == 303, step
    assert journey.send(client, draft).status_code == 303
    found = db.session.scalars(select(Referral).order_by(Referral.id.desc())).first()
    assert found is not None
    return " ".join(client.page(f"{draft}/sent").split()), found


def test_a_telephone_call_and_a_word_of_nobody(client: PageClient, app: Flask) -> None:
    trust = journey.make_trust()
    client.sign_in(make_staff(Role.ADMINISTRATOR, organisation=trust))
    receipt, found = sent(client, source="self", place="telephone")
    assert "by telephone." in receipt and "from" not in receipt.partition("Sent on")[2][:60]
    assert found.place_code == "telephone"
    assert "By telephone" in client.page("/triage")
    receipt, found = sent(client, "Zoran", source="defence", place="")
    assert found.place_code == "" and "from" not in receipt.partition("Sent on")[2][:60]
    # The next one is asked anew: the way the last one came says nothing of it.
    draft = journey.begin(client)
    page = client.page(f"{draft}/place")
    assert "Where was he seen, or how did the referral come?" in page
    assert 'value="telephone" selected' not in page and "By letter or e-mail" in page


def test_who_saw_him_says_where(client: PageClient, app: Flask) -> None:
    journey.make_trust()
    client.sign_in(make_staff(Role.LD_PRACTITIONER))
    draft = journey.begin(client)
    assert "By letter or e-mail" not in client.page(f"{draft}/place")
    for place in ("", "telephone"):
        answer = journey.save(client, draft, "place", place=place)
        assert answer.status_code == 422
        assert "Select where you saw him" in answer.get_data(as_text=True) or place
    receipt, _ = sent(client)
    assert "from Brixton" in receipt


def test_the_place_is_put_right_to_a_way(client: PageClient, house: House) -> None:
    case = house.refer(source="court-probation")
    amend(house, case, FormStep.PLACE, place="letter")
    client.sign_in(house.administrator)
    assert "By letter or e-mail" in client.page(f"/cases/{case.ref}/referral")


def test_the_api_says_so_and_does_so(app: Flask) -> None:
    make_organisation()
    system = System(app, a_token(make_organisation(OrganisationKind.LD_TEAM)))
    without = {name: text for name, text in REFERRAL.items() if name != "place"}
    answer = system.send(without)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json["errors"]] == ["place"]
    theirs = {**without, "source": "probation", "external_reference": "LD-2"}
    assert system.send(theirs, key="key-00000002").status_code == 201
    wrote = {**REFERRAL, "source": "defence", "place": "letter", "external_reference": "LD-3"}
    assert system.send(wrote, key="key-00000003").status_code == 201
    schema = describe("/api/v1")["components"]["schemas"]["Referral"]
    assert "place" not in schema["required"]
    assert schema["if"]["properties"]["source"]["enum"] == ["ld", "Liaison and Diversion"]
    assert schema["then"] == {"required": ["place"]}
