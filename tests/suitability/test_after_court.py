"""After court nothing is left that nobody can do, and no man is left without a date or an owner."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import chasing, court_case
from mhtr.intake.court_case import Ending
from mhtr.intake.models import Referral
from mhtr.jobs.table import JOBS, run
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.suitability import outcome_service
from mhtr.suitability.asked import to_json
from mhtr.suitability.court_result import Correction
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.outcome_service import Outcome, Result
from mhtr.suitability.sentence_rules import WhyThatDay
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.models import MeasureMode
from outcome_measures.recording import service as measures
from tests.intake.house import House, accept, notices, open_kinds
from tests.intake.posting import post_triage
from tests.intake.test_court_case import move
from tests.pages import PageClient
from tests.suitability.journey import allocated, released, say, signed
from tests.suitability.makers import ASKED

K = TaskKind
RESULTS = next(job for job in JOBS if job.name == "results")
RELEASED = "A suitability report you asked for is released."


def referral_for(case_id: int, staff: Staff) -> None:
    """A referral, so that somebody can be asked to chase it."""
    db.session.add(
        Referral(
            case_id=case_id,
            organisation_id=staff.organisation_id,
            source="ld",
            place_code="met-brixton",
            channel="form",
            referred_at=clock.now(),
            safety="safe",
            answers={},
            trust_id=staff.organisation_id,
            routed_because="court",
        )
    )
    db.session.flush()


def record(case_id: int, by: int, **said: object) -> None:
    if said.get("sentenced_on") is not None:
        said = {"why_that_day": WhyThatDay.EARLIER_HEARING, **said}
    outcome = Outcome(**{"proposed": None, **said})  # type: ignore[arg-type]
    with writing():
        outcome_service.record_outcome(case_id=case_id, outcome=outcome, by=by)


def test_adjourned_without_a_date_somebody_finds_the_date(app: Flask) -> None:
    house = House()
    case = house.refer()
    accept(house, case, house.assessor)
    move(house, case)
    assert K.CHASE_HEARING not in open_kinds(case)
    record(case.id, house.administrator.id, result=Result.ADJOURNED)
    assert case.hearing_on is None
    assert K.RESULT_AWAITED not in open_kinds(case)
    assert K.CHASE_HEARING in open_kinds(case)


def test_after_the_report_was_proposed_as_well(app: Flask) -> None:
    people = allocated()
    released(signed(people), people)
    case = people.case
    with writing():
        # A request as the form saves it: the court date is worked out from it.
        current = db.session.scalars(select(ReportRequest)).one()
        current.details = to_json(ASKED)
        referral_for(case.id, people.assessor)
        hearings.record_hearing(
            cases.lock(case.id), court_code="B01EF", on=date(2026, 12, 2), by=None, psr_kind="short"
        )
    record(case.id, people.assessor.id, proposed=True)
    record(case.id, people.assessor.id, result=Result.ADJOURNED)
    (task,) = db.session.scalars(select(Task).where(Task.kind == K.CHASE_HEARING)).all()
    assert (task.state, case.state) == (TaskState.OPEN, CaseState.PROPOSED)
    with writing():
        hearings.record_hearing(
            cases.lock(case.id), court_code="B01EF", on=date(2026, 12, 9), by=None
        )
        chasing.chase(case.id, by=None)
    assert task.state is TaskState.DONE


def test_a_sentence_leaves_no_task_that_nobody_can_do(app: Flask) -> None:
    house = House()
    case = house.refer()
    accept(house, case, house.assessor)
    record(case.id, house.administrator.id, result=Result.CUSTODY, sentenced_on=clock.today())
    assert open_kinds(case) == set()
    record(
        case.id, house.administrator.id, result=Result.ADJOURNED, correction=Correction.WRONG_ANSWER
    )
    assert K.ASSESS in open_kinds(case)


def test_ordered_before_anybody_looked_at_the_referral_an_assessor_is_found(
    client: PageClient,
) -> None:
    house = House()
    case = house.refer()
    assert K.TRIAGE in open_kinds(case)
    record(case.id, house.administrator.id, result=Result.CO_MHTR, sentenced_on=clock.today())
    assert K.ALLOCATE in open_kinds(case)
    assert K.TRIAGE not in open_kinds(case)
    client.sign_in(house.lead)
    answer = post_triage(client, case, form="allocate", assessor=str(house.assessor.id))
    assert answer.status_code in (302, 303)
    db.session.rollback()
    assert db.session.get_one(Case, case.id).assessor_id == house.assessor.id
    assert open_kinds(case).isdisjoint({K.ALLOCATE, K.ASSESS})


def test_an_order_taken_back_asks_again_whether_he_is_taken_on(app: Flask) -> None:
    house = House()
    case = house.refer()
    record(case.id, house.administrator.id, result=Result.CO_MHTR, sentenced_on=clock.today())
    record(
        case.id, house.administrator.id, result=Result.ADJOURNED, correction=Correction.WRONG_ANSWER
    )
    assert K.TRIAGE in open_kinds(case)
    assert K.ALLOCATE not in open_kinds(case)


def test_a_sentence_ends_the_question_of_a_pause(app: Flask) -> None:
    house = House()
    case = house.refer()
    accept(house, case, house.assessor)
    with writing():
        court_case.end(
            case_id=case.id, version=case.version, ending=Ending.REMANDED, by=house.lead.id
        )
    record(case.id, house.administrator.id, result=Result.CUSTODY, sentenced_on=clock.today())
    assert K.PAUSED_CASE not in open_kinds(case)


def half_asked(house: House, case_id: int) -> None:
    with writing():
        measures.open_occasion(
            case_id=case_id,
            context="test",
            instrument="phq9",
            mode=MeasureMode.TELEPHONE,
            asked_on=date(2026, 11, 18),
            by=house.assessor.id,
        )


@pytest.mark.parametrize("how", ["sentence", "pause"])
def test_a_questionnaire_left_half_asked_is_looked_at(app: Flask, how: str) -> None:
    house = House()
    case = house.refer()
    accept(house, case, house.assessor)
    half_asked(house, case.id)
    if how == "sentence":
        record(case.id, house.administrator.id, result=Result.CUSTODY, sentenced_on=clock.today())
    else:
        with writing():
            court_case.end(
                case_id=case.id, version=case.version, ending=Ending.REMANDED, by=house.lead.id
            )
    assert K.RISK_REVIEW in open_kinds(case)


def test_lists_say_that_a_result_is_awaited_once_the_day_has_passed(
    app: Flask, set_clock: SetClock
) -> None:
    people = allocated()
    released(signed(people), people)
    with writing():
        current = db.session.scalars(select(ReportRequest)).one()
        current.details = to_json(ASKED)
        hearings.record_hearing(
            cases.lock(people.case.id), court_code="B01EF", on=clock.today(), by=None
        )
    run(RESULTS)
    assert people.case.state is CaseState.RELEASED
    set_clock.advance(days=1)
    run(RESULTS)
    db.session.refresh(people.case)
    assert people.case.state.value == CaseState.AWAITING_RESULT.value


def test_whoever_has_the_report_hears_that_it_may_no_longer_stand(app: Flask) -> None:
    people = allocated()
    assessment = signed(people)
    for decision in (ConsentDecision.GIVEN, ConsentDecision.WITHDRAWN, ConsentDecision.GIVEN):
        say(people, decision, ConsentItem.TREATMENT)
    before = notices(people.psr_author)
    assert not any("may no longer stand" in text for text in before), "nothing has gone out"
    released(assessment, people)
    say(people, ConsentDecision.WITHDRAWN, ConsentItem.TREATMENT)
    (told,) = set(notices(people.psr_author)) - {*before, RELEASED}
    assert "may no longer stand" in told
    say(people, ConsentDecision.GIVEN, ConsentItem.TREATMENT)
    assert any("stands as it was released" in text for text in notices(people.psr_author))


UNDER_AN_ORDER = {K.ALLOCATE, K.RECORD_ORDER, K.NAME_CONTACT, K.INDUCTION, K.MAKE_COURSE}


def test_an_order_that_corrects_another_result_leaves_nobody_without_an_assessor(
    app: Flask,
) -> None:
    house = House()
    case, by = house.refer(), house.administrator.id
    today, wrong = clock.today(), Correction.WRONG_ANSWER
    record(case.id, by, result=Result.CUSTODY, sentenced_on=today)
    assert open_kinds(case) == set()
    record(case.id, by, result=Result.CO_MHTR, sentenced_on=today, correction=wrong)
    assert open_kinds(case) == UNDER_AN_ORDER
    # And once more to and fro.
    record(case.id, by, result=Result.OTHER, sentenced_on=today, correction=wrong)
    assert open_kinds(case) == set()
    record(case.id, by, result=Result.SSO_MHTR, sentenced_on=today, correction=wrong)
    assert open_kinds(case) == UNDER_AN_ORDER
