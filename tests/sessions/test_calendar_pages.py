"""Weeks, places and day lists: what each says, and to whom."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from mhtr.compliance.attendance import Happened
from mhtr.compliance.models import Attendance
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Leave
from sessions.availability.kinds import HoursUse
from sessions.availability.models import Clinician, DatedHours, SiteHours, WeeklyHours
from sessions.booking.models import TreatmentSession
from tests.makers import make_case, make_organisation, make_staff
from tests.orders.makers import Sentenced, sentenced
from tests.pages import PageClient
from tests.sessions.booked import a_room, a_session, cancelled, places

THURSDAY = datetime(2026, 11, 19, 10, tzinfo=UTC)
"""The day after the one on which time stands still."""


@pytest.fixture
def world(app: Flask) -> Sentenced:
    return sentenced()


def keeps_hours(staff_id: int, site_id: int | None = None) -> None:
    with writing():
        db.session.add(Clinician(staff_id=staff_id))
        for weekday in range(5):
            db.session.add(
                WeeklyHours(
                    staff_id=staff_id,
                    weekday=weekday,
                    starts=time(9),
                    ends=time(13),
                    site_id=site_id,
                    valid_from=date(2026, 1, 5),
                )
            )


def test_a_week_says_what_is_booked_and_what_is_free(world: Sentenced, client: PageClient) -> None:
    keeps_hours(world.assessor.id)
    a_session(world.assessor, THURSDAY, world.case.id)
    client.sign_in(world.assessor)
    page = client.page("/calendar")
    person = world.case.person
    assert "Your week" in page
    assert f"{person.given_name} {person.family_name}" in page
    assert "10:00 to 10:50" in page
    # Free again once the ten minutes after the session are over.
    for free in ("09:00 to 10:00", "11:00 to 13:00"):
        assert free in page
    assert page.count("09:00 to 13:00") == 4
    assert "1 session booked this week" in page


def test_what_is_not_for_sessions_and_leave_are_told(world: Sentenced, client: PageClient) -> None:
    keeps_hours(world.assessor.id)
    with writing():
        db.session.add(
            DatedHours(
                staff_id=world.assessor.id,
                day=THURSDAY.date(),
                starts=time(12),
                ends=time(13),
                use=HoursUse.SUPERVISION,
            )
        )
        friday = date(2026, 11, 20)
        db.session.add(Leave(staff_id=world.assessor.id, first_day=friday, last_day=friday))
    client.sign_in(world.assessor)
    page = client.page("/calendar")
    assert "Supervision" in page
    assert "09:00 to 12:00" in page
    assert page.count("On leave") == 1


def test_the_way_from_one_place_to_another_stands_in_the_week(
    world: Sentenced, client: PageClient
) -> None:
    keeps_hours(world.assessor.id)
    client.sign_in(world.assessor)
    assert "Travel between places" in client.page(f"/clinicians/{world.assessor.ref}/one-off/new")
    with writing():
        db.session.add(
            DatedHours(
                staff_id=world.assessor.id,
                day=THURSDAY.date(),
                starts=time(12),
                ends=time(13),
                use=HoursUse.TRAVEL,
            )
        )
    page = client.page("/calendar")
    assert "Travel" in page and "Not for sessions" not in page
    assert "09:00 to 12:00" in page, "nobody is booked while he is on his way"


def test_a_session_cancelled_is_not_in_the_week(world: Sentenced, client: PageClient) -> None:
    cancelled(a_session(world.assessor, THURSDAY, world.case.id), world.assessor)
    client.sign_in(world.assessor)
    assert "0 sessions booked" in client.page("/calendar")


def test_a_man_who_is_not_the_viewers_to_see_has_no_name(
    world: Sentenced, client: PageClient
) -> None:
    """Neither in a colleague's week, nor in a place's day, nor in a list to print."""
    other = make_case()
    room = a_room(world.assessor.organisation_id)
    a_session(world.assessor, THURSDAY, other.id, site_id=room.site_id, room_id=room.id)
    client.sign_in(world.office)
    day = THURSDAY.date().isoformat()
    for page in (
        f"/calendar?who={world.assessor.ref}",
        f"/calendar/day?who={world.assessor.ref}&day={day}",
        f"/calendar/places?day={day}",
        f"/calendar/places/list?day={day}",
    ):
        text = client.page(page)
        assert "Somebody" in text, page
        assert other.person.family_name not in text, page


def test_names_that_a_page_shows_are_audited(world: Sentenced, client: PageClient) -> None:
    from mhtr.core.audit import AuditEvent

    a_session(world.assessor, THURSDAY, world.case.id)
    client.sign_in(world.assessor)
    client.page("/calendar")
    (row,) = db.session.query(AuditEvent).filter_by(action="page.viewed")
    assert world.case.id in row.detail["shown"]["case"]


def test_a_past_session_says_what_was_recorded(
    world: Sentenced, client: PageClient, set_clock: SetClock
) -> None:
    row = a_session(world.assessor, THURSDAY, world.case.id)
    set_clock.moment = THURSDAY + timedelta(hours=2)
    client.sign_in(world.assessor)
    before = client.page("/calendar")
    (place,) = places(row.id)
    assert "To record" in before
    assert f"/places/{place.ref}/attendance" in before
    with writing():
        db.session.add(
            Attendance(
                case_id=world.case.id,
                subject=place.ref,
                starts_at=row.starts_at,
                on=THURSDAY.date(),
                required=True,
                happened=Happened.SEEN,
                by_id=world.assessor.id,
            )
        )
    page = client.page("/calendar")
    assert "Attended" in page
    assert "To record" not in page
    assert f"/places/{place.ref}/attendance" not in page


def test_nothing_is_recorded_of_a_session_before_it_begins(
    world: Sentenced, client: PageClient, set_clock: SetClock
) -> None:
    row = a_session(world.assessor, THURSDAY, world.case.id, make_case().id, capacity=8)
    client.sign_in(world.assessor)
    register = f"/sessions/{row.ref}/register"
    assert register not in client.page("/calendar")
    set_clock.moment = THURSDAY
    client.sign_in(world.assessor)
    assert register in client.page("/calendar")


def test_nobody_records_from_a_calendar_of_a_man_whom_he_may_not_see(
    world: Sentenced, client: PageClient, set_clock: SetClock
) -> None:
    row = a_session(world.assessor, THURSDAY, make_case().id)
    set_clock.moment = THURSDAY + timedelta(hours=2)
    client.sign_in(world.assessor)
    page = client.page("/calendar")
    assert "Somebody" in page
    assert f"/places/{places(row.id)[0].ref}" not in page


def test_a_group_says_how_many_come(world: Sentenced, client: PageClient) -> None:
    other = make_case()
    a_session(
        world.assessor, THURSDAY, world.case.id, other.id, title="Emotional skills", capacity=8
    )
    client.sign_in(world.assessor)
    assert "Emotional skills (2 of 8)" in client.page("/calendar")
    listed = client.page(f"/calendar/day?day={THURSDAY.date().isoformat()}")
    assert world.case.person.family_name in listed
    assert "Somebody" in listed


def test_a_place_has_a_column_for_each_room(world: Sentenced, client: PageClient) -> None:
    room = a_room(world.assessor.organisation_id, "Blue room")
    with writing():
        for weekday in range(5):
            db.session.add(
                SiteHours(
                    site_id=room.site_id,
                    weekday=weekday,
                    opens=time(8),
                    closes=time(12),
                    valid_from=date(2026, 1, 5),
                )
            )
    a_session(world.assessor, THURSDAY, world.case.id, site_id=room.site_id, room_id=room.id)
    a_session(world.lead, THURSDAY, make_case().id, site_id=room.site_id)
    client.sign_in(world.office)
    page = client.page(f"/calendar/places?day={THURSDAY.date().isoformat()}")
    assert "Blue room" in page
    assert f"With {world.assessor.name}" in page
    assert "No room" in page
    assert "2 sessions booked here" in page


every_page = pytest.mark.parametrize(
    "path", ["/calendar", "/calendar/day", "/calendar/places", "/calendar/places/list"]
)


@every_page
def test_an_empty_one_says_so(app: Flask, client: PageClient, path: str) -> None:
    client.sign_in(make_staff(Role.ADMINISTRATOR))
    assert client.get(path).status_code == 200


@every_page
def test_probation_and_others_have_none(app: Flask, client: PageClient, path: str) -> None:
    client.sign_in(make_staff(Role.PROBATION))
    assert client.get(path).status_code == 403


@every_page
def test_another_trusts_clinicians_and_places_are_not_found(
    world: Sentenced, client: PageClient, path: str
) -> None:
    room = a_room(world.assessor.organisation_id)
    stranger = make_staff(Role.ADMINISTRATOR, organisation=make_organisation())
    client.sign_in(stranger)
    asks = "place" if "places" in path else "who"
    of_theirs = _site_ref(room.site_id) if asks == "place" else world.assessor.ref
    assert client.get(f"{path}?{asks}={of_theirs}").status_code == 404
    assert client.get(f"{path}?{asks}={uuid.uuid4()}").status_code == 404
    assert client.get(f"{path}?{asks}=nonsense").status_code == 404


@every_page
def test_a_day_that_cannot_be_read_is_today(
    world: Sentenced, client: PageClient, path: str
) -> None:
    client.sign_in(world.office)
    a_room(world.assessor.organisation_id)
    for asked in ("x", "2026-13-01", ""):
        assert client.get(f"{path}?day={asked}&week={asked}").status_code == 200


def _site_ref(site_id: int) -> uuid.UUID:
    from sessions.availability.models import Site

    return db.session.get_one(Site, site_id).ref


def test_a_week_of_summer_time_is_in_londons_time(world: Sentenced, client: PageClient) -> None:
    a_session(world.assessor, datetime(2027, 3, 30, 9, tzinfo=UTC), world.case.id)
    client.sign_in(world.assessor)
    assert "10:00 to 10:50" in client.page("/calendar?week=2027-03-29")
    assert db.session.query(TreatmentSession).count() == 1


@pytest.mark.parametrize(
    "page",
    [
        "/calendar?week=",
        "/calendar/day?day=",
        "/calendar/places?day=",
        "/calendar/places/list?day=",
    ],
)
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_of_no_use_shows_today(
    world: Sentenced, client: PageClient, page: str, day: str
) -> None:
    client.sign_in(world.office)
    assert client.get(f"{page}{day}").status_code == 200
