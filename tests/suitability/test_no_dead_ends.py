"""A form that would be refused is not offered: the page says why in its place."""

import uuid

import pytest
from flask import Flask

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, StageOfCase
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.request_asking import asking_refused
from mhtr.suitability.sections import Section
from tests.intake.house import House, accept
from tests.makers import make_case
from tests.pages import PageClient
from tests.suitability.asking import asked
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import People, fill, finished, sent, started
from tests.suitability.makers import CourtSide, granted_case

Ended = tuple[FactKind, dict[str, object], str]
CLOSED: Ended = (FactKind.CLOSED, {"reason": "acquitted"}, "The case is closed: he was acquitted.")
SENTENCED: Ended = (FactKind.SENTENCED_WITHOUT_MHTR, {}, "The court has already sentenced.")


def ended(case_id: int, kind: FactKind, detail: dict[str, object]) -> None:
    with writing():
        cases.add_fact(cases.lock(case_id), kind, by=None, detail=detail)


@pytest.mark.parametrize(("kind", "detail", "words"), [CLOSED, SENTENCED])
def test_a_report_is_not_asked_for_where_none_can_be(
    client: PageClient, kind: FactKind, detail: dict[str, object], words: str
) -> None:
    court = CourtSide()
    case = granted_case(court)
    case_id, path = case.id, f"/cases/{case.ref}"
    client.sign_in(court.author)
    assert "Send the request" in client.page(f"{path}/report-request")
    asked(court, case_id)
    assert "This replaces the request" in client.page(f"{path}/report-request")
    assert "Change the request" in client.page(f"{path}/request")
    ended(case_id, kind, detail)
    page = client.page(f"{path}/report-request")
    assert words in page
    assert "Send the request" not in page and "This replaces" not in page
    assert "Change the request" not in client.page(f"{path}/request")


def test_a_missing_plea_is_no_reason_against_asking(app: Flask) -> None:
    case_id = make_case(stage=StageOfCase.CHARGED).id
    assert asking_refused(cases.facts_of(case_id)) == ()


def test_withdrawing_a_request_is_meant(client: PageClient) -> None:
    court = CourtSide()
    case = granted_case(court)
    request_id, path = asked(court, case.id), f"/cases/{case.ref}/request"
    client.sign_in(court.author)
    assert "access to his case ends after 7 days" in client.page(path)
    again = refused(client, f"{path}/withdraw", client.page(path))
    assert "Tick the box if you want to withdraw" in again
    assert db.session.get_one(ReportRequest, request_id).date_answer != "withdraws"
    unread = {"submission_key": str(uuid.uuid4()), "sure": "yes"}
    assert client.post(f"{path}/withdraw", data=unread).status_code == 409, "of no page she read"
    assert db.session.get_one(ReportRequest, request_id).date_answer != "withdraws"
    assert send(client, f"{path}/withdraw", again, sure="yes").status_code == 303
    db.session.rollback()
    assert db.session.get_one(ReportRequest, request_id).date_answer == "withdraws"


def test_without_a_recommendation_nothing_is_finished(app: Flask, people: People) -> None:
    assessment = started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/finish"
    page = client.page(path)
    assert "Record your recommendation first." in page
    assert "You may finish all the same" not in page
    assert ">Finish the assessment</button>" not in page
    fill(assessment, people.assessor.id, only={Section.RECOMMENDATION})
    page = client.page(path)
    assert "You may finish all the same" in page
    assert ">Finish the assessment</button>" in page


def test_only_its_author_is_offered_to_take_a_report_back(app: Flask, people: People) -> None:
    sent(finished(people), people)
    path = f"{base(people)}/assessment"
    words = "Take it back from the clinical lead"
    assert words in as_(app, people.assessor).page(path)
    page = as_(app, people.lead).page(path)
    assert words not in page and "who wrote the report, can take it back" in page


def test_a_sentenced_man_has_no_next_hearing_on_his_request(client: PageClient) -> None:
    court = CourtSide()
    case = granted_case(court)
    asked(court, case.id)
    ended(case.id, FactKind.SENTENCED_WITHOUT_MHTR, {})
    client.sign_in(court.author)
    page = client.page(f"/cases/{case.ref}/request")
    assert "Sentenced on" in page and "Next hearing" not in page


def test_the_assessors_task_leads_to_the_assessment(client: PageClient) -> None:
    house = House()
    case = house.refer()
    accept(house, case, house.assessor)
    path = f"/cases/{case.ref}"
    client.sign_in(house.assessor)
    for page in ("/today", path):
        row = client.page(page).partition("Assess a man allocated to you")
        near = row[0][-300:] + row[2][:600]
        assert row[1] and f'href="{path}/assessment"' in near, page
