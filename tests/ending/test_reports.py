"""Reports on treatment: drafted by a therapist, signed by whom the law names, sent, issued anew."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import WRITE_OPTION, db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.ending import application_service, report_queries, report_service, report_telling
from mhtr.ending.application_rules import StepKind
from mhtr.ending.finish_rules import FurtherAnswer
from mhtr.ending.practitioner_rules import Basis
from mhtr.ending.report_build import NOBODY, order_of
from mhtr.ending.report_grounds import DatedFact, Ground, Willing
from mhtr.ending.report_models import ReportVersion
from mhtr.ending.report_service import ALREADY, CHANGED, LOOK, NOT_RUNNING, Compiled
from mhtr.ending.treating_told import DECIDED
from mhtr.jobs.table import JOBS, run
from mhtr.orders import ending_service
from mhtr.orders.contact_service import Named, name_contact
from mhtr.orders.directing import Practitioner
from mhtr.orders.endings import HowEnded
from mhtr.orders.queries import contact_of
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.ending.makers import answered, finished, finishing
from tests.ending.reporting import (
    DRAFT,
    FILE,
    anew,
    begun,
    compiled,
    now,
    sent,
    signed,
    step,
    written,
)
from tests.makers import make_staff
from tests.orders.test_directing import leaves

K, A = StepKind, FurtherAnswer
ENDINGS = next(job for job in JOBS if job.name == "endings")


def tasks_of(kind: TaskKind) -> list[tuple[int | None, TaskState]]:
    query = select(Task).where(Task.kind == kind).order_by(Task.id)
    return [(task.owner_staff_id, task.state) for task in db.session.scalars(query)]


def notices(principal_id: int, key: str) -> list[str]:
    query = select(Notice.text).where(
        Notice.principal_id == principal_id, Notice.key.startswith(key)
    )
    return list(db.session.scalars(query.order_by(Notice.id)))


def test_a_therapist_drafts_and_whom_the_order_names_signs(either_app: Flask) -> None:
    of = finished()
    row = written(of, begun(of))
    lead = of.world.lead
    assert tasks_of(TaskKind.TREATMENT_REPORT) == [(lead.id, TaskState.OPEN)]
    made = signed(of, row)
    assert (made.number, made.basis, made.registration) == (1, Basis.NAMED, "PYL000456")
    assert (made.signed_by, made.to_staff_id) == (lead.id, of.world.officer.id)
    report = report_queries.verified(made)
    assert report is not None and report.held == 2 and report.finished_on == clock.today()
    assert report.facts == DRAFT.facts and made.pdf == FILE
    assert now(row).drafted_at is None
    assert tasks_of(TaskKind.TREATMENT_REPORT) == [(lead.id, TaskState.DONE)]
    assert notices(of.world.officer.principal_id, "treatment_report:") == [report_telling.SENT]
    assert tasks_of(TaskKind.APPLY_TO_COURT) == [(of.world.officer.id, TaskState.OPEN)]


def test_only_whom_the_law_names_signs(either_app: Flask) -> None:
    of = finished()
    row = written(of, begun(of))
    other = make_staff(
        Role.CLINICAL_LEAD, organisation=of.world.lead.organisation, hcpc="PYL000999"
    )
    what = compiled(of, row, of.world.lead)
    for signer, why in ((of.man.therapist, "No HCPC"), (other, "Dr Amara Lindqvist")):
        with pytest.raises(Refused, match=why):
            signed(of, row, by=signer, what=what)
    assert report_queries.versions_of(of.case.id) == []


@pytest.mark.parametrize(
    "said",
    [
        {"ground": None},
        {"facts": ()},
        {"opinion": ""},
        {"ground": Ground.LONGER},
        {"ground": Ground.DIFFERENT, "proposed": "Another place", "willing": Willing.WILLING},
    ],
)
def test_what_is_lacking_keeps_it_from_being_signed(app: Flask, said: dict[str, Any]) -> None:
    of = finished()
    row = written(of, begun(of), **said)
    with pytest.raises(Refused):
        signed(of, row, what=Compiled(FILE, ""))


def test_nobody_is_named_who_supervises_him(app: Flask) -> None:
    of = finished(supervised=False)
    row = written(of, begun(of))
    with pytest.raises(Refused, match=NOBODY):
        signed(of, row, what=Compiled(FILE, ""))


def test_a_day_that_cannot_be_is_not_even_kept(app: Flask) -> None:
    of = finished()
    row = begun(of)
    with pytest.raises(CannotBe):
        written(of, row, facts=(DatedFact(clock.today() + timedelta(days=1), "Later"),))


def test_one_draft_for_an_order(either_app: Flask) -> None:
    of = finished()
    begun(of)
    with pytest.raises(Refused, match=ALREADY):
        begun(of, by=of.world.lead)


def test_no_report_where_no_requirement_runs(app: Flask) -> None:
    of = finished()
    with clock.using(SetClock(clock.now() + timedelta(days=300))):
        with pytest.raises(Refused, match=NOT_RUNNING):
            begun(of)


def test_once_the_requirement_has_run_out_nothing_is_signed_or_issued_anew(
    either_app: Flask,
) -> None:
    of = finished()
    row, _ = sent(of)
    late = SetClock(clock.now() + timedelta(days=300))
    with clock.using(late), pytest.raises(Refused, match=NOT_RUNNING):
        anew(of, row)
    anew(of, row)
    written(of, row, why_again="The number of sessions was wrong.")
    with clock.using(late):
        assert order_of(now(row)).stands_on(clock.today())
        with pytest.raises(Refused, match=NOT_RUNNING):
            signed(of, row)
    assert len(report_queries.versions_of(of.case.id)) == 1


def test_nobody_is_asked_for_anything_once_the_requirement_has_run_out(either_app: Flask) -> None:
    of = finished()
    row, _ = sent(of)
    anew(of, row)
    assert run(ENDINGS) == 0
    with clock.using(SetClock(clock.now() + timedelta(days=300))):
        assert run(ENDINGS) == 3 and run(ENDINGS) == 0
        for kind in (TaskKind.TREATMENT_REPORT, TaskKind.APPLY_TO_COURT):
            assert tasks_of(kind)[-1][1] is TaskState.WITHDRAWN


def test_who_directs_from_now_on_signs_instead(either_app: Flask) -> None:
    of = finished()
    answered(of, A.NOT_NEEDED)
    assert tasks_of(TaskKind.TREATMENT_REPORT) == [(of.world.lead.id, TaskState.OPEN)]
    directs = Practitioner("Dr Hannah Sorensen", "PYL000123")
    query = select(Staff.id).where(Staff.hcpc_number == directs.registration)
    hannah = db.session.scalars(query).one()
    leaves(of.world, of.order.id, now=directs)
    assert tasks_of(TaskKind.TREATMENT_REPORT) == [(hannah, TaskState.OPEN)]


def test_of_two_who_write_at_once_the_second_reads_first(either_app: Flask) -> None:
    of = finished()
    row = begun(of)
    report_id, version, by = row.id, row.version, of.world.lead.id
    written(of, row)
    with pytest.raises(Stale), writing():
        report_service.write(report_id=report_id, draft=DRAFT, version=version, by=by)


def test_it_is_signed_once(either_app: Flask) -> None:
    of = finished()
    row = written(of, begun(of))
    version, what = now(row).version, compiled(of, row, of.world.lead)
    signed(of, row, what=what, version=version)
    with pytest.raises(Stale):
        signed(of, row, what=what, version=version)
    assert len(report_queries.versions_of(of.case.id)) == 1


def test_a_record_put_right_meanwhile_sends_nothing(either_app: Flask) -> None:
    of = finished()
    row = written(of, begun(of))
    what = compiled(of, row, of.world.lead)
    of.is_seen(1, Happened.DID_NOT_COME, "He was not here")
    with pytest.raises(Refused, match=CHANGED):
        signed(of, row, what=what)
    assert report_queries.versions_of(of.case.id) == []


def test_what_seems_not_to_belong_must_be_looked_at(app: Flask) -> None:
    of = finished()
    opinion = "He rings his sister Mary on 020 7946 0123 before a quarrel."
    row = written(of, begun(of), opinion=opinion)
    built, _ = report_service.prepare(of.case, now(row), by=of.world.lead.id)
    assert len(built.warnings) == 2
    with pytest.raises(Refused, match=LOOK):
        signed(of, row)
    made = signed(of, row, looked_at=tuple(one.key for one in built.warnings))
    assert len(made.looked_at) == 2 and made.looked_at[0].startswith("Why: ")


def test_it_is_issued_anew_and_whoever_got_the_old_one_is_told(either_app: Flask) -> None:
    of = finished()
    row, first = sent(of)
    other = make_staff(Role.PROBATION, organisation=of.world.officer.organisation)
    case_id, kept, by = of.case.id, contact_of(of.case.id), of.world.office.id
    assert kept is not None
    said, seen = Named(unit_id=other.organisation_id, staff_id=other.id), kept.id
    with writing():
        name_contact(case_id=case_id, said=said, seen=seen, by=by)
    anew(of, row)
    with pytest.raises(Refused, match="issued anew"):
        signed(of, row, what=Compiled(FILE, ""))
    written(of, row, why_again="The number of sessions was wrong.")
    second = signed(of, row)
    assert (second.number, second.to_staff_id) == (2, other.id)
    report = report_queries.verified(second)
    assert report is not None and report.why_again == "The number of sessions was wrong."
    assert report_queries.verified(first) is not None
    for staff in (of.world.officer, other):
        told = notices(staff.principal_id, f"treatment_report:{second.id}")
        assert told == [report_telling.ANEW]
    # He is no reader any more: the notice leads nowhere.
    query = select(Notice.endpoint).where(
        Notice.principal_id == of.world.officer.principal_id,
        Notice.key == f"treatment_report:{second.id}",
    )
    assert db.session.scalars(query).one() == ""


def test_a_version_is_never_changed_in_the_database(either_app: Flask) -> None:
    of = finished()
    sent(of)
    with pytest.raises(DBAPIError, match="append_only"), writing():
        db.session.execute(update(ReportVersion).values(number=7))


def test_a_no_asks_for_the_report_until_it_is_sent(app: Flask) -> None:
    of = finished()
    answered(of, A.NOT_NEEDED)
    assert tasks_of(TaskKind.TREATMENT_REPORT) == [(of.world.lead.id, TaskState.OPEN)]
    sent(of)
    assert tasks_of(TaskKind.TREATMENT_REPORT) == [(of.world.lead.id, TaskState.DONE)]


def test_another_answer_asks_for_none(app: Flask) -> None:
    of = finished()
    answered(of, A.NOT_NEEDED)
    answered(of, A.NEEDED, why="He relapsed")
    assert tasks_of(TaskKind.TREATMENT_REPORT) == [(of.world.lead.id, TaskState.WITHDRAWN)]


def test_a_draft_that_is_given_up_asks_nobody(app: Flask) -> None:
    of = finishing()
    row = begun(of)
    report_id, version, by = row.id, row.version, of.man.therapist.id
    with writing():
        report_service.drop(report_id=report_id, version=version, by=by)
    assert tasks_of(TaskKind.TREATMENT_REPORT) == [(of.world.lead.id, TaskState.WITHDRAWN)]
    begun(of)


def test_the_officer_records_what_became_of_it_and_nothing_else_changes(
    either_app: Flask,
) -> None:
    of = finished()
    row, _ = sent(of)
    with pytest.raises(CannotBe):
        step(of, row, K.CANCELLED)
    applied = step(of, row, K.APPLIED)
    assert tasks_of(TaskKind.APPLY_TO_COURT) == [(of.world.officer.id, TaskState.DONE)]
    step(of, row, K.HEARING, on=clock.today() + timedelta(days=20))
    done = step(of, row, K.CANCELLED)
    assert DECIDED in notices(of.world.assessor.principal_id, "treatment_report_step:")
    order = db.session.merge(of.order)
    assert order.ended_on is None and order.version == of.order.version
    case_id, by = of.case.id, of.world.officer.id
    with pytest.raises(Refused), writing():
        application_service.take_back(case_id=case_id, ref=applied.ref, by=by)
    assert done.taken_back_at is None


def test_an_application_taken_back_is_asked_for_again(app: Flask) -> None:
    of = finished()
    row, _ = sent(of)
    applied = step(of, row, K.APPLIED)
    case_id, ref, by = of.case.id, applied.ref, of.world.officer.id
    with writing():
        application_service.take_back(case_id=case_id, ref=ref, by=by)
    assert tasks_of(TaskKind.APPLY_TO_COURT) == [(of.world.officer.id, TaskState.OPEN)]
    with pytest.raises(Refused, match="already"), writing():
        application_service.take_back(case_id=case_id, ref=ref, by=by)


def test_nobody_of_the_service_records_it(app: Flask) -> None:
    of = finished()
    row, _ = sent(of)
    with pytest.raises(Refused, match="Only probation"):
        step(of, row, K.APPLIED, by=of.world.lead)


def test_an_order_that_ended_asks_for_no_application(app: Flask) -> None:
    of = finished()
    row, _ = sent(of)
    order, by = db.session.merge(of.order), of.world.office.id
    order_id, version = order.id, order.version
    with writing():
        ending_service.end_order(
            order_id=order_id, how=HowEnded.REVOKED, on=clock.today(), version=version, by=by
        )
    assert tasks_of(TaskKind.APPLY_TO_COURT)[0][1] is TaskState.WITHDRAWN
    with pytest.raises(Refused, match="order has ended"):
        anew(of, row)


def test_a_file_that_was_tampered_with_is_known(app: Flask) -> None:
    of = finished()
    _, made = sent(of)
    assert report_queries.is_file_intact(made)
    with db.engine.execution_options(**{WRITE_OPTION: True}).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER guard_treatment_report_versions_update")
        connection.exec_driver_sql("UPDATE treatment_report_versions SET pdf = X'00'")
        connection.exec_driver_sql("UPDATE treatment_report_versions SET content_hash = 'x'")
    db.session.rollback()
    row = report_queries.find_version(of.case.id, made.ref)
    assert not report_queries.is_file_intact(row) and report_queries.verified(row) is None


@pytest.mark.parametrize("ground", Ground)
def test_a_report_on_each_ground_is_sent(app: Flask, ground: Ground) -> None:
    of = finished()
    more: dict[str, Any] = {
        "proposed": "Until 1 March 2027.",
        "willing": Willing.NOT_ASKED,
        "willing_said": "He is in hospital.",
    }
    _, made = sent(of, ground=ground, **more)
    report = report_queries.verified(made)
    assert report is not None and report.ground is ground
