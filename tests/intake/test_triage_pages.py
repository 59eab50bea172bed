"""The triage list and page: who sees and decides, and what the referrer is told."""

import uuid
from typing import Any

import pytest
from sqlalchemy import select

from mhtr.accounts.models import Organisation
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import amending
from mhtr.intake.steps import FormStep
from mhtr.tasks.models import Notice, TaskKind
from tests.intake import journey
from tests.intake.house import CANARY, House, accept, open_kinds
from tests.intake.posting import post_triage
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient


def test_the_list_and_the_page(client: PageClient, house: House) -> None:
    urgent = house.refer(given_name="Sam", urgency="urgent", court="", hearing_on="")
    case = house.refer()
    client.sign_in(house.lead)
    page = client.page("/triage")
    assert page.index("Sam Okafor") < page.index("Tunde Okafor") and "Urgent" in page
    assert "Sam" not in client.page("/triage?court=B01EF")
    assert "Tunde" not in client.page("/triage?urgent=yes")
    assert "Sam" not in client.page("/triage?waiting=1")
    for sort in ("due", "hearing", "waiting", "nonsense"):
        assert "Tunde" in client.page(f"/triage?sort={sort}&stage=guilty_plea")
    detail = client.page(f"/cases/{case.ref}/triage")
    for words in (
        "The service covers this court on 2 December 2026.",
        "He agreed to the referral.",
        "A guilty plea or a finding is recorded.",
        "Whether a community or suspended sentence order is possible is for the court.",
        "Not known whether he has a GP. The assessment can go ahead.",
        "Ada Assessor",
        CANARY,
    ):
        assert words in detail
    assert "the date of the next hearing" in client.page(f"/cases/{urgent.ref}/triage")


@pytest.mark.parametrize(("able", "word"), [("no", "Not met"), ("unknown", "Not known")])
def test_a_yes_he_could_not_decide_on_is_said_at_triage_and_at_acceptance(
    client: PageClient, house: House, able: str, word: str
) -> None:
    case = house.refer(able_to_agree=able)
    client.sign_in(house.lead)
    page = client.page(f"/cases/{case.ref}/triage")
    row = page.partition(">Willing</th>")[2].partition("</tr>")[0]
    assert word in row and "He said yes" in row and "Stands in the way" not in row
    answer = post_triage(client, case, outcome="accept")
    assert answer.status_code == 303
    assert "he is to be asked again" in client.page(answer.location)


def test_declining_says_why_and_tells_the_referrer(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(house.lead)
    assert post_triage(client, case, outcome="decline").status_code == 422
    done = post_triage(
        client, case, outcome="decline", reason="secondary_care_need", words="See CMHT"
    )
    assert done.status_code == 303
    assert "His need is for secondary" in client.page(f"/cases/{case.ref}/triage")
    assert open_kinds(case) == set() and case.state is CaseState.CLOSED
    client.sign_in(house.practitioner)
    page = client.page(f"/cases/{case.ref}/referral")
    assert "His need is for secondary" in page and "See CMHT" in page
    assert "declined by the service" in client.page("/referrals")


def test_probation_reads_no_reason_of_health(client: PageClient, house: House) -> None:
    officer = make_staff(Role.COURT_PROBATION)
    case = house.refer(by=officer, source="court-probation")
    client.sign_in(house.lead)
    post_triage(client, case, outcome="decline", reason="secondary_care_need", words="Psychosis")
    client.sign_in(officer)
    page = client.page(f"/cases/{case.ref}/referral")
    assert "Another service fits better" in page
    assert "secondary" not in page and "Psychosis" not in page


def test_asking_the_referrer(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(house.administrator)
    done = post_triage(client, case, outcome="ask_referrer", question="Which court is it?")
    assert done.status_code == 303 and TaskKind.TRIAGE in open_kinds(case)
    client.sign_in(house.practitioner)
    assert "Which court is it?" in client.page(f"/cases/{case.ref}/referral")


def test_an_administrator_decides_and_reads_nothing_clinical(
    client: PageClient, house: House
) -> None:
    case = house.refer()
    client.sign_in(house.administrator)
    for path in ("triage", "referral"):
        page = client.page(f"/cases/{case.ref}/{path}")
        assert CANARY not in page and "Trauma symptoms" not in page
    done = post_triage(client, case, outcome="accept", assessor=str(house.assessor.id))
    assert done.status_code == 303
    assert client.get(f"/cases/{case.ref}/referral/needs").status_code == 404


def test_assessors_see_and_do_not_decide(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(house.assessor)
    page = client.page(f"/cases/{case.ref}/triage")
    assert "Does the service fit?" in page and "Save the decision" not in page
    assert post_triage(client, case, outcome="accept").status_code == 403


def test_nobody_elsewhere_sees_the_referral(client: PageClient, house: House) -> None:
    case = house.refer()
    strangers = [
        make_staff(Role.LD_PRACTITIONER),
        make_staff(Role.CLINICAL_LEAD, organisation=make_organisation()),
        make_staff(Role.COURT_PROBATION),
        make_staff(Role.ADMINISTRATOR, organisation=make_organisation()),
    ]
    for stranger in strangers:
        client.sign_in(stranger)
        for path in ("referral", "triage", "referral/needs"):
            answer = client.get(f"/cases/{case.ref}/{path}")
            assert answer.status_code in (403, 404)
            assert b"Okafor" not in answer.data and CANARY.encode() not in answer.data
        assert post_triage(client, case, outcome="accept").status_code in (403, 404)
        if stranger.roles[0].role is not Role.CLINICAL_LEAD:
            assert "Okafor" not in client.page("/referrals")


def test_the_organisation_sees_its_referrals(client: PageClient, house: House) -> None:
    case = house.refer()
    colleague = make_staff(Role.LD_PRACTITIONER, organisation=house.practitioner.organisation)
    client.sign_in(colleague)
    assert "Tunde Okafor" in client.page("/referrals")
    assert "Tunde" not in client.page("/referrals?whose=mine")
    assert client.get(f"/cases/{case.ref}/triage").status_code == 403


def test_an_amendment_keeps_what_was_said_before(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(house.practitioner)
    path = f"/cases/{case.ref}/referral/needs"
    assert CANARY in client.page(path)
    typed = {**journey.NEEDS, "notes": "Works nights", "version": "1", "risk": "high"}
    typed["urgency"] = "urgent"

    def send(**changes: str) -> Any:
        key = {"submission_key": str(uuid.uuid4())}
        return client.post(path, data={**typed, **key, **changes})

    assert send().status_code == 422
    assert send(reason="He told me more").status_code == 303
    page = client.page(f"/cases/{case.ref}/referral")
    assert "Works nights" in page and "He told me more" in page and CANARY in page
    assert db.session.get_one(Case, case.id).urgent
    assert notices_of(house.trust) == ["A referral is now marked urgent"]
    stale = send(reason="Again", notes="Another")
    assert stale.status_code == 422
    text = stale.get_data(as_text=True)
    assert "Works nights" in text and "Another" in text
    assert send(reason="Again", notes="Another", version="2").status_code == 303


@pytest.mark.parametrize("step", list(FormStep))
def test_every_section_that_can_be_put_right_opens(
    client: PageClient, house: House, step: str
) -> None:
    case = house.refer()
    client.sign_in(house.practitioner)
    assert "Save the change" in client.page(f"/cases/{case.ref}/referral/{step}")


def test_a_clinician_writes_nothing_into_what_probation_reads(
    client: PageClient, house: House
) -> None:
    case = house.refer(by=make_staff(Role.COURT_PROBATION))
    accept(house, case, house.assessor)
    path = f"/cases/{case.ref}/referral"
    assert "Amend" not in client.sign_in(house.assessor).page(path)
    assert client.get(f"{path}/needs").status_code == 404
    with pytest.raises(Refused, match="Ask the referrer"), writing():
        amending.amend(
            case_id=case.id,
            step=FormStep.NEEDS,
            answers={"notes": "What he said in the assessment"},
            version=1,
            reason="He told me",
            by=house.assessor.id,
        )


def notices_of(organisation: Organisation) -> list[str]:
    return list(
        db.session.scalars(
            select(Notice.text).where(Notice.principal_id == organisation.principal_id)
        )
    )
