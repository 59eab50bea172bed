"""A known reference with other content: refused in words, and his safety is never lost with it."""

import io
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import amending, urgency
from mhtr.intake.models import ImportRun, Referral
from mhtr.intake.queries import referral_of
from mhtr.intake.said_of_safety import MAY_HARM_HIMSELF
from mhtr.intake.steps import AMENDED, FormStep
from mhtr.tasks.models import Task, TaskKind
from tests.intake.api_system import REFERRAL, System, a_token
from tests.intake.referral_files import GOOD, HEAD
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient

OTHER = {**REFERRAL, "given_name": "Kofi", "safety": "not_known", "urgency": "urgent"}


@pytest.fixture
def trust(either_app: Flask) -> Organisation:
    return make_organisation()


@pytest.fixture
def lead(trust: Organisation) -> Staff:
    return make_staff(Role.CLINICAL_LEAD, organisation=trust)


@pytest.fixture
def system(either_app: Flask, trust: Organisation) -> System:
    return System(either_app, a_token(make_organisation(OrganisationKind.LD_TEAM)))


def reviews() -> list[Task]:
    db.session.rollback()
    return list(db.session.scalars(select(Task).where(Task.kind == TaskKind.RISK_REVIEW)))


def cases() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def test_other_content_is_refused_and_names_the_referral_that_stands(system: System) -> None:
    first = system.send()
    answer = system.send({**REFERRAL, "given_name": "Kofi"}, key="key-00000002")
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert answer.json["title"] == "This external reference stands for another referral"
    assert answer.json["existing_reference"] == first.json["reference"]
    assert answer.json["safety_not_taken"] is False
    assert "amend it" in answer.json["detail"]
    assert cases() == 1 and reviews() == []
    assert "api.reference_taken" in set(db.session.scalars(select(AuditEvent.action)))
    # Nothing was saved under the key: the same call is refused in the same way.
    assert system.send({**REFERRAL, "given_name": "Kofi"}, key="key-00000002").status_code == 409


def test_not_safe_in_a_refused_one_is_said_and_somebody_must_look(
    system: System, lead: Staff
) -> None:
    system.send()
    for _ in range(2):
        answer = system.send(OTHER, key=f"key-{uuid.uuid4().hex}")
        assert answer.status_code == 409
        assert answer.json["safety_not_taken"] is True
        assert "tell custody healthcare" in answer.json["detail"]
        assert "A clinician of the service is asked" in answer.json["detail"]
    (task,) = reviews()
    assert task.owner_staff_id == lead.id
    assert "Kofi" not in task.title and "Mensah" not in task.title
    page = system.app.test_client()
    assert isinstance(page, PageClient)
    page.sign_in(lead)
    assert task.title in page.page("/today")
    case = db.session.scalars(select(Case)).one()
    assert page.get(f"/cases/{case.ref}/risk").status_code == 200


def test_self_harm_in_a_refused_one_is_said_and_somebody_must_look(
    system: System, lead: Staff
) -> None:
    held = {**REFERRAL, "vulnerabilities": "self-harm", "risk": "low"}
    system.send(held)
    answer = system.send({**held, "risk": "high"}, key="key-00000002")
    assert answer.status_code == 409 and answer.json["safety_not_taken"] is True
    assert MAY_HARM_HIMSELF in answer.json["detail"]
    (task,) = reviews()
    assert task.owner_staff_id == lead.id
    system.send({**held, "risk": "high", "vulnerabilities": "suicide-risk"}, key="key-00000003")
    assert len(reviews()) == 2, "it says something else of it"


def test_somebody_must_look_also_where_the_trust_has_nobody_on_duty(system: System) -> None:
    system.send()
    assert system.send(OTHER, key="key-00000002").status_code == 409
    (task,) = reviews()
    assert task.owner_staff_id is None


def test_what_is_held_of_his_safety_asks_nobody_again(system: System, lead: Staff) -> None:
    unsafe = {**REFERRAL, "safety": "not_known"}
    system.send(unsafe)
    answer = system.send({**unsafe, "phone": "07700 900456"}, key="key-00000002")
    assert answer.json["safety_not_taken"] is True
    (of_the_first,) = reviews()
    assert of_the_first.title == urgency.TITLE


def amend(by: Staff, **changes: str) -> None:
    db.session.rollback()
    case_id = db.session.scalars(select(Referral.case_id)).one()
    referral = referral_of(case_id)
    assert referral
    held = {name: str(referral.answers.get(name, "")) for name in AMENDED[FormStep.PERSON]}
    with writing():
        amending.amend(
            case_id=case_id,
            step=FormStep.PERSON,
            answers={**held, **changes},
            version=1,
            reason="His card",
            by=by.id,
        )


def test_after_an_amendment_both_the_first_and_the_amended_one_are_the_same(
    system: System, lead: Staff
) -> None:
    first = system.send()
    amend(lead, given_name="Kwami")
    for name in ("Kwame", "Kwami"):
        again = system.send({**REFERRAL, "given_name": name}, key=f"key-{name}-0000")
        assert again.status_code == 200
        assert again.json["reference"] == first.json["reference"]
    assert system.send({**REFERRAL, "given_name": "Kofi"}, key="key-3333333").status_code == 409


@pytest.mark.parametrize("hidden", ["restricted", "receipt"])
def test_whoever_may_not_ask_where_it_stands_is_told_no_more_by_sending_it_again(
    system: System, hidden: str
) -> None:
    body = {**REFERRAL, "source": "self"} if hidden == "receipt" else REFERRAL
    first = system.send(body)
    with writing():
        case = db.session.scalars(select(Case)).one()
        case.restricted, case.state = hidden == "restricted", CaseState.COUNTERSIGNED
    again = system.send(body, key="key-00000002")
    assert (again.status_code, again.json) == (200, first.json)


def practitioner(app: Flask) -> PageClient:
    staff = make_staff(
        Role.LD_PRACTITIONER, organisation=make_organisation(OrganisationKind.LD_TEAM)
    )
    made = app.test_client()
    assert isinstance(made, PageClient)
    made.sign_in(staff)
    return made


def upload(client: PageClient, *rows: str) -> str:
    content = "\r\n".join([HEAD, *rows, ""]).encode()
    file = {"file": (io.BytesIO(content), "rows.csv"), "submission_key": str(uuid.uuid4())}
    answer = client.post("/referrals/import", data=file)
    assert answer.status_code == 303
    return str(answer.location)


def taken(client: PageClient, path: str) -> dict[str, Any]:
    client.post(path)
    db.session.rollback()
    runs = select(ImportRun.result).order_by(ImportRun.id.desc()).limit(1)
    result = db.session.scalars(runs).one()
    assert result is not None
    return dict(result)


SECOND = GOOD.replace("LD-1", "LD-2").replace("Kwame", "Kofi")


def test_a_changed_row_of_a_file_is_named_with_its_line(
    either_app: Flask, trust: Organisation, lead: Staff
) -> None:
    client = practitioner(either_app)
    assert taken(client, upload(client, GOOD, SECOND))["taken"] == 2
    path = upload(client, GOOD, SECOND.replace("safe,", "not_known,", 1))
    page = client.page(path)
    assert "Line 3" in page and "says something else" in page
    first, _, rest = page.partition("<dl")
    assert "Line 3: It says that he may not be safe now" in first
    assert "Line 3" not in rest.partition("Refused rows</h2>")[0]
    assert "3,external_reference," in client.get(f"{path}/refused.csv").get_data(as_text=True)
    assert reviews() == []
    result = taken(client, path)
    assert (result["taken"], result["known"], result["refused_rows"]) == (0, 1, 1)
    (cell,) = result["refused"]
    assert (cell["line"], cell["column"]) == (3, "external_reference")
    assert "tell custody healthcare" in cell["reason"]
    assert len(reviews()) == 1
    assert "Line 3" in client.page(path)


def test_the_same_rows_again_are_known_and_nothing_is_refused(
    either_app: Flask, trust: Organisation
) -> None:
    client = practitioner(either_app)
    taken(client, upload(client, GOOD, SECOND))
    path = upload(client, GOOD, SECOND)
    assert "There is nothing new to take" in client.page(path)
    result = taken(client, path)
    assert (result["known"], result["refused"]) == (2, [])
