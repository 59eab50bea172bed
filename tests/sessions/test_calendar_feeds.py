"""Calendar feeds, followed by a calendar program and shown by another, and who may make them."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from flask import Flask, current_app

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from sessions.booking.models import CalendarFeed
from sessions.calendar import feed_service
from sessions.calendar.ics import Appointment, calendar_file
from tests.browser.conftest import serving
from tests.makers import make_organisation, make_staff
from tests.orders.makers import Sentenced, sentenced
from tests.pages import PageClient
from tests.sessions.booked import a_room, a_session, cancelled, moved
from tests.suitability.browsing import send

SPRING = datetime(2027, 3, 26, 10, tzinfo=UTC)
"""A Friday at ten; the clocks go forward on the Sunday after it."""
WEEK = timedelta(days=7)


@pytest.fixture
def world(app: Flask) -> Sentenced:
    return sentenced()


def read(client: PageClient, secret: str) -> dict[str, Any]:
    answer = client.get(f"/calendar-feed/{secret}.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    found: Any = icalendar.Calendar.from_ical(answer.data)
    return {str(event["UID"]): event for event in found.walk("VEVENT")}


def address_for(staff: Staff) -> str:
    with writing():
        return feed_service.make_for_staff(staff_id=staff.id, by=staff.id)


def his_address(world: Sentenced) -> str:
    with writing():
        return feed_service.make_for_man(case_id=world.case.id, by=world.assessor.id)


def test_a_feed_tells_when_and_where_and_nothing_else(world: Sentenced, client: PageClient) -> None:
    room = a_room(world.assessor.organisation_id)
    row = a_session(world.assessor, SPRING, world.case.id, site_id=room.site_id, room_id=room.id)
    for secret in (address_for(world.assessor), his_address(world)):
        (event,) = read(client, secret).values()
        assert str(event["SUMMARY"]) == "Appointment"
        assert event["DTSTART"].dt.isoformat() == "2027-03-26T10:00:00+00:00"
        assert event["DTSTART"].params["TZID"] == "Europe/London"
        assert str(event["LOCATION"]) == "12 Fictional Street London, N1 9ZZ"
        text = client.get(f"/calendar-feed/{secret}.ics").text
        person = world.case.person
        for word in (person.family_name, person.given_name, "Clinic", "CBT", "probation"):
            assert word not in text
    assert row.sequence == 0


def test_a_move_keeps_the_uid_and_raises_the_sequence_and_so_does_a_cancellation(
    world: Sentenced, client: PageClient
) -> None:
    row = a_session(world.assessor, SPRING, world.case.id)
    secrets = (address_for(world.assessor), his_address(world))
    told = [[_state(read(client, secret)) for secret in secrets]]
    later = moved(row, SPRING + WEEK - timedelta(hours=1), world.assessor)
    told.append([_state(read(client, secret)) for secret in secrets])
    cancelled(later, world.assessor)
    told.append([_state(read(client, secret)) for secret in secrets])
    for number in range(len(secrets)):
        (uid, *first), (uid2, *second), (uid3, *third) = (step[number] for step in told)
        assert uid == uid2 == uid3
        assert first == [0, "CONFIRMED", "2027-03-26T10:00:00+00:00"]
        assert second == [1, "CONFIRMED", "2027-04-02T10:00:00+01:00"]
        assert third == [2, "CANCELLED", "2027-04-02T10:00:00+01:00"]


def _state(events: dict[str, Any]) -> tuple[str, int, str, str]:
    ((uid, event),) = events.items()
    return uid, int(event["SEQUENCE"]), str(event["STATUS"]), event["DTSTART"].dt.isoformat()


def test_a_session_handed_to_a_colleague_leaves_one_calendar_and_enters_the_other(
    world: Sentenced, client: PageClient
) -> None:
    colleague = make_staff(Role.ASSESSOR, organisation=world.assessor.organisation)
    row = a_session(world.assessor, SPRING, world.case.id)
    mine, hers = address_for(world.assessor), address_for(colleague)
    assert read(client, hers) == {}
    later = moved(row, SPRING, colleague)
    assert _state(read(client, mine))[1:3] == (1, "CANCELLED")
    assert _state(read(client, hers))[1:3] == (1, "CONFIRMED")
    moved(later, SPRING, world.assessor)
    assert _state(read(client, mine))[1:3] == (2, "CONFIRMED")
    assert _state(read(client, hers))[1:3] == (2, "CANCELLED")


def test_what_is_long_past_is_not_told(
    world: Sentenced, client: PageClient, set_clock: SetClock
) -> None:
    a_session(world.assessor, SPRING, world.case.id)
    set_clock.moment = SPRING + timedelta(days=30)
    secret = address_for(world.assessor)
    assert len(read(client, secret)) == 1
    set_clock.moment = SPRING + timedelta(days=32)
    assert read(client, secret) == {}


def test_an_unknown_or_ended_address_tells_nothing(world: Sentenced, client: PageClient) -> None:
    assert client.get("/calendar-feed/nothing.ics").status_code == 404
    old, new = his_address(world), his_address(world)
    assert client.get(f"/calendar-feed/{old}.ics").status_code == 404
    feed = feed_service.live_feed(case_id=world.case.id)
    assert feed is not None
    with writing():
        feed_service.revoke(ref=feed.ref, case_id=world.case.id, by=world.assessor.id)
    assert client.get(f"/calendar-feed/{new}.ics").status_code == 404


def test_a_clinician_who_is_out_is_told_nothing(world: Sentenced, client: PageClient) -> None:
    secret = address_for(world.assessor)
    assert read(client, secret) == {}
    with writing():
        world.assessor.disabled_at = SPRING
    assert client.get(f"/calendar-feed/{secret}.ics").status_code == 404


def test_only_a_hash_of_the_secret_is_kept(world: Sentenced) -> None:
    secret = his_address(world)
    (row,) = db.session.query(CalendarFeed)
    assert secret not in row.token_hash
    assert len(row.token_hash) == 64


def test_an_address_belongs_to_one_man(world: Sentenced) -> None:
    his_address(world)
    feed = feed_service.live_feed(case_id=world.case.id)
    assert feed is not None
    with pytest.raises(NotFound), writing():
        feed_service.revoke(ref=feed.ref, case_id=world.case.id + 1, by=world.assessor.id)
    with pytest.raises(NotFound), writing():
        feed_service.revoke(ref=feed.ref, staff_id=world.assessor.id, by=world.assessor.id)


def test_a_man_under_no_order_gets_none(app: Flask) -> None:
    world = sentenced(None)
    with pytest.raises(Refused), writing():
        feed_service.make_for_man(case_id=world.case.id, by=world.assessor.id)


def test_the_address_is_shown_once(world: Sentenced, client: PageClient) -> None:
    client.sign_in(world.office)
    page = f"/cases/{world.case.ref}/calendar"
    made = send(client, page, client.page(page))
    assert made.status_code == 200
    assert "/calendar-feed/" in made.text
    assert "/calendar-feed/" not in client.get(page).text
    assert "In use" in client.get(page).text


@pytest.mark.parametrize("role", [Role.PROBATION, Role.LINK_WORKER, Role.COMMISSIONER])
def test_others_make_no_address_of_his(world: Sentenced, client: PageClient, role: Role) -> None:
    organisation = make_organisation(OrganisationKind.TREATING_TRUST)
    client.sign_in(make_staff(role, organisation=organisation))
    assert client.get(f"/cases/{world.case.ref}/calendar").status_code == 403


def test_a_clinician_of_another_trust_finds_no_case(world: Sentenced, client: PageClient) -> None:
    client.sign_in(make_staff(Role.ASSESSOR, organisation=make_organisation()))
    assert client.get(f"/cases/{world.case.ref}/calendar").status_code == 404


def test_an_empty_calendar_is_one() -> None:
    found: Any = icalendar.Calendar.from_ical(calendar_file([], SPRING))
    assert found.walk("VEVENT") == []


def test_the_wall_time_of_each_appointment_is_londons() -> None:
    told = [
        Appointment(str(n), 0, SPRING + n * WEEK, SPRING + n * WEEK, "", False, SPRING)
        for n in range(40)
    ]
    text = calendar_file(told, SPRING).decode()
    events: Any = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [one.starts_at for one in told]
    assert text.count("BEGIN:VTIMEZONE") == 1


class Programs:
    """A calendar program that follows an address, and one that shows what it has."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.kept = folder / "kept"
        self.kept.mkdir()
        (folder / "follow").write_text(
            f'[general]\nstatus_path = "{folder}/status/"\n'
            '[pair all]\na = "feed"\nb = "kept"\ncollections = null\n'
            'conflict_resolution = "a wins"\n'
            f'[storage feed]\ntype = "http"\nurl = "{address}"\n'
            f'[storage kept]\ntype = "filesystem"\npath = "{self.kept}"\nfileext = ".ics"\n'
        )
        (folder / "show").write_text(
            f"[calendars]\n[[all]]\npath = {self.kept}\n"
            "[locale]\nlocal_timezone = Europe/London\ndefault_timezone = Europe/London\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            f"[sqlite]\npath = {folder}/shown.db\n"
        )
        self.run("vdirsyncer.cli", "app", "--config", str(folder / "follow"), "discover")

    def follow(self) -> None:
        self.run("vdirsyncer.cli", "app", "--config", str(self.folder / "follow"), "sync")

    def shown(self) -> list[str]:
        """Appointments as the program lists them: day, time, title, and whether cancelled."""
        said = "{start-date} {start-time} {end-time} {title} {cancelled}{location}"
        out = self.run(
            "khal.cli",
            "main_khal",
            "--config",
            str(self.folder / "show"),
            "list",
            "--day-format",
            "",
            "--format",
            said,
            "2027-03-01",
            "90d",
        )
        return [" ".join(line.split()) for line in out.splitlines() if line.strip()]

    def run(self, module: str, name: str, *arguments: str) -> str:
        start = f"from {module} import {name} as main; main(prog_name={name!r})"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", start, *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            input="y\n",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def test_a_calendar_program_follows_a_move_over_the_change_of_clocks_and_a_cancellation(
    world: Sentenced, tmp_path: Path
) -> None:
    row = a_session(world.assessor, SPRING, world.case.id)
    stays = a_session(world.assessor, SPRING + 2 * WEEK, world.case.id)
    secret = his_address(world)
    with serving(current_app._get_current_object()) as program:  # type: ignore[attr-defined]
        programs = Programs(tmp_path, f"{program.address}/calendar-feed/{secret}.ics")
        programs.follow()
        before = programs.shown()
        later = moved(row, SPRING + WEEK - timedelta(hours=1), world.assessor)
        programs.follow()
        after = programs.shown()
        cancelled(later, world.assessor)
        programs.follow()
        at_last = programs.shown()
    assert before == [
        "2027-03-26 10:00 10:50 Appointment By telephone",
        "2027-04-09 11:00 11:50 Appointment By telephone",
    ]
    assert after == [
        "2027-04-02 10:00 10:50 Appointment By telephone",
        "2027-04-09 11:00 11:50 Appointment By telephone",
    ]
    assert at_last == [
        "2027-04-02 10:00 10:50 Appointment CANCELLED By telephone",
        "2027-04-09 11:00 11:50 Appointment By telephone",
    ]
    assert len(list(programs.kept.iterdir())) == 2
    assert stays.sequence == 0
