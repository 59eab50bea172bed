"""An imported sign of risk of the last days is no past answer: its review opens at once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.policy import PolicySetting
from mhtr.core.transaction import writing
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.past_scores import service as past_service
from outcome_measures.recording import service
from tests.faults.every_statement import fail_at_each
from tests.faults.invariants import assert_sound
from tests.outcome_measures.past_scores.test_import import (
    NHS,
    matching,
    occasions,
    on_record,
    past_tasks,
    take,
    upload,
)
from tests.pages import PageClient

PHQ = "1;1;1;1;1;1;1;1;3,,"


def row(days_ago: int, items: str = PHQ, measure: str = "PHQ-9") -> str:
    day = clock.today() - timedelta(days=days_ago)
    return f"{NHS},,,{day.isoformat()},{measure},{items}"


def reviews() -> list[Task]:
    query = select(Task).where(Task.kind == TaskKind.RISK_REVIEW).order_by(Task.id)
    return list(db.session.scalars(query))


@pytest.mark.parametrize("days", [0, 1, 28])
@pytest.mark.parametrize("items", [PHQ, "1;1;1;1;1;1;1;1;,,", ",11,"])
def test_a_recent_sign_of_risk_has_an_owner_at_once(app: Flask, days: int, items: str) -> None:
    people = on_record()
    take(people, row(days, items))
    (review,) = reviews()
    assert review.state is TaskState.OPEN and review.owner_staff_id is not None
    assert review.case_id == people.case.id and past_tasks() == []
    assert review.due_at < clock.now() + timedelta(days=4)
    assert_sound()


def test_an_older_one_goes_to_the_list(app: Flask) -> None:
    take(on_record(), row(29))
    assert reviews() == [] and len(past_tasks()) == 1
    assert_sound()


def test_a_recent_answer_without_a_sign_of_risk_opens_nothing(app: Flask) -> None:
    take(on_record(), row(0, "1;1;1;1;1;1;1;1;0,,"))
    assert reviews() == past_tasks() == []


def test_the_days_are_the_services_own(app: Flask) -> None:
    people = on_record()
    with writing():
        db.session.add(
            PolicySetting(
                key="measures.recent_answers_days",
                value=3,
                valid_from=clock.today(),
                reason="test",
                set_by=people.lead.id,
                set_at=clock.now(),
            )
        )
    take(people, row(3), row(4))
    assert len(reviews()) == 1 and len(past_tasks()) == 1


def test_the_same_file_again_opens_no_second_review(app: Flask) -> None:
    people = on_record()
    assert take(people, row(1), row(2, ",11,")) == [True, True]
    assert take(people, row(1), row(2, ",11,")) == [False, False]
    assert len(reviews()) == 2


def test_a_correction_after_the_days_stays_with_the_review(app: Flask, set_clock: SetClock) -> None:
    people = on_record()
    take(people, row(20))
    set_clock.advance(days=30)
    (occasion,) = occasions()
    with writing():
        service.correct(
            occasion,
            9,
            Answer(AnswerState.ANSWERED, 0),
            reason="Misread",
            version=occasion.version,
            by=people.assessor.id,
        )
    (review,) = reviews()
    assert review.state is TaskState.OPEN and past_tasks() == []


def test_killed_at_any_statement_a_recent_answer_is_never_kept_without_its_review(
    either_app: Flask,
) -> None:
    people = on_record()
    (found,) = matching(people, row(1)).new
    viewer = viewer_of(people.lead)

    def step() -> None:
        with writing():
            past_service.take_row(matched=found, viewer=viewer)

    assert fail_at_each(step, stride=2, sound=assert_sound) > 3
    assert len(reviews()) == 1


def test_the_preview_and_the_page_of_the_review_say_so(client: PageClient) -> None:
    people = on_record()
    client.sign_in(people.lead)
    path = upload(client, row(1), row(40), row(2, ",11,"))
    page = client.page(path)
    assert "Risk review at once" in page and "To be looked at" in page
    assert "2 of these measures were answered in the last 28 days" in " ".join(page.split())
    assert client.post(path).status_code == 303
    db.session.rollback()
    assert (len(reviews()), len(past_tasks())) == (2, 1)
    client.sign_in(people.assessor)
    told = [client.page(f"/tasks/{review.ref}") for review in reviews()]
    assert any("Nearly every day" in page for page in told)
    assert any("not known" in page for page in told)
