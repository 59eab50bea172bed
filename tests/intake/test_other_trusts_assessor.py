"""A man is given to another trust's assessor only where that trust is named and ticked."""

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import triage
from tests.intake.house import accept, notices
from tests.intake.posting import post, post_triage
from tests.intake.two_trusts import Two
from tests.makers import make_staff
from tests.pages import PageClient


@pytest.fixture
def two(app: Flask) -> Two:
    return Two()


def held(case: Case) -> int | None:
    return db.session.get_one(Case, case.id).assessor_id


def told(lead: Staff) -> list[str]:
    return [text for text in notices(lead) if "to an assessor of your trust" in text]


def test_it_is_asked_with_the_trusts_name_and_its_leads_are_told(
    client: PageClient, two: Two
) -> None:
    case = two.refer()
    client.sign_in(two.lead)
    typed = {"outcome": "accept", "assessor": str(two.north_assessor.id)}
    answer = post_triage(client, case, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and held(case) is None
    assert f"works for {two.north.name}" in page
    assert f'name="other_trust" type="checkbox" value="{two.north.id}"' in page
    assert "checked" not in page.partition('name="other_trust"')[2][:80]
    done = post_triage(client, case, **typed, other_trust=str(two.north.id))
    assert done.status_code == 303 and held(case) == two.north_assessor.id
    (text,) = told(two.north_lead)
    assert text == f"{two.trust.name} gave a man of theirs to an assessor of your trust."


def test_a_tick_for_one_trust_is_none_for_another(client: PageClient, two: Two) -> None:
    case, third = two.refer(), make_staff(Role.ASSESSOR)
    accept(two, case)
    client.sign_in(two.lead)
    path, version = f"/cases/{case.ref}/triage", str(db.session.get_one(Case, case.id).version)
    typed = {"version": version, "assessor": str(third.id)}
    answer = post(client, path, **typed, other_trust=str(two.north.id))
    assert answer.status_code == 422 and held(case) is None
    assert third.organisation.name in answer.get_data(as_text=True)
    assert post(client, path, **typed, other_trust=str(third.organisation_id)).status_code == 303
    assert held(case) == third.id


def test_the_own_trust_is_given_without_a_word(client: PageClient, two: Two) -> None:
    case = two.refer()
    client.sign_in(two.lead)
    typed = {"outcome": "accept", "assessor": str(two.assessor.id)}
    assert post_triage(client, case, **typed).status_code == 303
    assert not told(two.north_lead) and not told(two.lead)


def test_no_way_leads_past_it(two: Two) -> None:
    case = two.refer()
    case_id, version = case.id, case.version
    with pytest.raises(Refused, match="works for"), writing():
        triage.accept(
            case_id=case_id, version=version, assessor_id=two.north_assessor.id, by=two.lead.id
        )
