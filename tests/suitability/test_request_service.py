"""A PSR author's request: its due date, tasks and notices; answers; superseding; handing over."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, StageOfCase
from mhtr.cases.models import Case, CaseFact
from mhtr.cases.queries import in_scope
from mhtr.core import access, policy
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import triage
from mhtr.intake.models import CourtCoverage, Referral
from mhtr.people.models import Flag, FlagKind, IdentityQuestion, Person
from mhtr.suitability import date_answering, request_service
from mhtr.suitability.asked import Asked, DateAnswer, Man
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from mhtr.tasks.service import open_tasks, withdraw
from tests.makers import make_case, make_person, make_staff
from tests.suitability.makers import ASKED, COURT, HEARING, CourtSide, granted_case, make_man

TODAY = date(2026, 11, 18)


def ask(case_id: int, by: int, asked: Asked = ASKED) -> ReportRequest:
    with writing():
        made = request_service.ask(case_id=case_id, asked=asked, by=by)
        made_id = made.id
    return db.session.get_one(ReportRequest, made_id)


def tasks_of(case_id: int, kind: TaskKind, *, is_open: bool = True) -> list[Task]:
    query = select(Task).where(Task.case_id == case_id, Task.kind == kind).order_by(Task.id)
    return [t for t in db.session.scalars(query) if not is_open or t.state is TaskState.OPEN]


def sees(staff_id: int, case_id: int) -> bool:
    viewer = viewer_of(db.session.get_one(Staff, staff_id))
    query = select(Case.id).where(Case.id == case_id, in_scope(viewer, Purpose.PRE_SENTENCE))
    return db.session.scalars(query).first() is not None


def told(staff: Staff) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
    return list(db.session.scalars(query.order_by(Notice.id)))


@pytest.mark.parametrize(
    ("asked", "due_on"),
    [
        (ASKED, date(2026, 11, 25)),
        (replace(ASKED, psr_type=PsrType.ORAL), TODAY),
        (replace(ASKED, psr_type=PsrType.STANDARD), date(2026, 12, 9)),
        (replace(ASKED, psr_filed_on=date(2026, 11, 24)), date(2026, 11, 23)),
        (replace(ASKED, asked_for_on=date(2026, 12, 2)), date(2026, 12, 2)),
    ],
)
def test_a_request_opens_what_follows(either_app: Flask, asked: Asked, due_on: date) -> None:
    court = CourtSide()
    case_id = make_case().id
    request = ask(case_id, court.author.id, asked)
    case = db.session.get_one(Case, case_id)
    assert (request.due_on, case.report_due_on) == (due_on, due_on)
    assert (request.team_id, request.earliest_on) == (court.team.id, None)
    assert request.due_reasons
    assert (case.court_code, case.hearing_on) == (COURT, HEARING)
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.due_at == end_of_day(due_on)
    assert report_due.owner_principal_id == court.trust.principal_id
    (awaited,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
    assert awaited.owner_staff_id == court.author.id
    assert awaited.due_at == end_of_day(date(2026, 12, 14))  # the Monday after the hearing
    assert sees(court.author.id, case_id)
    assert sees(court.colleague.id, case_id)
    assert not sees(court.stranger.id, case_id)


def test_policy_values_decide_and_are_kept_with_the_result(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    with writing():
        policy.set_value(
            "suitability.short_days", 3, valid_from=TODAY, reason="Agreed", by=court.author.id
        )
    request = ask(case_id, court.author.id)
    assert request.due_on == date(2026, 11, 23)
    assert request.details["worked_out"]["policy"]["short_days"] == 3


def test_before_plea_or_finding_the_stage_is_recorded_with_the_request(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case(stage=StageOfCase.CHARGED).id
    ask(case_id, court.author.id)
    assert db.session.get_one(Case, case_id).stage is StageOfCase.GUILTY_PLEA


def test_a_closed_case_takes_no_request(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    with writing():
        cases.add_fact(
            cases.lock(case_id), FactKind.CLOSED, by=None, detail={"reason": "acquitted"}
        )
    with pytest.raises(Refused, match="closed"):
        ask(case_id, court.author.id)
    assert not sees(court.author.id, case_id)


def test_a_date_that_cannot_be_met_is_a_question_at_once(
    either_app: Flask, set_clock: SetClock
) -> None:
    court = CourtSide()
    case_id = make_case().id
    set_clock.advance(hours=6)  # after closing: counts from tomorrow
    request = ask(case_id, court.author.id, replace(ASKED, asked_for_on=TODAY))
    assert request.earliest_on == date(2026, 11, 19)
    (question,) = tasks_of(case_id, TaskKind.ANSWER_DATE)
    assert question.owner_staff_id == court.author.id
    assert any("earliest is Thursday 19 November 2026" in text for text in told(court.author))
    request_id = request.id
    with writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.SEEKS_ADJOURNMENT, by=court.author.id
        )
    answered = db.session.get_one(ReportRequest, request_id)
    assert answered.date_answer == "seeks_adjournment"
    assert answered.date_answered_at is not None
    assert not tasks_of(case_id, TaskKind.ANSWER_DATE)
    notices = db.session.scalars(
        select(Notice.text).where(Notice.principal_id == court.trust.principal_id)
    ).all()
    assert "Probation will ask for an adjournment." in notices


def test_nothing_is_asked_where_the_date_can_be_met(app: Flask) -> None:
    court = CourtSide()
    request = ask(make_case().id, court.author.id)
    assert not tasks_of(request.case_id, TaskKind.ANSWER_DATE)
    with pytest.raises(Refused), writing():
        date_answering.answer_date(
            request_id=request.id, answer=DateAnswer.KEEPS_DATE, by=court.author.id
        )


def test_an_assessor_on_leave_moves_the_earliest_date(app: Flask) -> None:
    from mhtr.tasks.models import Leave

    court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
    case_id = make_case().id
    with writing():
        cases.lock(case_id).assessor_id = assessor.id
        db.session.add(Leave(staff_id=assessor.id, first_day=TODAY, last_day=date(2026, 11, 29)))
    request = ask(case_id, court.author.id)
    assert (request.due_on, request.earliest_on) == (date(2026, 11, 25), date(2026, 11, 30))
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.owner_staff_id == assessor.id


def test_withdrawing_ends_what_was_to_be_done(app: Flask) -> None:
    court = CourtSide()
    request = ask(make_case().id, court.author.id)
    case_id, request_id = request.case_id, request.id
    with writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.WITHDRAWS, by=court.author.id
        )
    assert db.session.get_one(Case, case_id).report_due_on is None
    assert not tasks_of(case_id, TaskKind.REPORT_DUE)
    with pytest.raises(Refused, match="withdrawn"), writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.WITHDRAWS, by=court.author.id
        )


def test_who_withdrew_her_request_loses_the_case_after_a_while(
    app: Flask, set_clock: SetClock
) -> None:
    court = CourtSide()
    request = ask(make_case().id, court.author.id)
    case_id, request_id = request.case_id, request.id
    with writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.WITHDRAWS, by=court.author.id
        )
    principals = (court.author.principal_id, court.team.principal_id)
    set_clock.advance(days=6)
    assert access.holds(case_id, (Purpose.PRE_SENTENCE,), principals)
    set_clock.advance(days=1, seconds=1)
    assert not access.holds(case_id, (Purpose.PRE_SENTENCE,), principals)
    ask(case_id, court.author.id)
    set_clock.advance(days=30)
    assert access.holds(case_id, (Purpose.PRE_SENTENCE,), principals)


def test_an_adjournment_recalculates_and_tells(either_app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    filed = replace(ASKED, psr_type=PsrType.STANDARD, hearing_on=date(2026, 11, 26))
    request = ask(case_id, court.author.id, filed)
    assert request.due_on == date(2026, 11, 26)
    assert not any("Court date changed" in text for text in told(court.author))
    with writing():
        hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=HEARING, by=None)
    moved = db.session.get_one(ReportRequest, request.id)
    assert moved.due_on == date(2026, 12, 9)
    assert db.session.get_one(Case, case_id).report_due_on == date(2026, 12, 9)
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.due_at == end_of_day(date(2026, 12, 9))
    (awaited,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
    assert awaited.due_at == end_of_day(date(2026, 12, 14))
    assert any("9 working days later" in text for text in told(court.author))
    trust = db.session.scalars(
        select(Notice.text).where(Notice.principal_id == court.trust.principal_id)
    ).all()
    assert any("Court date changed" in text for text in trust)


def test_the_author_is_told_when_no_report_will_come(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    request = ask(case_id, court.author.id)
    with writing():
        case = cases.lock(case_id)
        cases.add_fact(case, FactKind.CLOSED, by=None, detail={"reason": "discontinued"})
        for task in open_tasks(case_id):
            withdraw(task, by=None, because="closed")
    assert "A case you asked about was closed. No report will follow." in told(court.author)
    with writing():
        cases.add_fact(cases.lock(case_id), FactKind.REOPENED, by=None)
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.due_at == end_of_day(request.due_on)
    assert len(tasks_of(case_id, TaskKind.RESULT_AWAITED)) == 1


def test_requests_made_at_once_leave_one_of_everything(either_app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    people = [court.author.id, court.colleague.id] * 4

    def at_once(by: int) -> None:
        with either_app.app_context():
            ask(case_id, by)
            db.session.remove()

    with ThreadPoolExecutor(len(people)) as pool:
        for done in [pool.submit(at_once, by) for by in people]:
            done.result()
    db.session.rollback()
    assert len(db.session.scalars(select(ReportRequest)).all()) == 8
    assert len(tasks_of(case_id, TaskKind.REPORT_DUE)) == 1
    assert len(tasks_of(case_id, TaskKind.RESULT_AWAITED)) == 1
    hearings_set = select(CaseFact).where(CaseFact.kind == FactKind.HEARING_SET)
    assert len(db.session.scalars(hearings_set).all()) == 1


def test_a_later_request_supersedes(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    first = ask(case_id, court.author.id)
    second = ask(case_id, court.author.id, replace(ASKED, asked_for_on=date(2026, 12, 1)))
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.due_at == end_of_day(second.due_on) == end_of_day(date(2026, 12, 1))
    assert len(tasks_of(case_id, TaskKind.RESULT_AWAITED)) == 1
    with pytest.raises(Refused, match="replaced"), writing():
        date_answering.answer_date(
            request_id=first.id, answer=DateAnswer.WITHDRAWS, by=court.author.id
        )


def test_who_was_superseded_no_longer_sees_the_case(either_app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    ask(case_id, court.author.id)
    ask(case_id, court.colleague.id)
    assert sees(court.author.id, case_id)  # through the team, which has it still
    ask(case_id, court.stranger.id)
    assert sees(court.stranger.id, case_id)
    assert not sees(court.author.id, case_id)
    assert not sees(court.colleague.id, case_id)


def test_warnings_become_flags_once_with_the_reason_kept_apart(app: Flask) -> None:
    court = CourtSide()
    lead = make_staff(Role.CLINICAL_LEAD, organisation=court.trust)
    case_id = make_case().id
    warned = replace(
        ASKED,
        staff_safety=True,
        staff_safety_reason="Threatened a clerk in May",
        no_contact="His sister Ada",
    )
    ask(case_id, court.author.id, warned)
    ask(case_id, court.author.id, warned)
    flags = db.session.scalars(select(Flag).order_by(Flag.id)).all()
    assert [flag.kind for flag in flags] == [FlagKind.STAFF_SAFETY, FlagKind.MUST_NOT_MEET]
    assert {flag.owner_staff_id for flag in flags} == {lead.id}
    assert flags[0].reason == "Threatened a clerk in May"
    assert not any("clerk" in flag.fact or "Ada" in flag.fact for flag in flags)


def asked_about(case_id: int) -> bool:
    """Whether somebody is asked whether the man of this case is another one on record."""
    person_id = db.session.get_one(Case, case_id).person_id
    query = select(IdentityQuestion).where(
        (IdentityQuestion.person_id == person_id) | (IdentityQuestion.other_id == person_id)
    )
    return db.session.scalars(query).first() is not None


class TestAskingAboutAMan:
    """Found only where everything agrees; otherwise he is referred. She is told the same."""

    def about(self, man: Man, by: int) -> int:
        with writing():
            return request_service.ask_about(man=man, asked=ASKED, safe=True, by=by).case_id

    def man(self, **change: object) -> Man:
        named = Man("X123456", "Tunde", "Okafor", date(1990, 2, 3))
        return replace(named, **change)  # type: ignore[arg-type]

    def test_the_same_man_gets_the_request_on_his_case(self, either_app: Flask) -> None:
        court = CourtSide()
        case_id = make_case(make_man()).id
        assert self.about(self.man(given_name="TUNDÉ"), court.author.id) == case_id
        assert sees(court.author.id, case_id)

    def test_a_case_without_crn_at_a_court_of_another_team(self, app: Flask) -> None:
        court = CourtSide()
        case_id = make_case().id
        with writing():
            hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=HEARING, by=None)
        assert self.about(self.man(), court.stranger.id) != case_id

    @pytest.mark.parametrize(
        "change",
        [
            {"crn": "X654321"},
            {"family_name": "Okoro"},
            {"born": date(1991, 2, 3)},
        ],
    )
    def test_anything_that_disagrees_is_a_new_referral(
        self, app: Flask, change: dict[str, object]
    ) -> None:
        court = CourtSide()
        case_id = make_case(make_man()).id
        other = self.about(self.man(**change), court.author.id)
        assert other != case_id
        assert not sees(court.author.id, case_id)
        referral = db.session.scalars(select(Referral).where(Referral.case_id == other)).one()
        assert referral.source == "court-probation"
        assert sees(court.author.id, other)

    def test_a_crn_of_another_record_is_a_question(self, app: Flask) -> None:
        court = CourtSide()
        make_case(make_man("X123456", "Other"))
        case_id = self.waits_here()
        assert self.about(self.man(), court.author.id) != case_id
        assert db.session.get_one(Case, case_id).person.identifiers == []
        assert asked_about(case_id)

    def test_two_men_who_agree_are_never_chosen_between(self, app: Flask) -> None:
        court = CourtSide()
        first, second = self.waits_here(), self.waits_here()
        third = self.about(self.man(), court.author.id)
        assert third not in (first, second)
        assert not sees(court.author.id, first) and not sees(court.author.id, second)
        assert asked_about(first) and asked_about(second)

    def test_a_namesake_whose_case_is_over_is_another_man_too(self, app: Flask) -> None:
        court = CourtSide()
        case_id = self.waits_here()
        make_person("Tunde")
        assert self.about(self.man(), court.author.id) != case_id

    def test_another_coming_hearing_is_a_question(self, app: Flask) -> None:
        court = CourtSide()
        case_id = self.waits_here(on=HEARING + timedelta(days=3))
        assert self.about(self.man(), court.author.id) != case_id
        assert asked_about(case_id)

    def test_who_has_the_case_is_told_that_it_was_found_by_name(self, app: Flask) -> None:
        court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
        case_id = self.waits_here()
        with writing():
            cases.lock(case_id).assessor_id = assessor.id
        self.about(self.man(), court.author.id)
        assert any("check that it is he" in text for text in told(assessor))

    @pytest.mark.parametrize("on", [None, HEARING - timedelta(days=1), date(2026, 11, 2)])
    def test_the_same_court_alone_joins_nothing(self, app: Flask, on: date | None) -> None:
        court = CourtSide()
        case_id = self.waits_here(on=on)
        other = self.about(self.man(), court.author.id)
        assert other != case_id and not sees(court.author.id, case_id)
        assert asked_about(case_id)
        assert db.session.get_one(Case, case_id).person.identifiers == []

    def test_a_man_without_a_name_is_not_found_by_it(self, app: Flask) -> None:
        court = CourtSide()
        case_id = make_case(make_person("Unknown", "Unknown")).id
        with writing():
            hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=HEARING, by=None)
        man = self.man(given_name="Unknown", family_name="Unknown")
        assert self.about(man, court.author.id) != case_id

    def test_the_same_day_at_another_of_her_courts_joins_nothing(self, app: Flask) -> None:
        court, elsewhere = CourtSide(), "B01EF"
        with writing():
            covers = {"live_from": date(2026, 1, 1), "court_team_id": court.team.id}
            db.session.add(CourtCoverage(court_code=elsewhere, trust_id=court.trust.id, **covers))
        case_id = make_case().id
        with writing():
            hearings.record_hearing(cases.lock(case_id), court_code=elsewhere, on=HEARING, by=None)
        assert self.about(self.man(), court.author.id) != case_id

    def waits_here(self, on: date | None = HEARING) -> int:
        """A case of a man of that name and birth date without a CRN, at her court."""
        case_id = make_case().id
        with writing():
            hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=on, by=None)
        return case_id

    def test_the_report_task_follows_the_allocation(self, app: Flask) -> None:
        court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
        case_id = self.about(self.man(), court.author.id)
        version = db.session.get_one(Case, case_id).version
        with writing():
            triage.accept(case_id=case_id, version=version, assessor_id=assessor.id, by=assessor.id)
        (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
        assert report_due.owner_staff_id == assessor.id
        assert any(
            (notice.endpoint, notice.case_id) == ("overview.case_page", case_id)
            for notice in db.session.scalars(
                select(Notice).where(Notice.principal_id == court.author.principal_id)
            )
        )

    def test_a_case_that_can_take_no_request_does_not_show(self, app: Flask) -> None:
        court = CourtSide()
        case_id = make_case(make_man()).id
        with writing():
            cases.add_fact(
                cases.lock(case_id), FactKind.PAUSED, by=None, detail={"reason": "remanded"}
            )
        assert self.about(self.man(), court.author.id) != case_id


class TestHandingOver:
    """Inside the court team; whoever hands over keeps only what the team holds."""

    def hand(self, request_id: int, to: Staff, by: Staff) -> int:
        to_id, by_id = to.id, by.id
        with writing():
            return request_service.reallocate(request_ids=[request_id], to_staff_id=to_id, by=by_id)

    def test_the_request_its_grant_and_tasks_move(self, either_app: Flask) -> None:
        court = CourtSide()
        request = ask(make_case().id, court.author.id)
        request_id, case_id = request.id, request.case_id
        assert self.hand(request_id, court.colleague, court.author) == 1
        assert db.session.get_one(ReportRequest, request_id).author_id == court.colleague.id
        (awaited,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
        assert awaited.owner_staff_id == court.colleague.id
        assert "A report request was handed to you." in told(court.colleague)
        assert sees(court.author.id, case_id)  # through the team
        with writing():
            cases.lock(case_id).restricted = True
        assert sees(court.colleague.id, case_id)
        assert not sees(court.author.id, case_id)

    def test_the_former_author_who_left_the_team_sees_nothing(self, app: Flask) -> None:
        court = CourtSide()
        request = ask(make_case().id, court.author.id)
        request_id, case_id = request.id, request.case_id
        self.hand(request_id, court.colleague, court.author)
        with writing():
            db.session.get_one(Staff, court.author.id).memberships.clear()
        assert not sees(court.author.id, case_id)

    def test_nobody_outside_the_team_takes_or_gives(self, app: Flask) -> None:
        court = CourtSide()
        request_id = ask(make_case().id, court.author.id).id
        with pytest.raises(Refused, match="not in the court team"):
            self.hand(request_id, court.stranger, court.author)
        with pytest.raises(Refused, match="Only the author"):
            self.hand(request_id, court.colleague, court.stranger)

    def test_a_senior_moves_a_request_to_another_team_of_hers(self, app: Flask) -> None:
        from mhtr.accounts.models import TeamMembership

        court = CourtSide()
        senior = court.officer("Ifeoma Senior", Role.SENIOR_PROBATION)
        with writing():
            db.session.add(TeamMembership(staff_id=senior.id, team_id=court.other_team.id))
        request = ask(make_case().id, court.author.id)
        request_id, case_id = request.id, request.case_id
        self.hand(request_id, court.stranger, senior)
        assert db.session.get_one(ReportRequest, request_id).team_id == court.other_team.id
        assert sees(court.stranger.id, case_id)
        assert not sees(court.author.id, case_id)
        assert not sees(court.colleague.id, case_id)


def test_facts_carry_codes_only(app: Flask) -> None:
    court = CourtSide()
    case = granted_case(court, make_man())
    ask(case.id, court.author.id)
    details = [str(row.detail) for row in db.session.scalars(select(CaseFact))]
    person = db.session.scalars(select(Person)).first()
    assert person is not None
    assert not any(person.family_name in detail for detail in details)
