"""A date of death recorded by mistake and taken back: everything due before is due again."""

from datetime import date

import pytest
from flask import Flask

from mhtr.cases import death
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Person
from mhtr.suitability import assessment_service, request_service
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from tests.suitability.journey import People, allocated
from tests.suitability.makers import ASKED


def lives(people: People, died_on: date | None) -> None:
    person_id, by = people.case.person_id, people.assessor.id
    with writing():
        db.session.get_one(Person, person_id).died_on = died_on
        death.follow(person_id, by=by)


def due(people: People) -> list[tuple[TaskKind, date]]:
    found = tasks.open_tasks(people.case.id)
    return sorted((task.kind, task.due_at.astimezone(clock.LONDON).date()) for task in found)


@pytest.mark.parametrize("begun", [False, True])
def test_what_was_due_before_is_due_again(either_app: Flask, begun: bool) -> None:
    people = allocated()
    case_id, author, assessor = people.case.id, people.psr_author.id, people.assessor.id
    with writing():
        request_service.ask(case_id=case_id, asked=ASKED, by=author)
    if begun:
        with writing():
            assessment_service.start(case_id=case_id, by=assessor)
    before = due(people)
    assert {TaskKind.REPORT_DUE, TaskKind.RESULT_AWAITED} <= {kind for kind, _ in before}
    lives(people, clock.today())
    assert due(people) == []
    lives(people, None)
    assert due(people) == before
