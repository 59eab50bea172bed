"""Warnings and what was done are recorded by probation, and where the order stands follows."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.compliance import enforcement_service
from mhtr.compliance.attendance import Happened
from mhtr.compliance.deciding import Decision
from mhtr.compliance.decision_queries import decisions_on
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcement_queries import steps_of, warnings_of
from mhtr.compliance.enforcement_service import GONE, NOT_FAILED, PROBATION_ONLY
from mhtr.compliance.enforcing import Given, GivenWarning, Says, Step, StepKind
from mhtr.compliance.standing.facts import Opinion
from mhtr.compliance.standing.fold import State
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.orders.queries import orders_of
from sessions.booking.models import SessionPlace
from tests.compliance.test_decisions import AGAINST, decide, stands, under_order, was_told
from tests.sessions.seen import Treated, booked, tell

ALL = frozenset(Says)


def failed(*, suspended_sentence: bool = False) -> Treated:
    """A man whose miss of today probation did not accept."""
    man = under_order(suspended_sentence=suspended_sentence)
    decide(man, AGAINST)
    return man


def about(man: Treated) -> frozenset[str]:
    return frozenset({str(man.place.ref)})


def warn(man: Treated, *, by: Staff | None = None, **more: object) -> BreachWarning:
    said = GivenWarning(clock.today(), Given.LETTER, about(man), says=ALL)
    said = replace(said, **more)  # type: ignore[arg-type]
    order_id, staff = orders_of(man.case.id)[0].id, (by or man.world.officer).id
    with writing():
        return enforcement_service.record_warning(order_id=order_id, warning=said, by=staff)


def did(
    man: Treated, kind: StepKind, *, by: Staff | None = None, named: bool = False
) -> EnforcementStep:
    other = kind is StepKind.LAID and not named
    step = Step(kind, clock.today(), about(man) if named else frozenset(), elsewhere=other)
    order_id, staff = orders_of(man.case.id)[0].id, (by or man.world.officer).id
    with writing():
        return enforcement_service.record_step(order_id=order_id, step=step, by=staff)


def missed_later(man: Treated, set_clock: SetClock, days: int) -> SessionPlace:
    """Another session so many days later, of which he was told and which probation did not
    accept the day after."""
    place = booked(man.case, man.therapist, clock.now() + timedelta(days=days))
    was_told(man, place)
    set_clock.moment += timedelta(days=days, hours=1)
    tell(place, man.therapist, Happened.DID_NOT_COME)
    set_clock.moment += timedelta(days=1)
    decide(man, Decision(Opinion.NO_EXCUSE, why="He sends nothing"), place=place)
    return place


def test_a_warning_counts_and_the_next_failure_must_be_referred(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = failed()
    assert stands(man).state is State.TO_ACT
    warn(man)
    assert stands(man).state is State.WARNED
    place = missed_later(man, set_clock, 14)
    found = stands(man)
    assert (found.state, found.must_refer) == (State.MUST_REFER, (place.ref,))


def test_a_warning_that_lacks_a_content_is_kept_and_does_not_count(either_app: Flask) -> None:
    man = failed()
    warn(man, says=ALL - {Says.LIABLE})
    assert stands(man).state is State.TO_ACT and not stands(man).live
    assert len(warnings_of(man.case.id)) == 1


def test_one_for_another_requirement_of_the_order_counts_too(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = failed()
    warn(man, about=frozenset(), requirement="Unpaid work")
    found = stands(man)
    # It counts for what comes; this failure still waits to be warned about or referred.
    assert [live.requirement for live in found.live] == ["Unpaid work"]
    assert found.state is State.TO_ACT
    missed_later(man, set_clock, 14)
    assert stands(man).state is State.MUST_REFER


def test_a_withdrawn_warning_is_as_if_never_given(either_app: Flask, set_clock: SetClock) -> None:
    man = failed()
    ref, case_id, by = warn(man).ref, man.case.id, man.world.officer.id
    missed_later(man, set_clock, 14)
    assert stands(man).state is State.MUST_REFER
    with writing():
        enforcement_service.withdraw_warning(
            case_id=case_id, ref=ref, on=clock.today(), why="The wrong man", by=by
        )
    assert stands(man).state is State.TO_ACT and not stands(man).live
    with pytest.raises(Refused), writing():
        enforcement_service.withdraw_warning(
            case_id=case_id, ref=ref, on=clock.today(), why="Again", by=by
        )


@pytest.mark.parametrize(("days", "why"), [(1, "x"), (-1, "x"), (0, "  ")])
def test_a_withdrawal_has_its_day_and_its_reason(app: Flask, days: int, why: str) -> None:
    man = failed()
    ref, case_id, by = warn(man).ref, man.case.id, man.world.officer.id
    on = clock.today() + timedelta(days=days)
    with pytest.raises(CannotBe), writing():
        enforcement_service.withdraw_warning(case_id=case_id, ref=ref, on=on, why=why, by=by)
    assert stands(man).state is State.WARNED


def test_a_referral_goes_to_court_and_comes_to_its_end(either_app: Flask) -> None:
    man = failed()
    with pytest.raises(CannotBe, match="still open"):
        did(man, StepKind.NOT_PURSUED)
    did(man, StepKind.REFERRED, named=True)
    assert stands(man).state is State.REFERRED
    did(man, StepKind.LAID)
    assert stands(man).state is State.PROCEEDINGS
    did(man, StepKind.CONTINUES)
    assert stands(man).state is State.IN_FORCE


def test_no_action_ends_what_waits_and_can_be_taken_back(either_app: Flask) -> None:
    man = failed()
    ref = did(man, StepKind.NO_ACTION, named=True).ref
    case_id, by = man.case.id, man.world.officer.id
    assert stands(man).state is State.IN_FORCE
    with writing():
        enforcement_service.take_back_step(case_id=case_id, ref=ref, by=by)
    assert stands(man).state is State.TO_ACT
    assert steps_of(case_id)[0][0].taken_back_by == by
    with pytest.raises(Refused, match=GONE), writing():
        enforcement_service.take_back_step(case_id=case_id, ref=ref, by=by)


def test_who_confirmed_the_warnings_and_when(either_app: Flask) -> None:
    man = failed()
    assert stands(man).confirmed is None
    did(man, StepKind.CONFIRMED, by=man.world.senior)
    confirmed = stands(man).confirmed
    assert confirmed is not None and confirmed.by == man.world.senior.name
    assert confirmed.on == clock.today()


def test_nobody_of_the_service_records_any_of_it(either_app: Flask) -> None:
    man = failed()
    warning, step, case_id = warn(man).ref, did(man, StepKind.LAID).ref, man.case.id
    for staff in (man.therapist, man.world.lead, man.world.office):
        by = staff.id
        with pytest.raises(Refused, match=PROBATION_ONLY):
            warn(man, by=staff)
        with pytest.raises(Refused, match=PROBATION_ONLY):
            did(man, StepKind.CONFIRMED, by=staff)
        with pytest.raises(Refused, match=PROBATION_ONLY), writing():
            enforcement_service.take_back_step(case_id=case_id, ref=step, by=by)
        with pytest.raises(Refused, match=PROBATION_ONLY), writing():
            enforcement_service.withdraw_warning(
                case_id=case_id, ref=warning, on=clock.today(), why="x", by=by
            )
    assert len(warnings_of(case_id)) == len(steps_of(case_id)) == 1


def test_only_what_was_not_accepted_can_be_named(either_app: Flask) -> None:
    man = under_order()
    decide(man, Decision(Opinion.EXCUSED))
    for named in (about(man), frozenset({str(uuid.uuid4())})):
        with pytest.raises(Refused, match=NOT_FAILED):
            warn(man, about=named)
    with pytest.raises(Refused, match=NOT_FAILED):
        did(man, StepKind.REFERRED, named=True)
    assert decisions_on(man.place.ref) and not warnings_of(man.case.id)


def test_what_is_of_another_man_is_not_found(app: Flask) -> None:
    man = failed()
    by = man.world.officer.id
    case_id = man.case.id
    for ref in (uuid.uuid4(),):
        with pytest.raises(NotFound), writing():
            enforcement_service.take_back_step(case_id=case_id, ref=ref, by=by)
        with pytest.raises(NotFound), writing():
            enforcement_service.withdraw_warning(
                case_id=case_id, ref=ref, on=clock.today(), why="x", by=by
            )


def test_a_suspended_sentence_counts_its_own_twelve_months(app: Flask) -> None:
    man = failed(suspended_sentence=True)
    warn(man)
    (live,) = stands(man).live
    assert live.last_day == live.given_on.replace(year=live.given_on.year + 1)
