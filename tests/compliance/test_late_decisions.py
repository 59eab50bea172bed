"""What probation has not decided in time goes to a senior, once; and closes with the decision."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.cases.models import Case
from mhtr.compliance import decision_service
from mhtr.compliance.attendance import Happened
from mhtr.compliance.deciding import Decision
from mhtr.compliance.decision_service import Seen
from mhtr.compliance.late_decisions import KIND, TELL
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import writing
from mhtr.jobs.table import JOBS, run
from mhtr.orders.contact_service import Named, name_contact
from mhtr.orders.queries import contact_of
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.compliance.test_decisions import EXCUSED, under_order
from tests.orders.test_cover import colleague, give_to
from tests.pages import PageClient
from tests.sessions.seen import Treated, tell
from tests.suitability.browsing import as_

ESCALATES = next(job for job in JOBS if job.name == "decisions")
LATE = 13
"""Days after the miss: seven for his evidence, and three working days, a weekend among them."""


def tasks_of(man: Treated) -> list[Task]:
    query = select(Task).where(Task.kind == TaskKind.DECIDE_LATE).order_by(Task.id)
    return list(db.session.scalars(query))


def decide(man: Treated, decision: Decision, *, decided: int = 0, by: Staff | None = None) -> None:
    case_id, subject = man.world.case.id, man.place.ref
    by_id = (by or man.world.officer).id
    with writing():
        decision_service.decide(
            case_id=case_id, subject=subject, decision=decision, seen=Seen(1, decided), by=by_id
        )


def without_senior(man: Treated) -> None:
    senior_id = man.world.senior.id
    with writing():
        db.session.get_one(Staff, senior_id).roles = [StaffRole(role=Role.COURT_PROBATION)]


def not_signing_in(man: Treated) -> None:
    case_id, unit_id, by = man.world.case.id, man.world.officer.organisation_id, man.world.office.id
    kept = contact_of(case_id)
    assert kept is not None
    seen = kept.id
    with writing():
        said = Named(unit_id=unit_id, name="Bo Field")
        name_contact(case_id=case_id, said=said, seen=seen, by=by)


def test_it_waits_until_its_day_and_is_asked_once(either_app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    assert clock.today() == date(2026, 11, 18)
    opened = []
    for _ in range(LATE + 2):
        opened.append(run(ESCALATES))
        set_clock.advance(days=1)
    # His evidence till Wednesday the 25th; three working days end on Monday the 30th at 17:00.
    assert opened.index(1) == 13 and sum(opened) == 1
    (task,) = tasks_of(man)
    assert task.owner_principal_id == man.world.senior.organisation.seniors_principal_id
    assert task.due_at.astimezone(clock.LONDON).isoformat() == "2026-11-30T17:00:00+00:00"


def test_a_senior_finds_it_on_today_and_decides_from_there(app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    set_clock.advance(days=LATE)
    run(ESCALATES)
    client = as_(app, man.world.senior)
    page = client.page("/today")
    assert "Absences that wait too long for a decision" in page
    place = f"/absences/{man.place.ref}"
    assert place in page
    answer = client.get(place)
    assert answer.location.endswith(f"/cases/{man.case.ref}/absences/{man.place.ref}")
    assert "You decide for Priya Nair" in client.page(answer.location)
    assert "wait too long" not in as_(app, man.world.officer).page("/today")


def test_it_closes_with_the_decision(either_app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    set_clock.advance(days=LATE)
    run(ESCALATES)
    decide(man, EXCUSED, by=man.world.senior)
    (task,) = tasks_of(man)
    assert task.state is TaskState.DONE
    assert run(ESCALATES) == 0


def test_a_decision_that_is_taken_back_waits_again(app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    set_clock.advance(days=LATE)
    run(ESCALATES)
    decide(man, EXCUSED)
    decide(man, Decision(Opinion.TAKEN_BACK, why="Wrong man"), decided=1)
    assert run(ESCALATES) == 1
    assert [task.state for task in tasks_of(man)] == [TaskState.DONE, TaskState.OPEN]


def test_more_evidence_puts_it_off(app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    set_clock.advance(days=LATE)
    run(ESCALATES)
    until = clock.today() + timedelta(days=5)
    decide(man, Decision(Opinion.MORE_WANTED, until=until))
    (task,) = tasks_of(man)
    assert task.state is TaskState.WITHDRAWN
    assert run(ESCALATES) == 0
    set_clock.advance(days=12)
    assert run(ESCALATES) == 1


def test_what_was_put_right_is_asked_no_more(app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    set_clock.advance(days=LATE)
    run(ESCALATES)
    tell(man.place, man.therapist, Happened.SEEN, seen=1, why="Wrong man")
    run(ESCALATES)
    (task,) = tasks_of(man)
    assert task.state is TaskState.WITHDRAWN


def test_without_a_senior_it_is_the_officers_and_the_unit_is_written_to(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = under_order()
    without_senior(man)
    set_clock.advance(days=LATE)
    assert run(ESCALATES) == 1
    assert run(ESCALATES) == 0
    (task,) = tasks_of(man)
    assert task.owner_staff_id == man.world.officer.id
    query = select(OutboxMessage).where(OutboxMessage.template == KIND)
    assert len(db.session.scalars(query).all()) == 1


@pytest.mark.parametrize("mailbox", [True, False])
def test_where_nobody_signs_in_it_is_never_silent(
    app: Flask, set_clock: SetClock, mailbox: bool
) -> None:
    man = under_order()
    without_senior(man)
    not_signing_in(man)
    if not mailbox:
        with writing():
            db.session.get_one(Staff, man.world.officer.id).organisation.mailbox = ""
    set_clock.advance(days=LATE)
    assert run(ESCALATES) == 1
    assert run(ESCALATES) == 0
    assert tasks_of(man) == []
    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == KIND)).all()
    asked = db.session.scalars(select(Task).where(Task.title == TELL)).all()
    assert (len(mails), len(asked)) == ((1, 0) if mailbox else (0, 1))
    assert mailbox or asked[0].owner_staff_id is not None


def test_a_restricted_record_is_the_named_officers(app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    case_id = man.world.case.id
    with writing():
        db.session.get_one(Case, case_id).restricted = True
    set_clock.advance(days=LATE)
    run(ESCALATES)
    (task,) = tasks_of(man)
    assert task.owner_staff_id == man.world.officer.id


def test_nobody_else_is_led_to_an_absence(client: PageClient) -> None:
    man = under_order()
    assert client.sign_in(man.therapist).get(f"/absences/{man.place.ref}").status_code == 403
    client.sign_in(man.world.senior)
    assert client.get("/absences/00000000-0000-0000-0000-000000000000").status_code == 404


def test_who_is_named_next_has_what_waited_for_the_one_before(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = under_order()
    without_senior(man)
    set_clock.advance(days=LATE)
    run(ESCALATES)
    (task,) = tasks_of(man)
    assert task.owner_staff_id == man.world.officer.id
    cover = colleague(man)
    give_to(man, cover)
    (task,) = tasks_of(man)
    assert (task.owner_staff_id, task.owner_principal_id) == (cover.id, cover.principal_id)
