"""Recording an order and its changes: limits, history, tasks, and who is told."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.orders import order_tasks, queries, service
from mhtr.orders.models import OrderTerms
from mhtr.orders.overriding import LimitExceeded
from mhtr.orders.service import Recorded, RecordedAlready
from mhtr.orders.terms import Change
from mhtr.suitability.court_result import Correction, Result
from mhtr.tasks import service as tasks
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
from tests.orders.recording import TODAY, change, read, waiting
from tests.suitability.requesting import told


def test_the_sentence_asks_for_the_order_and_the_contact(either_app: Flask) -> None:
    world = sentenced()
    found = tasks.open_tasks(world.case.id, TaskKind.RECORD_ORDER, TaskKind.NAME_CONTACT)
    assert [task.kind for task in found] == [TaskKind.RECORD_ORDER, TaskKind.NAME_CONTACT]
    assert {task.owner_staff_id for task in found} == {world.assessor.id}
    assert {task.due_at.date() for task in found} == {date(2026, 11, 19)}
    order_of(world)
    assert waiting(world) == [TaskKind.NAME_CONTACT]


def test_an_order_is_kept_as_it_was_said(either_app: Flask) -> None:
    world = sentenced(Result.SSO_MHTR)
    order = order_of(world, suspended())
    found = read(order.id)
    assert service.recorded_of(found) == suspended()
    assert (found.order.made_on, found.order.treatment_ends_on) == (MADE, date(2027, 5, 15))
    assert found.terms.last_day == date(2027, 11, 15)
    assert found.terms.operational_last_day == date(2028, 5, 15)


def test_several_orders_are_each_their_own(app: Flask) -> None:
    world = sentenced()
    first = order_of(world)
    with pytest.raises(RecordedAlready, match="recorded already"):
        order_of(world, community(ends_on=date(2028, 1, 15)))
    second = order_of(world, community(ends_on=date(2028, 1, 15)), another=True)
    assert [order.id for order in queries.orders_of(world.case.id)] == [first.id, second.id]


def test_nothing_is_recorded_before_the_sentence(app: Flask) -> None:
    world = sentenced(None)
    with pytest.raises(Refused, match="Record the court’s result first"):
        order_of(world)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (community(periods=()), "no period of treatment"),
        (replace(community(), court_code="XXXXX"), "Select the court"),
        (replace(community(), sessions_expected=0), "from 1 to 60"),
        (community(made_on=date(2026, 11, 19)), "starts before the order|in the future"),
    ],
)
def test_what_cannot_be_is_refused(app: Flask, said: Recorded, words: str) -> None:
    world = sentenced()
    with pytest.raises(Refused, match=words):
        order_of(world, said)


def test_a_limit_explains_itself_and_is_overridden_by_who_may(either_app: Flask) -> None:
    world = sentenced()
    beyond = community(ends_on=date(2029, 11, 17))
    with pytest.raises(LimitExceeded, match=r"at most 3 years .*s\.209\(2\)"):
        order_of(world, beyond)
    case_id, office, lead = world.case.id, world.office.id, world.lead.id
    reason = "The court confirmed the date in writing"
    with pytest.raises(Refused, match="Only a clinical lead"), writing():
        service.record_order(case_id=case_id, said=beyond, by=office, override=reason)
    with writing():
        order = service.record_order(case_id=case_id, said=beyond, by=lead, override=reason)
    row = read(order.id).row
    assert (row.exceeded, row.override_reason) == ("community-end", reason)


def test_a_reason_that_nothing_needs_is_not_kept(app: Flask) -> None:
    world = sentenced()
    case_id, by = world.case.id, world.office.id
    with writing():
        order = service.record_order(case_id=case_id, said=community(), by=by, override="x")
    assert read(order.id).row.override_reason == ""


def test_a_change_keeps_what_was_before(either_app: Flask) -> None:
    world = sentenced()
    order_id = order_of(world).id
    later = community(ends_on=date(2028, 5, 15))
    change(world, order_id, later, Change.EXTENDED)
    found = read(order_id)
    assert [row.ends_on for row in found.rows] == [date(2027, 11, 15), date(2028, 5, 15)]
    assert [row.change for row in found.rows] == [Change.MADE, Change.EXTENDED]
    with pytest.raises(LimitExceeded, match="moved in this way before"):
        change(world, order_id, community(ends_on=date(2028, 6, 15)), Change.EXTENDED)
    assert order_tasks.CHANGED in told(world.assessor)


def test_terms_are_never_changed_in_the_database(either_app: Flask) -> None:
    world = sentenced()
    order_of(world)
    row_id = db.session.scalars(select(OrderTerms.id)).one()
    with pytest.raises(Exception, match="append_only"), writing():
        db.session.get_one(OrderTerms, row_id).sessions_expected = 3


@pytest.mark.parametrize(
    ("how", "said", "more", "words"),
    [
        (Change.MADE, community(sessions_expected=8), {}, "Say how the order changed"),
        (Change.AMENDED, community(), {}, "what is recorded already"),
        (
            Change.TRANSFERRED,
            replace(community(), sessions_expected=8),
            {"effective_on": date(2026, 11, 19)},
            "in the future",
        ),
        (
            Change.TRANSFERRED,
            replace(community(), sessions_expected=8),
            {"effective_on": date(2026, 11, 15)},
            "before the order was made",
        ),
        (Change.AMENDED, suspended(), {}, "No court changes which order"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(
    app: Flask, how: Change, said: Recorded, more: dict[str, object], words: str
) -> None:
    world = sentenced()
    order_id = order_of(world).id
    with pytest.raises(Refused, match=words):
        change(world, order_id, said, how, **more)


def test_a_kind_recorded_wrongly_is_put_right(app: Flask) -> None:
    world = sentenced(Result.SSO_MHTR)
    order_id = order_of(world).id
    change(world, order_id, suspended(), Change.PUT_RIGHT, effective_on=MADE)
    assert read(order_id).order.kind is suspended().terms.kind


def test_a_change_on_an_older_page_is_refused(app: Flask) -> None:
    world = sentenced()
    order_id = order_of(world).id
    change(world, order_id, replace(community(), sessions_expected=10), Change.PUT_RIGHT)
    with pytest.raises(Stale):
        said = replace(community(), sessions_expected=9)
        change(world, order_id, said, Change.PUT_RIGHT, version=1)


def test_the_directing_practitioner_stays_when_the_case_is_given_on(app: Flask) -> None:
    world = sentenced()
    order_id = order_of(world).id
    with writing():
        cases.lock(world.case.id).assessor_id = world.lead.id
    assert read(order_id).terms.periods == (treatment(),)


def test_another_kind_of_sentence_keeps_the_order_until_it_is_put_right(app: Flask) -> None:
    world = sentenced()
    order_id = order_of(world).id
    says(
        world.case.id,
        world.assessor.id,
        result=Result.SSO_MHTR,
        sentenced_on=MADE,
        correction=Correction.WRONG_ANSWER,
    )
    assert read(order_id).ending is None
    assert world.case.state is CaseState.SENTENCED_WITH_MHTR


def test_a_job_finds_what_slipped_through_once(either_app: Flask) -> None:
    world = sentenced()
    for task in tasks.open_tasks(world.case.id):
        with writing():
            tasks.withdraw(db.session.merge(task), by=None, because="test")
    with writing():
        assert order_tasks.open_order_tasks(clock.now()) == 3
    with writing():
        assert order_tasks.open_order_tasks(clock.now()) == 0
    assert waiting(world) == [TaskKind.RECORD_ORDER, TaskKind.NAME_CONTACT]


@pytest.mark.parametrize("field", ["convicted_on", "made_on"])
def test_no_court_changes_the_days_that_the_law_goes_by(app: Flask, field: str) -> None:
    world = sentenced()
    order_id = order_of(world).id
    earlier = community(
        convicted_on=date(2026, 11, 15), **({"made_on": TODAY} if field == "made_on" else {})
    )
    earlier = replace(earlier, terms=replace(earlier.terms, periods=(treatment(TODAY),)))
    with pytest.raises(Refused, match="No court changes"):
        change(world, order_id, earlier, Change.TRANSFERRED)
    change(world, order_id, earlier, Change.PUT_RIGHT)
    assert read(order_id).row.convicted_on == date(2026, 11, 15)


def test_a_suspended_sentence_grows_longer_only_after_a_breach(app: Flask) -> None:
    world = sentenced(Result.SSO_MHTR)
    order_id = order_of(world, suspended()).id
    longer = suspended(supervision_months=18)
    for how in (Change.TRANSFERRED, Change.AMENDED, Change.EXTENDED):
        said = replace(longer, willing_on=TODAY if how is Change.AMENDED else None)
        with pytest.raises(LimitExceeded, match="Only on a proved breach"):
            change(world, order_id, said, how)
    change(world, order_id, longer, Change.AFTER_BREACH)
    assert read(order_id).row.supervision_months == 18


def test_an_order_that_is_over_is_not_extended(app: Flask, set_clock: SetClock) -> None:
    world = sentenced()
    said = community(ends_on=date(2026, 11, 20), periods=(treatment(ends=date(2026, 11, 20)),))
    order_id = order_of(world, said).id
    set_clock.advance(days=4)
    later = community(ends_on=date(2027, 1, 20), periods=(treatment(ends=date(2026, 11, 20)),))
    with pytest.raises(LimitExceeded, match="only an order in force is extended"):
        change(world, order_id, later, Change.EXTENDED, effective_on=date(2026, 11, 21))
    change(world, order_id, later, Change.EXTENDED, effective_on=date(2026, 11, 20))


def test_the_job_looks_at_no_case_where_all_is_asked(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sentenced()
    looked_at: list[int] = []
    lock = cases.lock

    def watched(case_id: int) -> Case:
        looked_at.append(case_id)
        return lock(case_id)

    monkeypatch.setattr(cases, "lock", watched)
    with writing():
        assert order_tasks.open_order_tasks(clock.now()) == 0
    assert looked_at == []
    for task in tasks.open_tasks(world.case.id, TaskKind.NAME_CONTACT):
        with writing():
            tasks.withdraw(db.session.merge(task), by=None, because="test")
    with writing():
        assert order_tasks.open_order_tasks(clock.now()) == 1
    assert set(looked_at) == {world.case.id}
