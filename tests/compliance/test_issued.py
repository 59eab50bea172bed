"""What probation issues reaches who treats him, who speaks with him; and nothing else does."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.compliance import contact_service, enforcement_service, issued
from mhtr.compliance.contact_service import open_calls
from mhtr.compliance.enforcing import StepKind
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.compliance.test_decisions import AGAINST, decide, under_order
from tests.compliance.test_enforcement import did, failed, warn
from tests.sessions.seen import Treated
from tests.suitability.browsing import as_


def calls(man: Treated) -> list[TaskState]:
    query = select(Task.state).where(Task.kind == TaskKind.WELFARE_CALL).order_by(Task.id)
    return list(db.session.scalars(query))


def notices(staff: Staff) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
    return list(db.session.scalars(query.order_by(Notice.id)))


def withdraw(man: Treated, ref: uuid.UUID) -> None:
    case_id, by = man.case.id, man.world.officer.id
    with writing():
        enforcement_service.withdraw_warning(
            case_id=case_id,
            ref=ref,
            on=clock.today(),
            why="Another man",
            by=by,
        )


def spoken(man: Treated) -> None:
    case_id, subject, by = man.case.id, man.place.ref, man.therapist.id
    with writing():
        contact_service.end_call(case_id=case_id, subject=subject, found="Low, safe", by=by)


def test_a_warning_asks_his_therapist_to_speak_with_him(either_app: Flask) -> None:
    man = failed()
    assert not calls(man)
    warn(man)
    (call,) = open_calls(man.case.id, man.place.ref)
    assert call.owner_staff_id == man.therapist.id
    assert call.due_at.astimezone(clock.LONDON).date() == clock.today()
    assert "warn" not in call.title.lower()
    spoken(man)
    assert calls(man) == [TaskState.DONE]


def test_nobody_is_told_what_probation_only_thinks(either_app: Flask) -> None:
    man = under_order()
    before = notices(man.therapist)
    decide(man, AGAINST)
    did(man, StepKind.CONFIRMED)
    did(man, StepKind.REFERRED, named=True)
    assert not calls(man) and notices(man.therapist) == before


def test_a_warning_about_another_requirement_never_reaches_the_service(either_app: Flask) -> None:
    man = failed()
    warn(man, about=frozenset(), requirement="Unpaid work on 4 November")
    assert not calls(man)
    assert "npaid" not in as_(either_app, man.therapist).page(f"/places/{man.place.ref}/contact")


def test_what_was_given_long_ago_is_no_news(either_app: Flask, set_clock: SetClock) -> None:
    man = failed()
    day = clock.today()
    set_clock.advance(days=15)
    warn(man, on=day)
    assert not calls(man)


def test_withdrawn_before_anybody_spoke_with_him_nobody_does(either_app: Flask) -> None:
    man = failed()
    row = warn(man)
    before = notices(man.therapist)
    withdraw(man, row.ref)
    assert calls(man) == [TaskState.WITHDRAWN] and notices(man.therapist) == before


def test_withdrawn_after_it_who_spoke_with_him_hears_of_it(either_app: Flask) -> None:
    man = failed()
    row = warn(man)
    spoken(man)
    withdraw(man, row.ref)
    assert notices(man.therapist)[-1] == issued.WITHDRAWN


def test_that_it_went_to_court_he_hears_from_a_person(either_app: Flask) -> None:
    man = failed()
    did(man, StepKind.REFERRED, named=True)
    row = did(man, StepKind.LAID, named=True)
    assert len(open_calls(man.case.id, man.place.ref)) == 1
    page = as_(either_app, man.therapist).page(f"/places/{man.place.ref}/contact")
    words = "Probation took the matter to court on 18 November 2026"
    assert words in page
    assert not issued.in_words(man.case.id, uuid.uuid4()), "On no other session's page"
    spoken(man)
    assert issued.in_words(man.case.id, man.place.ref) == (words,)
    case_id, by = man.case.id, man.world.officer.id
    with writing():
        enforcement_service.take_back_step(case_id=case_id, ref=row.ref, by=by)
    assert calls(man) == [TaskState.DONE]
    assert notices(man.therapist)[-1] == issued.TAKEN_BACK
    assert not issued.in_words(man.case.id, man.place.ref)


def test_taken_back_before_anybody_spoke_with_him_nobody_does(either_app: Flask) -> None:
    man = failed()
    did(man, StepKind.REFERRED, named=True)
    row = did(man, StepKind.LAID, named=True)
    case_id, by = man.case.id, man.world.officer.id
    with writing():
        enforcement_service.take_back_step(case_id=case_id, ref=row.ref, by=by)
    assert calls(man) == [TaskState.WITHDRAWN]


def test_clinicians_read_that_he_was_warned_and_administrators_do_not(app: Flask) -> None:
    man = failed()
    warn(man, requirement="Unpaid work")
    path = f"/places/{man.place.ref}/contact"
    page = as_(app, man.therapist).page(path)
    assert "Probation warned him on 18 November 2026 because of this session" in page
    assert "He sends" not in page and "Unpaid" not in page
    assert "warned" not in as_(app, man.world.office).page(path)


@pytest.mark.parametrize("hour", [3, 12])
def test_outside_working_hours_it_waits_for_the_next_working_day(
    either_app: Flask, set_clock: SetClock, hour: int
) -> None:
    man = failed()
    # The evening of a Friday, and its afternoon.
    set_clock.moment += timedelta(days=2, hours=12 - hour if hour == 3 else 0)
    warn(man)
    (call,) = open_calls(man.case.id, man.place.ref)
    due = call.due_at.astimezone(clock.LONDON).date()
    assert due.isoweekday() == (1 if hour == 3 else 5)
    assert Role.PROBATION not in {row.role for row in man.therapist.roles}
