"""Who supervises him: named, superseded, gone with an account; and who sees the case for it."""

import pytest
from flask import Flask

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import access_service
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.orders.contact_service import SAME, YOURS, Named, name_contact
from mhtr.orders.models import ProbationContact
from mhtr.orders.queries import contact_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from tests.makers import make_staff
from tests.orders.makers import Sentenced, sentenced
from tests.suitability.requesting import told


def name(
    world: Sentenced, said: Named, *, seen: int = 0, by: Staff | None = None
) -> ProbationContact:
    case_id, by_id = world.case.id, (by or world.office).id
    with writing():
        return name_contact(case_id=case_id, said=said, seen=seen, by=by_id)


def signs_in(staff: Staff) -> Named:
    return Named(unit_id=staff.organisation_id, staff_id=staff.id)


def sees(staff_id: int, case_id: int) -> bool:
    viewer = viewer_of(db.session.get_one(Staff, staff_id))
    return stands(viewer, case_id, Purpose.SUPERVISION)


def open_alert(world: Sentenced) -> bool:
    return bool(tasks.open_tasks(world.case.id, TaskKind.NAME_CONTACT))


def test_whoever_is_named_sees_the_case_until_another_is(either_app: Flask) -> None:
    world = sentenced()
    assert open_alert(world)
    assert not sees(world.officer.id, world.case.id)
    first = name(world, signs_in(world.officer))
    assert not open_alert(world)
    assert sees(world.officer.id, world.case.id)
    assert YOURS in told(world.officer)
    name(world, signs_in(world.senior), seen=first.id)
    assert not sees(world.officer.id, world.case.id)
    assert sees(world.senior.id, world.case.id)
    assert not open_alert(world)


def test_anybody_is_named_by_name(app: Flask) -> None:
    world = sentenced()
    unit_id = world.officer.organisation_id
    name(world, Named(unit_id=unit_id, name="Bo Field", email="bo@probation.example"))
    found = contact_of(world.case.id)
    assert found is not None
    assert (found.name, found.email, found.staff_id) == ("Bo Field", "bo@probation.example", None)
    assert not open_alert(world)


@pytest.mark.parametrize("which", ["nobody", "clinician", "other unit", "trust"])
def test_who_cannot_be_named(app: Flask, which: str) -> None:
    world = sentenced()
    trust_id = world.assessor.organisation_id
    said = {
        "nobody": Named(unit_id=None),
        "clinician": Named(unit_id=None, staff_id=world.assessor.id),
        "other unit": Named(unit_id=trust_id, staff_id=world.officer.id),
        "trust": Named(unit_id=trust_id, name="Bo Field"),
    }[which]
    with pytest.raises(Refused):
        name(world, said)


def test_the_same_again_is_said_to_be_so(app: Flask) -> None:
    world = sentenced()
    row = name(world, signs_in(world.officer))
    with pytest.raises(Refused, match=SAME):
        name(world, signs_in(world.officer), seen=row.id)


def test_two_who_name_somebody_at_once_leave_one(app: Flask) -> None:
    world = sentenced()
    name(world, signs_in(world.officer))
    with pytest.raises(Refused, match="meanwhile"):
        name(world, signs_in(world.senior))
    found = contact_of(world.case.id)
    assert found is not None
    assert found.staff_id == world.officer.id


def test_an_officer_who_leaves_leaves_an_alert(either_app: Flask) -> None:
    world = sentenced()
    name(world, signs_in(world.officer))
    officer_id, home, by = world.officer.id, world.officer.organisation_id, world.senior.id
    with writing():
        db.session.get_one(Staff, officer_id).disabled_at = clock.now()
        account_listeners.tell_staff_left(officer_id, home, by)
    assert contact_of(world.case.id) is None
    assert open_alert(world)
    assert not sees(officer_id, world.case.id)


def test_nobody_is_named_before_the_sentence(app: Flask) -> None:
    world = sentenced(None)
    with pytest.raises(Refused, match="court’s result first"):
        name(world, signs_in(world.officer))


def test_who_is_shut_out_of_the_record_is_no_contact(either_app: Flask) -> None:
    world = sentenced()
    name(world, signs_in(world.officer))
    case_id, officer_name, lead_id = world.case.id, world.officer.username, world.lead.id
    with writing():
        access_service.exclude(
            case_id, username=officer_name, reason="His brother, so it is not for him", by=lead_id
        )
    assert contact_of(case_id) is None
    assert open_alert(world)
    with pytest.raises(Refused, match="cannot be named"):
        name(world, signs_in(world.officer))


def test_probation_opens_no_restricted_record_for_a_colleague(app: Flask) -> None:
    world = sentenced()
    row = name(world, signs_in(world.officer))
    with writing():
        db.session.get_one(Case, world.case.id).restricted = True
    with pytest.raises(Refused, match="restricted"):
        name(world, signs_in(world.senior), seen=row.id, by=world.officer)
    name(world, signs_in(world.senior), seen=row.id)


def test_the_seniors_of_a_unit_see_the_case_while_it_is_with_them(
    either_app: Flask,
) -> None:
    world = sentenced()
    elsewhere = make_staff(Role.SENIOR_PROBATION)
    assert not sees(world.senior.id, world.case.id)
    first = name(world, signs_in(world.officer))
    assert sees(world.senior.id, world.case.id) and not sees(elsewhere.id, world.case.id)
    officer_id, home, by = world.officer.id, world.officer.organisation_id, world.senior.id
    with writing():
        db.session.get_one(Staff, officer_id).disabled_at = clock.now()
        account_listeners.tell_staff_left(officer_id, home, by)
    assert contact_of(world.case.id) is None and first.ended_at is not None
    assert sees(world.senior.id, world.case.id)
    name(world, Named(unit_id=elsewhere.organisation_id, name="Bo Field"))
    assert sees(elsewhere.id, world.case.id) and not sees(world.senior.id, world.case.id)


def test_no_senior_sees_a_restricted_record_by_his_role(app: Flask) -> None:
    world = sentenced()
    name(world, signs_in(world.officer))
    case_id = world.case.id
    with writing():
        db.session.get_one(Case, case_id).restricted = True
    assert sees(world.officer.id, case_id) and not sees(world.senior.id, case_id)


def test_a_senior_of_the_unit_is_listed_among_the_readers(app: Flask) -> None:
    world = sentenced()
    name(world, signs_in(world.officer))
    readers = access_service.standing_readers(db.session.get_one(Case, world.case.id))
    found = {one.staff_id for one in readers if one.purpose is Purpose.SUPERVISION}
    assert found == {world.officer.id, world.senior.id}
