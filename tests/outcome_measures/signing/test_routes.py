"""The pages of rules: who reads, who signs, what they say."""

from uuid import uuid4

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.core.access import CLINICAL_ROLES, Role
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.signing import service as signing
from outcome_measures.signing.rules import rules_of
from tests.makers import make_staff
from tests.pages import PageClient

RULE = "/measures/rules/pcl5/reliable_change"


@pytest.fixture
def lead(app: Flask) -> Staff:
    return make_staff(Role.CLINICAL_LEAD, name="Dr Amara Lindqvist", hcpc="PYL000456")


def form(**typed: str) -> dict[str, str]:
    return {"submission_key": str(uuid4()), **typed}


@pytest.mark.parametrize("role", list(Role))
def test_clinicians_read_them_and_nobody_else(client: PageClient, role: Role) -> None:
    client.sign_in(make_staff(role))
    expected = 200 if role in CLINICAL_ROLES else 403
    assert client.get("/measures/rules").status_code == expected
    assert client.get(RULE).status_code == expected


def test_every_rule_of_every_instrument_is_there_with_its_source(
    client: PageClient, lead: Staff
) -> None:
    client.sign_in(lead)
    page = client.page("/measures/rules")
    for instrument in INSTRUMENTS.values():
        assert instrument.title in page
        for rule in rules_of(instrument):
            assert f"/measures/rules/{instrument.id}/{rule.key}" in page
            client.page(f"/measures/rules/{instrument.id}/{rule.key}")
    assert "Not asked until signed: Wording" in page
    assert "A screen, never a diagnosis." in page


@pytest.mark.parametrize(
    "path", ["/measures/rules/phq15/bands", "/measures/rules/phq9/wording", "/measures/rules/x/y"]
)
def test_what_is_not_there_is_not_found(client: PageClient, lead: Staff, path: str) -> None:
    client.sign_in(lead)
    assert client.get(path).status_code == 404
    assert client.post(path, data=form(source_read="All of it")).status_code == 404


def test_a_lead_signs_and_withdraws_and_both_stay_on_the_page(
    client: PageClient, lead: Staff
) -> None:
    client.sign_in(lead)
    answer = client.post(RULE, data=form(source_read="The Center's page, 18 November 2026"))
    assert answer.status_code == 303
    page = client.page(RULE)
    assert "Applied: signed" in page and "By Dr Amara Lindqvist" in page
    assert "Center&#39;s page, 18 November 2026" in page
    assert "Sign this rule" not in page
    assert client.post(f"{RULE}/withdraw", data=form()).status_code == 303
    page = client.page(RULE)
    assert "Not applied: to be signed" in page and "Withdrawn" in page
    assert "Center&#39;s page, 18 November 2026" in page and "Sign this rule" in page


def test_without_a_source_nothing_is_signed(client: PageClient, lead: Staff) -> None:
    client.sign_in(lead)
    answer = client.post(RULE, data=form(source_read=" "))
    assert answer.status_code == 422
    assert "Say which source you read" in answer.get_data(as_text=True)
    assert signing.signatures("pcl5") == []


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.DUTY_CLINICIAN, Role.CLINICAL_LEAD])
def test_who_may_not_sign_reads_why(client: PageClient, lead: Staff, role: Role) -> None:
    client.sign_in(make_staff(role))
    page = client.page(RULE)
    assert "HCPC" in page
    assert "Sign this rule" not in page
    answer = client.post(RULE, data=form(source_read="All of it"))
    assert answer.status_code == 422
    assert signing.signatures("pcl5") == []
    assert client.post(f"{RULE}/withdraw", data=form()).status_code == 422


def test_the_words_to_be_signed_for_are_shown(client: PageClient, lead: Staff) -> None:
    client.sign_in(lead)
    page = client.page("/measures/rules/itq/wording")
    for item in INSTRUMENTS["itq"].items:
        assert item.text in page
    assert "Until it is signed nobody is asked ITQ." in page
