"""A risk review closes with a clinician's outcome and plan, and in no other way."""

from datetime import date

import pytest

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.makers import make_organisation, make_staff
from tests.overview.things import a_case, a_risk, a_task, an_answer, give, task_again
from tests.pages import PageClient


@pytest.fixture
def trust() -> list[Staff]:
    """Owner, colleague and lead of one trust."""
    home = make_organisation()
    return [
        make_staff(role, organisation=home, name=name)
        for role, name in (
            (Role.ASSESSOR, "Olu Owner"),
            (Role.ASSESSOR, "Cara Colleague"),
            (Role.CLINICAL_LEAD, "Lena Lead"),
        )
    ]


def review(owner: Staff, *others: Staff) -> Task:
    case = a_case(owner)
    give(case.id, Purpose.CLINICAL, *others)
    an_answer(case, owner, 0, on=date(2026, 11, 1), context="earlier")
    return a_risk(owner, case, an_answer(case, owner, 2, on=date(2026, 11, 18), context="now"))


def test_it_shows_the_item_both_answers_and_what_to_do_in_danger(
    app: object, client: PageClient, trust: list[Staff]
) -> None:
    task = review(trust[0])
    page = client.sign_in(trust[0]).page(f"/tasks/{task.ref}")
    assert "PHQ-9, question 9" in page
    assert "More than half the days" in page
    assert "Not at all (1 November 2026)" in page
    assert "Call 999" in page
    for level in ("low risk", "medium risk", "high risk", "risk level"):
        assert level not in page.lower()


def test_only_owner_assessor_duty_and_lead_in_scope_find_it(
    app: object, client: PageClient, trust: list[Staff]
) -> None:
    owner, colleague, lead = trust
    task = review(owner, colleague, lead)
    stranger, administrator = make_staff(Role.CLINICAL_LEAD), make_staff(Role.ADMINISTRATOR)
    path = f"/tasks/{task.ref}"
    answers = {
        one.name: client.sign_in(one).get(path).status_code
        for one in (owner, colleague, lead, stranger, administrator)
    }
    assert list(answers.values())[:4] == [200, 404, 200, 404]
    assert answers[administrator.name] in (403, 404)
    for verb in ("acknowledge", "hand-over", "outcome", "done"):
        assert client.sign_in(stranger).post(f"{path}/{verb}").status_code == 404


@pytest.mark.parametrize(
    ("outcome", "plan"), [("", "Ring him tomorrow"), ("I rang him", ""), ("", ""), ("  ", " ")]
)
def test_it_does_not_close_without_both(
    app: object, client: PageClient, trust: list[Staff], outcome: str, plan: str
) -> None:
    task = review(trust[0])
    answer = client.sign_in(trust[0]).post(
        f"/tasks/{task.ref}/outcome",
        data={
            "submission_key": "9b3f1d52-6d5b-4cf5-9a6c-3b3f6e6f0001",
            "outcome": outcome,
            "plan": plan,
        },
    )
    assert answer.status_code == 422
    assert task_again(task.id).state is TaskState.OPEN
    if outcome.strip():
        assert "I rang him" in answer.get_data(as_text=True), "nothing typed is lost"


def test_an_outcome_with_a_plan_closes_it_and_stays_readable(
    app: object, client: PageClient, trust: list[Staff]
) -> None:
    task = review(trust[0])
    client.sign_in(trust[0])
    answer = client.post(
        f"/tasks/{task.ref}/outcome",
        data={
            "submission_key": "9b3f1d52-6d5b-4cf5-9a6c-3b3f6e6f0002",
            "outcome": "I rang him: he is with his sister.",
            "plan": "I ring again on Friday.",
        },
    )
    assert answer.status_code == 303
    found = task_again(task.id)
    assert found.state is TaskState.DONE
    assert (found.finished_by, found.acknowledged_by) == (trust[0].id, trust[0].id)
    page = client.page(f"/tasks/{task.ref}")
    assert "he is with his sister" in page
    assert "I ring again on Friday." in page
    assert "Closed with an outcome" in page


def test_no_other_way_closes_it(app: object, client: PageClient, trust: list[Staff]) -> None:
    task = review(trust[0])
    assert client.sign_in(trust[0]).post(f"/tasks/{task.ref}/done").status_code == 404
    assert task_again(task.id).state is TaskState.OPEN


def test_seen_is_noted_once(app: object, client: PageClient, trust: list[Staff]) -> None:
    owner, _, lead = trust
    task = review(owner, lead)
    client.sign_in(lead).post(f"/tasks/{task.ref}/acknowledge")
    client.sign_in(owner).post(f"/tasks/{task.ref}/acknowledge")
    found = task_again(task.id)
    assert found.acknowledged_by == lead.id
    assert found.acknowledged_at == clock.now()
    assert found.state is TaskState.OPEN


def test_handed_over_the_next_one_owns_it_sees_it_and_has_yet_to_look(
    app: object, client: PageClient, trust: list[Staff]
) -> None:
    owner, colleague, _ = trust
    task = review(owner)
    task_id = task.id
    with writing():
        db.session.get_one(Task, task_id).escalated = 2
    client.sign_in(owner).post(f"/tasks/{task.ref}/acknowledge")
    answer = client.post(
        f"/tasks/{task.ref}/hand-over",
        data={
            "submission_key": "9b3f1d52-6d5b-4cf5-9a6c-3b3f6e6f0003",
            "to": str(colleague.ref),
        },
    )
    assert answer.status_code == 303
    found = task_again(task.id)
    assert (found.owner_staff_id, found.acknowledged_at) == (colleague.id, None)
    assert found.escalated == 0, "passing on begins anew for the new owner"
    today = client.sign_in(colleague).page("/today")
    assert "Signs of risk" in today
    assert "A risk review was handed over to you." in today
    assert "More than half the days" in client.page(f"/tasks/{task.ref}")


def test_it_is_not_handed_to_a_stranger_or_to_one_who_must_not_see_him(
    app: object, client: PageClient, trust: list[Staff]
) -> None:
    owner, colleague, _ = trust
    task = review(owner)
    with writing():
        db.session.add(
            Exclusion(
                case_id=task.case_id,
                principal_id=colleague.principal_id,
                because="family",
                starts_at=clock.now(),
            )
        )
    client.sign_in(owner)
    for number, other in enumerate((make_staff(Role.CLINICAL_LEAD), colleague)):
        answer = client.post(
            f"/tasks/{task.ref}/hand-over",
            data={
                "submission_key": f"9b3f1d52-6d5b-4cf5-9a6c-3b3f6e6f001{number}",
                "to": str(other.ref),
            },
        )
        assert answer.status_code == 422
    assert task_again(task.id).owner_staff_id == owner.id


def test_withdrawn_consent_is_marked_as_done_by_hand(
    app: object, client: PageClient, trust: list[Staff]
) -> None:
    case = a_case(trust[0])
    task = a_task(TaskKind.CONSENT_WITHDRAWN, trust[0], case)
    client.sign_in(trust[0])
    assert f'href="/tasks/{task.ref}"' in client.page("/today")
    assert "Mark as done" in client.page(f"/tasks/{task.ref}")
    assert client.post(f"/tasks/{task.ref}/done").status_code == 303
    assert task_again(task.id).state is TaskState.DONE
