"""Lists of one shape share a statement, and each gets its own values."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import CaseState
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.overview.sorting import task_sorts
from mhtr.overview.task_statements import Wanted, find_tasks
from mhtr.tasks.models import TaskKind
from tests.makers import make_staff
from tests.overview.things import a_case, a_task, assign, hearing

KINDS = frozenset({TaskKind.ASSESS, TaskKind.REVISE})


@pytest.fixture(autouse=True)
def in_request(either_app: Flask) -> object:
    with either_app.test_request_context():
        yield


def found(staff: Staff, *wanted: Wanted, limit: int = 10, offset: int = 0) -> list[str]:
    lines = find_tasks(viewer_of(staff), *wanted, limit=limit, offset=offset)
    return [line.given_name for line in lines]


def two() -> tuple[Staff, Staff]:
    """Two assessors, each with a case, a task about it, and a hearing."""
    both = make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR)
    for number, (staff, name) in enumerate(zip(both, ("Tunde", "Kofi"), strict=True)):
        case = a_case(staff, name=name)
        assign(case, staff)
        hearing(case, date(2026, 12, 1 + number))
        a_task(TaskKind.ASSESS, staff, case, due_in=timedelta(days=1 + number))
    return both


def test_each_viewer_is_given_his_own() -> None:
    one, other = two()
    for wanted in (Wanted(KINDS), Wanted(KINDS, each=3)):
        assert (found(one, wanted), found(other, wanted)) == (["Tunde"], ["Kofi"])
    mine = Wanted(KINDS, owners=(one.principal_id,))
    assert (found(one, mine), found(other, mine)) == (["Tunde"], [])


def test_each_value_of_a_filter_counts() -> None:
    one, other = two()
    now = clock.now()
    his, hers = (Wanted(KINDS, assessor_id=staff.id) for staff in (one, other))
    assert (found(one, his), found(one, hers)) == (["Tunde"], [])
    filters: tuple[tuple[str, Any, Any], ...] = (
        ("due_before", now + timedelta(days=2), now),
        ("court", "B01KR", "B01BH"),
        ("states", frozenset({CaseState.REFERRED}), frozenset({CaseState.CLOSED})),
    )
    for name, right, wrong in filters:
        assert found(one, replace(his, **{name: right})) == ["Tunde"], name
        assert found(one, replace(his, **{name: wrong})) == [], name


def test_every_sort_pages_through_all() -> None:
    staff = make_staff(Role.ASSESSOR)
    for name in ("Ade", "Ben", "Cem"):
        a_task(TaskKind.ASSESS, staff, a_case(staff, name=name))
    for sort in task_sorts():
        for wanted in (Wanted(KINDS, sort=sort), Wanted(KINDS, sort=f"-{sort}")):
            pages = [found(staff, wanted, limit=2, offset=start) for start in (0, 2)]
            assert [len(page) for page in pages] == [2, 1]
            assert sorted(sum(pages, [])) == ["Ade", "Ben", "Cem"]


def test_several_lists_in_one_give_each_kind_its_number_and_no_task_twice() -> None:
    staff = make_staff(Role.ASSESSOR)
    for name in ("Ade", "Ben", "Cem"):
        case = a_case(staff, name=name)
        assign(case, staff)
        a_task(TaskKind.ASSESS, staff, case)
        a_task(TaskKind.REVISE, staff, case)
    assess = Wanted(frozenset({TaskKind.ASSESS}), assessor_id=staff.id, each=2)
    own = replace(assess, assessor_id=None, owners=(staff.principal_id,))
    revise = Wanted(frozenset({TaskKind.REVISE}), owners=(staff.principal_id,), each=1)
    lines = find_tasks(viewer_of(staff), assess, own, revise, limit=10)
    kinds = sorted(line.kind for line in lines)
    assert kinds == [TaskKind.ASSESS, TaskKind.ASSESS, TaskKind.REVISE]
