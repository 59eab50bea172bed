"""A referral amended to “he does not want it” reaches the assessor as what it is."""

import pytest
from flask import Flask

from mhtr.cases import consent_service
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import triage
from mhtr.intake.says_no import NOT_ABLE, NOT_WANTED
from mhtr.intake.steps import FormStep
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.service import open_tasks
from tests.intake.house import House, accept, amend, notices
from tests.pages import PageClient

NO = {"willing": "not_willing"}
UNABLE = {"able_to_agree": "no"}


def asked(case: Case) -> list[Task]:
    db.session.rollback()
    return open_tasks(case.id, TaskKind.CONSENT_WITHDRAWN)


@pytest.mark.parametrize(("said", "text"), [(NO, NOT_WANTED), (UNABLE, NOT_ABLE)])
def test_the_assessor_hears_it_and_it_stands_on_today_and_on_the_case(
    client: PageClient, house: House, said: dict[str, str], text: str
) -> None:
    case = house.refer()
    accept(house, case, house.assessor)
    amend(house, case, FormStep.AGREEMENT, **said)
    (task,) = asked(case)
    assert (task.title, task.owner_staff_id) == (text, house.assessor.id)
    assert text in notices(house.assessor) and "Referral amended" not in notices(house.assessor)
    client.sign_in(house.assessor)
    assert text in client.page("/today") and text in client.page(f"/cases/{case.ref}")


def test_while_nobody_has_him_it_waits_for_whoever_gets_him(house: House) -> None:
    case = house.refer()
    accept(house, case)
    amend(house, case, FormStep.AGREEMENT, **NO)
    (task,) = asked(case)
    assert task.owner_principal_id == house.trust.principal_id
    version = db.session.get_one(Case, case.id).version
    with writing():
        triage.allocate(
            case_id=case.id, version=version, assessor_id=house.assessor.id, by=house.lead.id
        )
    (task,) = asked(case)
    assert task.owner_staff_id == house.assessor.id


def test_before_it_is_accepted_triage_says_it(client: PageClient, house: House) -> None:
    case = house.refer()
    amend(house, case, FormStep.AGREEMENT, **NO)
    assert not asked(case)
    client.sign_in(house.lead)
    assert "He does not want the referral." in client.page(f"/cases/{case.ref}/triage")
    assert NOT_WANTED in client.page("/today")


def test_a_telephone_number_is_no_such_thing(house: House) -> None:
    case = house.refer()
    accept(house, case, house.assessor)
    amend(house, case, FormStep.AGREEMENT, phone="07700 900124")
    assert not asked(case) and "Referral amended" in notices(house.assessor)


def test_it_ends_with_a_yes_in_the_referral_or_with_what_he_says_himself(app: Flask) -> None:
    house = House()
    case = house.refer()
    accept(house, case, house.assessor)
    amend(house, case, FormStep.AGREEMENT, **NO)
    amend(house, case, FormStep.AGREEMENT, willing="willing", agreed_how="face_to_face")
    assert not asked(case)
    amend(house, case, FormStep.AGREEMENT, **UNABLE)
    assert [task.title for task in asked(case)] == [NOT_ABLE]
    with writing():
        consent_service.record_consent(
            case_id=case.id,
            item=ConsentItem.ASSESSMENT,
            decision=ConsentDecision.GIVEN,
            how="telephone",
            at=clock.now(),
            by=house.assessor.id,
        )
    assert not asked(case)
