"""A request that changed after the release is somebody's task until it is answered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.accounts import service as accounts
from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import addendum_asked, addendum_service
from mhtr.suitability.addendum_asked import NothingAdded
from mhtr.suitability.court_result import Correction, Result
from mhtr.suitability.models import Assessment
from mhtr.tasks.models import Leave, TaskKind
from tests.intake.house import notices, open_kinds
from tests.suitability.browsing import as_, base, send
from tests.suitability.journey import People, allocated, decided, released, signed
from tests.suitability.makers import ASKED
from tests.suitability.requesting import ask, tasks_of
from tests.suitability.test_addenda import write
from tests.suitability.test_after_court import record
from tests.suitability.test_no_report import team_told

K = TaskKind.ADDENDUM_ASKED
OTHERWISE = replace(ASKED, no_contact="His sister", interpreter=True, language="pl")


@pytest.fixture
def out(app: Flask) -> tuple[People, Assessment]:
    people = allocated()
    assessment = signed(people)
    released(assessment, people)
    return people, assessment


def again(people: People) -> None:
    ask(people.case.id, people.psr_author.id, OTHERWISE)


def owner(people: People) -> Staff:
    (task,) = tasks_of(people.case.id, K)
    assert task.owner_staff_id is not None
    return db.session.get_one(Staff, task.owner_staff_id)


def test_its_author_is_asked_and_no_report_is_promised(
    app: Flask, out: tuple[People, Assessment]
) -> None:
    people, _ = out
    again(people)
    assert owner(people).id == people.assessor.id
    assert TaskKind.REPORT_DUE not in open_kinds(people.case)
    assert not any("report is asked for, due" in text for text in notices(people.assessor))
    assert any("Probation changed its request" in text for text in notices(people.assessor))
    page = as_(app, people.psr_author).page(f"{base(people)}/request")
    assert f"{people.assessor.name} writes an addendum" in page
    assert "Nothing is due: the report is released" in page
    assert ">Add or answer<" in as_(app, people.assessor).page("/today")
    shown = as_(app, people.assessor).page(f"{base(people)}/release/addendum")
    assert "Must not contact" in shown and "His sister" in shown and "Polish" in shown
    assert "Risk of serious harm" not in shown, "that did not change"


def test_while_he_is_away_it_is_a_leads(out: tuple[People, Assessment]) -> None:
    people, _ = out
    today = clock.today()
    with writing():
        db.session.add(
            Leave(staff_id=people.assessor.id, first_day=today, last_day=today + timedelta(days=9))
        )
    again(people)
    assert owner(people).id in {people.lead.id, people.other_lead.id}


def test_an_addendum_answers_it_and_taking_it_back_asks_again(
    out: tuple[People, Assessment],
) -> None:
    people, assessment = out
    again(people)
    write(people, assessment)
    assert K not in open_kinds(people.case)
    with writing():
        addendum_service.take_back(assessment=assessment, by=people.assessor.id)
    assert K in open_kinds(people.case)
    decided(write(people, assessment), people.lead.id)
    released(assessment, people, addendum=True)
    assert K not in open_kinds(people.case)


def test_a_second_addendum_taken_back_asks_for_nothing_that_was_answered(
    out: tuple[People, Assessment],
) -> None:
    people, assessment = out
    again(people)
    decided(write(people, assessment), people.lead.id)
    released(assessment, people, addendum=True)
    write(people, assessment)
    with writing():
        addendum_service.take_back(assessment=assessment, by=people.assessor.id)
    assert K not in open_kinds(people.case)


def test_nothing_added_is_said_with_a_reason(app: Flask, out: tuple[People, Assessment]) -> None:
    people, _ = out
    with pytest.raises(Refused, match="No addendum is asked for"), writing():
        addendum_asked.nothing_added(
            case_id=people.case.id, why=NothingAdded.NO_BEARING, by=people.assessor.id
        )
    again(people)
    client, page = as_(app, people.assessor), f"{base(people)}/release/addendum"
    shown = client.page(page)
    assert send(client, f"{page}/none", shown).status_code == 422
    assert send(client, f"{page}/none", shown, why="no_bearing").status_code == 303
    assert K not in open_kinds(people.case)
    assert any("Nothing is added" in text for text in notices(people.psr_author))
    asked = as_(app, people.psr_author).page(f"{base(people)}/request")
    assert "What changed does not bear on what the report says" in asked
    assert "Or nothing is added" not in client.page(page)


def test_that_nothing_is_added_is_told_to_her_team_once_she_cannot_go_on(
    app: Flask, out: tuple[People, Assessment]
) -> None:
    people, _ = out
    again(people)
    leave(people.psr_author)
    with writing():
        addendum_asked.nothing_added(
            case_id=people.case.id, why=NothingAdded.NO_BEARING, by=people.assessor.id
        )
    assert any("Nothing is added" in text for text in team_told(people))
    assert not any("Nothing is added" in text for text in notices(people.psr_author))


def leave(staff: Staff) -> None:
    with writing():
        accounts.disable(staff.id, by=None)


def test_the_sentence_ends_it_and_taking_the_sentence_back_asks_again(
    out: tuple[People, Assessment],
) -> None:
    people, _ = out
    again(people)
    case_id, by = people.case.id, people.psr_author.id
    record(case_id, by, result=Result.CUSTODY, sentenced_on=clock.today())
    assert K not in open_kinds(people.case)
    record(case_id, by, result=Result.ADJOURNED, correction=Correction.WRONG_MAN)
    assert K in open_kinds(people.case)
