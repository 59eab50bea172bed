"""Men whose treatment ended within the year: numbers, states, forms, flags, and their report."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from mhtr.cases import rules, service
from mhtr.cases.models import Case
from mhtr.cases.rules import CaseState, FactKind
from mhtr.compliance.attendance import MISSED, TOOK_PLACE
from mhtr.compliance.models import Attendance
from mhtr.core import clock
from mhtr.core.clock import LONDON, SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.core.working_days import WorkingCalendar
from mhtr.demo.build import Demonstration
from mhtr.demo.databases import application
from mhtr.orders.queries import all_on_record, clock_now
from mhtr.overview import cohort_queries
from mhtr.overview.cohort_figures import found_in, report
from mhtr.overview.cohort_queries import Asked
from mhtr.overview.cohort_traits import Trait
from mhtr.people.models import Identifier, IdentifierKind
from outcome_measures.cohorts.cohort import Figure
from outcome_measures.flags import service as flag_service
from outcome_measures.models import MeasureAnswer, MeasureContact, MeasureFlag, MeasureOccasion
from outcome_measures.time_points import TimePoint
from sessions.booking.models import BookingState, TakenTime, TreatmentSession
from sessions.courses.models import Course
from sessions.courses.page import to_come
from tests.conftest import NOON
from tests.faults.invariants import assert_sound

ASKED = Asked(NOON.date() - timedelta(days=365), NOON.date(), compared=Trait.ETHNIC_GROUP)


@pytest.fixture
def treated(
    demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    made = Demonstration(tmp_path_factory.mktemp("finished"))
    shutil.copyfile(demonstration.database, made.database)
    with clock.using(SetClock(NOON)), application(made.url) as app:
        yield app


def ended() -> list[int]:
    """Discharged cases, those who were played first."""
    found = select(Case.id).where(Case.state == CaseState.DISCHARGED).order_by(Case.id)
    return list(db.session.scalars(found))


def test_as_many_ended_as_are_meant_to(treated: Flask) -> None:
    assert len(ended()) > 60


def test_nobody_has_the_number_of_another(treated: Flask) -> None:
    held = select(Identifier.value).where(Identifier.kind == IdentifierKind.NHS)
    numbers = db.session.scalars(held).all()
    twice = {number for number, times in Counter(numbers).items() if times > 1}
    people = select(Case.person_id).where(Case.id.in_(ended()))
    own = db.session.scalars(held.where(Identifier.person_id.in_(people))).all()
    assert len(own) == len(set(own)) == len(ended()) and not twice.intersection(own)


def test_a_copy_stands_as_its_facts_say(treated: Flask) -> None:
    for case_id in ended():
        case = db.session.get_one(Case, case_id)
        facts = service.facts_of(case_id)
        folded = rules.fold(facts, NOON.date())
        assert (folded.state, folded.since) == (case.state, case.state_since)
        last = max(fact.day for fact in facts if fact.kind is FactKind.TREATMENT_ENDED)
        held = select(func.max(MeasureContact.held_on)).where(MeasureContact.case_id == case_id)
        latest = db.session.scalar(held)
        assert latest is not None and latest <= last <= case.state_since <= NOON.date()


def test_no_form_is_short_of_an_answer_and_none_is_a_sign_of_risk(treated: Flask) -> None:
    played = ended()[0]
    wanted = {
        (name, item)
        for name, item in db.session.execute(
            select(MeasureOccasion.instrument, MeasureAnswer.item)
            .join(MeasureAnswer, MeasureAnswer.occasion_id == MeasureOccasion.id)
            .where(MeasureOccasion.case_id == played)
        )
    }
    for case_id in ended():
        rows = db.session.execute(
            select(MeasureOccasion.id, MeasureOccasion.instrument, MeasureAnswer.item)
            .join(MeasureAnswer, MeasureAnswer.occasion_id == MeasureOccasion.id)
            .where(MeasureOccasion.case_id == case_id, MeasureOccasion.point == TimePoint.SESSION)
        ).all()
        for occasion in {row[0] for row in rows}:
            names = {(name, item) for key, name, item in rows if key == occasion}
            assert names == {(name, item) for name, item in wanted if name == rows_name(names)}
    risky = select(func.count()).where(
        MeasureAnswer.item == 9,
        MeasureAnswer.value > 0,
        MeasureAnswer.occasion_id == MeasureOccasion.id,
        MeasureOccasion.instrument == "phq9",
        MeasureOccasion.point == TimePoint.SESSION,
        MeasureOccasion.case_id.in_(ended()),
    )
    assert db.session.scalar(risky) == 0


def rows_name(names: set[tuple[str, int]]) -> str:
    return next(iter(names))[0]


def test_flags_are_those_his_own_scores_raise(treated: Flask) -> None:
    assert db.session.scalar(select(func.count()).where(MeasureFlag.case_id.in_(ended())))
    for case_id in ended()[::4]:
        with writing():
            assert flag_service.look_again(case_id=case_id, by=None) == 0


def test_the_report_of_outcomes_has_something_of_everything(treated: Flask) -> None:
    cohort = cohort_queries.read(ASKED, NOON.date())
    found = found_in(cohort.ended)
    assert len(found[Figure.FINISHED]) >= 25
    for figure in (
        Figure.RELIABLY_RECOVERED,
        Figure.DETERIORATED,
        Figure.NO_CHANGE,
        Figure.UNPAIRED,
        Figure.NOT_A_CASE,
        Figure.CARRIED,
        Figure.ON_ONE_MIXED,
    ):
        assert found[figure], figure
    shown = report(cohort, ASKED, leaves=True, today=NOON.date(), trusts={})
    improved = next(rate for rate in shown.rates if rate.figure is Figure.IMPROVED)
    assert improved.share is not None
    inside = report(cohort, ASKED, leaves=False, today=NOON.date(), trusts={})
    assert {group.part.label for group in inside.groups} >= {
        "White: British",
        "Asked, preferred not to say",
    }


def test_moments_lie_in_the_past(treated: Flask) -> None:
    latest = select(func.max(MeasureContact.closed_at)).where(MeasureContact.case_id.in_(ended()))
    found: datetime | None = db.session.scalar(latest)
    assert found is not None and found < NOON


def test_all_that_must_hold_holds(treated: Flask) -> None:
    assert_sound()


def test_nobody_is_in_two_places_at_once(treated: Flask) -> None:
    one, two = aliased(TakenTime), aliased(TakenTime)
    both = select(func.count()).where(
        one.lane == two.lane,
        one.id < two.id,
        one.starts_at < two.ends_at,
        two.starts_at < one.ends_at,
    )
    assert db.session.scalar(both) == 0


def test_nobody_comes_on_a_day_of_rest(treated: Flask) -> None:
    rows = select(TreatmentSession.starts_at, TreatmentSession.clinician_id)
    held = db.session.execute(rows.where(TreatmentSession.state == BookingState.BOOKED)).all()
    days = {(moment.astimezone(LONDON).date(), staff_id) for moment, staff_id in held}
    assert len(held) > 1500
    calendar = WorkingCalendar()
    assert all(calendar.is_working(day) for day, _ in days)
    assert (max(days)[0] - NOON.date()).days > 70 and (NOON.date() - min(days)[0]).days > 330


def test_of_a_hundred_sessions_most_are_held_and_some_are_missed(treated: Flask) -> None:
    first = select(Attendance.happened, func.count()).where(Attendance.number == 1)
    found = {kind: count for kind, count in db.session.execute(first.group_by(Attendance.happened))}
    every = sum(found.values())
    assert 0.7 < sum(found[kind] for kind in TOOK_PLACE) / every < 0.85
    assert 0.1 < sum(found[kind] for kind in MISSED) / every < 0.22
    weekly = select(func.count()).where(
        TreatmentSession.state == BookingState.BOOKED,
        TreatmentSession.starts_at.between(NOON - timedelta(days=2), NOON + timedelta(days=5)),
    )
    assert (db.session.scalar(weekly) or 0) > 40


def test_order_and_course_say_the_same_of_what_is_left(treated: Flask) -> None:
    """A session that he missed and that nobody caught up on yet is left, and is not to come.

    A second course may hold more than the order foresaw when it was made: no law limits it.
    """
    differ, agree = [], 0
    earlier = aliased(Course)
    first = ~exists().where(earlier.case_id == Course.case_id, earlier.id < Course.id)
    for course in db.session.scalars(select(Course).where(Course.ended_at.is_(None), first)):
        for order in all_on_record(course.case_id):
            if order.stands_on(NOON.date()):
                left = clock_now(order).sessions_left
                coming = sum(one.required for one in to_come(course))
                agree += coming == left
                # Of a voluntary session no order knows.
                if coming > left:
                    differ.append((course.case_id, left, coming))
    assert agree > 50
    assert differ == []
