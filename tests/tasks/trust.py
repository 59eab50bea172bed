"""A trust whose clinicians come and go."""

from datetime import timedelta

from flask import Flask

from mhtr.accounts import service as accounts
from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.escalation import escalate
from mhtr.tasks.models import (
    DutyShift,
    Leave,
    Task,
)
from tests.makers import make_hours, make_organisation, make_staff
from tests.overview.things import a_case, a_risk, an_answer, give, task_again
from tests.pages import PageClient
from tests.worlds import world


class Trust:
    """Open nine to five on weekdays: assessor, duty clinician of today, lead, manager."""

    @world
    def __init__(self) -> None:
        self.home = make_organisation()
        self.assessor = make_staff(Role.ASSESSOR, organisation=self.home, name="Ana Assessor")
        self.duty = make_staff(Role.DUTY_CLINICIAN, organisation=self.home, name="Dee Duty")
        self.lead = make_staff(Role.CLINICAL_LEAD, organisation=self.home, name="Lena Lead")
        self.manager = make_staff(Role.SERVICE_MANAGER, organisation=self.home)
        self.admin = make_staff(Role.SYSTEM_ADMINISTRATOR, organisation=self.home)
        make_hours(self.home.id)
        with writing():
            db.session.add(
                DutyShift(
                    organisation_id=self.home.id,
                    day=clock.today(),
                    staff_id=self.duty.id,
                    made_by=self.lead.id,
                )
            )
        self.case = a_case(self.assessor)
        give(self.case.id, Purpose.CLINICAL, self.lead)
        answer = an_answer(self.case, self.assessor, 2, on=clock.today())
        self.task_id = a_risk(self.assessor, self.case, answer).id

    @property
    def task(self) -> Task:
        return task_again(self.task_id)

    @property
    def owner(self) -> int | None:
        return self.task.owner_staff_id

    def away(self, *staff: Staff, days: int = 3) -> None:
        first = clock.today()
        with writing():
            for one in staff:
                last = first + timedelta(days=days - 1)
                db.session.add(Leave(staff_id=one.id, first_day=first, last_day=last))


def run() -> int:
    with writing():
        return escalate(clock.now())


def opens(app: Flask, staff: Staff, task: Task) -> int:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client.sign_in(staff).get(f"/tasks/{task.ref}").status_code


def disabled(trust: Trust) -> None:
    accounts.disable(trust.assessor.id, by=trust.admin.id)
