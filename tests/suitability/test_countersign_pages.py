"""The pages of the countersignature: asking for it, and the decision."""

import pytest
from flask import Flask

from mhtr.suitability.assessment_queries import (
    pending_request,
)
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    finished,
    sent,
)


@pytest.fixture
def people(app: Flask) -> People:
    return allocated()


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
    answer = refused(client, path, page, action="sign")
    assert "Dr Hannah Sorensen returned it" in answer
    assert "Your decision was not recorded." in answer


def test_a_returned_report_shows_its_comments_in_the_section(app: Flask, people: People) -> None:
    sent(finished(people), people)
    client, path = as_(app, people.lead), f"{base(people)}/countersign"
    page = client.page(path)
    shown = refused(client, path, page, action="return")
    assert "at least one comment" in shown
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
    answer = refused(client, path, page, action="sign", comment_conditions="But")
    assert "You wrote comments" in answer
    assert pending_request(assessment.id) is not None
