"""The pages of the measures inside the assessment."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Task, TaskKind
from outcome_measures.models import MeasureOccasion
from outcome_measures.recording import ending
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import (
    People,
    started,
)


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
    wrong = refused(client, correct, client.page(correct), item="1", answer="0", reason="")
    assert "Say why" in wrong
    send(client, correct, client.page(correct), item="1", answer="0", reason="Misheard")
    assert "Misheard" in client.page(path)
    assert "<strong>16</strong> out of 27" in client.page(path)


@pytest.mark.parametrize("answer", ["3", "declined"])
def test_on_a_closed_case_any_answer_is_put_right(app: Flask, people: People, answer: str) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/measures/phq9"
    send(client, path, client.page(path), action="submit", **items(0, 9))
    case_id = people.case.id
    with writing():
        detail = {"reason": "discontinued"}
        cases.add_fact(cases.lock(case_id), FactKind.CLOSED, by=None, detail=detail)
    correct = f"{path}/correct"
    page = client.page(correct)
    sent = send(client, correct, page, item="9", answer=answer, reason="Misheard")
    assert sent.status_code == 303
    assert len(risk_tasks()) == 1 and "not saved" not in client.page(f"{base(people)}/risk")


def test_blanks_are_refused_beside_the_item_but_kept_with_their_risk(
    app: Flask, people: People
) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/measures/phq9"
    answer = send(client, path, client.page(path), action="submit", item_9="1", item_2="3")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
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
    shown = refused(client, path, client.page(path), **data)
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
    shown = refused(client, path, client.page(path), action="save", item_9="2")
    assert "Say first how and when" in shown


def test_one_that_expired_is_gone_on_with(app: Flask, people: People, set_clock: SetClock) -> None:
    started(people)
    path = f"{base(people)}/assessment/measures/gad7"
    client = as_(app, people.assessor)
    send(client, path, client.page(path), action="save", item_1="2")
    set_clock.advance(days=8)
    with writing():
        assert ending.expire(clock.now()) == 1
    client = as_(app, people.assessor)
    page = client.page(path)
    assert "Closed unfinished" in page and "Correct an answer" not in page
    assert send(client, f"{path}/go-on", page).status_code == 303
    page = client.page(path)
    assert 'value="2" checked' in page
    assert send(client, path, page, action="submit", **items(2, 7)).status_code == 303
    assert "<strong>14</strong> out of 21" in client.page(path)
