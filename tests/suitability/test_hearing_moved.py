"""A court date moves, however it was entered: what is due moves with it, and all are told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.models import Referral
from mhtr.suitability import outcome_service, request_service
from mhtr.suitability.asked import Asked
from mhtr.suitability.concerned import current_request
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.outcome_service import Outcome, Result
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import TaskKind
from tests.intake.house import House, accept
from tests.makers import make_organisation, make_staff, make_team
from tests.suitability.journey import People, decided, fill, finish, sent, started
from tests.suitability.makers import ASKED
from tests.suitability.requesting import tasks_of, told

LATER = date(2026, 12, 18)
SOON = date(2026, 11, 23)
WRITTEN = replace(ASKED, court_code="B01EF", hearing_on=LATER, psr_type=PsrType.STANDARD)


class Moving:
    """A case from a practitioner's referral, asked for by probation, with its assessor."""

    def __init__(self) -> None:
        self.house = House()
        case = self.house.refer(stage="guilty_plea", hearing_on=LATER.isoformat())
        self.case_id = case.id
        accept(self.house, case, self.house.assessor)
        team = make_team(make_organisation(OrganisationKind.COURT_TEAM))
        self.author = make_staff(Role.COURT_PROBATION, team=team, name="Ruth Adeyemi")
        other = make_staff(Role.CLINICAL_LEAD, organisation=self.house.trust)
        self.people = People(
            self.case, self.house.assessor, self.house.lead, other, self.author, team
        )
        self.ask(WRITTEN)

    @property
    def case(self) -> Case:
        return db.session.get_one(Case, self.case_id)

    def ask(self, asked: Asked) -> None:
        with writing():
            request_service.ask(case_id=self.case_id, asked=asked, by=self.author.id)

    def with_the_lead(self) -> None:
        """Before a lead named for it."""
        assessment = started(self.people)
        fill(assessment, self.house.assessor.id)
        finish(assessment, self.people)
        self.waiting = sent(assessment, self.people, lead_id=self.house.lead.id)

    def on_the_hearing_page(self) -> Staff:
        by, version = self.house.administrator, self.case.version
        with writing():
            court_case.record_hearing(
                case_id=self.case_id, version=version, court="B01EF", on=SOON,
                purpose="sentence", psr_kind="standard", reason="court", by=by.id,
            )  # fmt: skip
        return by

    def as_a_court_result(self) -> Staff:
        outcome = Outcome(proposed=None, result=Result.ADJOURNED, next_hearing_on=SOON)
        with writing():
            outcome_service.record_outcome(case_id=self.case_id, outcome=outcome, by=self.author.id)
        return self.author

    def in_a_new_request(self) -> Staff:
        self.ask(replace(WRITTEN, hearing_on=SOON))
        return self.author


WAYS: tuple[Callable[[Moving], Staff], ...] = (
    Moving.on_the_hearing_page,
    Moving.as_a_court_result,
    Moving.in_a_new_request,
)


@pytest.mark.parametrize("enter", WAYS)
def test_however_it_is_entered_the_leads_task_moves_and_all_concerned_are_told(
    app: Flask, enter: Callable[[Moving], Staff]
) -> None:
    moving = Moving()
    moving.with_the_lead()
    concerned = [
        moving.house.practitioner,
        moving.house.assessor,
        moving.house.lead,
        moving.author,
    ]
    before = {staff.id: len(told(staff)) for staff in concerned}
    (task,) = tasks_of(moving.case_id, TaskKind.COUNTERSIGN)
    assert task.due_at == end_of_day(date(2026, 12, 9))
    by = enter(moving)
    request = current_request(moving.case_id)
    assert request is not None
    assert request.due_on == SOON  # never after the hearing
    for kind in (TaskKind.COUNTERSIGN, TaskKind.REPORT_DUE):
        (task,) = tasks_of(moving.case_id, kind)
        assert task.due_at == end_of_day(request.due_on), kind
    for staff in concerned:
        if staff.id != by.id:
            assert len(told(staff)) == before[staff.id] + 1, staff.name
    assert told(moving.house.practitioner)[-1] == "A court hearing was set or moved"


@pytest.mark.parametrize(
    ("comment", "kind"), [("Say more.", TaskKind.REVISE), ("", TaskKind.RELEASE)]
)
def test_what_follows_the_lead_moves_too(either_app: Flask, comment: str, kind: TaskKind) -> None:
    moving = Moving()
    with writing():
        lead = db.session.get_one(Staff, moving.house.lead.id)
        lead.hcpc_number, lead.hcpc_checked_on = "PYL000456", date(2026, 11, 1)
    moving.with_the_lead()
    decided(moving.waiting, moving.house.lead.id, comment)
    (task,) = tasks_of(moving.case_id, kind)
    moving.on_the_hearing_page()
    request = current_request(moving.case_id)
    assert request is not None
    assert db.session.merge(task).due_at == end_of_day(request.due_on)


def test_a_referrer_with_a_receipt_only_is_told_of_no_hearing(app: Flask) -> None:
    moving = Moving()
    with writing():
        row = db.session.scalars(select(Referral)).one()
        row.source = "defence"
    before = told(moving.house.practitioner)
    for enter in WAYS:
        enter(moving)
    assert told(moving.house.practitioner) == before
