"""No day of a man's lies before he was born: not what he said, not what was done with him."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from mhtr.cases import consent_service
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.queries import referral_of
from mhtr.intake.referral import read_referral
from mhtr.intake.referral_dates import BEFORE_BIRTH
from mhtr.intake.rules import StageOfCase
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem
from tests.intake.house import House, accept
from tests.intake.samples import ANSWERS, lists
from tests.pages import PageClient

WORDS = "This lies before he was born"


@pytest.fixture
def house(either_app: Flask) -> House:
    return House()


@pytest.fixture
def page(either_app: Flask) -> PageClient:
    made = either_app.test_client()
    assert isinstance(made, PageClient)
    return made


@pytest.mark.parametrize(
    "field", ["told_at", "identified_on", "screened_on", "assessed_on", "agreed_on"]
)
def test_every_day_of_a_referral(app: Flask, field: str) -> None:
    told = {"safety": "healthcare_told", "told_whom": "Nurse", "told_at": "2026-11-18T03:20"}
    early = "1990-02-02T03:20" if field == "told_at" else "1990-02-02"
    read = read_referral({**ANSWERS, **told, field: early}, clock.today(), lists())
    assert isinstance(read, list)
    assert {(p.field, p.message) for p in read} == {(field, BEFORE_BIRTH), ("born", BEFORE_BIRTH)}
    late = early.replace("02-02", "02-03", 1)
    assert not isinstance(
        read_referral({**ANSWERS, **told, field: late}, clock.today(), lists()), list
    )


def post(page: PageClient, path: str, **typed: Any) -> Any:
    return page.post(path, data={"submission_key": str(uuid.uuid4()), **typed})


def day(name: str, year: int) -> dict[str, str]:
    return {f"{name}-day": "1", f"{name}-month": "1", f"{name}-year": str(year)}


def refused_beside(answer: Any, name: str, words: str = WORDS) -> None:
    html = answer.get_data(as_text=True)
    assert answer.status_code in (422, 409), html
    assert words in html.partition(f'id="{name}-error"')[2][:400]


def test_an_amended_birth_date_after_what_was_done(house: House, page: PageClient) -> None:
    case = house.refer()
    page.sign_in(house.practitioner)
    typed = {"given_name": "Tunde", "family_name": "Okafor", "version": "1", "reason": "His card"}
    born = {"born-day": "18", "born-month": "11", "born-year": "2026"}
    refused = post(page, f"/cases/{case.ref}/referral/person", **typed, **born)
    assert refused.status_code == 422
    born["born-day"] = "17"
    with writing():
        referral = referral_of(case.id)
        assert referral
        referral.answers = {**referral.answers, "screened_on": "2026-11-16"}
    refused_beside(
        post(page, f"/cases/{case.ref}/referral/person", **typed, **born), "born", "is wrong"
    )


def test_a_stage_and_an_assessment_before_birth(house: House, page: PageClient) -> None:
    case = house.refer()
    page.sign_in(house.lead)
    typed = {"version": str(case.version), "stage": "found_guilty"}
    path = f"/cases/{case.ref}/hearing/stage"
    refused_beside(post(page, path, **typed, **day("convicted_on", 1985)), "convicted_on")
    with pytest.raises(Refused, match=WORDS), writing():
        court_case.record_stage(
            case_id=case.id,
            version=case.version,
            stage=StageOfCase.FOUND_GUILTY,
            convicted_on=date(1985, 1, 1),
            by=house.lead.id,
        )


def test_the_courts_result_before_birth(house: House, page: PageClient) -> None:
    case = house.refer()
    accept(house, case, house.assessor)
    page.sign_in(house.lead)
    typed = {"result": "co_mhtr", "version": "0"}
    refused_beside(
        post(page, f"/cases/{case.ref}/outcome", **typed, **day("sentenced_on", 1985)),
        "sentenced_on",
    )


def consents(page: PageClient, case: Case, year: int) -> Any:
    db.session.rollback()
    typed = {"decision": "given", "how": "face_to_face", "said_at": "12:00"}
    return post(page, f"/cases/{case.ref}/consent/assessment", **typed, **day("said_on", year))


def test_consent_of_before_he_was_born_or_long_before_he_was_referred(
    house: House, page: PageClient
) -> None:
    case = house.refer()
    page.sign_in(house.lead)
    refused_beside(consents(page, case, 1984), "said_on")
    refused_beside(consents(page, case, 2016), "said_on", "more than a year before he was referred")
    assert consent.events(case.person_id) == []
    # Before the day of his referral, but of a year that can be: that is taken.
    assert consents(page, case, 2026).status_code == 303


def test_the_service_refuses_a_consent_of_before_he_was_born(house: House) -> None:
    case = house.refer()
    asked = {"item": ConsentItem.ASSESSMENT, "decision": ConsentDecision.GIVEN, "how": "writing"}
    early = datetime(1984, 1, 1, 12, tzinfo=UTC)
    with pytest.raises(consent.WrongDay, match=WORDS), writing():
        consent.record_consent(
            person_id=case.person_id,
            at=early,
            by=house.lead.id,
            **asked,  # type: ignore[arg-type]
        )
    with pytest.raises(consent.WrongDay, match="more than a year"), writing():
        consent_service.record_consent(
            case_id=case.id,
            at=early.replace(year=2024),
            by=house.lead.id,
            **asked,  # type: ignore[arg-type]
        )
