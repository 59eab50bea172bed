"""What no longer fits between a report and the record is pointed out: court, trust, hearing."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.models import Referral
from mhtr.intake.referral_values import Safety
from mhtr.suitability import addendum_service
from mhtr.suitability.concerned import current_request
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.release_content import NO_COURT, prepare
from mhtr.suitability.release_prompts import prompts
from mhtr.suitability.report_content import HisAnswer
from tests.makers import make_organisation
from tests.pages import PageClient
from tests.suitability.browsing import as_, base
from tests.suitability.journey import (
    allocated,
    decided,
    finished,
    released,
    sent,
    signed,
)
from tests.suitability.requesting import ask
from tests.suitability.test_request_pages import keyed


def test_a_report_for_court_that_names_no_court_is_not_released(either_app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = signed(people)
    assert prepare(people.case, assessment, by=people.assessor.id).against == ()
    with writing():
        cases.lock(people.case.id).court_code = ""
    assert NO_COURT in prepare(people.case, assessment, by=people.assessor.id).against


@pytest.mark.parametrize(
    ("named", "found"),
    [("North Trust", False), ("Far Trust clinic", True), ("A clinic in Camden", False)],
)
def test_a_trust_that_does_not_have_the_case_is_pointed_out(
    app: Flask, named: str, found: bool
) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = signed(people)
    make_organisation(name="Far Trust")
    with writing():
        db.session.add(
            Referral(
                case_id=people.case.id,
                trust_id=people.assessor.organisation_id,
                organisation_id=people.assessor.organisation_id,
                source="court-probation",
                channel="form",
                referred_at=clock.now(),
                safety=Safety.SAFE,
                answers={},
                routed_because="court",
            )
        )
    content = prepare(people.case, assessment, by=people.assessor.id).content
    assert content is not None
    words = [
        one.words for one in prompts(people.case, assessment, replace(content, institution=named))
    ]
    assert any("North Trust has the case now" in text for text in words) is found


def test_the_reader_is_told_that_the_hearing_has_moved_since(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = signed(people)
    released(assessment, people)
    client = as_(app, people.psr_author)
    assert "On record now" not in client.page(f"{base(people)}/report")
    with writing():
        case = cases.lock(people.case.id)
        hearings.record_hearing(case, court_code="B01EF", on=date(2026, 12, 18), by=None)
    page = client.page(f"{base(people)}/report")
    assert "On record now" in page and "Fri 18 Dec 2026" in page


def test_the_file_of_an_addendum_has_a_name_that_can_be_saved(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = signed(people)
    released(assessment, people)
    with writing():
        asked = addendum_service.write_addendum(
            assessment=assessment,
            text="He has since moved.",
            his_answer=HisAnswer.AGREES,
            his_words="",
            lead_id=None,
            by=people.assessor.id,
        )
    decided(asked, people.lead.id)
    row = released(assessment, people, addendum=True)
    client = as_(app, people.psr_author)
    answer = client.get(f"{base(people)}/report/{row.ref}.pdf")
    name = answer.headers["Content-Disposition"]
    assert "/" not in name and name.endswith('-A1.pdf"')


def test_banner_and_state_agree_for_whoever_asked(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = finished(people)
    sent(assessment, people)
    page = as_(app, people.psr_author).page(f"{base(people)}/request")
    assert page.count("With the clinical lead") == 2
    assert "Being assessed" not in page.partition("<main")[2]


def test_withdrawing_takes_the_form_where_it_is_meant(client: PageClient) -> None:
    people = allocated()
    request_id = ask(people.case.id, people.psr_author.id).id
    with writing():
        db.session.get_one(ReportRequest, request_id).earliest_on = date(2026, 12, 24)
    client.sign_in(people.psr_author)
    path = f"{base(people)}/request"
    assert "This date cannot be met" in client.page(path)
    answer = client.post(f"{path}/answer", data=keyed(answer="withdraws"))
    assert answer.status_code == 422
    standing = current_request(people.case.id)
    assert standing is not None and standing.id == request_id
