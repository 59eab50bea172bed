"""Every way in which a date can fail: she is asked at once, and somebody at work sees to it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.listeners import staff_left
from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.suitability import date_answering, dates_by_time, late_report, saying_ready
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.late_report import Arranged
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.ready_from import REASON_WORDS, Reason, last_said
from mhtr.tasks.models import Leave, Task, TaskKind
from tests.makers import make_case, make_staff
from tests.suitability.makers import CourtSide
from tests.suitability.requesting import ask, tasks_of, told
from tests.suitability.test_leave_and_due_date import away, cancel

DUE = date(2026, 11, 25)  # asked for on Wednesday the 18th; heard on 11 December


class Late:
    """A report due on Wednesday the 25th, of an assessor (or of nobody yet)."""

    def __init__(self, *, allocated: bool = True) -> None:
        self.court = CourtSide()
        trust = self.court.trust
        self.lead = make_staff(Role.CLINICAL_LEAD, organisation=trust, name="Lea Lead")
        self.office = make_staff(Role.ADMINISTRATOR, organisation=trust)
        self.manager = make_staff(Role.SERVICE_MANAGER, organisation=trust)
        self.assessor = make_staff(Role.ASSESSOR, organisation=trust)
        self.case_id = make_case().id
        if allocated:
            with writing():
                case = cases.lock(self.case_id)
                case.assessor_id = self.assessor.id
                for kind in (FactKind.ACCEPTED, FactKind.ALLOCATED):
                    cases.add_fact(case, kind, by=self.lead.id)
        self.request_id = ask(self.case_id, self.court.author.id).id

    @property
    def request(self) -> ReportRequest:
        return db.session.get_one(ReportRequest, self.request_id)

    @property
    def question(self) -> Task:
        (found,) = tasks_of(self.case_id, TaskKind.ANSWER_DATE)
        return found

    @property
    def at_work(self) -> Task:
        """The task of the trust."""
        (found,) = tasks_of(self.case_id, TaskKind.REPORT_LATE)
        return found

    def earliest(self) -> date | None:
        return self.request.earliest_on

    def none_open(self) -> bool:
        kinds = TaskKind.ANSWER_DATE, TaskKind.REPORT_LATE
        return not any(tasks_of(self.case_id, kind) for kind in kinds)

    def answer(
        self, said: DateAnswer, version: int | None = None, adjourn_to: date | None = None
    ) -> None:
        with writing():
            date_answering.answer_date(
                request_id=self.request_id,
                answer=said,
                by=self.court.author.id,
                version=version,
                adjourn_to=adjourn_to,
            )

    def say(self, day: date, by: Staff, seen: int = 0) -> None:
        with writing():
            saying_ready.not_before(
                case_id=self.case_id, earliest_on=day, reason=Reason.APPOINTMENT, seen=seen,
                by=by.id,
            )  # fmt: skip

    def take_back(self, by: Staff) -> None:
        last = last_said(self.case_id)
        with writing():
            saying_ready.in_time_after_all(
                case_id=self.case_id, seen=last.id if last else 0, by=by.id
            )


def look() -> int:
    """The job."""
    with writing():
        return dates_by_time.look(clock.now())


def test_overdue_and_unwritten_she_is_asked_with_the_next_possible_day(
    either_app: Flask, set_clock: SetClock
) -> None:
    late = Late()
    set_clock.advance(days=7)  # the day it is due
    assert look() == 0
    assert late.none_open()
    set_clock.advance(days=1)
    assert look() == 1
    assert (late.request.due_on, late.request.earliest_on) == (DUE, date(2026, 11, 27))
    assert late.question.owner_staff_id == late.court.author.id
    assert any("earliest is Friday 27 November 2026" in text for text in told(late.court.author))
    assert late.at_work.owner_principal_id == late.court.trust.principal_id
    assert look() == 0
    assert len([s for s in told(late.court.author) if "cannot be ready by" in s]) == 1


def test_a_day_gone_by_is_told_and_what_she_decided_stands(app: Flask, set_clock: SetClock) -> None:
    late = Late()
    set_clock.advance(days=8)
    look()
    late.answer(DateAnswer.KEEPS_DATE)
    set_clock.advance(days=1)  # the Friday she was told of
    assert look() == 0
    set_clock.advance(days=3)
    assert look() == 1
    assert late.request.earliest_on == date(2026, 12, 1)
    assert late.request.date_answer == DateAnswer.KEEPS_DATE
    assert not tasks_of(late.case_id, TaskKind.ANSWER_DATE)
    assert any("cannot be met before Tuesday 1 December" in s for s in told(late.court.author))


def test_overdue_with_the_lead_is_asked_about_too(app: Flask, set_clock: SetClock) -> None:
    late = Late()
    with writing():
        case, by = cases.lock(late.case_id), late.assessor.id
        cases.add_fact(case, FactKind.ASSESSMENT_STARTED, by=by)
        detail = {"recommendation": "suitable", "author_id": by}
        cases.add_fact(case, FactKind.ASSESSMENT_FINISHED, by=by, detail=detail)
    set_clock.advance(days=8)
    look()
    assert late.question.owner_staff_id == late.court.author.id


def test_leave_that_leaves_no_day_any_more_is_found_by_the_day_alone(
    app: Flask, set_clock: SetClock
) -> None:
    late = Late()
    away(late.assessor, date(2026, 11, 20), date(2026, 11, 29))
    assert late.none_open()  # Thursday is left
    set_clock.advance(days=1)
    assert look() == 1
    assert late.request.earliest_on == date(2026, 11, 30)
    assert late.question.id


def test_nobody_to_write_it_on_the_day_it_is_due(app: Flask, set_clock: SetClock) -> None:
    late = Late(allocated=False)
    assert late.none_open()
    set_clock.advance(days=7)
    assert look() == 1
    assert late.request.earliest_on == date(2026, 11, 26)
    assert late.question.id
    with writing():
        case = cases.lock(late.case_id)
        case.assessor_id = late.assessor.id
        cases.add_fact(case, FactKind.ALLOCATED, by=late.lead.id)
    assert late.earliest() is None
    assert late.none_open()


def test_after_the_hearing_nobody_is_asked_any_more(app: Flask, set_clock: SetClock) -> None:
    late = Late()
    set_clock.advance(days=8)
    look()
    set_clock.advance(days=16)  # the day after the hearing
    assert look() == 1
    assert late.none_open()
    assert look() == 0


@pytest.mark.parametrize("who", ["assessor", "lead"])
def test_the_service_says_so_and_takes_it_back(either_app: Flask, who: str) -> None:
    late = Late()
    by = getattr(late, who)
    late.say(date(2026, 11, 28), by)  # a Saturday
    assert late.request.earliest_on == date(2026, 11, 30)
    assert late.question.id and late.at_work.id
    (news,) = [s for s in told(late.court.author) if "The service says" in s]
    assert REASON_WORDS[Reason.APPOINTMENT] in news
    late.take_back(by)
    assert late.earliest() is None
    assert late.none_open()
    late.say(date(2026, 11, 30), by, seen=last_id(late))
    assert late.question.id and late.at_work.id


def last_id(late: Late) -> int:
    last = last_said(late.case_id)
    assert last is not None
    return last.id


def test_what_may_not_be_said(app: Flask) -> None:
    late = Late()
    stranger = make_staff(Role.ASSESSOR, organisation=late.court.trust)
    with pytest.raises(Refused, match="Only the assessor"):
        late.say(date(2026, 11, 30), stranger)
    with pytest.raises(Refused, match="is in time"):
        late.say(DUE, late.assessor)
    with pytest.raises(Refused, match="is past"):
        late.say(date(2026, 11, 17), late.assessor)
    with pytest.raises(Refused, match="Nobody has said"):
        late.take_back(late.lead)
    late.say(date(2026, 11, 30), late.assessor)
    with pytest.raises(Stale):
        late.say(date(2026, 12, 1), late.lead)
    late.answer(DateAnswer.WITHDRAWS)
    with pytest.raises(Refused, match="No report is asked for"):
        late.say(date(2026, 12, 2), late.lead, seen=last_id(late))


def test_a_new_request_does_not_forget_what_the_service_said(app: Flask) -> None:
    late = Late()
    late.say(date(2026, 11, 30), late.lead)
    late.request_id = ask(late.case_id, late.court.author.id).id
    assert late.request.earliest_on == date(2026, 11, 30)
    assert late.question.id and late.at_work.id


def test_her_answer_reaches_somebody_at_work_who_can_act(either_app: Flask) -> None:
    late = Late()
    away(late.assessor, date(2026, 11, 18), date(2026, 11, 29))
    asked = late.at_work
    assert (asked.owner_principal_id, asked.owner_staff_id) == (
        late.court.trust.principal_id,
        None,
    )
    assert "has been asked" in asked.title
    late.answer(DateAnswer.KEEPS_DATE)
    assert late.at_work.id != asked.id
    assert "keeps the date" in late.at_work.title
    assert any("keeps the date" in text for text in told(late.assessor))
    late.answer(DateAnswer.SEEKS_ADJOURNMENT, adjourn_to=date(2026, 12, 18))
    assert "asks to adjourn" in late.at_work.title
    assert any("18 December 2026" in text for text in told(late.assessor))
    late.answer(DateAnswer.WITHDRAWS)
    assert late.none_open()


def test_leave_taken_back_ends_what_somebody_was_to_see_to(app: Flask) -> None:
    late = Late()
    leave = away(late.assessor, date(2026, 11, 18), date(2026, 11, 29))
    late.answer(DateAnswer.KEEPS_DATE)
    assert late.at_work.id
    cancel(leave, late.assessor)
    assert late.none_open()


def test_she_names_no_day_before_the_report_can_be_ready(app: Flask) -> None:
    late = Late()
    late.say(date(2026, 12, 14), late.lead)
    with pytest.raises(Refused, match="cannot be ready before Monday 14 December"):
        late.answer(DateAnswer.SEEKS_ADJOURNMENT, adjourn_to=date(2026, 12, 11))


def test_an_old_page_changes_no_answer_and_a_fresh_one_does(app: Flask) -> None:
    late = Late()
    late.say(date(2026, 11, 30), late.lead)
    seen = late.request.version
    late.answer(DateAnswer.SEEKS_ADJOURNMENT, seen)
    with pytest.raises(Stale):
        late.answer(DateAnswer.KEEPS_DATE, seen)
    assert late.request.date_answer == DateAnswer.SEEKS_ADJOURNMENT
    late.answer(DateAnswer.KEEPS_DATE, late.request.version)
    assert late.request.date_answer == DateAnswer.KEEPS_DATE
    seen = late.request.version
    late.say(date(2026, 12, 2), late.lead, seen=last_id(late))
    with pytest.raises(Stale):
        late.answer(DateAnswer.KEEPS_DATE, seen)  # about other dates


def arrange(late: Late, by: Staff, version: int | None = None) -> None:
    with writing():
        late_report.arrange(
            case_id=late.case_id,
            how=Arranged.SENT_IN_PART,
            version=late.request.version if version is None else version,
            by=by.id,
        )


def test_what_is_arranged_is_told_and_ends_the_task(either_app: Flask) -> None:
    late = Late()
    late.say(date(2026, 11, 30), late.lead)
    late.answer(DateAnswer.KEEPS_DATE)
    with pytest.raises(Refused, match="Only a clinical lead or an administrator"):
        arrange(late, late.assessor)
    with pytest.raises(Stale):
        arrange(late, late.office, late.request.version - 1)
    arrange(late, late.office)
    assert not tasks_of(late.case_id, TaskKind.REPORT_LATE)
    for one in (late.court.author, late.assessor):
        assert any("What there is will be sent by the due date" in s for s in told(one))
    with pytest.raises(Refused, match="seen to this already"):
        arrange(late, late.lead)
    away(late.assessor, date(2027, 1, 4), date(2027, 1, 5))  # concerns no date of it
    assert not tasks_of(late.case_id, TaskKind.REPORT_LATE)
    late.answer(DateAnswer.SEEKS_ADJOURNMENT)
    assert late.at_work.id


def test_where_nobody_acts_before_the_filing_day_a_lead_is_named(
    either_app: Flask, set_clock: SetClock
) -> None:
    late = Late()
    other = make_staff(Role.CLINICAL_LEAD, organisation=late.court.trust)
    with writing():
        days = {"first_day": date(2026, 12, 7), "last_day": date(2026, 12, 13)}
        db.session.add(Leave(staff_id=late.lead.id, **days))
    late.say(date(2026, 11, 30), late.assessor)
    late.answer(DateAnswer.KEEPS_DATE)
    assert late.at_work.due_at.date() == date(2026, 12, 10)  # heard on the 11th
    set_clock.advance(days=21, hours=23)  # the tenth, before noon
    look()
    assert late.at_work.owner_principal_id == late.court.trust.principal_id
    set_clock.advance(hours=2)
    look()
    assert late.at_work.owner_staff_id == other.id  # Lea is away
    assert any("it is yours now" in text for text in told(other))
    for one in (late.lead, late.office, late.manager):
        assert any("nobody has seen to it" in text for text in told(one))
    before = len(told(other))
    look()
    assert len(told(other)) == before


def stage(late: Late, now: str) -> None:
    with writing():
        case = cases.lock(late.case_id)
        detail = {"stage": now}
        cases.add_fact(case, FactKind.STAGE_RECORDED, by=late.lead.id, detail=detail)


def test_after_a_rest_it_is_given_to_somebody_by_name_again(
    either_app: Flask, set_clock: SetClock
) -> None:
    late = Late()
    late.say(date(2026, 11, 30), late.assessor)
    late.answer(DateAnswer.KEEPS_DATE)
    set_clock.advance(days=22, hours=1)  # the tenth, after noon
    look()
    assert late.at_work.owner_staff_id == late.lead.id
    query = select(AuditEvent.detail).where(AuditEvent.action == "tasks.escalated")
    assert [one["to"] for one in db.session.scalars(query)] == [late.lead.id]
    stage(late, "not_guilty_plea")
    stage(late, "guilty_plea")
    assert late.at_work.owner_principal_id == late.court.trust.principal_id
    assert late.at_work.escalated == 0
    set_clock.advance(hours=1)
    look()
    assert late.at_work.owner_staff_id == late.lead.id
    assert len([text for text in told(late.lead) if "it is yours now" in text]) == 2
    assert len([text for text in told(late.office) if "nobody has seen to it" in text]) == 2


def test_when_its_lead_leaves_it_is_given_to_the_next_by_name(
    app: Flask, set_clock: SetClock
) -> None:
    late = Late()
    late.say(date(2026, 11, 30), late.assessor)
    set_clock.advance(days=22, hours=1)
    look()
    assert late.at_work.owner_staff_id == late.lead.id
    other = make_staff(Role.CLINICAL_LEAD, organisation=late.court.trust)
    with writing():
        late.lead.disabled_at = clock.now()
        for left in staff_left:
            left(late.lead.id, late.court.trust.id, None)
    assert late.at_work.owner_principal_id == late.court.trust.principal_id
    look()
    assert late.at_work.owner_staff_id == other.id
    assert any("it is yours now" in text for text in told(other))


def test_a_restricted_case_goes_to_somebody_named_on_it(app: Flask) -> None:
    late = Late()
    with writing():
        access.grant(
            late.case_id, Purpose.CLINICAL, late.lead.principal_id, because="test", by=None
        )
        cases.lock(late.case_id).restricted = True
    late.say(date(2026, 11, 30), late.assessor)
    assert late.at_work.owner_staff_id == late.lead.id
    assert db.session.get_one(Case, late.case_id).restricted


def test_while_the_work_rests_nobody_is_asked(app: Flask, set_clock: SetClock) -> None:
    late = Late()
    late.say(date(2026, 11, 30), late.lead)
    stage(late, "not_guilty_plea")
    assert late.none_open()
    set_clock.advance(days=8)
    assert look() == 0
    with pytest.raises(Refused, match="No report is asked for"):
        late.take_back(late.lead)
