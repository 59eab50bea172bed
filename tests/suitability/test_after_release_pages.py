"""Pages of a finished or released assessment say what can be done, and offer nothing else."""

import pytest
from flask import Flask

from mhtr.core import clock
from mhtr.core.transaction import writing
from mhtr.suitability import outcome_service
from mhtr.suitability.assessment_steps import FINISHED, RELEASED, WITH_THE_LEAD
from mhtr.suitability.outcome_service import Outcome, Result
from mhtr.suitability.sentence_rules import WhyThatDay
from tests.suitability.browsing import as_, base, send
from tests.suitability.journey import (
    allocated,
    fill,
    finish,
    finished,
    released,
    sent,
    signed,
    started,
)
from tests.suitability.requesting import ask

PAGES = ("conditions", "gp", "meeting")


@pytest.mark.parametrize("page", PAGES)
def test_a_released_report_is_never_reopened(app: Flask, page: str) -> None:
    people = allocated()
    assessment = signed(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/{page}"
    shown = client.page(path)
    assert FINISHED in shown
    released(assessment, people)
    shown = client.page(path)
    assert RELEASED in shown
    assert "Reopen" not in shown
    assert f"{base(people)}/release/addendum" in shown


def test_with_the_lead_it_is_taken_back_first(app: Flask) -> None:
    people = allocated()
    sent(finished(people), people)
    page = as_(app, people.assessor).page(f"{base(people)}/assessment/gp")
    assert WITH_THE_LEAD in page


def test_a_half_filled_measure_is_only_read_once_the_assessment_is_finished(app: Flask) -> None:
    people = allocated()
    assessment = started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/measures/phq9"
    page = client.page(path)
    assert send(client, path, page, item_1="1", action="keep").status_code == 303
    assert 'name="item_2"' in client.page(path)
    fill(assessment, people.assessor.id)
    finish(assessment, people)
    shown = client.page(path)
    assert 'name="item_2"' not in shown
    assert "<form" not in shown.partition("<main")[2]
    assert "1 of 9 questions were answered" in shown
    assert FINISHED in shown
    section = client.page(f"{base(people)}/assessment/measures")
    assert "Go on" not in section
    assert "See the answers" in section


def test_the_result_page_says_when_he_was_sentenced(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    client = as_(app, people.psr_author)
    assert "Hearing:" in client.page(f"{base(people)}/outcome")
    case_id, by = people.case.id, people.psr_author.id
    said = Outcome(
        proposed=None,
        result=Result.OTHER,
        sentenced_on=clock.today(),
        why_that_day=WhyThatDay.EARLIER_HEARING,
    )
    with writing():
        outcome_service.record_outcome(case_id=case_id, outcome=said, by=by)
    page = client.page(f"{base(people)}/outcome")
    assert "Sentenced on 18 November 2026" in page
    assert "No court date is recorded" not in page


def test_what_he_is_asked_about_keeps_its_words(app: Flask) -> None:
    people = allocated()
    page = as_(app, people.lead).page(f"{base(people)}/consent")
    assert "about “Telling your GP”" in page
    assert "telling your gp" not in page
