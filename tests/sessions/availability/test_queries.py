"""What there is to schedule with, read from the tables: nothing of another trust, no loops."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders import ending_service
from mhtr.orders.endings import HowEnded
from mhtr.orders.models import Order
from mhtr.people import flags
from mhtr.people.models import Flag, FlagKind, Permission, Person
from mhtr.tasks.models import Leave, LocalClosure
from sessions.availability import queries
from sessions.availability.kinds import CannotReason, HoursUse
from sessions.availability.models import (
    Clinician,
    HowHeCanCome,
    PlaceBarred,
    PlaceClosure,
    TimeHeCannot,
)
from sessions.availability.shapes import Open, Span
from sessions.therapies import Gender, SessionMode, Therapy
from tests.cases.test_after_linking import linked
from tests.cases.test_flag_men import JONAS, raised
from tests.intake.two_trusts import Two
from tests.makers import make_case, make_organisation, make_person, make_staff
from tests.orders.makers import order_of, sentenced
from tests.people.merged import merge
from tests.sessions.availability.makers import make_clinician, make_room, make_site, one_off

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)


def span(day: date, starts: int, ends: int) -> Span:
    return Span(
        datetime(day.year, day.month, day.day, starts, tzinfo=UTC),
        datetime(day.year, day.month, day.day, ends, tzinfo=UTC),
    )


def test_a_week_of_one_clinician(either_app: Flask) -> None:
    trust = make_organisation()
    site = make_site(trust)
    staff = make_clinician(trust, site, name="Ada Winter", gender=Gender.FEMALE)
    staff_id, site_id = staff.id, site.id
    one_off(staff, MONDAY, 12, 13, HoursUse.SUPERVISION)
    one_off(staff, MONDAY, 18, 20, HoursUse.SESSIONS)
    day = timedelta(days=1)
    with writing():
        db.session.add(Leave(staff_id=staff_id, first_day=MONDAY + day, last_day=MONDAY + day))
        db.session.add(
            PlaceClosure(
                site_id=site_id,
                first_day=MONDAY + 2 * day,
                last_day=MONDAY + 2 * day,
                label="Fire doors",
                made_by=staff_id,
            )
        )
        db.session.add(
            LocalClosure(organisation_id=trust.id, day=MONDAY + 3 * day, label="Training")
        )
    found = queries.clinicians_open(trust.id, MONDAY, FRIDAY)[staff_id]
    assert found.open == (
        Open(span(MONDAY, 9, 12), site_id),
        Open(span(MONDAY, 13, 17), site_id),
        Open(span(MONDAY, 18, 20), None),
        Open(span(FRIDAY, 9, 17), site_id),
    )
    assert (found.name, found.gender, found.video) == ("Ada Winter", Gender.FEMALE, True)
    assert found.therapies == frozenset(Therapy)
    assert found.leads_groups == frozenset()


def test_a_holiday_that_the_trust_works_is_open(either_app: Flask) -> None:
    trust = make_organisation()
    staff = make_clinician(trust, make_site(trust))
    boxing_day = date(2026, 12, 28)
    assert queries.clinicians_open(trust.id, boxing_day, boxing_day)[staff.id].open == ()
    with writing():
        db.session.add(
            LocalClosure(organisation_id=trust.id, day=boxing_day, is_open=True, label="Open")
        )
    assert queries.clinicians_open(trust.id, boxing_day, boxing_day)[staff.id].open


def test_who_cannot_be_booked(either_app: Flask) -> None:
    trust, other = make_organisation(), make_organisation()
    site = make_site(trust)
    here = make_clinician(trust, site)
    gone, admin = make_clinician(trust, site), make_staff(Role.ADMINISTRATOR, organisation=trust)
    make_staff(Role.ASSESSOR, organisation=trust)
    make_clinician(other, make_site(other))
    with writing():
        gone.disabled_at = clock.now()
        db.session.add(Clinician(staff_id=admin.id))
    assert set(queries.clinicians_open(trust.id, MONDAY, FRIDAY)) == {here.id}
    assert queries.clinicians_open(trust.id, MONDAY, FRIDAY, staff_ids=[gone.id]) == {}


def test_a_clinician_at_another_trusts_place_is_not_open_there(either_app: Flask) -> None:
    trust, other = make_organisation(), make_organisation()
    staff = make_clinician(trust, make_site(other))
    assert queries.clinicians_open(trust.id, MONDAY, FRIDAY)[staff.id].open == ()


def test_rooms(either_app: Flask) -> None:
    trust, other = make_organisation(), make_organisation()
    site, steps = make_site(trust), make_site(trust, "Old Library", step_free=False)
    first, shut, upstairs = make_room(site), make_room(site, "Room 2"), make_room(steps)
    make_room(make_site(other))
    by = make_staff(Role.ADMINISTRATOR, organisation=trust).id
    with writing():
        shut.closed_on = MONDAY
        db.session.add(
            PlaceClosure(
                site_id=site.id,
                room_id=first.id,
                first_day=MONDAY,
                last_day=MONDAY,
                label="Painting",
                made_by=by,
            )
        )
    found = queries.rooms_open(trust.id, MONDAY, MONDAY + timedelta(days=1))
    assert set(found) == {first.id, upstairs.id}
    assert found[first.id].open == (span(MONDAY + timedelta(days=1), 9, 18),)
    assert len(found[upstairs.id].open) == 2
    assert (found[first.id].step_free, found[upstairs.id].step_free) == (True, False)
    assert found[first.id].site_name == "Elm Road Clinic"


def test_no_question_for_each_clinician_day_or_room(either_app: Flask) -> None:
    trust = make_organisation()
    site = make_site(trust)
    make_clinician(trust, site)
    make_room(site)
    asked: list[str] = []

    def count(*args: Any) -> None:
        asked.append(args[2])

    def both(last: date) -> int:
        db.session.rollback()
        asked.clear()
        queries.clinicians_open(trust_id, MONDAY, last)
        queries.rooms_open(trust_id, MONDAY, last)
        return len(asked)

    trust_id = trust.id
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        few = both(MONDAY)
        for n in range(3):
            make_clinician(trust, site, name=f"Other {n}")
            make_room(site, f"Room {n + 2}")
        assert both(MONDAY + timedelta(days=90)) == few < 20
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


def limits(case: Case) -> Any:
    db.session.expire_all()
    return queries.man_limits(case, MONDAY, FRIDAY)


def test_a_man_of_whom_nothing_is_said(either_app: Flask) -> None:
    case = make_case()
    found = limits(case)
    assert found.modes == {SessionMode.IN_PERSON}
    assert (found.therapist_gender, found.step_free) == (Gender.NOT_SAID, False)
    assert (found.interpreter, found.cannot, found.within) == (False, (), ())
    assert found.barred_sites == found.must_not_meet == frozenset()


def test_what_was_said_of_how_and_where_he_can_come(either_app: Flask) -> None:
    trust = make_organisation()
    staff, site = make_staff(Role.ASSESSOR, organisation=trust), make_site(trust)
    left = make_site(trust, "Left again")
    case = make_case()
    by = staff.id
    with writing():
        case.person.interpreter = Permission.YES
        db.session.add(
            HowHeCanCome(
                case_id=case.id,
                in_person=False,
                telephone=True,
                therapist_gender=Gender.FEMALE,
                step_free=True,
                by_id=by,
            )
        )
        db.session.add(PlaceBarred(case_id=case.id, site_id=site.id, made_by=by))
        over = {"ended_at": clock.now(), "ended_by": by}
        db.session.add(PlaceBarred(case_id=case.id, site_id=left.id, made_by=by, **over))
        for weekday, more in ((0, {}), (1, over)):
            db.session.add(
                TimeHeCannot(
                    case_id=case.id,
                    weekday=weekday,
                    first_day=date(2026, 1, 1),
                    starts=time(9),
                    ends=time(11),
                    reason=CannotReason.UNPAID_WORK,
                    made_by=by,
                    **more,
                )
            )
    found = limits(case)
    assert found.modes == {SessionMode.TELEPHONE}
    assert (found.therapist_gender, found.step_free) == (Gender.FEMALE, True)
    assert found.interpreter
    assert found.barred_sites == {site.id}
    assert [(one.span, one.reason) for one in found.cannot] == [
        (span(MONDAY, 9, 11), CannotReason.UNPAID_WORK)
    ]


def _apart(person: Person, other: Person, by: int) -> Flag:
    with writing():
        return flags.raise_flag(
            person_id=person.id,
            kind=FlagKind.MUST_NOT_MEET,
            fact="",
            reason="",
            owner_staff_id=by,
            review_on=date(2027, 2, 1),
            by=by,
            other_person_id=other.id,
        )


def test_whom_he_must_not_meet_counts_for_both_until_it_ends(either_app: Flask) -> None:
    by = make_staff(Role.ASSESSOR).id
    one, two = make_case(make_person("Ade", "One")), make_case(make_person("Bo", "Two"))
    row = _apart(one.person, two.person, by)
    assert limits(one).must_not_meet == {two.person_id}
    assert limits(two).must_not_meet == {one.person_id}
    with writing():
        flags.end_flag(flag_ref=row.ref, person_id=one.person_id, reason="Over", by=by)
    assert limits(one).must_not_meet == limits(two).must_not_meet == frozenset()


def test_a_merged_record_keeps_them_apart(either_app: Flask) -> None:
    by = make_staff(Role.ASSESSOR).id
    one, two = make_case(make_person("Ade", "One")), make_case(make_person("Bo", "Two"))
    kept = make_case(make_person("Bo", "Two", born=date(1991, 1, 1)))
    _apart(one.person, two.person, by)
    merge(kept.person, two.person, by)
    assert kept.person_id in limits(one).must_not_meet
    assert one.person_id in limits(kept).must_not_meet
    assert kept.person_id not in limits(kept).must_not_meet


def test_a_record_of_another_trust_keeps_them_apart(either_app: Flask) -> None:
    two = linked()
    third = make_case(make_person("Cy", "Three"))
    by = make_staff(Role.ASSESSOR).id
    _apart(third.person, two.known.person, by)
    assert third.person_id in limits(two.case).must_not_meet
    assert third.person_id in limits(two.known).must_not_meet
    assert {two.case.person_id, two.known.person_id} <= limits(third).must_not_meet


def test_while_it_is_a_question_who_is_meant_they_are_kept_apart(either_app: Flask) -> None:
    two = Two()
    case, _ = raised(two)
    other = two.refer(None, **JONAS)
    assert limits(case).must_not_meet == {other.person_id}
    assert limits(other).must_not_meet == {case.person_id}


def test_sessions_lie_within_the_requirement(either_app: Flask) -> None:
    world = sentenced()
    order = order_of(world)
    periods = ((date(2026, 11, 16), date(2027, 5, 15)),)
    assert limits(world.case).within == periods
    order_id, by = order.id, world.office.id
    with writing():
        ending_service.end_order(
            order_id=order_id,
            how=HowEnded.REVOKED,
            on=date(2026, 11, 17),
            version=db.session.get_one(Order, order_id).version,
            by=by,
        )
    assert limits(world.case).within == ((date(2026, 11, 16), date(2026, 11, 17)),)
