"""The scope: only live grants for a purpose of the viewer's roles, and never over an exclusion."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, g
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, newest_in_scope, purposes_held
from mhtr.core import access, clock
from mhtr.core.access import Exclusion, Grant, Purpose, Role, Viewer
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.scope import ANYBODY, asked_by, purposes_granted, visible
from mhtr.core.transaction import writing
from tests.makers import make_case, make_organisation, make_staff, make_team


def sees(staff: Staff, case: Case, *purposes: Purpose) -> bool:
    try:
        find_case(viewer_of(staff), case.ref, *(purposes or tuple(Purpose)))
    except NotFound:
        return False
    return True


def give(case: Case, purpose: Purpose, principal_id: int, **kwargs: object) -> None:
    with writing():
        access.grant(case.id, purpose, principal_id, because="test", by=None, **kwargs)  # type: ignore[arg-type]  # passes `until` through


@pytest.fixture(autouse=True)
def in_request(either_app: Flask) -> object:
    with either_app.test_request_context():
        yield


def test_nobody_sees_a_case_without_a_grant() -> None:
    case = make_case()
    for role in Role:
        assert not sees(make_staff(role), case)


def test_a_grant_reaches_staff_team_and_organisation() -> None:
    organisation = make_organisation()
    team = make_team(organisation)
    staff = make_staff(Role.ASSESSOR, team=team)
    principals = (staff.principal_id, team.principal_id, organisation.principal_id)
    for principal in principals:
        case = make_case()
        give(case, Purpose.CLINICAL, principal)
        assert sees(staff, case, Purpose.CLINICAL)
        assert not sees(make_staff(Role.ASSESSOR), case)


@pytest.mark.parametrize("role", list(Role))
def test_a_grant_serves_only_the_purposes_of_the_role(role: Role) -> None:
    staff = make_staff(role)
    for purpose in Purpose:
        case = make_case()
        give(case, purpose, staff.principal_id)
        assert sees(staff, case, purpose) is (purpose in access.purposes_of({role}))


def test_a_purpose_not_asked_for_opens_nothing() -> None:
    staff, case = make_staff(Role.ASSESSOR, Role.ADMINISTRATOR), make_case()
    give(case, Purpose.ADMINISTRATION, staff.principal_id)
    assert not sees(staff, case, Purpose.CLINICAL)
    assert purposes_held(viewer_of(staff), case) == {Purpose.ADMINISTRATION}


def test_a_grant_ends_at_its_moment(set_clock: SetClock) -> None:
    staff, case = make_staff(Role.COURT_PROBATION), make_case()
    give(case, Purpose.PRE_SENTENCE, staff.principal_id, until=clock.now() + timedelta(days=2))
    set_clock.advance(days=2, seconds=-1)
    assert sees(staff, case)
    set_clock.advance(seconds=1)
    assert not sees(staff, case)


def test_an_ended_grant_opens_nothing(set_clock: SetClock) -> None:
    staff, case = make_staff(Role.PROBATION), make_case()
    give(case, Purpose.SUPERVISION, staff.principal_id)
    with writing():
        access.end_grants(case.id, Purpose.SUPERVISION, because="reassigned", by=None)
    assert not sees(staff, case)


def test_a_restricted_case_opens_only_by_name() -> None:
    organisation, case = make_organisation(), make_case()
    named = make_staff(Role.ASSESSOR, organisation=organisation)
    colleague = make_staff(Role.ASSESSOR, organisation=organisation)
    give(case, Purpose.CLINICAL, organisation.principal_id)
    give(case, Purpose.CLINICAL, named.principal_id)
    with writing():
        db.session.get_one(Case, case.id).restricted = True
    assert sees(named, case)
    assert not sees(colleague, case)


def test_an_exclusion_beats_every_grant() -> None:
    staff, case = make_staff(Role.ASSESSOR), make_case()
    give(case, Purpose.CLINICAL, staff.principal_id)
    with writing():
        db.session.add(
            Exclusion(
                case_id=case.id,
                principal_id=staff.principal_id,
                because="conflict",
                starts_at=clock.now(),
            )
        )
    assert not sees(staff, case)


def test_granting_twice_keeps_one_grant_and_the_later_end() -> None:
    staff, case = make_staff(Role.COURT_PROBATION), make_case()
    soon, late = clock.now() + timedelta(days=1), clock.now() + timedelta(days=9)
    for until in (soon, late, soon):
        give(case, Purpose.PRE_SENTENCE, staff.principal_id, until=until)
    rows = db.session.query(access.Grant).all()
    assert [row.ends_at for row in rows] == [late]


@pytest.mark.parametrize(
    ("roles", "across"),
    [
        ({Role.ASSESSOR, Role.CLINICAL_LEAD}, False),
        ({Role.PROBATION, Role.SENIOR_PROBATION}, False),
        ({Role.ASSESSOR, Role.PROBATION}, True),
        ({Role.LINK_WORKER, Role.COURT_PROBATION}, True),
        ({Role.ADMINISTRATOR, Role.SENIOR_PROBATION}, True),
        ({Role.PRIVACY_OFFICER, Role.SERVICE_MANAGER}, False),
    ],
)
def test_nobody_stands_on_both_sides_of_the_wall(roles: set[Role], across: bool) -> None:
    assert access.across_the_wall(roles) is across


def test_a_viewer_without_purposes_sees_nothing() -> None:
    staff, case = make_staff(Role.ASSESSOR), make_case()
    give(case, Purpose.CLINICAL, staff.principal_id)
    bare: Viewer = replace(viewer_of(staff), purposes=frozenset())
    with pytest.raises(NotFound):
        find_case(bare, case.ref, *Purpose)


def held(staff: Staff, case: Case) -> frozenset[Purpose]:
    """What the condition itself finds, without what a page has read already."""
    return frozenset(
        db.session.scalars(
            select(Grant.purpose)
            .join(Case, Case.id == Grant.case_id)
            .where(
                Case.id == case.id,
                purposes_granted(viewer_of(staff), Case.id, Case.restricted),
            )
        )
    )


def test_purposes_granted_are_those_for_which_a_case_is_visible(set_clock: SetClock) -> None:
    staff, case = make_staff(Role.ASSESSOR, Role.ADMINISTRATOR), make_case()
    give(case, Purpose.CLINICAL, staff.principal_id)
    give(case, Purpose.ADMINISTRATION, staff.organisation.principal_id)
    give(case, Purpose.LINK_WORK, staff.principal_id)
    both = {Purpose.CLINICAL, Purpose.ADMINISTRATION}
    assert held(staff, case) == both == {p for p in Purpose if sees(staff, case, p)}
    with writing():
        db.session.get_one(Case, case.id).restricted = True
    assert held(staff, case) == {Purpose.CLINICAL}
    with writing():
        access.end_grants(case.id, Purpose.CLINICAL, because="test", by=None)
    set_clock.advance(seconds=1)
    assert held(staff, case) == set()


def test_what_was_held_is_forgotten_when_something_is_written() -> None:
    staff, case = make_staff(Role.ASSESSOR), make_case()
    give(case, Purpose.CLINICAL, staff.principal_id)
    viewer = viewer_of(staff)
    find_case(viewer, case.ref, Purpose.CLINICAL)
    assert purposes_held(viewer, case) == {Purpose.CLINICAL}
    give_nobody(case)
    assert purposes_held(viewer, case) == set()


def test_what_one_viewer_was_shown_is_never_given_to_another() -> None:
    case, his, other = make_case(), make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR)
    give(case, Purpose.CLINICAL, his.principal_id)
    viewer, stranger = viewer_of(his), viewer_of(other)
    db.session.commit()
    # One reading of the database serves both: a page keeps what it has read.
    g.viewer = viewer
    assert find_case(viewer, case.ref, Purpose.CLINICAL) is case
    g.viewer = stranger
    with pytest.raises(NotFound):
        find_case(stranger, case.ref, Purpose.CLINICAL)


def give_nobody(case: Case) -> None:
    with writing():
        access.end_grants(case.id, Purpose.CLINICAL, because="test", by=None)
        for row in db.session.scalars(select(Grant).where(Grant.case_id == case.id)):
            row.ends_at = row.starts_at


def test_newest_in_scope_are_those_in_scope_newest_first(set_clock: SetClock) -> None:
    organisation = make_organisation()
    staff = make_staff(Role.ASSESSOR, team=make_team(organisation))
    seen = [make_case() for _ in range(4)]
    for number, case in enumerate(seen):
        principal = staff.principal_id if number % 2 else organisation.principal_id
        give(case, Purpose.CLINICAL, principal)
    hidden, ended = make_case(), make_case()
    give(hidden, Purpose.CLINICAL, make_staff(Role.ASSESSOR).principal_id)
    give(ended, Purpose.CLINICAL, staff.principal_id, until=clock.now() + timedelta(days=1))
    set_clock.advance(days=1)
    viewer = viewer_of(staff)

    def newest(limit: int) -> list[int]:
        ids = newest_in_scope(viewer, *Purpose, limit=limit)
        return list(db.session.scalars(select(Case.id).where(Case.id.in_(ids)).order_by(-Case.id)))

    assert newest(9) == [case.id for case in reversed(seen)]
    assert newest(1)[:1] == [seen[-1].id]
    nobody = viewer_of(make_staff(Role.COMMISSIONER))
    assert db.session.scalars(newest_in_scope(nobody, *Purpose, limit=9)).all() in ([], [0])


def test_a_statement_made_for_anybody_answers_each_viewer_for_the_purposes_named() -> None:
    staff, colleague, case = make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR), make_case()
    case_id = case.id
    give(case, Purpose.CLINICAL, staff.principal_id)
    made = select(Case.id).where(visible(ANYBODY, Case.id, Case.restricted))

    def seen(by: Staff, *purposes: Purpose) -> list[int]:
        return list(db.session.scalars(made, asked_by(viewer_of(by), *purposes)))

    assert seen(staff, Purpose.CLINICAL) == seen(staff, *Purpose) == [case_id]
    assert seen(staff, Purpose.ADMINISTRATION) == seen(staff) == []
    assert seen(colleague, *Purpose) == []
