"""The pages of the countersignature: asking for it, and the decision."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability import assessment_service, countersign_service
from mhtr.suitability.assessment_queries import pending_request, section_rows
from mhtr.suitability.models import Assessment
from mhtr.suitability.sections import Section
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import (
    People,
    decided,
    fill,
    finish,
    finished,
    sent,
    started,
)
from tests.suitability.makers import ASKED
from tests.suitability.requesting import ask


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


COMMENT = "Say how he gets there, and take the street out."


@pytest.mark.parametrize("first", ["signed", "returned", "taken_back"])
def test_comments_of_who_comes_second_stay_on_the_page(
    app: Flask, people: People, first: str
) -> None:
    assessment = finished(people)
    request = sent(assessment, people)
    client, path = as_(app, people.lead), f"{base(people)}/countersign"
    page = client.page(path)
    if first == "taken_back":
        take_back(assessment, people)
    else:
        decided(request, people.other_lead.id, "" if first == "signed" else "Say more.")
    answer = refused(client, path, page, action="return", comment_practical=COMMENT)
    assert "Your comments were not recorded" in answer
    kept = re.search(r"<textarea[^>]* readonly[^>]*>([^<]*)</textarea>", answer)
    assert kept and kept[1] == COMMENT
    assert "Your comments" not in client.page(path)


def test_comments_on_a_report_that_is_no_longer_hers_stay_on_the_page(
    app: Flask, people: People
) -> None:
    assessment = finished(people)
    sent(assessment, people)
    client, path = as_(app, people.lead), f"{base(people)}/countersign"
    page = client.page(path)
    take_back(assessment, people)
    finish(assessment, people)
    sent(assessment, people, people.other_lead.id)
    answer = refused(client, path, page, action="return", comment_practical=COMMENT)
    assert "It was put before Dr Hannah Sorensen." in answer
    assert re.search(rf"<textarea[^>]* readonly[^>]*>{COMMENT}</textarea>", answer)


def take_back(assessment: Assessment, people: People) -> None:
    with writing():
        db.session.refresh(assessment)
        countersign_service.withdraw_request(
            assessment=assessment, version=assessment.version, by=people.assessor.id
        )


def test_what_does_not_belong_is_shown_while_the_wording_can_change(
    app: Flask, people: People
) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id)
    section = section_rows(assessment.id)[Section.PRACTICAL]
    words = "He lives at 12 Acacia Avenue; ring him on 020 7946 0018."
    answers, version = {**section.answers, "practical_released": words}, section.version
    with writing():
        assessment_service.save_section(
            assessment, Section.PRACTICAL, answers, version=version, by=people.assessor.id
        )
    finish(assessment, people)
    asking = as_(app, people.assessor).page(f"{base(people)}/countersign/request")
    sent(assessment, people)
    signing = as_(app, people.lead).page(f"{base(people)}/countersign")
    for page in (asking, signing):
        assert "Practical arrangements: It seems to hold an address: a street" in page
        assert "Practical arrangements: It seems to hold a telephone number" in page


def test_a_report_without_such_things_has_no_prompt(app: Flask, people: People) -> None:
    assessment = finished(people)
    assert "Look at these first" not in as_(app, people.assessor).page(
        f"{base(people)}/countersign/request"
    )
    sent(assessment, people)
    assert "Look at these first" not in as_(app, people.lead).page(f"{base(people)}/countersign")


def test_a_report_that_came_back_says_so_on_top_of_the_task_list(
    app: Flask, people: People
) -> None:
    assessment = finished(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment"
    decided(sent(assessment, people), people.lead.id, "Say how.")
    page = client.page(path)
    top = page[page.index("The report came back") : page.index("Sections</h2>")]
    assert "Dr Amara Lindqvist returned it on 18 November 2026" in " ".join(top.split())
    assert f'<a href="{path}/conditions">The three conditions of the law</a>: Say how.' in top
    finish(assessment, people)
    assert "The report came back" not in client.page(path)


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


def test_the_lead_sees_what_the_author_was_shown(app: Flask, people: People) -> None:
    asked = replace(ASKED, interpreter=True, language="pl")
    ask(people.case.id, people.psr_author.id, asked)
    assessment = started(people)
    fill(assessment, people.assessor.id, only=set(Section) - {Section.GP})
    finish(assessment, people)
    sent(assessment, people)
    page = as_(app, people.lead).page(f"{base(people)}/countersign")
    mine = as_(app, people.assessor).page(f"{base(people)}/assessment")
    assert "1 missing, 1 that does not fit together in the assessment" in page
    for words in ("Does he have a GP?", "Probation asks for an interpreter (Polish)"):
        assert words in page
        assert words in mine
