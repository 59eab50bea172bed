"""Whether this men's service is for him is the clinical lead's: the office reads nothing of it."""

import pytest

from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import office, office_rules, triage
from mhtr.people import service as people
from tests.intake.house import House, named_only, notices, open_kinds
from tests.makers import make_staff
from tests.pages import PageClient
from tests.people.test_service import FICTION

GENDERS = [
    {},
    {"gender_identity": "code:1", "gender_reassignment": "code:same"},
    {"gender_identity": "code:1", "gender_reassignment": "code:differs"},
    {"gender_identity": "code:2", "gender_reassignment": "code:same"},
    {"gender_identity": "code:3"},
]


def referred(house: House, said: dict[str, str]) -> Case:
    case = house.refer()
    with writing():
        people.update_person(
            person_id=case.person_id, changes=dict(said), settings=FICTION, by=house.lead.id
        )
    return case


def accepted(case: Case, by: int) -> None:
    case_id, version = case.id, case.version
    with writing():
        triage.accept(case_id=case_id, version=version, assessor_id=None, by=by)


def row(client: PageClient, case: Case) -> str:
    page = client.page(f"/cases/{case.ref}/triage")
    return page.partition(">Men’s service</th>")[2].partition("</tr>")[0]


@pytest.mark.parametrize("said", GENDERS)
def test_the_row_is_the_same_for_everybody(
    client: PageClient, house: House, said: dict[str, str]
) -> None:
    case = referred(house, said)
    client.sign_in(house.administrator)
    before = row(client, case)
    assert office_rules.FOR_THE_LEAD in before and "Stands in the way" not in before
    assert "Not yours to decide" in before
    client.sign_in(house.lead)
    assert office_rules.FOR_THE_LEAD not in row(client, case)


@pytest.mark.parametrize("said", GENDERS)
def test_accepting_tells_the_office_nothing_and_the_lead_to_look(
    house: House, said: dict[str, str]
) -> None:
    case = referred(house, said)
    accepted(case, house.administrator.id)
    assert (office.LOOK in notices(house.lead)) == (said in GENDERS[2:])
    assert office.LOOK not in notices(house.administrator)


def test_only_a_lead_who_can_open_the_case_is_told_to_look(house: House) -> None:
    named = make_staff(Role.CLINICAL_LEAD, organisation=house.trust)
    case = referred(house, GENDERS[3])
    named_only(case, named, named, house.administrator)
    db.session.expire_all()
    accepted(case, house.administrator.id)
    assert office.LOOK in notices(named) and office.LOOK not in notices(house.lead)


def test_a_lead_is_refused_with_the_reason(house: House) -> None:
    case = referred(house, GENDERS[3])
    with pytest.raises(Refused, match="women's service"):
        accepted(case, house.lead.id)
    assert open_kinds(case)


def test_once_a_clinician_accepted_him_it_is_met(client: PageClient, house: House) -> None:
    case = referred(house, {})
    accepted(case, house.lead.id)
    client.sign_in(house.administrator)
    assert office_rules.ANSWERED in row(client, case)
