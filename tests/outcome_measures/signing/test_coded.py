"""SNOMED CT codes are the trust's settings, and off until a clinical lead has signed them."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from mhtr.core import clock, policy
from mhtr.core.access import Role
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from outcome_measures.codes import Coded, System
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.policy import SNOMED
from outcome_measures.scores.scoring import score
from outcome_measures.signing import service as signing
from outcome_measures.signing.coded import codes_of_score
from tests.makers import make_staff
from tests.outcome_measures.test_codes import with_check
from tests.outcome_measures.treatment import contact, forms, phq, said, sentenced, submit
from tests.pages import PageClient
from tests.suitability.journey import People

MADE_UP, ANOTHER = with_check("99999900"), with_check("99998900")
FULL = score(PHQ9, {number: Answer(AnswerState.ANSWERED, 1) for number in range(1, 10)})


@pytest.fixture
def people(app: Flask) -> People:
    made = sentenced()
    with writing():
        made.lead.hcpc_number = "PYL12345"
    return made


def enters(people: People, code: str, what: Coded = Coded.SCORE) -> None:
    with writing():
        policy.set_value(
            SNOMED["phq9"][what].key, code, valid_from=clock.today(), reason="Looked up",
            by=people.lead.id,
        )  # fmt: skip


def signs(people: People, code: str) -> None:
    with writing():
        signing.sign(
            instrument="phq9", rule=f"snomed:score:{code}", source_read="The browser",
            by=people.lead.id,
        )  # fmt: skip


def snomed() -> list[str]:
    found = codes_of_score(signing.coded("phq9"), FULL)
    return [code.code for code in found if code.system is System.SNOMED]


def test_each_instrument_and_its_score_have_a_setting_that_ships_empty() -> None:
    assert set(SNOMED) == set(INSTRUMENTS)
    for settings in SNOMED.values():
        assert set(settings) == set(Coded)
        for setting in settings.values():
            assert (setting.default, setting.verified) == ("none", False)


def test_a_code_is_off_until_it_is_signed_and_another_needs_another_signature(
    people: People,
) -> None:
    assert snomed() == []
    enters(people, MADE_UP)
    assert snomed() == []
    signs(people, MADE_UP)
    assert snomed() == [MADE_UP]
    enters(people, ANOTHER)
    assert snomed() == [], "the signature was given for another code"
    signs(people, ANOTHER)
    assert snomed() == [ANOTHER]
    enters(people, "none")
    assert snomed() == []


def test_a_code_of_the_questionnaire_is_none_of_the_score(people: People) -> None:
    enters(people, MADE_UP, Coded.QUESTIONNAIRE)
    with pytest.raises(Refused, match="no such rule"):
        signs(people, MADE_UP)
    assert snomed() == []


def test_what_is_no_concept_is_not_entered(people: People) -> None:
    wrong = MADE_UP[:-1] + str((int(MADE_UP[-1]) + 1) % 10)
    with pytest.raises(Refused, match="digit by digit"):
        enters(people, wrong)


def test_no_code_of_an_incomplete_form(people: People) -> None:
    part = score(PHQ9, {1: Answer(AnswerState.ANSWERED, 1)})
    assert codes_of_score(signing.coded("phq9"), part) == ()
    assert [code.code for code in codes_of_score(signing.coded("phq9"), FULL)] == ["44261-6"]
    unread = replace(PHQ9, codes_source=replace(PHQ9.citation, verified=False))
    assert codes_of_score(unread, FULL) == ()


def test_the_pages_say_which_codes_stand(client: PageClient, people: People) -> None:
    administrator = make_staff(Role.SYSTEM_ADMINISTRATOR)
    form = forms(contact(people, on=date(2026, 11, 17)))["phq9"]
    submit(people, form, phq(said(0)))
    other = forms(contact(people, 2))["gad7"]
    submit(people, other, {1: said(1)})
    path = f"/cases/{people.case.ref}/measures/answers"
    enters(people, MADE_UP)
    page = client.sign_in(people.assessor).page(f"{path}/{form.ref}")
    assert "LOINC 44261-6" in page and MADE_UP not in page
    page = client.sign_in(people.lead).page("/measures/rules")
    assert f"/measures/rules/phq9/snomed:score:{MADE_UP}" in page
    assert "SNOMED CT code of the score" in page and "Not applied: to be signed" in page
    rule = client.page(f"/measures/rules/phq9/snomed:score:{MADE_UP}")
    assert "Sign this rule" in rule
    signs(people, MADE_UP)
    assert "Applied: signed" in client.page(f"/measures/rules/phq9/snomed:score:{MADE_UP}")
    page = client.page(f"{path}/{form.ref}")
    assert f"SNOMED CT {MADE_UP}" in page
    assert "Coded as" not in client.page(f"{path}/{other.ref}"), "it is not complete"
    page = client.sign_in(administrator).page("/settings")
    assert f"<strong>{MADE_UP}</strong>" in page
