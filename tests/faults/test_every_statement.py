"""Whatever statement of a step fails, the step happened wholly or not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.cases import consent_service
from mhtr.core import access, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.suitability import outcome_service, request_service
from mhtr.suitability.outcome_service import Outcome, Result
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.models import MeasureMode
from outcome_measures.recording import service as measures
from sessions.booking import move_service
from sessions.booking import service as booking_service
from sessions.booking.move_service import Move
from sessions.booking.service import Asked
from tests.counts import count
from tests.ending.makers import finished, finishing
from tests.ending.reporting import begun, compiled, signed, written
from tests.faults import measuring
from tests.faults.every_statement import fail_at_each
from tests.faults.invariants import assert_sound
from tests.intake.house import House, accept
from tests.sessions.booking import makers as booking
from tests.suitability import journey
from tests.suitability.makers import ASKED, CourtSide, granted_case

Step = Callable[[], object]


def referral() -> Step:
    house = House()
    return lambda: house.refer()


def triage() -> Step:
    house = House()
    case = house.refer()
    return lambda: accept(house, case, house.assessor)


def report_request() -> Step:
    court = CourtSide()
    case_id, author_id = granted_case(court).id, court.author.id

    def step() -> None:
        with writing():
            request_service.ask(case_id=case_id, asked=ASKED, by=author_id)

    return step


def measure_with_risk() -> Step:
    people = journey.allocated()
    by = people.assessor.id
    with writing():
        occasion = measures.open_occasion(
            case_id=people.case.id,
            context="test:1",
            instrument="phq9",
            mode=MeasureMode.VIDEO,
            asked_on=clock.today(),
            by=by,
        )

    def step() -> None:
        with writing():
            db.session.refresh(occasion)
            answers = {item: Answer(AnswerState.ANSWERED, 1) for item in range(1, 10)}
            measures.submit(occasion, answers, version=occasion.version, by=by)

    return step


def countersignature() -> Step:
    people = journey.allocated()
    request = journey.sent(journey.finished(people), people)
    return lambda: journey.decided(request, people.lead.id)


def release() -> Step:
    people = journey.allocated()
    assessment = journey.signed(people)
    return lambda: journey.released(assessment, people)


def consent_withdrawn() -> Step:
    people = journey.allocated()
    journey.signed(people)
    case_id, by = people.case.id, people.assessor.id

    def say(decision: ConsentDecision) -> None:
        with writing():
            consent_service.record_consent(
                case_id=case_id,
                item=ConsentItem.TREATMENT,
                decision=decision,
                how="telephone",
                at=clock.now(),
                by=by,
            )

    say(ConsentDecision.GIVEN)
    return lambda: say(ConsentDecision.WITHDRAWN)


def court_result() -> Step:
    people = journey.allocated()
    journey.released(journey.signed(people), people)
    case_id, by = people.case.id, people.assessor.id
    result = Outcome(proposed=True, result=Result.CO_MHTR, sentenced_on=clock.today())

    def step() -> None:
        with writing():
            outcome_service.record_outcome(case_id=case_id, outcome=result, by=by)

    return step


def course_booked() -> Step:
    scene = booking.clinic()
    case_id, by = scene.case.id, scene.by
    asked = [
        Asked(booking.at(scene, booking.MONDAY + timedelta(weeks=n), 10), scene.parts[n].id)
        for n in range(2)
    ]

    def step() -> None:
        with writing():
            booking_service.book(case_id=case_id, asked=asked, by=by)

    return step


def session_moved() -> Step:
    scene = booking.clinic()
    session, by = booking.session_of(booking.booked(scene)), scene.by
    where = booking.at(scene, booking.MONDAY + timedelta(days=1), 14)
    move = Move(session.id, session.version, where)

    def step() -> None:
        with writing():
            move_service.move(moves=[move], why=booking.ASKED, by=by)

    return step


def last_session_held() -> Step:
    """Probation is told that planned sessions are finished, and a question is asked."""
    of = finishing()
    of.is_seen(0)
    return lambda: of.is_seen(1)


def report_on_treatment() -> Step:
    """Signed, sent, and asked of his officer."""
    of = finished()
    row = written(of, begun(of))
    what = compiled(of, row, of.world.lead)
    return lambda: signed(of, row, what=what)


STEPS = (
    last_session_held,
    report_on_treatment,
    course_booked,
    session_moved,
    referral,
    triage,
    report_request,
    measure_with_risk,
    countersignature,
    release,
    consent_withdrawn,
    court_result,
    *measuring.STEPS,
)


@pytest.mark.parametrize("prepare", STEPS, ids=lambda step: step.__name__)
def test_a_failing_statement_leaves_nothing_behind(
    either_app: Flask, prepare: Callable[[], Step]
) -> None:
    step = prepare()
    small = 9 if db.engine.dialect.name == "sqlite" else 13
    failures = fail_at_each(step, stride=count(small, 1), sound=assert_sound)
    assert failures >= count(2, 12)


def test_the_check_finds_a_grant_without_its_fact(app: Flask) -> None:
    house = House()
    case_id, principal_id = house.refer().id, house.lead.principal_id
    assert_sound()
    with writing():
        db.session.add(
            access.Grant(
                case_id=case_id,
                purpose=Purpose.CLINICAL,
                principal_id=principal_id,
                by_name=True,
                because="nothing",
                starts_at=clock.now(),
            )
        )
    with pytest.raises(AssertionError):
        assert_sound()


def test_the_check_finds_a_column_that_says_something_else(app: Flask) -> None:
    house = House()
    case = house.refer()
    with writing():
        db.session.get_one(type(case), case.id).paused = True
    with pytest.raises(AssertionError):
        assert_sound()
