"""A plan that holds is passed; each way of spoiling it is found, by its name."""

from dataclasses import replace

import pytest

from sessions.planning.checker import Fault, violations
from sessions.planning.problem import REMOTE, Instance, Man, Opening, Plan, Room, Visit

MONDAY, LATER, THURSDAY = 0, 1, 2
ALL = tuple(range(6))


def man(key: int, **more: object) -> Man:
    fields: dict[str, object] = {
        "key": key,
        "visits": 3,
        "first_week": 0,
        "last_week": 4,
        "slots": frozenset({MONDAY, LATER}),
        "places": frozenset({0}),
        "clinicians": frozenset({0}),
    }
    return Man(**{**fields, **more})  # type: ignore[arg-type]


def course(slot: int, clinician: int, *weeks: int, place: int = 0) -> tuple[Visit, ...]:
    return tuple(Visit(week, slot, clinician, place) for week in weeks)


INSTANCE = Instance(
    weeks=6,
    days=(0, 0, 3),
    openings=(
        Opening(0, MONDAY, 0, ALL),
        Opening(0, LATER, 0, ALL),
        Opening(0, THURSDAY, 0, ALL),
        Opening(1, MONDAY, 0, ALL),
        Opening(1, LATER, REMOTE, (0, 1, 2)),
    ),
    rooms=(Room(0, step_free=True), Room(0, step_free=False)),
    men=(
        man(0),
        man(1, clinicians=frozenset({1}), step_free=True, places=frozenset({0, REMOTE})),
        man(2),
    ),
    daily_most={0: 2, 1: 2},
    apart=frozenset({(0, 2)}),
)
GOOD: Plan = {
    0: course(MONDAY, 0, 0, 1, 2),
    1: course(MONDAY, 1, 0, 1, 2),
    2: course(LATER, 0, 1, 2, 3),
}


def with_man(key: int, **more: object) -> Instance:
    changed = tuple(
        replace(m, **more) if m.key == key else m  # type: ignore[arg-type]
        for m in INSTANCE.men
    )
    return replace(INSTANCE, men=changed)


def test_a_plan_that_holds_is_passed() -> None:
    assert violations(INSTANCE, GOOD) == ()


def test_a_man_without_a_course_is_not_a_fault() -> None:
    assert violations(INSTANCE, {0: GOOD[0], 1: ()}) == ()


SPOILED: list[tuple[Fault, Instance, Plan]] = [
    (Fault.UNKNOWN_MAN, INSTANCE, {**GOOD, 7: course(LATER, 1, 0, 1, 2, place=REMOTE)}),
    (Fault.NOT_WHOLE, INSTANCE, {**GOOD, 0: GOOD[0][:2]}),
    (Fault.NOT_WHOLE, INSTANCE, {**GOOD, 0: course(MONDAY, 0, 0, 1, 2, 3)}),
    (Fault.TOO_EARLY, with_man(0, first_week=1), GOOD),
    (Fault.AFTER_REQUIREMENT, with_man(0, last_week=1), GOOD),
    (Fault.HE_CANNOT, with_man(0, slots=frozenset({LATER})), GOOD),
    (Fault.HE_CANNOT, with_man(0, cannot=frozenset({(1, MONDAY)})), GOOD),
    (Fault.WRONG_PLACE, with_man(0, places=frozenset({REMOTE})), GOOD),
    (Fault.WRONG_CLINICIAN, with_man(0, clinicians=frozenset({1})), GOOD),
    (Fault.TOO_CLOSE, with_man(0, least_gap=8), GOOD),
    (Fault.TOO_CLOSE, with_man(0, seen_on=-3), GOOD),
    (Fault.TOO_FAR_APART, with_man(0, most_gap=6), GOOD),
    (Fault.TOO_CLOSE, with_man(0, gaps=((7, 7), (8, 14))), GOOD),
    (Fault.TOO_FAR_APART, with_man(0, gaps=((3, 6), (7, 14))), GOOD),
    (Fault.OUT_OF_ORDER, with_man(0, stands=((10, 1),)), GOOD),
    (Fault.TOO_FAR_APART, with_man(0, seen_on=-15), GOOD),
    (
        Fault.TWO_CLINICIANS,
        with_man(0, clinicians=frozenset({0, 1})),
        {0: course(MONDAY, 0, 0, 1) + course(MONDAY, 1, 2)},
    ),
    (Fault.CLINICIAN_NOT_THERE, INSTANCE, {1: course(LATER, 1, 1, 2, 3, place=REMOTE)}),
    (
        Fault.CLINICIAN_TAKEN,
        replace(INSTANCE, apart=frozenset()),
        {0: GOOD[0], 2: course(MONDAY, 0, 1, 2, 3)},
    ),
    (Fault.CLINICIAN_DAY_FULL, replace(INSTANCE, daily_most={0: 1}), GOOD),
    (Fault.NO_ROOM, replace(INSTANCE, rooms=INSTANCE.rooms[:1]), GOOD),
    (
        Fault.NO_ROOM,
        replace(
            INSTANCE,
            rooms=(INSTANCE.rooms[0], Room(0, shut=frozenset({(2, MONDAY)}))),
        ),
        GOOD,
    ),
    (Fault.NO_STEP_FREE_ROOM, with_man(0, step_free=True), GOOD),
    (
        Fault.MUST_NOT_MEET,
        replace(INSTANCE, apart=frozenset({(0, 1)})),
        GOOD,
    ),
]


@pytest.mark.parametrize(("fault", "instance", "plan"), SPOILED, ids=lambda v: str(v)[:30])
def test_each_fault_is_found_and_no_other(fault: Fault, instance: Instance, plan: Plan) -> None:
    found = {violation.fault for violation in violations(instance, plan)}
    assert found == {fault}


def test_every_kind_of_fault_is_spoiled_for() -> None:
    assert {fault for fault, _, _ in SPOILED} == set(Fault)


def test_at_a_distance_nobody_meets_and_no_room_is_needed() -> None:
    instance = replace(
        with_man(1, slots=frozenset({LATER})), rooms=INSTANCE.rooms[:1], apart=frozenset({(1, 2)})
    )
    plan = {
        1: course(LATER, 1, 0, 1, 2, place=REMOTE),
        2: course(LATER, 0, 1, 2, 3),
    }
    assert violations(instance, plan) == ()
