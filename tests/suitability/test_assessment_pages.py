"""The pages of the assessment, the measures, the countersignature and the release."""

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability.assessment_queries import (
    latest_assessment,
    pending_request,
    read_assessment,
    section_rows,
)
from mhtr.suitability.models import Assessment, ReportRelease
from mhtr.suitability.sections import SECTIONS, QuestionKind, Section
from mhtr.tasks.models import Task, TaskKind
from outcome_measures.models import MeasureOccasion
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    fill,
    finish,
    finished,
    heard,
    requested,
    sent,
    signed,
    started,
)


@pytest.fixture
def people(app: Flask) -> People:
    return allocated()


def as_(app: Flask, staff: Staff) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client.sign_in(staff)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def send(client: PageClient, path: str, page: str, **data: Any) -> Any:
    """Send the form of a page with its hidden fields."""
    for name in ("submission_key", "version", "content_hash", "request_ref", "what"):
        if f'name="{name}"' in page:
            data.setdefault(name, hidden(page, name))
    return client.post(path, data=data)


def base(people: People) -> str:
    return f"/cases/{people.case.ref}"


def test_from_the_start_to_a_finished_assessment(app: Flask, people: People) -> None:
    client, path = as_(app, people.assessor), f"{base(people)}/assessment"
    page = client.page(path)
    assert send(client, f"{path}/start", page).status_code == 303
    page = client.page(f"{path}/meeting")
    data = {"mode": "video", "seen_on-day": "17", "seen_on-month": "11", "seen_on-year": "2026"}
    assert send(client, f"{path}/meeting", page, **data).status_code == 303
    for spec in SECTIONS:
        assert spec.title in client.page(f"{path}/{spec.section.value}")
    page = client.page(f"{path}/pathway")
    answer = send(
        client,
        f"{path}/pathway",
        page,
        pathways_1="trauma_informed",
        pathways_2="cbt",
        sessions="12",
    )
    assert answer.status_code == 303
    assert "In progress" in client.page(path)
    page = client.page(f"{path}/recommendation")
    send(client, f"{path}/recommendation", page, recommendation="suitable")
    page = client.page(f"{path}/finish")
    assert "Suitable" in page
    assert send(client, f"{path}/finish", page).status_code == 303
    assessment = latest_assessment(people.case.id)
    assert assessment is not None
    answers = read_assessment(assessment.id)
    assert answers.get(Section.PATHWAY, "pathways") == ["trauma_informed", "cbt"]
    assert assessment.finished_at is not None
    assert "Ask for the countersignature" in client.page(path)


def test_two_tabs_lose_nothing(app: Flask, people: People) -> None:
    assessment = started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/history"
    first, second = client.page(path), client.page(path)
    assert send(client, path, first, past_treatment="typed in tab one").status_code == 303
    answer = send(client, path, second, past_treatment="typed in tab two")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "typed in tab one" in shown
    assert "typed in tab two" in shown
    assert "Saved meanwhile by Tomasz Whitfield" in shown
    again = send(client, path, shown, past_treatment="typed in tab two")
    assert again.status_code == 303
    row = section_rows(assessment.id)[Section.HISTORY]
    assert row.answers["past_treatment"] == "typed in tab two"
    assert "typed in tab one" in client.page(path)


def test_a_refused_number_keeps_everything_typed(app: Flask, people: People) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/pathway"
    answer = send(
        client, path, client.page(path), sessions="twelve", institution="A kept institution"
    )
    shown = answer.get_data(as_text=True)
    assert "must be a whole number" in shown
    assert "A kept institution" in shown
    assert 'value="twelve"' in shown


def items(value: int, count: int, **other: str) -> dict[str, str]:
    return {f"item_{n}": str(value) for n in range(1, count + 1)} | other


def risk_tasks() -> list[Task]:
    return list(db.session.scalars(select(Task).where(Task.kind == TaskKind.RISK_REVIEW)))


def test_a_measure_by_page_with_its_risk_review(app: Flask, people: People) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/measures/phq9"
    page = client.page(path)
    assert "Copyright © Pfizer" in page
    answer = send(client, path, page, action="submit", **items(2, 9))
    assert answer.status_code == 303
    shown = client.page(path)
    assert "<strong>18</strong> out of 27" in shown
    assert "Moderately severe" in shown
    assert "At or above the cut-off of 10" in shown
    (task,) = risk_tasks()
    page = client.page(f"{base(people)}/risk")
    assert "More than half the days" in page
    assert "Tomasz Whitfield" in page
    assert f"/tasks/{task.ref}" in page
    correct = f"{path}/correct"
    wrong = send(client, correct, client.page(correct), item="1", answer="0", reason="")
    assert "Say why" in wrong.get_data(as_text=True)
    send(client, correct, client.page(correct), item="1", answer="0", reason="Misheard")
    assert "Misheard" in client.page(path)
    assert "<strong>16</strong> out of 27" in client.page(path)


def test_blanks_are_refused_beside_the_item_but_kept_with_their_risk(
    app: Flask, people: People
) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/measures/phq9"
    answer = send(client, path, client.page(path), action="submit", item_9="1", item_2="3")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Answer question 1, or tick the box at the end" in shown
    assert len(risk_tasks()) == 1
    data = {"item_9": "1", "item_2": "3", "incomplete": "yes", "action": "submit"}
    assert send(client, path, shown, **data).status_code == 303
    assert "2 of 9 questions answered" in client.page(path)
    assert len(risk_tasks()) == 1


def test_a_wrong_value_is_refused_beside_the_item_and_the_rest_is_kept(
    app: Flask, people: People
) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/measures/gad7"
    data = items(1, 7) | {"item_3": "7", "action": "save"}
    shown = send(client, path, client.page(path), **data).get_data(as_text=True)
    assert "Question 3 must be one of the answers shown" in shown
    occasion = db.session.scalars(select(MeasureOccasion)).one()
    assert [row.value for row in occasion.answers] == [1, 1, None, 1, 1, 1, 1]
    assert 'id="item_3-error"' in shown


def test_a_measure_waits_for_how_and_when(app: Flask, people: People) -> None:
    from mhtr.suitability import assessment_service

    with writing():
        assessment_service.start(case_id=people.case.id, by=people.assessor.id)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/measures/phq9"
    assert "Say first how and when" in client.page(f"{base(people)}/assessment/measures")
    shown = send(client, path, client.page(path), action="save", item_9="2").get_data(as_text=True)
    assert "Say first how and when" in shown


def test_two_clicks_from_finished_to_asked(app: Flask, people: People) -> None:
    assessment = finished(people)
    client = as_(app, people.assessor)
    page = client.page(f"{base(people)}/assessment")
    link = f"{base(people)}/countersign/request"
    assert link in page
    form = client.page(link)
    assert "DRAFT" in form
    assert send(client, link, form).status_code == 303
    assert pending_request(assessment.id) is not None


def test_the_lead_reads_and_signs(app: Flask, people: People) -> None:
    assessment = finished(people)
    sent(assessment, people)
    client = as_(app, people.lead)
    assert "Marlon Ekwueme" in client.page("/countersign")
    path = f"{base(people)}/countersign"
    page = client.page(path)
    assert "Wording for the report answered" in page
    assert "HCPC PYL000456" in page
    assert send(client, path, page, action="sign").status_code == 303
    assert "Nothing is waiting" in client.page(path)


def test_who_comes_second_is_told_who_decided(app: Flask, people: People) -> None:
    request = sent(finished(people), people)
    client, path = as_(app, people.lead), f"{base(people)}/countersign"
    page = client.page(path)
    decided(request, people.other_lead.id, "Say more.")
    answer = send(client, path, page, action="sign").get_data(as_text=True)
    assert "Dr Hannah Sorensen returned it" in answer
    assert "Your decision was not recorded." in answer


def test_a_returned_report_shows_its_comments_in_the_section(app: Flask, people: People) -> None:
    sent(finished(people), people)
    client, path = as_(app, people.lead), f"{base(people)}/countersign"
    page = client.page(path)
    refused = send(client, path, page, action="return").get_data(as_text=True)
    assert "at least one comment" in refused
    answer = send(client, path, page, action="return", comment_conditions="Say how.")
    assert answer.status_code == 303
    author = as_(app, people.assessor)
    assert "1 comment" in author.page(f"{base(people)}/assessment")
    assert "Say how." in author.page(f"{base(people)}/assessment/conditions")


def test_comments_and_signature_at_once_are_refused(app: Flask, people: People) -> None:
    assessment = finished(people)
    sent(assessment, people)
    client, path = as_(app, people.lead), f"{base(people)}/countersign"
    page = client.page(path)
    answer = send(client, path, page, action="sign", comment_conditions="But").get_data(
        as_text=True
    )
    assert "You wrote comments" in answer
    assert pending_request(assessment.id) is not None


def test_release_by_page_with_the_real_pdf(app: Flask, people: People) -> None:
    signed(people)
    client, path = as_(app, people.assessor), f"{base(people)}/release"
    page = client.page(path)
    assert "Ruth Adeyemi and Court team" in page
    assert "The court must be satisfied of it" in page
    assert send(client, path, page).status_code == 303
    assert send(client, path, page).status_code == 303
    again = client.post(path, data={"what": "report", "submission_key": str(uuid.uuid4())})
    assert "Tomasz Whitfield released it already" in again.get_data(as_text=True)
    row = db.session.scalars(select(ReportRelease)).one()
    assert row.pdf.startswith(b"%PDF")
    later = client.page(path)
    assert row.content_hash in later
    file = client.get(f"{base(people)}/report/{row.ref}.pdf")
    assert file.data == row.pdf
    addendum = f"{path}/addendum"
    data = {"text": "The hearing has moved.", "answer": "agrees", "words": ""}
    assert send(client, addendum, client.page(addendum), **data).status_code == 303
    lead = as_(app, people.lead)
    page = lead.page(f"{base(people)}/countersign")
    assert "The hearing has moved." in page
    assert send(lead, f"{base(people)}/countersign", page, action="sign").status_code == 303
    page = client.page(path)
    assert "Release the addendum" in page
    assert send(client, path, page).status_code == 303
    assert len(db.session.scalars(select(ReportRelease.id)).all()) == 2


def test_the_release_page_says_what_stands_against_it(app: Flask, people: People) -> None:
    assessment = finished(people)
    client, path = as_(app, people.assessor), f"{base(people)}/release"
    assert "The report is not countersigned." in client.page(path)
    decided(sent(assessment, people), people.lead.id)
    page = client.page(path)
    assert "Probation has not asked for this report yet" in page
    assert "Release the report" not in page
    requested(people)
    heard = f"{path}/heard"
    data = {"how": "telephone", "answer": "disagrees", "words": ""}
    shown = send(client, heard, client.page(heard), **data).get_data(as_text=True)
    assert "Record his words" in shown
    data["words"] = "I see it otherwise."
    assert send(client, heard, client.page(heard), **data).status_code == 303
    assert "I see it otherwise." in client.page(path)


def test_pages_show_the_record_only_in_scope(app: Flask, people: People) -> None:
    assessment = signed(people)
    stranger = make_staff(Role.CLINICAL_LEAD, organisation=make_organisation(name="South Trust"))
    client = as_(app, stranger)
    for path in paths(people, assessment):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "Ekwueme" not in answer.get_data(as_text=True)
    assert "Ekwueme" not in client.page("/countersign")


@pytest.mark.parametrize(
    "role",
    [
        Role.COURT_PROBATION,
        Role.PROBATION,
        Role.LINK_WORKER,
        Role.ADMINISTRATOR,
        Role.LD_PRACTITIONER,
        Role.SERVICE_MANAGER,
        Role.PRIVACY_OFFICER,
    ],
)
def test_who_is_not_a_clinician_sees_none_of_it(app: Flask, people: People, role: Role) -> None:
    assessment = signed(people)
    somebody = make_staff(role)
    with writing():
        for purpose in Purpose:
            access.grant(people.case.id, purpose, somebody.principal_id, because="test", by=None)
    client = as_(app, somebody)
    for path in (*paths(people, assessment), "/countersign"):
        assert client.get(path).status_code == 403, path


def paths(people: People, assessment: Assessment) -> tuple[str, ...]:
    start = base(people)
    return (
        f"{start}/assessment",
        f"{start}/assessment/meeting",
        f"{start}/assessment/conditions",
        f"{start}/assessment/finish",
        f"{start}/assessment/measures/phq9",
        f"{start}/assessment/measures/phq9/correct",
        f"{start}/countersign/request",
        f"{start}/release",
        f"{start}/release/heard",
        f"{start}/risk",
    )


def test_reading_is_audited(app: Flask, people: People) -> None:
    assessment = started(people)
    as_(app, people.assessor).page(f"{base(people)}/assessment")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "page.viewed")).all()
    assert event[-1].detail["shown"]["assessment"] == [assessment.id]


def test_the_assessor_sees_what_does_not_fit_and_can_still_finish(
    app: Flask, people: People
) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/exclusions"
    send(client, path, client.page(path), psychosis="yes", crisis="no", secondary_care="no")
    page = client.page(f"{base(people)}/assessment/finish")
    assert "signs of active psychosis" in page
    assert send(client, f"{base(people)}/assessment/finish", page).status_code == 303


def test_a_handover_says_who_received_it_and_when(app: Flask, people: People) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/exclusions"
    given = {
        "psychosis": "no",
        "crisis": "yes",
        "secondary_care": "no",
        "handover_to": "Ngozi Bright, crisis team",
        "handover_on-day": "18",
        "handover_on-month": "11",
        "handover_on-year": "2026",
        "handover_at": "11:40",
        "psychosis_handover_to": "forgotten with its answer",
    }
    late = send(client, path, client.page(path), **{**given, "handover_on-day": "19"})
    assert "must be today or in the past" in late.text
    assert send(client, path, client.page(path), **given).status_code == 303
    page = client.page(path)
    for value in ("Ngozi Bright, crisis team", 'value="11:40"', 'value="18"'):
        assert value in page
    assert "forgotten with its answer" not in page
    assert send(client, path, page, **{**given, "crisis": "no"}).status_code == 303
    assert "Ngozi Bright" not in client.page(path).partition("Earlier versions")[0]


def test_no_canary_reaches_probations_pages(app: Flask, people: People) -> None:
    """Clinical answers and a lead's comments stay inside."""
    requested(people)
    assessment = finished(people, mark="canary7F3A")
    decided(sent(assessment, people), people.lead.id, "canary7F3A-comment")
    finish(assessment, people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    client, path = as_(app, people.assessor), f"{base(people)}/release"
    assert send(client, path, client.page(path)).status_code == 303
    probation = as_(app, people.psr_author)
    report = probation.page(f"{base(people)}/report")
    assert "canary7F3A-need_released" in report
    clinical = [
        question.key
        for spec in SECTIONS
        for question in spec.questions
        if question.kind is QuestionKind.TEXT and not question.released
    ]
    for key in (*clinical, "comment"):
        assert f"canary7F3A-{key}" not in report, key
    inside = as_(app, people.lead).page(f"{base(people)}/assessment/risk_now")
    assert "canary7F3A-risk_account" in inside


def test_the_release_of_a_man_not_assessed_says_so(client: PageClient) -> None:
    staff, case = make_staff(Role.ASSESSOR), make_case()
    with writing():
        access.grant(case.id, Purpose.CLINICAL, staff.principal_id, because="test", by=None)
    client.sign_in(staff)
    assert "There is no report to release yet" in client.page(f"/cases/{case.ref}/release")
    client.sign_in(make_staff(Role.ASSESSOR))
    assert client.get(f"/cases/{case.ref}/release").status_code == 404
