"""Recording what happened: kept as it was told, put right for a reason, and what a miss opens."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from mhtr.accounts.models import Staff
from mhtr.cases.facts import FactKind
from mhtr.cases.service import facts_of
from mhtr.compliance import contact_service, telling
from mhtr.compliance.attendance import Happened, ReasonGiven
from mhtr.compliance.contact_rules import Attempt, Reached, Way
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import attempts_of, attendance_of, held_days, history_of, last_of
from mhtr.compliance.service import CLINICAL_ONLY, SAME
from mhtr.compliance.worsening import got_worse, is_worse
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.orders.queries import all_on_record, clock_now
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Leave, Task, TaskKind, TaskState
from outcome_measures.change import Totals
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from tests.cases.test_shared_access import restrict
from tests.orders.makers import order_of
from tests.outcome_measures.occasions import asked
from tests.sessions.seen import TODAY, Treated, booked, tell, treated
from tests.suitability.requesting import told

H = Happened


def waiting(man: Treated) -> list[TaskKind]:
    kinds = (TaskKind.CONTACT_HIM, TaskKind.WELFARE_CALL)
    return [task.kind for task in tasks.open_tasks(man.world.case.id, *kinds)]


def the_task(man: Treated, kind: TaskKind) -> Task:
    query = select(Task).where(Task.case_id == man.world.case.id, Task.kind == kind)
    return db.session.scalars(query).one()


def test_what_was_told_is_kept(either_app: Flask) -> None:
    man = treated()
    row = tell(man.place, man.therapist, H.SEEN_LATE, late=12, described="Shouted", concern="Low")
    kept = db.session.get_one(Attendance, row.id)
    assert (kept.happened, kept.minutes_late, kept.on) == (H.SEEN_LATE, 12, TODAY)
    assert (kept.described, kept.concern, kept.number) == ("Shouted", "Low", 1)
    assert kept.by_id == man.therapist.id
    assert not waiting(man)


def test_the_first_session_that_takes_place_begins_the_treatment(either_app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.DID_NOT_COME)
    kinds = [fact.kind for fact in facts_of(man.world.case.id)]
    assert FactKind.TREATMENT_STARTED not in kinds
    tell(man.place, man.therapist, H.SEEN, seen=1, why="He was in the other room")
    kinds = [fact.kind for fact in facts_of(man.world.case.id)]
    assert kinds.count(FactKind.TREATMENT_STARTED) == 1


def test_it_is_put_right_for_a_reason_and_the_first_record_stays(either_app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.DID_NOT_COME)
    with pytest.raises(CannotBe, match="Say why"):
        tell(man.place, man.therapist, H.SEEN, seen=1)
    with pytest.raises(Refused, match=SAME):
        tell(man.place, man.therapist, H.DID_NOT_COME, seen=1, why="No reason")
    tell(man.place, man.therapist, H.SEEN, seen=1, why="He sat in the wrong waiting room")
    rows = history_of(man.place.ref)
    assert [(row.number, row.happened) for row in rows] == [(1, H.DID_NOT_COME), (2, H.SEEN)]
    assert [row.happened for row in attendance_of(man.world.case.id)] == [H.SEEN]


def test_two_who_record_at_once_leave_one(app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.SEEN)
    with pytest.raises(Stale):
        tell(man.place, man.world.office, H.DID_NOT_COME)


def test_records_are_never_changed_in_the_database(either_app: Flask) -> None:
    man = treated()
    row_id = tell(man.place, man.therapist, H.SEEN).id
    for statement in (
        update(Attendance).where(Attendance.id == row_id).values(happened=H.DID_NOT_COME),
        delete(Attendance).where(Attendance.id == row_id),
    ):
        with pytest.raises(DBAPIError, match="append_only"), writing():
            db.session.execute(statement)


def test_nothing_is_recorded_of_what_has_not_begun(app: Flask) -> None:
    man = treated()
    later = booked(man.case, man.therapist, clock.now() + timedelta(minutes=1))
    with pytest.raises(CannotBe, match="has not begun"):
        tell(later, man.therapist, H.SEEN)
    tell(later, man.therapist, H.WE_CANCELLED)


def test_an_administrator_records_no_concern_and_loses_none(either_app: Flask) -> None:
    man = treated()
    with pytest.raises(Refused, match=CLINICAL_ONLY):
        tell(man.place, man.world.office, H.DID_NOT_COME, concern="Low")
    with pytest.raises(Refused, match=CLINICAL_ONLY):
        tell(
            man.place, man.world.office, H.DID_NOT_COME,
            reason=ReasonGiven.ILLNESS, reason_detail="Flu",
        )  # fmt: skip
    tell(
        man.place, man.therapist, H.DID_NOT_COME,
        reason=ReasonGiven.ILLNESS, reason_detail="Flu", concern="Low",
    )  # fmt: skip
    office = man.world.office
    row = tell(man.place, office, H.TOO_LATE, reason=ReasonGiven.ILLNESS, seen=1, why="He rang")
    assert (row.concern, row.reason_detail) == ("Low", "Flu")
    row = tell(man.place, office, H.TOO_LATE, reason=ReasonGiven.WORK, seen=2, why="He rang again")
    assert (row.concern, row.reason_detail) == ("Low", None)


@pytest.mark.parametrize("happened", [H.TOO_LATE, H.DID_NOT_COME, H.HE_CANCELLED])
def test_an_unexplained_miss_asks_his_therapist_to_reach_him_today(
    either_app: Flask, happened: Happened
) -> None:
    man = treated()
    tell(man.place, man.world.office, happened)
    task = the_task(man, TaskKind.CONTACT_HIM)
    assert (task.owner_staff_id, task.due_at.date()) == (man.therapist.id, TODAY)
    assert waiting(man) == [TaskKind.CONTACT_HIM]


def test_a_therapist_on_leave_is_not_asked(app: Flask) -> None:
    man = treated()
    staff_id = man.therapist.id
    with writing():
        db.session.add(Leave(staff_id=staff_id, first_day=TODAY, last_day=TODAY))
    tell(man.place, man.world.office, H.DID_NOT_COME, there=True)
    assert the_task(man, TaskKind.CONTACT_HIM).owner_staff_id not in (None, staff_id)


def test_a_therapist_to_whom_a_restricted_record_is_closed_is_not_asked(either_app: Flask) -> None:
    man = treated()
    case, lead = man.world.case, man.world.lead
    restrict(case, lead, by=lead)
    tell(man.place, lead, H.DID_NOT_COME)
    assert the_task(man, TaskKind.CONTACT_HIM).owner_staff_id == lead.id


def test_after_the_end_of_the_day_it_is_for_the_next(app: Flask, set_clock: SetClock) -> None:
    man = treated()
    set_clock.moment = datetime(2026, 11, 20, 18, tzinfo=clock.LONDON)  # a Friday
    tell(man.place, man.therapist, H.DID_NOT_COME)
    assert the_task(man, TaskKind.CONTACT_HIM).due_at.date() == date(2026, 11, 23)


@pytest.mark.parametrize("happened", [H.SEEN, H.NOT_SEEN_BY_US, H.WE_CANCELLED, H.OTHERS_CANCELLED])
def test_what_is_not_his_doing_opens_nothing(app: Flask, happened: Happened) -> None:
    man = treated()
    worsen(man)
    tell(man.place, man.therapist, happened)
    assert not waiting(man)
    assert not [text for text in told(man.world.officer) if text == telling.TOLD]


def test_a_reason_that_comes_later_ends_the_search(app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.DID_NOT_COME)
    why = "He rang back"
    tell(man.place, man.therapist, H.DID_NOT_COME, reason=ReasonGiven.ILLNESS, seen=1, why=why)
    assert not waiting(man)
    tell(man.place, man.therapist, H.DID_NOT_COME, seen=2, why="That was another man")
    assert waiting(man) == [TaskKind.CONTACT_HIM]


def worsen(man: Treated) -> None:
    for day, total in ((4, 8), (11, 15)):
        asked(man.case, man.therapist, "phq9", date(2026, 11, day), total, session=day)


def test_a_miss_with_scores_that_worsen_is_a_welfare_call(either_app: Flask) -> None:
    man = treated()
    worsen(man)
    assert is_worse(man.world.case.id)
    tell(man.place, man.therapist, H.DID_NOT_COME, reason=ReasonGiven.WORK)
    task = the_task(man, TaskKind.WELFARE_CALL)
    assert task.owner_staff_id is not None
    roles = {row.role for row in db.session.get_one(Staff, task.owner_staff_id).roles}
    assert roles & CLINICAL_ROLES
    assert waiting(man) == [TaskKind.WELFARE_CALL]
    for word in ("welfare", "score", "risk", "PHQ"):
        assert word not in task.title


def test_a_miss_with_an_open_sign_of_risk_is_a_welfare_call_and_is_recorded(
    either_app: Flask,
) -> None:
    man = treated()
    case_id, staff = man.world.case.id, man.therapist
    principal, staff_id = staff.principal_id, staff.id
    with writing():
        tasks.open_task(
            TaskKind.RISK_REVIEW,
            key="risk:1",
            title="An answer about risk",
            owner_principal_id=principal,
            owner_staff_id=staff_id,
            due_at=clock.now(),
            by=None,
            case_id=case_id,
        )
    tell(man.place, man.world.office, H.DID_NOT_COME)
    assert waiting(man) == [TaskKind.WELFARE_CALL]
    assert [row.happened for row in attendance_of(case_id)] == [H.DID_NOT_COME]


@pytest.mark.parametrize(
    ("first", "last", "worse"),
    [(8, 14, True), (14, 15, True), (10, 14, False), (15, 8, False), (9, 9, False)],
)
def test_when_a_score_is_worse(first: int, last: int, worse: bool) -> None:
    assert got_worse(PHQ9, Totals(first, last)) is worse


def test_without_two_scores_nothing_is_worse() -> None:
    assert not got_worse(GAD7, None)


def test_probation_hears_of_a_miss_the_same_day_and_of_nothing_else(either_app: Flask) -> None:
    man = treated()
    tell(
        man.place, man.therapist, H.DID_NOT_COME,
        reason=ReasonGiven.ILLNESS, reason_detail="A relapse", concern="Low",
    )  # fmt: skip
    heard = told(man.world.officer)
    assert heard.count(telling.TOLD) == 1
    assert not [text for text in heard if "relapse" in text or "ill" in text.lower().split()]
    tell(man.place, man.therapist, H.SEEN, seen=1, why="Wrong man")
    assert telling.PUT_RIGHT in told(man.world.officer)


def test_of_a_voluntary_session_probation_hears_nothing(app: Flask) -> None:
    man = treated()
    place = booked(man.case, man.therapist, clock.now() - timedelta(hours=1), required=False)
    tell(place, man.therapist, H.DID_NOT_COME)
    assert telling.TOLD not in told(man.world.officer)
    assert last_of([man.world.case.id]) == {}
    assert held_days([man.world.case.id])[man.world.case.id] == set()


def attempt(man: Treated, way: Way, reached: Reached, by: Staff | None = None) -> None:
    case_id, subject, staff_id = man.world.case.id, man.place.ref, (by or man.therapist).id
    with writing():
        contact_service.record_attempt(
            case_id=case_id,
            subject=subject,
            attempt=Attempt(way, reached),
            at=clock.now(),
            note="",
            by=staff_id,
        )


def test_the_search_ends_with_enough_attempts(either_app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.DID_NOT_COME)
    attempt(man, Way.TELEPHONE, Reached.NO_ANSWER)
    assert waiting(man)
    attempt(man, Way.TEXT, Reached.SENT, man.world.office)
    assert not waiting(man)
    assert len(attempts_of(man.place.ref)) == 2


def test_the_search_ends_once_somebody_spoke_with_him(app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.DID_NOT_COME)
    attempt(man, Way.TELEPHONE, Reached.SPOKE)
    assert not waiting(man)


def test_a_welfare_call_is_ended_by_a_clinician_who_says_how_he_is(either_app: Flask) -> None:
    man = treated()
    worsen(man)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    attempt(man, Way.TELEPHONE, Reached.SPOKE)
    assert waiting(man) == [TaskKind.WELFARE_CALL]
    case_id, subject = man.world.case.id, man.place.ref
    office, therapist = man.world.office.id, man.therapist.id
    for by, found in ((office, "Well"), (therapist, " ")):
        with pytest.raises(Refused), writing():
            contact_service.end_call(case_id=case_id, subject=subject, found=found, by=by)
    with writing():
        contact_service.end_call(
            case_id=case_id, subject=subject, found="Tired, safe. Seen on Friday", by=therapist
        )
    task = the_task(man, TaskKind.WELFARE_CALL)
    assert (task.state, task.outcome) == (TaskState.DONE, "Tired, safe. Seen on Friday")


def test_the_clock_of_his_order_counts_a_day_once(either_app: Flask) -> None:
    man = treated()
    order_of(man.world)
    [found] = all_on_record(man.world.case.id)
    assert clock_now(found).sessions_held == 0
    tell(man.place, man.therapist, H.SEEN)
    [found] = all_on_record(man.world.case.id)
    assert clock_now(found).sessions_held == 1
    asked(man.case, man.therapist, "phq9", TODAY, 8, session=1)
    assert clock_now(found).sessions_held == 1
    tell(man.place, man.therapist, H.DID_NOT_COME, seen=1, why="Wrong man")
    assert held_days([man.world.case.id])[man.world.case.id] == set()


def test_who_cancels_beforehand_is_reached_before_the_session(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = treated()
    man.place = booked(man.case, man.therapist, clock.now() + timedelta(days=3))
    tell(man.place, man.therapist, H.HE_CANCELLED)
    assert waiting(man) == [TaskKind.CONTACT_HIM]
    set_clock.advance(minutes=10)
    attempt(man, Way.TELEPHONE, Reached.SPOKE)
    assert not waiting(man)
    set_clock.advance(minutes=-20)
    with pytest.raises(CannotBe, match="before the session"):
        attempt(man, Way.TELEPHONE, Reached.SPOKE)
