"""Clinicians tell probation of a risk, and it acknowledges: who may, on what basis, and after."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from mhtr.accounts.models import Staff
from mhtr.cases import consent_service
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import writing
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.probation import risk_rules as rules
from mhtr.probation import risk_service, risk_tasks
from mhtr.probation.risk_models import RiskStatement
from mhtr.probation.risk_page import card
from mhtr.probation.risk_queries import Told, told_of, told_one
from mhtr.probation.risk_rules import Basis, Said, State, StepKind, ToldHim, objections, state_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice, Task, TaskKind
from tests.compliance.test_decisions import under_order
from tests.makers import make_staff
from tests.sessions.seen import Treated
from tests.suitability.browsing import as_

WORDS = "He said that he will go to 4 Elm Road tonight. Please speak with the police."
K = StepKind


def said(lead: Staff | int) -> Said:
    return Said(
        WORDS,
        urgent=True,
        basis=Basis.EXCEPTION,
        told_him=ToldHim.NOT_TOLD,
        why="He named a person and a place.",
        approver_id=lead if isinstance(lead, int) else lead.id,
        not_told_why="He would go at once.",
    )


@pytest.mark.parametrize(
    ("changed", "agreed", "field"),
    [
        ({}, False, None),
        ({"words": "  "}, False, "words"),
        ({"why": ""}, False, "why"),
        ({"approver_id": None}, False, "approver"),
        ({"approver_id": 9}, False, "approver"),
        ({"not_told_why": " "}, False, "not_told_why"),
        ({"told_him": ToldHim.TOLD, "not_told_why": ""}, False, None),
        ({"basis": Basis.CONSENT, "why": "", "approver_id": None}, True, None),
        ({"basis": Basis.CONSENT, "why": "", "approver_id": None}, False, "basis"),
    ],
)
def test_what_must_be_said(changed: dict[str, object], agreed: bool, field: str | None) -> None:
    wanted = replace(said(7), **changed)  # type: ignore[arg-type]
    found = objections(wanted, agreed=agreed, approvers=[7])
    assert [name for name, _ in found] == ([field] if field else [])


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), State.WAITS),
        ((K.ACKNOWLEDGED,), State.ACKNOWLEDGED),
        ((K.ACKNOWLEDGED, K.WITHDRAWN), State.WITHDRAWN),
        ((K.REPLACED, K.ACKNOWLEDGED), State.REPLACED),
    ],
)
def test_how_it_stands(steps: tuple[StepKind, ...], state: State) -> None:
    assert state_of(steps) is state
    assert rules.may(K.ACKNOWLEDGED, state) is (state is State.WAITS)
    assert rules.may(K.WITHDRAWN, state) is (state not in rules.OVER)


def lead_of(man: Treated) -> Staff:
    return make_staff(Role.CLINICAL_LEAD, organisation=man.therapist.organisation)


def told(man: Treated, wanted: Said | None = None, *, replaces: UUID | None = None) -> Told:
    wanted = wanted or said(lead_of(man))
    case_id, by = man.case.id, man.therapist.id
    with writing():
        row = risk_service.tell(case_id=case_id, said=wanted, by=by, replaces=replaces)
    return find(man, row)


def find(man: Treated, row: RiskStatement) -> Told:
    found = told_one(man.case.id, row.ref)
    assert found is not None
    return found


def acknowledge(man: Treated, one: Told, by: Staff) -> None:
    case_id, ref, who = man.case.id, one.row.ref, by.id
    with writing():
        risk_service.acknowledge(case_id=case_id, ref=ref, by=who)


def withdraw(man: Treated, one: Told, why: str = "It was another man.") -> None:
    case_id, ref, by = man.case.id, one.row.ref, man.therapist.id
    with writing():
        risk_service.withdraw(case_id=case_id, ref=ref, why=why, by=by)


def agrees(man: Treated, decision: ConsentDecision) -> None:
    case_id, by = man.case.id, man.therapist.id
    with writing():
        consent_service.record_consent(
            case_id=case_id,
            item=ConsentItem.SHARING_MORE,
            decision=decision,
            how="face_to_face",
            at=clock.now(),
            scope="That I may be a danger to my brother",
            by=by,
        )


def notices(staff: Staff) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
    return list(db.session.scalars(query))


def waiting(man: Treated, kind: TaskKind = TaskKind.RISK_TOLD) -> list[Task]:
    return tasks.open_tasks(man.case.id, kind)


def escalated() -> int:
    with writing():
        return risk_tasks.escalate(clock.now())


def test_somebody_of_probation_has_a_task_and_who_approved_hears(either_app: Flask) -> None:
    man = under_order()
    lead = lead_of(man)
    one = told(man, said(lead))
    assert one.row.words == WORDS and one.state is State.WAITS
    assert one.to.startswith(man.world.officer.name) and one.approver == lead.name
    (task,) = waiting(man)
    assert task.owner_staff_id == man.world.officer.id
    assert task.due_at == clock.now() + timedelta(hours=1)
    assert risk_tasks.APPROVED in notices(lead) and risk_tasks.TITLE in notices(man.world.officer)
    for text in (task.title, *notices(lead), *notices(man.world.officer)):
        assert "Elm Road" not in text
    acknowledge(man, one, man.world.officer)
    acknowledge(man, one, man.world.officer)
    one = find(man, one.row)
    assert one.state is State.ACKNOWLEDGED and len(one.steps) == 1 and not waiting(man)
    assert risk_tasks.ACKNOWLEDGED in notices(man.therapist)


def test_who_tells_who_acknowledges_and_on_what_basis(app: Flask) -> None:
    man = under_order()
    lead = lead_of(man)
    case_id, wanted = man.case.id, said(lead)
    office, stranger = man.world.office.id, make_staff(Role.ASSESSOR).id
    for by, error in ((office, Refused), (man.world.officer.id, Refused), (stranger, NotFound)):
        with pytest.raises(error), writing():
            risk_service.tell(case_id=case_id, said=wanted, by=by)
    for wrong in (
        replace(wanted, approver_id=man.therapist.id),
        replace(wanted, approver_id=office),
        replace(wanted, basis=Basis.CONSENT),
    ):
        with pytest.raises(CannotBe):
            told(man, wrong)
    agrees(man, ConsentDecision.GIVEN)
    agreed = replace(wanted, basis=Basis.CONSENT, why="left", told_him=ToldHim.TOLD)
    one = told(man, agreed)
    assert one.row.why is None and one.row.approver_id is None and one.row.not_told_why is None
    for reader, error in (
        (man.therapist, Refused),
        (make_staff(Role.PROBATION, organisation=man.world.officer.organisation), NotFound),
    ):
        with pytest.raises(error):
            acknowledge(man, one, reader)


def test_nobody_acknowledged_it_a_senior_has_it_then_somebody_telephones(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = under_order()
    senior = man.world.senior
    told(man)
    assert escalated() == 0
    set_clock.advance(hours=1)
    assert escalated() == 1 and escalated() == 0
    (task,) = waiting(man)
    assert task.owner_staff_id == senior.id and risk_tasks.PASSED_ON in notices(senior)
    set_clock.advance(hours=1)
    assert escalated() == 1 and escalated() == 0
    (by_hand,) = waiting(man, TaskKind.TELL_PROBATION)
    assert by_hand.title == risk_tasks.BY_HAND and by_hand.owner_staff_id == man.therapist.id
    (one,) = told_of(man.case.id)
    acknowledge(man, one, man.world.officer)
    assert not waiting(man) and not waiting(man, TaskKind.TELL_PROBATION)


def test_where_nobody_of_probation_signs_in_somebody_telephones_at_once(app: Flask) -> None:
    man = under_order()
    there = [man.world.officer.id, man.world.senior.id]
    with writing():
        for staff_id in there:
            db.session.get_one(Staff, staff_id).disabled_at = clock.now()
    told(man)
    assert not waiting(man) and len(waiting(man, TaskKind.TELL_PROBATION)) == 1
    written = [row.payload for row in db.session.scalars(select(OutboxMessage))]
    assert all("Elm Road" not in str(one) for one in written)


def test_taken_back_or_said_anew_and_whoever_read_it_is_told(either_app: Flask) -> None:
    man = under_order()
    first = told(man)
    acknowledge(man, first, man.world.officer)
    again = told(man, replace(said(lead_of(man)), words="5 Elm Road"), replaces=first.row.ref)
    assert find(man, first.row).state is State.REPLACED
    assert risk_tasks.CHANGED in notices(man.world.officer)
    with pytest.raises(CannotBe):
        withdraw(man, again, " ")
    withdraw(man, again)
    again = find(man, again.row)
    step = again.last(StepKind.WITHDRAWN)
    assert again.state is State.WITHDRAWN and step is not None and step.row.words
    assert not waiting(man) and notices(man.world.officer).count(risk_tasks.CHANGED) == 2
    for gone in (first, again):
        with pytest.raises(Refused):
            withdraw(man, gone)
    with pytest.raises(Refused):
        acknowledge(man, again, man.world.officer)
    assert [one.row.words for one in told_of(man.case.id)] == ["5 Elm Road", WORDS]


def test_what_probation_never_had_it_does_not_read_once_it_is_taken_back(app: Flask) -> None:
    man = under_order()
    first = told(man)
    withdraw(man, first)
    again = told(man, replace(said(lead_of(man)), words="5 Elm Road"))
    acknowledge(man, again, man.world.officer)
    withdraw(man, again)
    read = [card(one, clinical=False).read.words for one in told_of(man.case.id)]
    assert read == ["5 Elm Road", ""]
    assert all(card(one, clinical=True).read.words for one in told_of(man.case.id))
    page = as_(app, man.world.officer).page(f"/cases/{man.case.ref}/risk-from-service")
    assert WORDS not in page and "5 Elm Road" in page


def test_he_takes_his_agreement_back_before_probation_has_it(either_app: Flask) -> None:
    man = under_order()
    agrees(man, ConsentDecision.GIVEN)
    by_consent = replace(said(lead_of(man)), basis=Basis.CONSENT, told_him=ToldHim.TOLD)
    had = told(man, by_consent)
    acknowledge(man, had, man.world.officer)
    waits, exception = told(man, by_consent), told(man)
    agrees(man, ConsentDecision.WITHDRAWN)
    stands = [find(man, one.row).state for one in (had, waits, exception)]
    assert stands == [State.ACKNOWLEDGED, State.WITHDRAWN, State.WAITS]
    assert len(waiting(man)) == 1
    (asked,) = waiting(man, TaskKind.TELL_PROBATION)
    assert asked.title == risk_tasks.NO_LONGER_AGREES
    assert asked.owner_staff_id == man.therapist.id
    with pytest.raises(Refused):
        acknowledge(man, waits, man.world.officer)


def test_the_database_keeps_what_was_said_and_wants_an_approver(either_app: Flask) -> None:
    man = under_order()
    one = told(man)
    row_id = one.row.id
    with pytest.raises(DatabaseError), writing():
        db.session.execute(
            update(RiskStatement).where(RiskStatement.id == row_id).values(urgent=False)
        )
    case_id, by = man.case.id, man.therapist.id
    for approver in (None, by):
        with pytest.raises(DatabaseError), writing():
            db.session.add(
                RiskStatement(
                    case_id=case_id,
                    words="x",
                    urgent=False,
                    basis=Basis.EXCEPTION,
                    why="because",
                    approver_id=approver,
                    told_him=ToldHim.TOLD,
                    by_id=by,
                )
            )


def test_a_lead_does_not_approve_what_he_tells_himself(app: Flask) -> None:
    man = under_order()
    case = man.case
    lead = man.world.lead
    assert lead.id in risk_service.approvers_of(case, man.therapist.id)
    assert lead.id not in risk_service.approvers_of(case, lead.id)
