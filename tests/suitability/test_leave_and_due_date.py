"""Leave and allocation are weighed: the author is told at once when a date cannot be met."""

import threading
from datetime import date

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import policy
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import triage
from mhtr.suitability import date_answering
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.models import ReportRequest
from mhtr.tasks import leave_service
from mhtr.tasks.models import Leave, TaskKind
from tests.intake.house import House, accept
from tests.makers import make_case, make_staff
from tests.suitability.makers import COURT, CourtSide
from tests.suitability.requesting import ask, tasks_of, told
from tests.suitability.test_request_service import TODAY

DUE = date(2026, 11, 25)
BACK = date(2026, 11, 30)


def away(staff: Staff, first: date, last: date) -> Leave:
    staff_id = staff.id
    with writing():
        made = leave_service.plan_leave(
            staff_id=staff_id, first=first, last=last, cover_staff_id=None, by=staff_id, accept=True
        )
    return made


def cancel(leave: Leave, staff: Staff) -> None:
    leave_id, by = leave.id, staff.id
    with writing():
        leave_service.cancel_leave(leave_id, by=by)


class Asked:
    """A report asked for from an assessor, due on Wednesday the 25th; today is the 18th."""

    def __init__(self) -> None:
        self.court = CourtSide()
        self.assessor = make_staff(Role.ASSESSOR, organisation=self.court.trust)
        self.case_id = make_case().id
        with writing():
            cases.lock(self.case_id).assessor_id = self.assessor.id
        self.request_id = ask(self.case_id, self.court.author.id).id

    @property
    def request(self) -> ReportRequest:
        return db.session.get_one(ReportRequest, self.request_id)


@pytest.fixture
def asked(app: Flask) -> Asked:
    made = Asked()
    assert (made.request.due_on, made.request.earliest_on) == (DUE, None)
    return made


def test_leave_from_tomorrow_over_the_due_date_is_weighed(app: Flask) -> None:
    court = CourtSide()
    assessor = make_staff(Role.ASSESSOR, organisation=court.trust)
    case_id = make_case().id
    with writing():
        cases.lock(case_id).assessor_id = assessor.id
    away(assessor, date(2026, 11, 19), date(2026, 11, 29))
    request = ask(case_id, court.author.id)
    assert (request.due_on, request.earliest_on) == (DUE, BACK)
    assert len(tasks_of(case_id, TaskKind.ANSWER_DATE)) == 1


def test_leave_planned_later_asks_her_at_once_and_taken_back_it_ends(either_app: Flask) -> None:
    asked = Asked()
    leave = away(asked.assessor, date(2026, 11, 19), date(2026, 11, 29))
    assert (asked.request.due_on, asked.request.earliest_on) == (DUE, BACK)
    (question,) = tasks_of(asked.case_id, TaskKind.ANSWER_DATE)
    assert question.owner_staff_id == asked.court.author.id
    assert any("earliest is Monday 30 November 2026" in text for text in told(asked.court.author))
    cancel(leave, asked.assessor)
    assert asked.request.earliest_on is None
    assert not tasks_of(asked.case_id, TaskKind.ANSWER_DATE)
    # The same dates once more are a question once more.
    away(asked.assessor, date(2026, 11, 19), date(2026, 11, 29))
    (again,) = tasks_of(asked.case_id, TaskKind.ANSWER_DATE)
    assert again.id != question.id
    assert len([text for text in told(asked.court.author) if "cannot be ready" in text]) == 2


def test_leave_that_leaves_time_enough_tells_nobody(asked: Asked) -> None:
    before = told(asked.court.author)
    away(asked.assessor, date(2026, 11, 20), date(2026, 11, 29))
    assert asked.request.earliest_on is None
    assert told(asked.court.author) == before


def test_the_days_the_service_needs_are_days_he_is_there(asked: Asked) -> None:
    with writing():
        policy.set_value(
            "suitability.least_days", 3, valid_from=TODAY, reason="Agreed", by=asked.assessor.id
        )
    away(asked.assessor, date(2026, 11, 20), date(2026, 11, 20))
    assert asked.request.earliest_on is None  # Thursday, Monday and Tuesday
    away(asked.assessor, date(2026, 11, 23), date(2026, 11, 24))
    assert asked.request.earliest_on == date(2026, 11, 26)


def test_a_hearing_recorded_again_counts_the_leave_of_then(asked: Asked) -> None:
    with writing():
        db.session.add(
            Leave(
                staff_id=asked.assessor.id,
                first_day=date(2026, 11, 19),
                last_day=date(2026, 11, 29),
            )
        )
    with writing():
        hearings.record_hearing(
            cases.lock(asked.case_id), court_code=COURT, on=date(2026, 12, 15), by=None
        )
    assert asked.request.earliest_on == BACK


def test_a_report_that_is_written_does_not_wait_for_him(asked: Asked) -> None:
    by = asked.assessor.id
    with writing():
        case = cases.lock(asked.case_id)
        for kind in (FactKind.ACCEPTED, FactKind.ALLOCATED, FactKind.ASSESSMENT_STARTED):
            cases.add_fact(case, kind, by=by)
        detail = {"recommendation": "suitable", "author_id": by}
        cases.add_fact(case, FactKind.ASSESSMENT_FINISHED, by=by, detail=detail)
    away(asked.assessor, date(2026, 11, 19), date(2026, 11, 29))
    assert asked.request.earliest_on is None


def test_her_answer_counts_until_the_dates_change_again(asked: Asked) -> None:
    away(asked.assessor, date(2026, 11, 19), date(2026, 11, 29))
    with writing():
        date_answering.answer_date(
            request_id=asked.request_id, answer=DateAnswer.KEEPS_DATE, by=asked.court.author.id
        )
    away(asked.assessor, date(2026, 12, 7), date(2026, 12, 8))
    assert not tasks_of(asked.case_id, TaskKind.ANSWER_DATE)
    away(asked.assessor, date(2026, 11, 30), date(2026, 11, 30))
    assert len(tasks_of(asked.case_id, TaskKind.ANSWER_DATE)) == 1


def test_giving_the_case_to_somebody_away_asks_her(app: Flask) -> None:
    house, author = House(), make_staff(Role.COURT_PROBATION)
    case = house.refer(stage="guilty_plea", hearing_on="2026-12-11")
    accept(house, case, house.assessor)
    case_id = case.id
    ask(case_id, author.id)
    other = make_staff(Role.ASSESSOR, organisation=house.trust)
    away(other, date(2026, 11, 18), date(2026, 11, 29))
    version = db.session.get_one(Case, case_id).version
    with writing():
        triage.allocate(case_id=case_id, version=version, assessor_id=other.id, by=house.lead.id)
    assert len(tasks_of(case_id, TaskKind.ANSWER_DATE)) == 1
    assert any("given to an assessor" in text for text in told(author))


def test_leave_and_allocation_at_once_do_not_miss_each_other(either_app: Flask) -> None:
    house, author = House(), make_staff(Role.COURT_PROBATION)
    case = house.refer(stage="guilty_plea", hearing_on="2026-12-11")
    accept(house, case, house.assessor)
    case_id = case.id
    ask(case_id, author.id)
    other = make_staff(Role.ASSESSOR, organisation=house.trust)
    staff_id, lead_id = other.id, house.lead.id
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    barrier = threading.Barrier(2)

    def allocate() -> None:
        triage.allocate(case_id=case_id, version=version, assessor_id=staff_id, by=lead_id)

    def leave() -> None:
        leave_service.plan_leave(
            staff_id=staff_id, first=TODAY, last=date(2026, 11, 29), cover_staff_id=None,
            by=staff_id, accept=True,
        )  # fmt: skip

    failed: list[BaseException] = []

    def go(step: object) -> None:
        with either_app.app_context():
            barrier.wait(10)
            try:
                with writing():
                    step()  # type: ignore[operator]
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go, args=(step,)) for step in (allocate, leave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    assert failed == []
    assert len(tasks_of(case_id, TaskKind.ANSWER_DATE)) == 1
