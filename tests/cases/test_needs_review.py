"""The day on which his needs are looked at again becomes a task, and the review closes it."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from mhtr.cases import death
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.needs_review import TITLE
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.court_case import Ending
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.rules import Accepts
from mhtr.people.sections import Section
from mhtr.people.values import mark, values_of
from mhtr.tasks import service
from mhtr.tasks.models import Task, TaskState
from tests.intake.house import accept
from tests.intake.test_court_case import end
from tests.intake.test_reopening import reopen
from tests.intake.two_trusts import Two

SETTINGS = Accepts(NhsNumberRange.TEST, fictional=True)


def review_on(case: Case, day: date | None, two: Two) -> None:
    db.session.expire_all()
    held = values_of(case.person, Section.NEEDS)
    asked = "given" if day else "declined"
    with writing():
        death.change_section(
            person_id=case.person_id,
            section=Section.NEEDS,
            values={**held, "needs_asked": asked, "needs_review_on": day},
            seen=mark(held),
            settings=SETTINGS,
            by=two.lead.id,
        )


def tasks() -> list[Task]:
    db.session.expire_all()
    return list(db.session.scalars(select(Task).where(Task.title == TITLE).order_by(Task.id)))


def test_the_day_of_the_review_is_a_task_of_his_assessor(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    review_on(case, date(2027, 1, 12), two)
    (task,) = tasks()
    assert task.owner_staff_id == two.assessor.id
    assert task.due_at.astimezone(clock.LONDON).date() == date(2027, 1, 12)
    assert (task.endpoint, task.subject_ref) == ("people.details", str(case.ref))
    review_on(case, date(2027, 4, 12), two)
    assert [one.state for one in tasks()] == [TaskState.DONE, TaskState.OPEN]


def test_before_anybody_assesses_it_is_the_trusts_and_moves_with_the_case(
    either_app: Flask,
) -> None:
    two = Two()
    case = two.refer()
    review_on(case, date(2027, 1, 12), two)
    assert tasks()[0].owner_principal_id == two.trust.principal_id
    two.move(case)
    assert [one.owner_principal_id for one in tasks()] == [two.north.principal_id]


def test_one_that_was_opened_under_other_words_ends_with_its_day_too(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    review_on(case, date(2027, 1, 12), two)
    (task,) = tasks()
    with writing():
        service.change(task, title="Look at his needs again", by=None)
    review_on(case, None, two)
    assert task.state is TaskState.DONE


def test_without_a_day_nothing_waits(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    review_on(case, date(2027, 1, 12), two)
    review_on(case, None, two)
    assert [one.state for one in tasks()] == [TaskState.DONE]


def test_a_day_that_stood_before_is_a_task_again(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    for month in (1, 2, 1):
        review_on(case, date(2027, month, 12), two)
    (waits,) = [one for one in tasks() if one.state is TaskState.OPEN]
    assert waits.due_at.astimezone(clock.LONDON).date() == date(2027, 1, 12)


def test_allocated_afterwards_it_is_the_assessors(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    review_on(case, date(2027, 1, 12), two)
    assert tasks()[0].owner_staff_id is None
    accept(two, case, two.assessor)
    assert [one.owner_staff_id for one in tasks()] == [two.assessor.id]


def test_it_ends_with_the_case_and_waits_again_with_it(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    review_on(case, date(2027, 1, 12), two)
    end(two, case, Ending.DISCONTINUED)
    assert [one.state for one in tasks()] == [TaskState.WITHDRAWN]
    reopen(case, two.lead, WhyReopened.COURT_GOES_ON)
    assert [(one.state, one.owner_staff_id) for one in tasks()] == [
        (TaskState.OPEN, two.assessor.id)
    ]


def test_it_goes_on_with_another_case_of_his(either_app: Flask) -> None:
    two = Two()
    first = two.refer()
    accept(two, first, two.assessor)
    review_on(first, date(2027, 1, 12), two)
    with writing():
        second = cases.open_case(
            person_id=first.person_id, by=two.lead.id, at=clock.now(), stage=None
        )
        second.assessor_id = two.assessor.id
    end(two, first, Ending.DISCONTINUED)
    assert [(one.state, one.case_id) for one in tasks()] == [(TaskState.OPEN, second.id)]
