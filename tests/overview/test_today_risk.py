"""Today: signs of risk come first, and only to those whose they are."""

from datetime import date, timedelta

import pytest

from mhtr.core.access import Purpose, Role
from mhtr.tasks.models import TaskKind
from tests.makers import make_staff
from tests.overview.things import (
    CANARY,
    a_case,
    a_risk,
    a_task,
    an_answer,
    assign,
    give,
    headings,
)
from tests.pages import PageClient


def test_signs_of_risk_come_first_then_what_is_overdue(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    case = a_case(assessor)
    a_task(TaskKind.CONTACT_HIM, assessor, case)
    a_task(TaskKind.INDUCTION, assessor, case, due_in=-timedelta(days=3))
    a_risk(assessor, case, an_answer(case, assessor, 2, on=date(2026, 11, 18)))
    page = client.sign_in(assessor).page("/today")
    assert headings(page) == ["Signs of risk", "Orders and treatment", "Speak with him"]
    assert "3 working days overdue" in page
    assert "1 of your tasks is overdue" in page


def test_a_risk_row_shows_the_answer_and_the_one_before(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR, name="Amara Nwosu")
    case = a_case(assessor)
    an_answer(case, assessor, 3, on=date(2026, 11, 4), context="before")
    now = an_answer(case, assessor, 1, on=date(2026, 11, 18), context="now")
    an_answer(case, assessor, 2, on=date(2026, 11, 19), context="later")
    task = a_risk(assessor, case, now)
    page = client.sign_in(assessor).page("/today")
    assert "PHQ-9, question 9 (harm to himself): Several days" in page
    assert "Before (4 November 2026): Nearly every day" in page
    assert "More than half the days" not in page
    assert "Amara Nwosu" in page
    assert f'href="/tasks/{task.ref}"' in page, "one click from the row to the action"


def test_a_colleague_sees_no_risk_review_of_another_assessors_case(client: PageClient) -> None:
    owner, colleague = make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR)
    case = a_case(owner)
    give(case.id, Purpose.CLINICAL, colleague)
    a_risk(owner, case, an_answer(case, owner, 1, on=date(2026, 11, 18)))
    assert headings(client.sign_in(colleague).page("/today")) == []
    assign(case, colleague)
    assert headings(client.page("/today")) == ["Signs of risk"]


@pytest.mark.parametrize("role", [Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN])
def test_oversight_sees_every_risk_review_in_scope(client: PageClient, role: Role) -> None:
    owner, over = make_staff(Role.ASSESSOR), make_staff(role)
    mine, other = a_case(owner), a_case(owner, name=CANARY)
    give(mine.id, Purpose.CLINICAL, over)
    for case in (mine, other):
        a_risk(owner, case, an_answer(case, owner, 1, on=date(2026, 11, 18), context=str(case.id)))
    page = client.sign_in(over).page("/today")
    assert "Tunde Okafor" in page
    assert CANARY not in page


NOT_CLINICAL = [
    (Role.ADMINISTRATOR, Purpose.ADMINISTRATION),
    (Role.LD_PRACTITIONER, Purpose.REFERRAL),
    (Role.LINK_WORKER, Purpose.LINK_WORK),
    (Role.COURT_PROBATION, Purpose.PRE_SENTENCE),
    (Role.PROBATION, Purpose.PRE_SENTENCE),
]
CLINICAL_KINDS = (
    TaskKind.RISK_REVIEW,
    TaskKind.REVISE,
    TaskKind.COUNTERSIGN,
    TaskKind.ASSESS,
    TaskKind.RELEASE,
    TaskKind.CONSENT_WITHDRAWN,
)


@pytest.mark.parametrize(("role", "purpose"), NOT_CLINICAL)
def test_outside_the_clinical_record_no_clinical_task_is_shown_even_of_his_own_team(
    client: PageClient, role: Role, purpose: Purpose
) -> None:
    someone, clinician = make_staff(role), make_staff(Role.ASSESSOR)
    case = a_case(someone, purpose)
    now = an_answer(case, clinician, 3, on=date(2026, 11, 18))
    a_risk(someone, case, now)
    team = someone.organisation.principal_id
    for kind in CLINICAL_KINDS[1:]:
        a_task(kind, someone, case, principal_id=team)
    client.sign_in(someone)
    for path in ("/today", "/worklists/tasks"):
        page = client.page(path)
        assert "PHQ-9" not in page
        assert "Nearly every day" not in page
        for kind in CLINICAL_KINDS:
            assert f"Neutral title of {kind.value}" not in page
