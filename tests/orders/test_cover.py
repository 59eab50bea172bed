"""Cover for an officer: who sees his men, hears of them and decides, and from when to when."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.compliance import decision_service
from mhtr.compliance.attendance import Happened
from mhtr.compliance.decision_service import Seen
from mhtr.compliance.telling import TOLD
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.orders import cover_service
from mhtr.orders.contact_service import Named, name_contact
from mhtr.orders.cover_models import OfficerCover
from mhtr.orders.cover_service import LOST, NOT_YOURS, OVER
from mhtr.orders.queries import contact_of
from mhtr.tasks.models import Notice
from tests.compliance.test_decisions import EXCUSED
from tests.makers import make_staff
from tests.orders.makers import order_of
from tests.sessions.seen import Treated, tell, treated
from tests.suitability.requesting import told


def colleague(man: Treated) -> Staff:
    return make_staff(Role.PROBATION, organisation=man.world.officer.organisation, name="Cleo Ash")


def plan(
    man: Treated, cover: Staff, starts: int = 0, ends: int = 6, *, by: Staff | None = None
) -> OfficerCover:
    officer_id, cover_id, today = man.world.officer.id, cover.id, clock.today()
    by_id = by.id if by is not None else officer_id
    with writing():
        return cover_service.plan_cover(
            officer_id=officer_id,
            cover_id=cover_id,
            first=today + timedelta(days=starts),
            last=today + timedelta(days=ends),
            by=by_id,
        )


def one_man(man: Treated, cover: Staff, by: Staff, days: int = 6) -> OfficerCover:
    case_id, cover_id, by_id, today = man.world.case.id, cover.id, by.id, clock.today()
    with writing():
        return cover_service.cover_case(
            case_id=case_id, cover_id=cover_id, first=today, last=today + timedelta(days), by=by_id
        )


def sees(staff: Staff, man: Treated) -> bool:
    viewer = viewer_of(db.session.get_one(Staff, staff.id))
    return stands(viewer, man.world.case.id, Purpose.SUPERVISION)


def give_to(man: Treated, staff: Staff) -> None:
    case_id, by = man.world.case.id, man.world.office.id
    kept = contact_of(case_id)
    said = Named(unit_id=staff.organisation_id, staff_id=staff.id)
    seen = kept.id if kept else 0
    with writing():
        name_contact(case_id=case_id, said=said, seen=seen, by=by)


def test_cover_begins_and_ends_by_itself(either_app: Flask, set_clock: SetClock) -> None:
    man = treated()
    cover = colleague(man)
    plan(man, cover, starts=2, ends=4)
    seen = []
    for _ in range(6):
        seen.append(sees(cover, man))
        assert sees(man.world.officer, man)
        set_clock.advance(days=1)
    assert seen == [False, False, True, True, True, False]


def test_it_ends_at_once_when_it_is_taken_back(either_app: Flask) -> None:
    man = treated()
    cover = colleague(man)
    row = plan(man, cover)
    assert sees(cover, man)
    ref, by = row.ref, man.world.officer.id
    with writing():
        cover_service.take_back(ref=ref, by=by)
    assert not sees(cover, man)
    kept = db.session.scalars(select(OfficerCover).where(OfficerCover.ref == ref)).one()
    assert kept.taken_back_by == by
    with pytest.raises(Refused, match=OVER), writing():
        cover_service.take_back(ref=ref, by=by)


def test_access_follows_who_is_named(either_app: Flask) -> None:
    man = treated(supervised=False)
    cover, other = colleague(man), colleague(man)
    plan(man, cover)
    assert not sees(cover, man)
    give_to(man, man.world.officer)
    assert sees(cover, man)
    give_to(man, other)
    assert not sees(cover, man) and not sees(man.world.officer, man) and sees(other, man)
    give_to(man, man.world.officer)
    assert sees(cover, man)


def test_cover_for_one_man_is_for_that_man(app: Flask) -> None:
    man = treated()
    cover, other = colleague(man), colleague(man)
    one_man(man, cover, man.world.senior)
    assert sees(cover, man)
    give_to(man, other)
    assert not sees(cover, man)


@pytest.mark.parametrize("who", ["colleague", "senior elsewhere", "therapist"])
def test_who_may_not_say_who_covers(app: Flask, who: str) -> None:
    man = treated()
    cover = colleague(man)
    by = {
        "colleague": cover,
        "senior elsewhere": make_staff(Role.SENIOR_PROBATION),
        "therapist": man.therapist,
    }[who]
    with pytest.raises(Refused, match=NOT_YOURS):
        plan(man, cover, by=by)
    with pytest.raises(Refused, match=NOT_YOURS):
        one_man(man, cover, by)
    ref, by_id = plan(man, cover, by=man.world.senior).ref, by.id
    with pytest.raises(Refused, match=NOT_YOURS), writing():
        cover_service.take_back(ref=ref, by=by_id)
    assert sees(cover, man)


def test_nobody_of_another_unit_covers(app: Flask) -> None:
    man = treated()
    for staff in (make_staff(Role.PROBATION), man.therapist, man.world.officer):
        with pytest.raises(CannotBe):
            plan(man, staff)
        assert staff is man.world.officer or not sees(staff, man)


def test_a_restricted_record_is_not_covered(app: Flask) -> None:
    man = treated()
    cover, case_id = colleague(man), man.world.case.id
    with writing():
        db.session.get_one(Case, case_id).restricted = True
    plan(man, cover)
    assert not sees(cover, man) and sees(man.world.officer, man)
    with pytest.raises(Refused):
        one_man(man, cover, man.world.officer)


def test_who_covers_hears_what_comes_in_and_what_waited(app: Flask) -> None:
    man = treated()
    order_of(man.world)
    cover = colleague(man)
    tell(man.place, man.therapist, Happened.DID_NOT_COME)
    assert TOLD in told(man.world.officer) and TOLD not in told(cover)
    plan(man, cover, by=man.world.senior)
    assert TOLD in told(cover)
    tell(man.place, man.therapist, Happened.SEEN, seen=1, why="Wrong man")
    assert len(told(cover)) == len(told(man.world.officer))


def test_cover_recorded_ahead_hears_what_waited_when_it_begins(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = treated()
    order_of(man.world)
    cover = colleague(man)
    plan(man, cover, 2, 9, by=man.world.senior)
    tell(man.place, man.therapist, Happened.DID_NOT_COME)

    def begin() -> int:
        with writing():
            return cover_service.pass_on_begun(clock.now())

    assert begin() == 0 and TOLD not in told(cover)
    set_clock.advance(days=4)  # the job did not run for two days
    assert begin() > 0 and begin() == 0
    assert TOLD in told(cover)
    set_clock.advance(days=7)
    assert begin() == 0


def test_a_decision_of_cover_is_for_the_named_officer(either_app: Flask) -> None:
    man = treated()
    order_of(man.world)
    cover = colleague(man)
    tell(man.place, man.therapist, Happened.DID_NOT_COME)
    plan(man, cover)
    case_id, subject, by = man.world.case.id, man.place.ref, cover.id
    with writing():
        made = decision_service.decide(
            case_id=case_id, subject=subject, decision=EXCUSED, seen=Seen(1, 0), by=by
        )
    assert (made.by_id, made.for_id) == (cover.id, man.world.officer.id)


def test_cover_ends_where_one_of_the_two_leaves(either_app: Flask) -> None:
    man = treated()
    cover = colleague(man)
    plan(man, cover)
    cover_id, home, by = cover.id, cover.organisation_id, man.world.senior.id
    with writing():
        db.session.get_one(Staff, cover_id).disabled_at = clock.now()
        account_listeners.tell_staff_left(cover_id, home, by)
    kept = db.session.scalars(select(OfficerCover)).one()
    assert kept.taken_back_at is not None
    assert LOST in told_of_unit(man)


def told_of_unit(man: Treated) -> list[str]:
    seniors = man.world.officer.organisation.seniors_principal_id
    return list(db.session.scalars(select(Notice.text).where(Notice.principal_id == seniors)))


def test_what_is_not_there_is_not_taken_back(app: Flask) -> None:
    man = treated()
    by = man.world.officer.id
    with pytest.raises(NotFound), writing():
        cover_service.take_back(ref=man.place.ref, by=by)


def test_cover_is_for_whole_days_in_london(app: Flask, set_clock: SetClock) -> None:
    man = treated()
    cover = colleague(man)
    plan(man, cover, ends=0)
    assert sees(cover, man)
    set_clock.advance(hours=11)
    assert sees(cover, man)
    set_clock.advance(hours=2)
    assert not sees(cover, man)
