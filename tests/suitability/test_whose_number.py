"""A CRN that is new to the record found for it: nobody's until the service says whose."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, StageOfCase, effective_facts
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.transaction import writing
from mhtr.people.models import Flag, Identifier, IdentityQuestion
from mhtr.suitability import about_a_man, other_team, request_service, whose_number
from mhtr.suitability.asked import Man
from mhtr.suitability.concerned import current_request
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.makers import make_case, make_staff
from tests.pages import PageClient
from tests.people.test_pages import submission
from tests.suitability.makers import ASKED, COURT, HEARING, CourtSide
from tests.suitability.requesting import sees, told

MAN = Man("X123456", "Tunde", "Okafor", date(1990, 2, 3))
WARNED = replace(ASKED, staff_safety=True, staff_safety_reason="Threatened a clerk in May")


class Scene:
    """A namesake's case without a CRN, and a request that was put on it."""

    def __init__(self) -> None:
        self.court = CourtSide()
        self.author = self.court.author
        self.lead = make_staff(Role.CLINICAL_LEAD, organisation=self.court.trust)
        case = make_case(stage=StageOfCase.CHARGED)
        self.case_id, self.ref, self.person_id = case.id, case.ref, case.person_id
        trust = self.court.trust.principal_id
        with writing():
            for purpose in (Purpose.CLINICAL, Purpose.ADMINISTRATION):
                access.grant(self.case_id, purpose, trust, because="test", by=None)
            hearings.record_hearing(cases.lock(self.case_id), court_code=COURT, on=HEARING, by=None)
        self.request_id = self.ask(MAN, self.author)

    def ask(self, man: Man, by: Staff) -> int:
        by_id = by.id
        with writing():
            return about_a_man.ask_about(man=man, asked=WARNED, safe=True, by=by_id).id

    @property
    def request(self) -> ReportRequest:
        db.session.rollback()
        return db.session.get_one(ReportRequest, self.request_id)

    def numbers(self) -> list[str]:
        db.session.rollback()
        held = select(Identifier.value).order_by(Identifier.id)
        return list(db.session.scalars(held))

    def tasks(self, case_id: int, kind: TaskKind) -> list[Task]:
        db.session.rollback()
        return list(
            db.session.scalars(
                select(Task).where(
                    Task.case_id == case_id, Task.kind == kind, Task.state == TaskState.OPEN
                )
            )
        )


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


def test_the_number_is_a_question_and_stands_on_no_record(client: PageClient, scene: Scene) -> None:
    assert scene.request.case_id == scene.case_id
    assert scene.numbers() == []
    (task,) = scene.tasks(scene.case_id, TaskKind.IDENTITY_QUESTION)
    assert task.owner_principal_id == scene.court.trust.principal_id
    assert "X123456" not in task.title + task.key
    assert task.due_at <= clock.now() + timedelta(days=3)
    client.sign_in(scene.author)
    page = client.page(f"/cases/{scene.ref}")
    assert "X123456" not in page
    client.sign_in(scene.lead)
    assert "Confirm that a number is his" in client.page("/today")
    # Another number by the same name is not his either until that is settled.
    other = scene.ask(replace(MAN, crn="X654321"), scene.author)
    assert db.session.get_one(ReportRequest, other).case_id != scene.case_id


def test_confirmed_it_goes_on_his_record(client: PageClient, scene: Scene) -> None:
    client.sign_in(scene.lead)
    path = f"/cases/{scene.ref}/number"
    page = client.page(path)
    assert "X123456" in page
    data = {"submission_key": submission(page)}
    assert client.post(path, data=data).status_code == 422
    assert client.post(path, data=data | {"whose": "his"}).status_code == 303
    assert scene.numbers() == ["X123456"]
    assert scene.tasks(scene.case_id, TaskKind.IDENTITY_QUESTION) == []
    assert scene.request.case_id == scene.case_id
    assert "Nobody is asked" in client.page(path)
    again = {"submission_key": str(uuid.uuid4()), "whose": "his"}
    assert client.post(path, data=again).status_code == 404
    with pytest.raises(NotFound), writing():
        whose_number.it_is_his(case_id=scene.case_id, by=scene.lead.id)


def test_anothers_her_request_goes_on_with_its_date(client: PageClient, scene: Scene) -> None:
    before = scene.request
    asked_at, due_on = before.requested_at, before.due_on
    assert sees(scene.author.id, scene.case_id)
    assert scene.tasks(scene.case_id, TaskKind.REPORT_DUE)
    client.sign_in(scene.lead)
    path = f"/cases/{scene.ref}/number"
    data = {"submission_key": submission(client.page(path)), "whose": "anothers"}
    assert client.post(path, data=data).status_code == 303
    request = scene.request
    new_id = request.case_id
    assert new_id != scene.case_id
    assert (request.requested_at, request.due_on) == (asked_at, due_on)
    new = db.session.get_one(Case, new_id)
    assert new.person_id != scene.person_id and new.report_due_on == due_on
    assert [row.value for row in new.person.identifiers] == ["X123456"]
    assert len(scene.tasks(new_id, TaskKind.REPORT_DUE)) == 1
    # She sees his case and not the other man's, on which nothing of hers is left.
    assert sees(scene.author.id, new_id) and not sees(scene.author.id, scene.case_id)
    assert not sees(scene.court.colleague.id, scene.case_id)
    old = db.session.get_one(Case, scene.case_id)
    assert old.report_due_on is None and current_request(old.id) is None
    assert old.stage is StageOfCase.CHARGED
    counted = {fact.kind for fact in effective_facts(cases.facts_of(old.id), clock.today())}
    assert FactKind.SUITABILITY_REQUESTED not in counted
    assert not scene.tasks(scene.case_id, TaskKind.REPORT_DUE)
    live = {flag.person_id for flag in db.session.scalars(select(Flag)) if not flag.ended_at}
    assert live == {new.person_id}
    assert whose_number.HERS_TOLD in told(scene.author)
    # It was said that they are two men: nobody is asked again.
    assert db.session.scalars(select(IdentityQuestion)).all() == []


def test_an_earlier_request_that_is_about_him_stands_again(app: Flask) -> None:
    court, lead = CourtSide(), make_staff(Role.CLINICAL_LEAD)
    case_id, asker = make_case().id, court.colleague.id
    with writing():
        hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=HEARING, by=None)
        first = request_service.ask(case_id=case_id, asked=ASKED, by=asker).id
    with writing():
        about_a_man.ask_about(man=MAN, asked=ASKED, safe=True, by=court.author.id)
    with writing():
        new_id = whose_number.it_is_anothers(case_id=case_id, by=lead.id)
    assert new_id is not None and sees(court.author.id, new_id)
    standing = current_request(case_id)
    assert standing is not None and standing.id == first
    assert sees(asker, case_id)
    due = select(Task).where(Task.case_id == case_id, Task.kind == TaskKind.REPORT_DUE)
    assert [t.state for t in db.session.scalars(due.order_by(Task.id))][-1] is TaskState.OPEN


def test_an_earlier_request_with_the_same_number_goes_with_it(scene: Scene) -> None:
    late = make_staff(Role.COURT_PROBATION, team=scene.court.team, name="Late Officer")
    second = scene.ask(MAN, late)
    with writing():
        new_id = whose_number.it_is_anothers(case_id=scene.case_id, by=scene.lead.id)
    assert scene.request.case_id == new_id
    assert db.session.get_one(ReportRequest, second).case_id == new_id
    assert current_request(scene.case_id) is None
    assert not sees(scene.author.id, scene.case_id) and not sees(late.id, scene.case_id)


def test_a_request_that_stands_no_more_is_left_where_it_is(scene: Scene) -> None:
    with writing():
        db.session.get_one(ReportRequest, scene.request_id).date_answer = "withdraws"
    with writing():
        assert whose_number.it_is_anothers(case_id=scene.case_id, by=scene.lead.id) is None
    assert scene.numbers() == [] and scene.request.case_id == scene.case_id


def test_the_page_is_for_those_who_have_the_case(client: PageClient, scene: Scene) -> None:
    path = f"/cases/{scene.ref}/number"
    client.sign_in(scene.author)
    assert client.get(path).status_code == 403
    client.sign_in(make_staff(Role.CLINICAL_LEAD))
    assert client.get(path).status_code == 404


def test_a_team_that_loses_the_case_is_left_no_question_about_it(scene: Scene) -> None:
    """Another team asked for the report meanwhile: the trust answers, nobody meets a lost page."""
    other = Man(MAN.crn, MAN.given_name, MAN.family_name, MAN.born)
    with writing():
        held = other_team.holder(scene.case_id)
        case = cases.lock(scene.case_id)
        assert held is not None
        stranger = scene.court.stranger.id
        other_team.put_question(case, held, WARNED, other, safe=True, by=stranger)
    assert len(scene.tasks(scene.case_id, TaskKind.TAKE_OVER)) == 2
    with writing():
        whose_number.it_is_anothers(case_id=scene.case_id, by=scene.lead.id)
    (left,) = scene.tasks(scene.case_id, TaskKind.TAKE_OVER)
    assert left.owner_principal_id == scene.court.trust.principal_id
