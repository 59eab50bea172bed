"""An urgent handover is recorded with emergency access too, and opens nothing else."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import BreakGlass
from mhtr.core import access, clock
from mhtr.core.access import EMERGENCY, Grant, Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import urgent_handovers
from mhtr.suitability.models import UrgentHandover
from tests.makers import make_staff
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import People, allocated
from tests.suitability.requesting import told

SAID = {
    "received_by": "Nurse in charge, crisis team",
    "on-day": "18",
    "on-month": "11",
    "on-year": "2026",
    "at": "09:30",
    "said": "He cannot keep himself safe tonight.",
}


def test_with_emergency_access_it_is_recorded_by_name_and_opens_nothing(
    either_app: Flask,
) -> None:
    people = allocated()
    somebody = make_staff(Role.DUTY_CLINICIAN, name="Dee Uty")
    until = clock.now() + timedelta(minutes=60)
    with writing():
        db.session.add(
            BreakGlass(staff_id=somebody.id, case_id=people.case.id, reason="x", until=until)
        )
        access.grant(
            people.case.id, Purpose.CLINICAL, somebody.principal_id, because=EMERGENCY,
            by=somebody.id, until=until,
        )  # fmt: skip
    grants = db.session.scalar(select(func.count()).select_from(Grant))
    client, path = as_(either_app, somebody), f"{base(people)}/urgent-handover"
    page = client.page(path)
    assert "Record the handover" in page
    assert send(client, path, page, **SAID).status_code == 303
    page = client.page(path)
    assert "Nurse in charge" in page and "Dee Uty, with emergency access" in page
    row = db.session.scalars(select(UrgentHandover)).one()
    assert (row.by_id, row.in_emergency) == (somebody.id, True)
    assert db.session.scalar(select(func.count()).select_from(Grant)) == grants
    assert urgent_handovers.TOLD in told(people.assessor)
    noted = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "suitability.urgent_handover")
    ).one()
    assert noted.case_id == people.case.id
    assert client.post(f"{base(people)}/assessment/start", data={}).status_code == 403


def test_who_has_the_case_records_one_too(app: Flask, people: People) -> None:
    client, path = as_(app, people.assessor), f"{base(people)}/urgent-handover"
    assert send(client, path, client.page(path), **SAID).status_code == 303
    assert "with emergency access" not in client.page(path)
    assert urgent_handovers.TOLD not in told(people.assessor)


def test_whose_words_were_read_is_audited(app: Flask, people: People) -> None:
    client, path = as_(app, people.assessor), f"{base(people)}/urgent-handover"
    assert send(client, path, client.page(path), **SAID).status_code == 303
    client.page(path)
    row = db.session.scalars(select(UrgentHandover)).one()
    query = select(AuditEvent.detail).where(AuditEvent.action == "page.viewed")
    last = db.session.scalars(query.order_by(AuditEvent.id.desc())).first()
    assert last is not None and last["shown"]["urgent_handover"] == [row.id]


def test_what_is_missing_or_still_to_come_is_refused(app: Flask, people: People) -> None:
    client, path = as_(app, people.assessor), f"{base(people)}/urgent-handover"
    page = client.page(path)
    assert "Enter who received him" in refused(client, path, page, **SAID | {"received_by": ""})
    assert urgent_handovers.TO_COME in refused(client, path, page, **SAID | {"at": "23:59"})
    with pytest.raises(Refused), writing():
        urgent_handovers.record(
            case_id=people.case.id, received_by=" ", received_at=clock.now(), said="x",
            emergency=False, by=people.assessor.id,
        )  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(UrgentHandover)) == 0


def test_nobody_outside_the_clinical_record_reads_it(app: Flask, people: People) -> None:
    for staff, status in ((people.psr_author, 403), (make_staff(Role.ASSESSOR), 404)):
        path = f"{base(people)}/urgent-handover"
        assert as_(app, staff).get(path).status_code == status
