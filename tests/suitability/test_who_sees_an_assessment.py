"""Who sees the pages of an assessment, and what of it probation never sees."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability.models import Assessment
from mhtr.suitability.sections import SECTIONS, QuestionKind
from tests.makers import make_organisation, make_staff
from tests.suitability.browsing import as_, base, send
from tests.suitability.journey import (
    People,
    decided,
    finish,
    finished,
    heard,
    requested,
    sent,
    signed,
    started,
)


def test_pages_show_the_record_only_in_scope(app: Flask, people: People) -> None:
    assessment = signed(people)
    stranger = make_staff(Role.CLINICAL_LEAD, organisation=make_organisation(name="South Trust"))
    client = as_(app, stranger)
    for path in paths(people, assessment):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "Ekwueme" not in answer.get_data(as_text=True)
    assert "Ekwueme" not in client.page("/countersign")


@pytest.mark.parametrize(
    "role",
    [
        Role.COURT_PROBATION,
        Role.PROBATION,
        Role.LINK_WORKER,
        Role.ADMINISTRATOR,
        Role.LD_PRACTITIONER,
        Role.SERVICE_MANAGER,
        Role.PRIVACY_OFFICER,
    ],
)
def test_who_is_not_a_clinician_sees_none_of_it(app: Flask, people: People, role: Role) -> None:
    assessment = signed(people)
    somebody = make_staff(role)
    with writing():
        for purpose in Purpose:
            access.grant(people.case.id, purpose, somebody.principal_id, because="test", by=None)
    client = as_(app, somebody)
    for path in (*paths(people, assessment), "/countersign"):
        assert client.get(path).status_code == 403, path


def paths(people: People, assessment: Assessment) -> tuple[str, ...]:
    start = base(people)
    return (
        f"{start}/assessment",
        f"{start}/assessment/meeting",
        f"{start}/assessment/conditions",
        f"{start}/assessment/finish",
        f"{start}/assessment/measures/phq9",
        f"{start}/assessment/measures/phq9/correct",
        f"{start}/countersign/request",
        f"{start}/release",
        f"{start}/release/heard",
        f"{start}/risk",
    )


def test_reading_is_audited(app: Flask, people: People) -> None:
    assessment = started(people)
    as_(app, people.assessor).page(f"{base(people)}/assessment")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "page.viewed")).all()
    assert event[-1].detail["shown"]["assessment"] == [assessment.id]


def test_no_canary_reaches_probations_pages(app: Flask, people: People) -> None:
    """Clinical answers and a lead's comments stay inside."""
    requested(people)
    assessment = finished(people, mark="canary7F3A")
    decided(sent(assessment, people), people.lead.id, "canary7F3A-comment")
    finish(assessment, people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    client, path = as_(app, people.assessor), f"{base(people)}/release"
    assert send(client, path, client.page(path)).status_code == 303
    probation = as_(app, people.psr_author)
    report = probation.page(f"{base(people)}/report")
    assert "canary7F3A-need_released" in report
    clinical = [
        question.key
        for spec in SECTIONS
        for question in spec.questions
        if question.kind is QuestionKind.TEXT and not question.released
    ]
    for key in (*clinical, "comment"):
        assert f"canary7F3A-{key}" not in report, key
    inside = as_(app, people.lead).page(f"{base(people)}/assessment/risk_now")
    assert "canary7F3A-risk_account" in inside
