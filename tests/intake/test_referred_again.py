"""A second referral that does not say he is safe reaches whoever has him, wherever it went."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import identity
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import service
from mhtr.intake.identity import SameMan
from mhtr.intake.queries import referral_of
from mhtr.people.models import IdentityQuestion
from mhtr.tasks.models import DutyShift, Task, TaskKind, TaskState
from tests.intake.house import accept
from tests.intake.samples import submission
from tests.intake.submitted import submit
from tests.intake.two_trusts import NORTH, Two
from tests.makers import make_staff
from tests.pages import PageClient

NHS = "9990000018"
SAYS = "referred again"


def again(
    two: Two, *, safety: str, first: Case | None = None, court: str = NORTH, **said_too: str
) -> Case:
    """Referred by somebody else, to a court of the other trust, under the same number.

    With `first` he is said to be the same man; else nobody could be asked.
    """
    by = make_staff(Role.LD_PRACTITIONER)
    told = {"told_whom": "Nurse Bell", "told_at": "2026-11-18T09:00"}
    said = submission(
        safety=safety,
        court=court,
        hearing_on="2026-12-09",
        nhs_number=NHS,
        **(told if safety == "healthcare_told" else {}),
        **said_too,
    )
    with writing():
        return service.submit_referral(
            submission=said,
            channel="form",
            referrer_id=by.id,
            organisation_id=by.organisation_id,
            by=by.id,
            same_man={first.person.ref: SameMan.SAME} if first else None,
        )


def signs(case: Case) -> list[Task]:
    db.session.expire_all()
    rows = db.session.scalars(
        select(Task).where(
            Task.case_id == case.id,
            Task.kind == TaskKind.RISK_REVIEW,
            Task.state == TaskState.OPEN,
        )
    )
    return [task for task in rows if SAYS in task.title]


HARM = {"vulnerabilities": "anxiety;suicide-risk", "risk": "high"}
SIGNS = [("not_known", {}), ("healthcare_told", {}), ("safe", HARM), ("not_known", HARM)]


@pytest.mark.parametrize(("safety", "said_too"), SIGNS)
def test_the_assessor_who_has_him_is_asked(
    either_app: Flask, safety: str, said_too: dict[str, str]
) -> None:
    two = Two()
    case = two.refer(nhs_number=NHS)
    accept(two, case, two.assessor)
    second = again(two, safety=safety, first=case, **said_too)
    assert second.person_id != case.person_id, "the record is another trust's"
    (task,) = signs(case)
    assert task.owner_staff_id == two.assessor.id
    assert not signs(second), "the trust that received it triages it"
    referral = referral_of(second.id)
    assert referral and referral.trust_id == two.north.id
    for word in ("Liaison", NORTH, "harm", "suicide"):
        assert word not in task.title


def test_one_who_is_safe_asks_nobody(either_app: Flask) -> None:
    two = Two()
    case = two.refer(nhs_number=NHS)
    accept(two, case, two.assessor)
    again(two, safety="safe", first=case)
    assert not signs(case)


def test_without_an_assessor_the_duty_clinician_is_asked(either_app: Flask) -> None:
    two = Two()
    duty = make_staff(Role.DUTY_CLINICIAN, organisation=two.trust)
    with writing():
        db.session.add(
            DutyShift(
                organisation_id=two.trust.id,
                day=date(2026, 11, 18),
                staff_id=duty.id,
                made_by=two.lead.id,
            )
        )
    case = two.refer(nhs_number=NHS)
    again(two, safety="not_known", first=case)
    (task,) = signs(case)
    assert task.owner_staff_id in {duty.id, two.lead.id}


def test_the_page_says_so_and_no_more(client: PageClient) -> None:
    two = Two()
    case = two.refer(nhs_number=NHS)
    accept(two, case, two.assessor)
    again(two, safety="not_known", first=case)
    client.sign_in(two.assessor)
    shown = client.page(f"/tasks/{signs(case)[0].ref}")
    assert SAYS in shown


@pytest.mark.parametrize(("safety", "said_too"), SIGNS)
def test_what_was_said_of_another_record_counts_once_it_is_his(
    either_app: Flask, safety: str, said_too: dict[str, str]
) -> None:
    two = Two()
    case = two.refer(nhs_number=NHS)
    accept(two, case, two.assessor)
    second = again(two, safety=safety, first=None, court="B01EF", **said_too)
    assert second.person_id != case.person_id
    (early,) = signs(case)
    assert early.title.startswith("Somebody who may be him")
    question = db.session.scalars(select(IdentityQuestion)).first()
    assert question is not None
    with writing():
        identity.answer_same(
            question_id=question.id,
            kept_id=case.person_id,
            right={},
            reason="The same birth mark",
            by=two.lead.id,
        )
    (task,) = signs(case)
    assert task.id == early.id and task.title.startswith("He was referred again")
    assert task.owner_staff_id == two.assessor.id


@pytest.mark.parametrize("court", ["B01EF", NORTH])
@pytest.mark.parametrize("channel", ["csv", "api"])
def test_whoever_has_him_is_asked_though_nobody_could_say_that_it_is_he(
    either_app: Flask, channel: str, court: str
) -> None:
    two = Two()
    case = two.refer(crn="X772301")
    accept(two, case, two.assessor)
    second = submit(
        make_staff(Role.LD_PRACTITIONER),
        None,
        channel,
        safety="not_known",
        crn="X772301",
        **at(court),
    )
    assert second.person_id != case.person_id
    (task,) = signs(case)
    assert task.owner_staff_id == two.assessor.id


def at(court: str) -> dict[str, str]:
    return {"court": court, "hearing_on": "2026-12-09"}


@pytest.mark.parametrize(("court", "asked"), [("B01EF", 1), (NORTH, 0)])
def test_a_name_and_a_date_of_birth_are_enough_within_one_trust(
    either_app: Flask, court: str, asked: int
) -> None:
    two = Two()
    case = two.refer(nhs_number="", crn="")
    accept(two, case, two.assessor)
    by = make_staff(Role.LD_PRACTITIONER)
    second = submit(by, None, "api", safety="not_known", nhs_number="", crn="", **at(court))
    assert second.person_id != case.person_id
    assert len(signs(case)) == asked


def test_one_who_is_said_to_be_another_man_is_not_asked_about(either_app: Flask) -> None:
    two = Two()
    case = two.refer(nhs_number=NHS)
    accept(two, case, two.assessor)
    by = make_staff(Role.LD_PRACTITIONER)
    other = {case.person.ref: SameMan.DIFFERENT}
    submit(by, other, "form", safety="not_known", nhs_number=NHS, **at("B01EF"))
    assert not signs(case)
