"""How orders end before their terms say, and go on after all."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from mhtr.cases import death
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, FactKind, StageOfCase
from mhtr.cases.models import Case
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.orders import ending_service, order_tasks
from mhtr.orders.contact_service import name_contact
from mhtr.orders.endings import HowEnded
from mhtr.orders.terms import Change
from mhtr.people.models import Person
from mhtr.suitability.court_result import Correction, Result
from mhtr.tasks.models import TaskKind
from tests.orders.makers import (
    MADE,
    community,
    order_of,
    says,
    sentenced,
    suspended,
    treatment,
)
from tests.orders.recording import TODAY, change, ended, read, waiting
from tests.orders.test_contacts import signs_in
from tests.suitability.requesting import told


def test_a_sentence_taken_back_takes_its_order_with_it(either_app: Flask) -> None:
    world = sentenced()
    order_id, case_id, by = order_of(world).id, world.case.id, world.assessor.id
    says(
        case_id,
        by,
        result=Result.ADJOURNED,
        next_hearing_on=date(2026, 12, 1),
        correction=Correction.TOLD_WRONGLY,
        why_that_day=None,
    )
    found = read(order_id)
    assert found.never_was
    assert waiting(world) == []
    with pytest.raises(Refused, match="court’s result again"), writing():
        ending_service.take_back(order_id=order_id, version=found.order.version, by=by)
    says(case_id, by, result=Result.CO_MHTR, sentenced_on=MADE)
    assert read(order_id).ending is None
    assert waiting(world) == [TaskKind.NAME_CONTACT]


def test_an_order_ends_and_goes_on(either_app: Flask) -> None:
    world = sentenced()
    order_id, by = order_of(world).id, world.office.id
    ended(world, order_id, HowEnded.REVOKED)
    found = read(order_id)
    assert found.order.ended_on == TODAY
    assert order_tasks.ENDED in told(world.assessor)
    with pytest.raises(Refused, match="has ended"):
        change(world, order_id, community(ends_on=date(2028, 1, 1)), Change.EXTENDED)
    with writing():
        ending_service.take_back(order_id=order_id, version=2, by=by)
    found = read(order_id)
    assert (found.order.ended_on, found.ending, len(found.endings)) == (None, None, 1)


@pytest.mark.parametrize(
    ("how", "on", "words"),
    [
        (HowEnded.REVOKED, date(2026, 11, 19), "in the future"),
        (HowEnded.REVOKED, date(2026, 11, 15), "made on 16 November"),
        (HowEnded.ACTIVATED, TODAY, "Only a suspended sentence"),
    ],
)
def test_an_end_that_cannot_be_is_refused(app: Flask, how: HowEnded, on: date, words: str) -> None:
    world = sentenced()
    order_id, by = order_of(world).id, world.office.id
    with pytest.raises(Refused, match=words), writing():
        ending_service.end_order(order_id=order_id, how=how, on=on, version=1, by=by)


def test_the_last_order_revoked_ends_the_case_under_it(either_app: Flask) -> None:
    world = sentenced()
    first = order_of(world).id
    second = order_of(world, community(ends_on=date(2028, 1, 15)), another=True).id
    for order_id, state in (
        (first, CaseState.SENTENCED_WITH_MHTR),
        (second, CaseState.ENDED),
    ):
        ended(world, order_id, HowEnded.REVOKED)
        assert db.session.get_one(Case, world.case.id).state is state
    assert waiting(world) == []
    with writing():
        ending_service.take_back(order_id=second, version=2, by=world.office.id)
    assert db.session.get_one(Case, world.case.id).state is CaseState.SENTENCED_WITH_MHTR
    assert waiting(world) == [TaskKind.NAME_CONTACT]


def test_his_death_ends_every_order_until_it_is_put_right(either_app: Flask) -> None:
    world = sentenced()
    order_id, by = order_of(world).id, world.office.id
    for died_on, how in ((TODAY, HowEnded.DIED), (None, None)):
        with writing():
            db.session.get_one(Person, world.case.person_id).died_on = died_on
            death.follow(world.case.person_id, by=by)
        ending = read(order_id).ending
        assert (ending.how if ending else None) is how


def test_supervision_of_a_reviewed_order_does_not_end_early(app: Flask) -> None:
    world = sentenced()
    order_id = order_of(world, replace(community(), court_reviews=True)).id
    with pytest.raises(Refused, match="The court reviews this order"), writing():
        ending_service.end_order(
            order_id=order_id, how=HowEnded.EARLY_END, on=TODAY, version=1, by=world.office.id
        )


def test_a_suspended_term_is_activated_until_its_operational_period_is_over(
    app: Flask, set_clock: SetClock
) -> None:
    world = sentenced(Result.SSO_MHTR)
    order_id, by = order_of(world, suspended()).id, world.office.id
    set_clock.advance(days=400)
    on = date(2027, 12, 1)
    with pytest.raises(Refused, match="over by 15 November 2027"), writing():
        ending_service.end_order(order_id=order_id, how=HowEnded.EARLY_END, on=on, version=1, by=by)
    with writing():
        ending_service.end_order(order_id=order_id, how=HowEnded.ACTIVATED, on=on, version=1, by=by)
    assert read(order_id).order.ended_on == on


def test_a_double_taken_out_after_the_court_revoked_the_order_ends_the_case(app: Flask) -> None:
    world = sentenced()
    first, double = order_of(world).id, order_of(world, another=True).id
    for order_id, how in ((first, HowEnded.REVOKED), (double, HowEnded.BY_MISTAKE)):
        ended(world, order_id, how)
    assert db.session.get_one(Case, world.case.id).state is CaseState.ENDED
    with pytest.raises(Refused, match="The case under the order has ended"):
        order_of(world, another=True)


def test_an_order_long_over_is_no_other_order(app: Flask, set_clock: SetClock) -> None:
    world = sentenced()
    short = community(ends_on=date(2026, 11, 20), periods=(treatment(ends=date(2026, 11, 20)),))
    order_of(world, short)
    lasting = order_of(world, another=True).id
    set_clock.advance(days=5)
    ended(world, lasting, HowEnded.REVOKED)
    assert db.session.get_one(Case, world.case.id).state is CaseState.ENDED


def test_a_date_of_death_put_right_is_followed_and_both_sides_are_told(app: Flask) -> None:
    world = sentenced()
    order_id, case_id, by = order_of(world).id, world.case.id, world.office.id
    with writing():
        name_contact(case_id=case_id, said=signs_in(world.officer), seen=0, by=by)
    for died_on in (TODAY, date(2026, 11, 17)):
        with writing():
            db.session.get_one(Person, world.case.person_id).died_on = died_on
            death.follow(world.case.person_id, by=by)
        ending = read(order_id).ending
        assert ending is not None
        assert (ending.how, ending.on) == (HowEnded.DIED, died_on)
    for staff in (world.assessor, world.officer):
        assert told(staff).count(order_tasks.ENDED) == 2


def test_a_sentence_taken_back_stays_so_whatever_is_put_right_later(
    either_app: Flask, set_clock: SetClock
) -> None:
    world = sentenced()
    order_id, case_id, by = order_of(world).id, world.case.id, world.assessor.id
    says(
        case_id,
        by,
        result=Result.ADJOURNED,
        next_hearing_on=date(2026, 12, 1),
        correction=Correction.TOLD_WRONGLY,
        why_that_day=None,
    )
    before = read(order_id)
    set_clock.advance(days=3)
    with writing():
        case = cases.lock(case_id)
        stage = cases.add_fact(
            case, FactKind.STAGE_RECORDED, by=by, detail={"stage": StageOfCase.GUILTY_PLEA}
        )
        cases.add_fact(case, FactKind.CORRECTED, by=by, detail={"fact_id": stage.id})
    found = read(order_id)
    assert [(one.id, one.on) for one in found.endings] == [(before.endings[0].id, TODAY)]
    assert found.ending is not None
    assert found.order.version == before.order.version


def test_an_order_over_by_its_terms_brings_no_case_back(app: Flask, set_clock: SetClock) -> None:
    world = sentenced()
    short = community(ends_on=date(2026, 11, 20), periods=(treatment(ends=date(2026, 11, 20)),))
    order_id = order_of(world, short).id
    ended(world, order_id, HowEnded.REVOKED)
    set_clock.advance(days=5)
    with writing():
        ending_service.take_back(order_id=order_id, version=2, by=world.office.id)
    assert read(order_id).ending is None
    assert db.session.get_one(Case, world.case.id).state is CaseState.ENDED
