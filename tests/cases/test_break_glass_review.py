"""Every use of emergency access is told and reviewed, by somebody else."""

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import BreakGlass, Staff
from mhtr.cases import break_glass_service as service
from mhtr.cases.break_glass_service import Finding
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.tasks.models import Notice, Task, TaskState
from tests.cases.emergencies import REASON, filled, open_it, sees
from tests.cases.emergencies import clinician as clinician
from tests.cases.emergencies import officer as officer
from tests.makers import make_case, make_staff
from tests.pages import PageClient


def test_the_privacy_officer_is_told_in_the_same_transaction(
    clinician: Staff, officer: Staff
) -> None:
    make_case()
    use = open_it(clinician.id)
    task = db.session.scalars(select(Task)).one()
    assert task.owner_staff_id == officer.id and task.state is TaskState.OPEN
    assert task.due_at.date() == date(2026, 11, 23)
    notice = db.session.scalars(select(Notice)).one()
    assert notice.principal_id == officer.principal_id and "Okafor" not in notice.text
    with writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=officer.id)
    assert db.session.get_one(Task, task.id).state is TaskState.DONE


def test_every_privacy_officer_is_told(clinician: Staff, officer: Staff) -> None:
    """Of his own trust or another; not one whose account is closed, and nobody else."""
    make_case()
    here = db.session.get_one(Staff, clinician.id).organisation
    officers = {
        officer.principal_id,
        make_staff(Role.PRIVACY_OFFICER, organisation=here).principal_id,
        make_staff(Role.PRIVACY_OFFICER).principal_id,
    }
    gone = make_staff(Role.PRIVACY_OFFICER)
    make_staff(Role.CLINICAL_LEAD, organisation=here)
    with writing():
        db.session.get_one(Staff, gone.id).disabled_at = clock.now()
    open_it(clinician.id)
    told = list(db.session.scalars(select(Notice.principal_id)))
    assert len(told) == 3 and set(told) == officers


def test_without_a_privacy_officer_the_task_waits_with_the_organisation(clinician: Staff) -> None:
    make_case()
    open_it(clinician.id)
    owner = db.session.scalars(select(Task)).one().owner_principal_id
    assert owner == db.session.get_one(Staff, clinician.id).organisation.principal_id


def test_nobody_reviews_his_own_use(app: Flask, officer: Staff) -> None:
    make_case()
    both = make_staff(Role.CLINICAL_LEAD, Role.PRIVACY_OFFICER)
    use = open_it(both.id)
    task = db.session.scalars(select(Task)).one()
    assert task.owner_staff_id == officer.id
    with pytest.raises(Refused, match="his own"), writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=both.id)
    lead = make_staff(Role.CLINICAL_LEAD)
    with pytest.raises(Refused, match="Only a privacy officer"), writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=lead.id)


def test_a_review_is_made_once_and_explained(clinician: Staff, officer: Staff) -> None:
    make_case()
    use = open_it(clinician.id)
    with pytest.raises(Refused, match="what follows"), writing():
        service.review(use, finding=Finding.FOLLOW_UP, note=" ", by=officer.id)
    with writing():
        service.review(use, finding=Finding.NOT_JUSTIFIED, note="Asked him.", by=officer.id)
    with pytest.raises(Refused, match="already"), writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=officer.id)


def test_the_review_shows_what_was_looked_at(
    client: PageClient, clinician: Staff, officer: Staff, set_clock: SetClock
) -> None:
    case = make_case()
    ref = case.ref
    client.sign_in(clinician)
    answer = client.post("/emergency-access", data=filled())
    assert answer.location == f"/cases/{ref}"
    client.page(answer.location)
    use = db.session.scalars(select(BreakGlass)).one()
    client.sign_in(db.session.get_one(Staff, officer.id))
    assert "Dee Uty" in client.page("/emergency-access/reviews")
    page = client.page(f"/emergency-access/{use.ref}/review")
    assert "Looked at: case page" in page and REASON in page and "Okafor" not in page
    data = {"finding": "justified", "note": "", "submission_key": str(uuid4())}
    assert client.post(f"/emergency-access/{use.ref}/review", data=data).status_code == 303
    assert "Dee Uty" not in client.page("/emergency-access/reviews")
    assert "Dee Uty" in client.page("/emergency-access/reviews?show=reviewed")
    assert audit.verify().ok


def test_on_either_engine(either_app: Flask) -> None:
    case, staff, officer = (
        make_case(),
        make_staff(Role.DUTY_CLINICIAN),
        make_staff(Role.PRIVACY_OFFICER),
    )
    use = open_it(staff.id)
    assert sees(staff.id, case.id)
    with writing():
        service.end(use, by=staff.id)
    with writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=officer.id)
    assert not sees(staff.id, case.id)
