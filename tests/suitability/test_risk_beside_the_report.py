"""A sign of risk stands where a report is finished, signed and released; it decides nothing."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability.assessment_queries import pending_request
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind
from tests.suitability.browsing import as_, base, send
from tests.suitability.journey import (
    People,
    decided,
    fill,
    finish,
    heard,
    released,
    requested,
    sent,
    started,
)
from tests.suitability.test_addenda import write

OPEN = "A risk review is open, with Tomasz Whitfield, raised just now."
DIFFERS = (
    "Question 9 of PHQ-9 (harm to himself) was answered “Nearly every day”, "
    "and risk at crisis level"
)


def answer(app: Flask, people: People, item_9: str) -> None:
    """PHQ-9 of the assessment: nothing but question 9."""
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/measures/phq9"
    given = {f"item_{n}": "0" for n in range(1, 9)} | {"item_9": item_9}
    assert send(client, path, client.page(path), action="submit", **given).status_code == 303


def look_at_it(by: Staff) -> None:
    with writing():
        (task,) = db.session.scalars(select(Task).where(Task.kind == TaskKind.RISK_REVIEW))
        tasks.finish(task, by=by.id, outcome="Spoke to him. Safe now.", plan="Looks again Friday.")


@pytest.mark.parametrize("looked_at", [False, True])
def test_an_open_review_stands_on_the_way_of_the_report(
    app: Flask, people: People, looked_at: bool
) -> None:
    requested(people)
    assessment = started(people)
    answer(app, people, "3")
    if looked_at:
        look_at_it(people.assessor)
    fill(assessment, people.assessor.id)
    author, lead, start = as_(app, people.assessor), as_(app, people.lead), base(people)

    def said(page: str) -> None:
        assert (OPEN in page) is not looked_at

    page = author.page(f"{start}/assessment/finish")
    said(page)
    assert DIFFERS in page, "whatever became of the review"
    finish(assessment, people)
    said(author.page(f"{start}/countersign/request"))
    sent(assessment, people)
    page = lead.page(f"{start}/countersign")
    said(page)
    assert DIFFERS in page
    assert "1 that does not fit together" in page
    assert send(lead, f"{start}/countersign", page, action="sign").status_code == 303
    assert pending_request(assessment.id) is None, "it stops nobody"
    heard(assessment, people)
    said(author.page(f"{start}/release"))
    released(assessment, people)
    for path in ("report", "report-request"):
        seen = as_(app, people.psr_author).page(f"{start}/{path}")
        assert "risk review" not in seen and "Question 9" not in seen


def test_zero_says_nothing(app: Flask, people: People) -> None:
    assessment = started(people)
    answer(app, people, "0")
    fill(assessment, people.assessor.id)
    page = as_(app, people.assessor).page(f"{base(people)}/assessment/finish")
    assert "risk review is open" not in page and "Question 9" not in page


def test_it_stands_beside_an_addendum_too(app: Flask, people: People) -> None:
    """A sign that came after the report is not hidden from whoever signs what follows it."""
    requested(people)
    assessment = started(people)
    answer(app, people, "3")
    fill(assessment, people.assessor.id)
    finish(assessment, people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    released(assessment, people)
    write(people, assessment)
    assert OPEN in as_(app, people.lead).page(f"{base(people)}/countersign")
    assert OPEN in as_(app, people.assessor).page(f"{base(people)}/release")
    assert OPEN in as_(app, people.assessor).page(f"{base(people)}/release/addendum")
