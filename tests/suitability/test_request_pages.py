"""The PSR author's pages: what she sees and sends, and what no answer to her carries."""

import re
import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Identifier, IdentifierKind
from mhtr.suitability.models import Assessment, AssessmentSection, ReportRequest
from mhtr.suitability.request_forms import AFTER_FILING
from tests.makers import make_case, make_staff
from tests.pages import PageClient
from tests.suitability.asking import asked
from tests.suitability.browsing import hidden
from tests.suitability.journey import allocated
from tests.suitability.makers import CourtSide, granted_case, make_man
from tests.suitability.request_forms import date_parts, form_of_request

CANARY = "Zyxwvut canary"


def keyed(**data: Any) -> dict[str, Any]:
    """A form's answers with a submission key of their own."""
    return {**data, "submission_key": str(uuid.uuid4())}


def test_a_request_from_the_form_to_the_list(client: PageClient) -> None:
    court = CourtSide()
    case = granted_case(court, make_man())
    client.sign_in(court.author)
    assert "Ask for a report" in client.page(f"/cases/{case.ref}/report-request")
    answer = client.post(f"/cases/{case.ref}/report-request", data=form_of_request())
    assert answer.status_code == 303
    page = client.page(answer.location)
    assert "Your request has been sent." in page
    assert "Wed 25 Nov 2026" in page
    listed = client.page("/requests")
    assert "Tunde Okafor" in listed
    assert "CRN X123456" in listed
    assert "5 working days left" in listed
    due = client.page(f"/cases/{case.ref}/request/due-date")
    assert "5 working days from the request, for a short report." in due
    assert "parliamentary question 98201" in due


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(client: PageClient) -> None:
    court = CourtSide()
    case = granted_case(court)
    client.sign_in(court.author)
    wrong = form_of_request(staff_safety="yes", **date_parts("psr_filed_on", date(2026, 12, 24)))
    answer = client.post(f"/cases/{case.ref}/report-request", data=wrong)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "The filing date must not be after the hearing" in text
    assert "Enter what staff should know and do" in text
    assert db.session.scalars(select(ReportRequest)).all() == []


@pytest.mark.parametrize(
    ("filed", "wanted", "status"),
    [
        (date(2026, 12, 8), date(2026, 12, 9), 422),
        (date(2026, 12, 8), date(2026, 12, 8), 303),
        (None, date(2026, 12, 9), 303),
    ],
)
def test_our_report_is_of_no_use_after_she_files(
    client: PageClient, filed: date | None, wanted: date, status: int
) -> None:
    court = CourtSide()
    case = granted_case(court)
    client.sign_in(court.author)
    parts = date_parts("asked_for_on", wanted)
    if filed:
        parts |= date_parts("psr_filed_on", filed)
    answer = client.post(f"/cases/{case.ref}/report-request", data=form_of_request(**parts))
    assert answer.status_code == status
    assert (AFTER_FILING in answer.get_data(as_text=True)) is (status == 422)
    assert len(db.session.scalars(select(ReportRequest)).all()) == (status == 303)


def test_a_date_that_cannot_be_met_is_told_and_answered(
    client: PageClient, set_clock: SetClock
) -> None:
    court = CourtSide()
    case = granted_case(court)
    set_clock.advance(hours=6)
    client.sign_in(court.author)
    sent = form_of_request(**date_parts("asked_for_on", date(2026, 11, 18)))
    page = client.page(client.post(f"/cases/{case.ref}/report-request", data=sent).location)
    assert "This date cannot be met" in page
    assert "Thu 19 Nov 2026" in page
    empty = client.post(f"/cases/{case.ref}/request/answer", data=keyed())
    assert empty.status_code == 422
    assert "Select what you will do" in empty.get_data(as_text=True)
    answer = client.post(
        f"/cases/{case.ref}/request/answer",
        data=keyed(answer="seeks_adjournment", version=hidden(page, "version")),
    )
    page = client.page(answer.location)
    assert "Will ask the court for an adjournment" in page
    assert "Change your answer" in page


@pytest.mark.parametrize("asked_for", [None, date(2026, 11, 19)])
def test_nobody_says_that_she_asked_for_a_date_she_left_empty(
    client: PageClient, set_clock: SetClock, asked_for: date | None
) -> None:
    people = allocated()
    with writing():
        access.grant(
            people.case.id,
            Purpose.PRE_SENTENCE,
            people.psr_author.principal_id,
            because="test",
            by=None,
        )
    set_clock.advance(hours=6)  # after closing: an oral report for a hearing that day is too late
    today = {**date_parts("hearing_on", date(2026, 11, 18)), "psr_type": "oral"}
    client.sign_in(people.psr_author)
    sent = form_of_request(**{**today, **date_parts("asked_for_on", asked_for)})
    if asked_for:
        sent |= date_parts("hearing_on", date(2026, 11, 20))
    address = f"/cases/{people.case.ref}"
    page = client.page(client.post(f"{address}/report-request", data=sent).location)
    assert ("This date cannot be met" in page) is (asked_for is None)
    assert "asked for by" not in page
    client.sign_in(people.assessor)
    start = client.page(f"{address}/assessment")
    assert "A pre-sentence report author has asked for the report. It is due on" in start
    assert ("she asked for it by 19 November 2026" in start) is (asked_for is not None)


@pytest.mark.parametrize(
    "path",
    [
        "request",
        "request/due-date",
        "report-request",
        "report",
        "report.pdf",
        "outcome",
    ],
)
def test_a_denied_answer_carries_nothing_of_the_record(client: PageClient, path: str) -> None:
    court = CourtSide()
    case_id = granted_case(court, make_man()).id
    asked(court, case_id)
    ref = db.session.get_one(Case, case_id).ref
    client.sign_in(court.stranger)
    answer = client.get(f"/cases/{ref}/{path}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert not any(word in text for word in ("Tunde", "Okafor", "X123456", "25 Nov"))
    nowhere = client.get(f"/cases/00000000-0000-4000-8000-000000000000/{path}")
    plain = re.sub(r'(nonce|content|value)="[^"]*"', "", text)
    assert plain == re.sub(r'(nonce|content|value)="[^"]*"', "", nowhere.get_data(as_text=True))


def test_nothing_of_a_draft_is_on_her_pages(client: PageClient) -> None:
    court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
    case_id = granted_case(court, make_man()).id
    asked(court, case_id)
    with writing():
        case = cases.lock(case_id)
        draft = Assessment(case_id=case_id, author_id=assessor.id, recommendation="unsuitable")
        draft.his_words = CANARY
        db.session.add(draft)
        db.session.flush()
        db.session.add(
            AssessmentSection(
                assessment_id=draft.id,
                section="need",
                answers={"wording": CANARY},
                saved_at=case.opened_at,
                saved_by=assessor.id,
            )
        )
        for kind in (FactKind.ACCEPTED, FactKind.ALLOCATED, FactKind.ASSESSMENT_STARTED):
            cases.add_fact(case, kind, by=assessor.id)
        finished = {"recommendation": "unsuitable", "author_id": assessor.id}
        cases.add_fact(case, FactKind.ASSESSMENT_FINISHED, by=assessor.id, detail=finished)
        cases.add_fact(case, FactKind.COUNTERSIGN_REQUESTED, by=assessor.id)
        nhs = Identifier(person_id=case.person_id, kind=IdentifierKind.NHS, value="9990000018")
        db.session.add(nhs)
        ref = case.ref
    client.sign_in(court.author)
    for path in (
        "/today",
        "/requests",
        f"/cases/{ref}",
        f"/cases/{ref}/request",
        f"/cases/{ref}/request/due-date",
        f"/cases/{ref}/report",
        f"/cases/{ref}/outcome",
        f"/cases/{ref}/report-request",
    ):
        page = client.page(path)
        assert CANARY not in page
        assert "nsuitable" not in page
        assert "999" not in re.sub(r'"[^"]*"', "", page)
    assert "With the clinical lead" in client.page("/requests")
    assert client.get(f"/cases/{ref}/report.pdf").status_code == 404


def test_handing_over_on_the_page(client: PageClient) -> None:
    court = CourtSide()
    case_id = granted_case(court, make_man()).id
    asked(court, case_id)
    ref = db.session.get_one(Case, case_id).ref
    client.sign_in(court.author)
    page = client.page(f"/cases/{ref}/request")
    assert "Sam Boateng" in page
    assert "Lena Fry" not in page
    url = f"/cases/{ref}/request/hand-over"
    assert client.post(url, data=keyed(to=str(court.stranger.ref))).status_code == 422
    answer = client.post(url, data=keyed(to=str(court.colleague.ref)))
    assert "The request is now Sam Boateng" in client.page(answer.location)
    assert "Okafor" not in client.page("/requests?whose=mine")
    assert "Okafor" in client.page("/requests?whose=team")


def test_a_senior_hands_over_several(client: PageClient) -> None:
    court = CourtSide()
    senior = court.officer("Ifeoma Senior", Role.SENIOR_PROBATION)
    first, second = make_case().id, make_case().id
    ids = [asked(court, first), asked(court, second)]
    client.sign_in(senior)
    assert "Select" in client.page("/requests?whose=team")
    refs = [str(db.session.get_one(ReportRequest, row).ref) for row in ids]
    nothing = client.post("/requests/hand-over", data=keyed(to=str(court.colleague.ref)))
    assert "Tick at least one request" in nothing.get_data(as_text=True)
    assert nothing.status_code == 422
    data = keyed(requests=refs, to=str(court.colleague.ref))
    answer = client.post("/requests/hand-over", data=data)
    assert "2 requests handed over to Sam Boateng" in client.page(answer.location)
    authors = {db.session.get_one(ReportRequest, row).author_id for row in ids}
    assert authors == {court.colleague.id}
    client.sign_in(court.colleague)
    assert client.post("/requests/hand-over", data=data).status_code == 403


def test_the_list_pages_sorts_and_filters(client: PageClient) -> None:
    court = CourtSide()
    for _ in range(26):
        asked(court, make_case().id)
    client.sign_in(court.author)
    page = client.page("/requests")
    assert page.count("Tunde Okafor</a>") == 25
    assert "Next page" in page
    assert client.page("/requests?page=2").count("Tunde Okafor</a>") == 1
    for sort in ("-due", "hearing", "-hearing", "asked", "name", "-name", "nonsense"):
        assert "Tunde Okafor" in client.page(f"/requests?sort={sort}")
    assert "Nothing to show here" in client.page("/requests?due=overdue")
    assert "Nothing to show here" in client.page("/requests?shown=released&page=x")
    assert "Wed 25 Nov" in client.page("/requests?due=week")


def test_the_result_from_the_form(client: PageClient) -> None:
    court = CourtSide()
    case_id = granted_case(court, make_man()).id
    asked(court, case_id)
    ref = db.session.get_one(Case, case_id).ref
    client.sign_in(court.author)
    empty = client.post(f"/cases/{ref}/outcome", data=keyed(version="0"))
    assert "Answer at least one of the two questions" in empty.get_data(as_text=True)
    undated = client.post(f"/cases/{ref}/outcome", data=keyed(version="0", result="custody"))
    assert "Enter the date of sentence" in undated.get_data(as_text=True)
    sent = keyed(version="0", result="custody", **date_parts("sentenced_on", date(2026, 11, 18)))
    sent |= {"day_is_right": "yes", "why_that_day": "earlier_hearing"}
    answer = client.post(f"/cases/{ref}/outcome", data=sent)
    page = client.page(answer.location)
    assert "The result is recorded." in page
    assert "Immediate custody" in page
    assert "This is wrong: record it again" in page
