"""What is overdue: as many on Today as the list behind it has, and where the work is."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import onward_service
from mhtr.intake.models import OnwardReferral
from mhtr.tasks.models import Task, TaskKind
from tests.makers import make_staff
from tests.overview.things import a_case, a_task, give, headings
from tests.pages import PageClient

LATE = -timedelta(days=2)
COUNTED = re.compile(r"(\d+) of your tasks (?:is|are) overdue")


def counted(page: str) -> int:
    found = COUNTED.search(page)
    return int(found[1]) if found else 0


def test_the_count_is_that_of_the_list_it_leads_to(client: PageClient) -> None:
    administrator, colleague = make_staff(Role.ADMINISTRATOR), make_staff(Role.ADMINISTRATOR)
    team = administrator.organisation.principal_id
    men = [a_case(administrator, Purpose.ADMINISTRATION, name=f"Man {n}") for n in range(9)]
    for man in men[:8]:  # more than a block of Today shows
        a_task(TaskKind.CHASE_HEARING, administrator, man, due_in=LATE, principal_id=team)
    a_task(TaskKind.TRIAGE, administrator, men[8], due_in=LATE, principal_id=team)
    a_task(TaskKind.CHASE_HEARING, administrator, men[8])
    a_task(TaskKind.CHASE_HEARING, colleague, men[8], due_in=LATE)
    page = client.sign_in(administrator).page("/today")
    assert counted(page) == 9
    [address] = re.findall(r'href="([^"]*due=overdue)"', page)
    assert client.page(address).count("rowheader") == 9


def test_nothing_overdue_is_not_counted(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    a_task(TaskKind.ASSESS, assessor, a_case(assessor))
    assert "overdue" not in client.sign_in(assessor).page("/today")


@pytest.mark.parametrize("kind", [TaskKind.TRIAGE, TaskKind.ALLOCATE])
def test_a_referral_that_waits_too_long_says_so_and_comes_before_what_is_in_time(
    client: PageClient, kind: TaskKind
) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    team = lead.organisation.principal_id
    waiting, other = a_case(lead), a_case(lead, name="Other")
    a_task(kind, lead, waiting, due_in=LATE, principal_id=team)
    a_task(TaskKind.COUNTERSIGN, lead, other)
    page = client.sign_in(lead).page("/today")
    assert headings(page)[:2] == ["Referrals without an assessor", "Waiting for a countersignature"]
    assert page.count("2 working days overdue") == 1
    assert "2 working days overdue" in client.page("/worklists/unallocated")


def test_a_link_worker_reads_when_his_task_is_due_not_when_the_appointment_was(
    either_app: Flask,
) -> None:
    client = either_app.test_client()
    assert isinstance(client, PageClient)
    worker, lead = make_staff(Role.LINK_WORKER), make_staff(Role.CLINICAL_LEAD)
    missed, late = _onward(worker, lead, "Missed"), _onward(worker, lead, "Late")
    day = datetime(2026, 11, 16, 10, tzinfo=UTC)
    with writing():
        db.session.get_one(OnwardReferral, missed).appointment_at = day
        task = db.session.scalars(select(Task).order_by(Task.id.desc())).first()
        assert task is not None and task.kind is TaskKind.ONWARD_REFERRAL
        task.due_at += LATE - timedelta(days=10)
    assert late != missed
    page = client.sign_in(worker).page("/today")
    assert page.index("Late Okafor") < page.index("Missed Okafor")
    assert counted(page) == page.count("app-tag--overdue") == 1


def _onward(worker, lead, name: str) -> int:  # type: ignore[no-untyped-def]  # two of staff
    case = a_case(lead, name=name)
    give(case.id, Purpose.CLINICAL, lead)
    with writing():
        made = onward_service.route_on(
            case_id=case.id,
            service_code="housing",
            service_name="",
            owner_principal_id=worker.principal_id,
            agreed=True,
            how="telephone",
            note="Needs a fixed address.",
            by=lead.id,
        )
        return made.id
