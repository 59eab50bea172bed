"""Planned sessions finish: probation hears it once and the same day, and a question is asked."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.ending import finish_telling, page, queries, question_service
from mhtr.ending.early_end import ENDED, GOES_ON
from mhtr.ending.finish_rules import Further, FurtherAnswer, How, Why
from mhtr.ending.finish_service import TITLE
from mhtr.ending.page import ended_early
from mhtr.ending.practitioner_rules import Basis
from mhtr.ending.question_service import OVER
from mhtr.jobs.table import JOBS, run
from mhtr.orders import ending_service
from mhtr.orders.directing import Practitioner
from mhtr.orders.endings import HowEnded
from mhtr.orders.news_kinds import BODIES, TITLES, News
from mhtr.orders.terms import Period, Treatment
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from sessions.courses import service as courses
from sessions.courses import session_service
from sessions.courses.kinds import CourseEnd
from sessions.courses.queries import sessions_of
from tests.compliance.test_telling import by_name
from tests.ending.makers import Finishing, answered, finished, finishing
from tests.messages.servers import Box, mail_server
from tests.orders.makers import MADE, community, order_of
from tests.orders.test_directing import leaves
from tests.sessions.courses.makers import planned

DELIVER = next(job for job in JOBS if job.name == "deliver")
ENDINGS = next(job for job in JOBS if job.name == "endings")
H, A = Happened, FurtherAnswer


def told(of: Finishing) -> list[str]:
    """What his officer was told of it, the first one first."""
    query = select(Notice.text).where(
        Notice.principal_id == of.world.officer.principal_id, Notice.key.startswith("finished:")
    )
    return list(db.session.scalars(query.order_by(Notice.id)))


def early(of: Finishing) -> list[str]:
    query = select(Notice.text).where(
        Notice.principal_id == of.world.officer.principal_id, Notice.key.startswith("early_end:")
    )
    return list(db.session.scalars(query.order_by(Notice.id)))


def asked(of: Finishing) -> list[tuple[int | None, TaskState]]:
    query = select(Task).where(Task.kind == TaskKind.FURTHER_TREATMENT).order_by(Task.id)
    return [(task.owner_staff_id, task.state) for task in db.session.scalars(query)]


def close(of: Finishing, how: CourseEnd = CourseEnd.DONE, reason: str = "") -> None:
    course, by = of.course, of.man.therapist.id
    course_id, version = course.id, course.version
    with writing():
        courses.end_course(course_id=course_id, how=how, reason=reason, version=version, by=by)


def test_the_last_planned_session_is_held_and_probation_hears_it_at_once(
    either_app: Flask,
) -> None:
    of = finishing()
    of.is_seen(0)
    assert told(of) == [] and queries.last_finished(of.case.id) is None and asked(of) == []
    of.is_seen(1)
    assert told(of) == [finish_telling.FINISHED]
    row = queries.last_finished(of.case.id)
    assert row is not None and (row.how, row.on, row.by_id) == (
        How.HELD, clock.today(), of.man.therapist.id,
    )  # fmt: skip
    assert "complied" not in finish_telling.FINISHED and "complied" not in BODIES[News.FINISHED]
    [task] = db.session.scalars(select(Task).where(Task.kind == TaskKind.FURTHER_TREATMENT))
    assert (task.owner_staff_id, task.title) == (of.world.lead.id, TITLE)


def test_it_is_told_once_however_often_the_record_is_put_right(either_app: Flask) -> None:
    of = finished()
    of.is_seen(1, H.DID_NOT_COME, "He was not here")
    assert told(of)[1:] == [finish_telling.NO_LONGER[Why.PUT_RIGHT]]
    assert asked(of) == [(of.world.lead.id, TaskState.WITHDRAWN)]
    of.is_seen(0, H.DID_NOT_COME, "Nor here")
    assert len(told(of)) == 2
    of.is_seen(0, H.SEEN, "He was here")
    of.is_seen(1, H.SEEN, "And here")
    assert told(of)[2:] == [finish_telling.FINISHED]
    assert [state for _, state in asked(of)] == [TaskState.WITHDRAWN, TaskState.OPEN]
    rows = queries.finished_rows(of.case.id)
    assert [(row.number, row.why) for row in rows] == [(1, None), (2, Why.PUT_RIGHT), (3, None)]


def test_another_how_is_told_and_asked_about_anew(either_app: Flask) -> None:
    of = finished()
    close(of)
    answered(of)
    of.is_seen(1, H.DID_NOT_COME, "He was not here")
    rows = queries.finished_rows(of.case.id)
    assert [(row.how, row.why) for row in rows] == [(How.HELD, None), (How.CLOSED, None)]
    assert told(of) == [finish_telling.FINISHED, finish_telling.OTHERWISE]
    lead_id = of.world.lead.id
    assert asked(of) == [(lead_id, TaskState.DONE), (lead_id, TaskState.OPEN)]
    of.is_seen(1, H.WE_CANCELLED, "It was not held")
    assert len(told(of)) == 2


def test_a_course_that_was_closed_by_mistake_plans_nothing_further(either_app: Flask) -> None:
    of = finishing()
    of.is_seen(0)
    close(of)
    course, by = of.course, of.man.therapist.id
    course_id, version = course.id, course.version
    with writing():
        courses.reopen_course(course_id=course_id, reason="Not yet", version=version, by=by)
    assert told(of) == [finish_telling.FINISHED, finish_telling.NO_LONGER[Why.PUT_RIGHT]]


def test_a_session_that_was_missed_finishes_nothing_until_it_is_caught_up_on(app: Flask) -> None:
    of = finishing()
    of.is_seen(0)
    of.is_seen(1, H.DID_NOT_COME)
    assert told(of) == []
    close(of)
    assert told(of) == [finish_telling.FINISHED]
    row = queries.last_finished(of.case.id)
    assert row is not None and row.how is How.CLOSED


def test_a_course_that_ends_early_is_not_finished(app: Flask) -> None:
    of = finishing()
    of.is_seen(0)
    close(of, CourseEnd.EARLY, "He moved away")
    assert told(of) == [] and asked(of) == []
    assert early(of) == [ENDED]
    assert ended_early(of.case.id).endswith("1 of 2 planned sessions were held.")
    course, by = of.course, of.man.therapist.id
    course_id, version = course.id, course.version
    with writing():
        courses.reopen_course(course_id=course_id, reason="By mistake", version=version, by=by)
    assert early(of) == [ENDED, GOES_ON] and not ended_early(of.case.id)


def test_an_early_end_after_the_last_session_is_none(app: Flask) -> None:
    of = finished()
    close(of, CourseEnd.EARLY, "Clicked wrongly")
    assert early(of) == []


def test_a_unit_without_a_sign_in_hears_of_an_early_end(app: Flask) -> None:
    of = finishing()
    by_name(of.man)
    close(of, CourseEnd.EARLY, "He moved away")
    query = select(OutboxMessage.key).where(OutboxMessage.key.startswith("unit:"))
    assert [key.split(":")[2] for key in db.session.scalars(query)] == ["early"]


def test_a_course_that_is_closed_after_its_last_session_says_nothing_new(app: Flask) -> None:
    of = finished()
    close(of)
    assert len(told(of)) == 1 and len(queries.finished_rows(of.case.id)) == 1


def test_leaving_out_what_is_left_finishes_them_and_adding_to_them_does_not(app: Flask) -> None:
    of = finishing()
    of.is_seen(0)
    second = sessions_of(of.course_id)[1]
    with writing():
        db.session.delete(db.session.merge(of.places[1]))
    course, by = of.course, of.man.therapist.id
    with writing():
        session_service.skip(
            course_id=course.id, session_id=second.id, reason="Not needed", version=course.version,
            by=by,
        )  # fmt: skip
    assert told(of) == [finish_telling.FINISHED]
    row = queries.last_finished(of.case.id)
    assert row is not None and "still planned" in page.finish_line(row).words
    course_id, version = of.course.id, of.course.version
    with writing():
        session_service.bring_back(
            course_id=course_id, session_id=second.id, version=version, by=by
        )
    assert told(of)[1:] == [finish_telling.NO_LONGER[Why.PUT_RIGHT]]
    course_id, version = of.course.id, of.course.version
    with writing():
        session_service.skip(
            course_id=course_id, session_id=second.id, reason="No", version=version, by=by
        )
    course = of.course
    with writing():
        session_service.add_session(
            course_id=course.id, said=planned("One more"), after=3, reason="He asked",
            version=course.version, by=by,
        )  # fmt: skip
    assert told(of)[3:] == [finish_telling.NO_LONGER[Why.MORE_PLANNED]]


@pytest.fixture
def box(either_app: Flask) -> Iterator[Box]:
    with mail_server() as (made, url):
        either_app.config["MAIL"] = url
        yield made


def test_a_unit_without_a_sign_in_is_written_to_without_a_name(box: Box) -> None:
    of = finishing()
    by_name(of.man)
    of.is_seen(0)
    of.is_seen(1)
    run(DELIVER)
    [mail] = box.taken
    said = f"{mail['Subject']} {mail.get_content()}"
    assert BODIES[News.FINISHED][:40] in " ".join(said.split()) and "treatment-end" in said
    assert of.case.person.family_name not in said
    of.is_seen(1, H.DID_NOT_COME, "He was not here")
    run(DELIVER)
    assert any(BODIES[News.NOT_FINISHED][:30] in " ".join(one.get_content().split())
               for one in box.taken)  # fmt: skip


def test_what_has_not_left_is_taken_back_and_nothing_is_to_be_put_right(app: Flask) -> None:
    of = finishing()
    by_name(of.man)
    of.is_seen(0)
    of.is_seen(1)
    of.is_seen(1, H.WE_CANCELLED, "It was not held")
    query = select(OutboxMessage).where(OutboxMessage.key.startswith("unit:")).order_by("id")
    found = [(row.key.split(":")[2], row.state) for row in db.session.scalars(query)]
    assert found == [("finished", OutboxState.WITHDRAWN)]


def test_where_nobody_can_be_written_to_somebody_is_asked_to_tell_them(app: Flask) -> None:
    of = finishing()
    by_name(of.man, unit=False)
    of.is_seen(0)
    of.is_seen(1)
    query = select(Task.title).where(Task.kind == TaskKind.TELL_PROBATION)
    assert TITLES[News.FINISHED] in list(db.session.scalars(query))


def test_nothing_is_asked_once_the_requirement_is_over(app: Flask) -> None:
    of = finished()
    assert run(ENDINGS) == 0
    with clock.using(SetClock(clock.now() + timedelta(days=300))):
        assert run(ENDINGS) == 1 and run(ENDINGS) == 0
        assert asked(of) == [(of.world.lead.id, TaskState.WITHDRAWN)]
        with pytest.raises(Refused, match=OVER):
            answered(of)


def test_nothing_is_asked_where_the_order_has_ended(app: Flask) -> None:
    of = finished()
    order, by = db.session.merge(of.order), of.world.office.id
    order_id, version = order.id, order.version
    with writing():
        ending_service.end_order(
            order_id=order_id, how=HowEnded.REVOKED, on=clock.today(), version=version, by=by
        )
    assert asked(of) == [(of.world.lead.id, TaskState.WITHDRAWN)]


def test_whom_the_order_names_answers_and_nobody_else(either_app: Flask) -> None:
    of = finished()
    for other in (of.man.therapist, of.world.office):
        with pytest.raises(Refused, match="No HCPC or GMC registration"):
            answered(of, by=other)
    made = answered(of, A.NEEDED, why="He relapsed")
    assert (made.registration, made.number) == ("PYL000456", 1)
    assert asked(of) == [(of.world.lead.id, TaskState.DONE)]
    assert told(of) == [finish_telling.FINISHED]
    again = answered(of, A.REPORTED, reported_on=clock.today())
    assert again.number == 2


def test_an_answer_that_lacks_something_is_refused(app: Flask) -> None:
    of = finished()
    with pytest.raises(CannotBe):
        answered(of, A.NEEDED)
    with pytest.raises(CannotBe):
        answered(of, A.REPORTED, reported_on=clock.today() + timedelta(days=1))


def test_an_answer_to_a_page_that_showed_less_is_refused(either_app: Flask) -> None:
    of = finished()
    case_id, by = of.case.id, of.world.lead.id
    seen = question_service.seen_of(case_id)
    answered(of)
    with pytest.raises(Stale), writing():
        question_service.answer(case_id=case_id, said=Further(A.NOT_NEEDED), seen=seen, by=by)


def test_who_directs_instead_is_asked_and_answers(app: Flask) -> None:
    of = finishing()
    now = Practitioner("Dr Hannah Sorensen", "PYL000123")
    query = select(Staff).where(Staff.hcpc_number == now.registration)
    hannah = db.session.scalars(query).one()
    leaves(of.world, of.order.id, now=now)
    of.is_seen(0)
    of.is_seen(1)
    assert asked(of) == [(hannah.id, TaskState.OPEN)]
    assert answered(of, by=hannah).basis is Basis.DIRECTS


def test_who_directs_from_now_on_is_asked_instead(either_app: Flask) -> None:
    of = finished()
    assert asked(of) == [(of.world.lead.id, TaskState.OPEN)]
    now = Practitioner("Dr Hannah Sorensen", "PYL000123")
    query = select(Staff.id).where(Staff.hcpc_number == now.registration)
    hannah = db.session.scalars(query).one()
    leaves(of.world, of.order.id, now=now)
    assert asked(of) == [(hannah, TaskState.OPEN)]


def test_a_doctor_who_directs_answers_by_the_other_register(app: Flask) -> None:
    of = finishing()
    query = select(Staff).where(Staff.hcpc_number == "PYL000123")
    doctor = db.session.scalars(query).one()
    now = Practitioner(doctor.name, "7012345")
    with writing():
        doctor.hcpc_number = doctor.hcpc_checked_on = None
        doctor.gmc_number, doctor.gmc_checked_on = now.registration, clock.today()
    leaves(of.world, of.order.id, now=now)
    of.is_seen(0)
    of.is_seen(1)
    assert asked(of) == [(doctor.id, TaskState.OPEN)]
    answer = answered(of, by=doctor)
    assert (answer.basis, answer.registration) == (Basis.DIRECTS, now.registration)


def test_nobody_who_reports_signs_in(app: Flask) -> None:
    of = finishing()
    lead_id = of.world.lead.id
    with writing():
        accounts.disable(lead_id, by=None)
    of.is_seen(0)
    of.is_seen(1)
    assert asked(of) == [(None, TaskState.OPEN)]


def test_an_order_that_names_an_institution_is_answered_on_by_a_psychologist(app: Flask) -> None:
    clinic = Period(MADE, date(2027, 5, 15), Treatment.INSTITUTION, "North Clinic")
    of = finished(community(periods=(clinic,)))
    assert asked(of) == [(None, TaskState.OPEN)]
    assert answered(of).basis is Basis.INSTITUTION


def test_a_second_order_asks_once(app: Flask) -> None:
    of = finishing()
    order_of(of.world, community(ends_on=date(2027, 12, 15)), another=True)
    of.is_seen(0)
    of.is_seen(1)
    assert len(asked(of)) == 1
