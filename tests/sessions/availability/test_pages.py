"""Pages of places, hours and of when a man can come: who sees what, and what is asked first."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.access import Exclusion, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Leave
from sessions.availability import man_service
from sessions.availability.models import (
    Clinician,
    DatedHours,
    HowHeCanCome,
    PlaceBarred,
    PlaceClosure,
    Room,
    Site,
    SiteHours,
    TimeHeCannot,
    WeeklyHours,
)
from sessions.availability.place_page import site_rows
from sessions.therapies import SessionMode
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient
from tests.sessions.availability.makers import make_clinician, make_room, make_site
from tests.sessions.booking.makers import MONDAY, Clinic, booked, clinic
from tests.suitability.browsing import as_, hidden
from tests.suitability.browsing import send as send_form
from tests.suitability.request_forms import date_parts

WHY = "Her flat is opposite."


def send(client: PageClient, path: str, page: str, **typed: Any) -> Any:
    if 'name="known"' in page:
        typed.setdefault("known", hidden(page, "known"))
    return send_form(client, path, page, **typed)


def refused(answer: Any) -> str:
    assert answer.status_code == 422
    return str(answer.get_data(as_text=True))


def form_of(client: PageClient, path: str, **typed: Any) -> Any:
    return send(client, path, client.page(path), **typed)


def saved(client: PageClient, path: str, **typed: Any) -> str:
    answer = form_of(client, path, **typed)
    assert answer.status_code == 303, answer.text
    return client.page(answer.location)


def not_there(client: PageClient, path: str) -> None:
    assert client.get(path).status_code == 404, path


def test_a_place_from_nothing_to_closed(app: Flask) -> None:
    trust = make_organisation()
    client = as_(app, make_staff(Role.ADMINISTRATOR, organisation=trust))
    said = {"name": "Elm House", "kind": "clinic", "address": "1 Elm Road"}
    assert "No place is recorded yet." in client.page("/places")
    shown = saved(
        client,
        "/places/new",
        name="Elm House",
        kind="clinic",
        address="1 Elm Road",
        step_free="yes",
    )
    assert "Opening hours" in shown
    site = db.session.scalars(select(Site)).one()
    path = f"/places/{site.ref}"
    assert "nothing can be booked here" in client.page(path)
    hours = {"opens_0": "09:00", "closes_0": "17:00", **date_parts("valid_from", MONDAY)}
    assert "09:00 to 17:00" in saved(client, f"{path}/hours", **hours)
    assert "Planned" in client.page(path)
    assert "Quiet room" in saved(client, f"{path}/rooms/new", name="Quiet room", capacity="3")
    room = db.session.scalars(select(Room)).one()
    shown = saved(client, f"{path}/rooms/{room.ref}", name="Quiet room", capacity="4")
    assert ">4<" in shown
    days = {**date_parts("first", MONDAY), **date_parts("last", MONDAY)}
    shown = saved(client, f"{path}/closures/new", label="Painting", room=str(room.ref), **days)
    assert "Painting" in shown
    closure = db.session.scalars(select(PlaceClosure)).one()
    end = f"{path}/closures/{closure.ref}/end"
    assert send(client, end, client.page(path)).status_code == 303
    assert db.session.query(PlaceClosure).count() == 0
    shown = saved(
        client,
        f"{path}/change",
        **said,
        **date_parts("closed_on", MONDAY),
    )
    assert "Not used any more from 23 November 2026" in shown
    assert "Elm House" in client.page("/places")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter the hours of at least one day"),
        ({"opens_0": "09:00"}, "Enter both times, or neither"),
        ({"opens_0": "17:00", "closes_0": "09:00"}, "open before it closes"),
        ({"opens_0": "25:00", "closes_0": "26:00"}, "must be a real time"),
    ],
)
def test_hours_that_cannot_be_are_said(app: Flask, typed: dict[str, str], words: str) -> None:
    trust = make_organisation()
    site = make_site(trust)
    path = f"/places/{site.ref}/hours"
    client = as_(app, make_staff(Role.CLINICAL_LEAD, organisation=trust))
    empty = {f"{what}_{day}": "" for day in range(7) for what in ("opens", "closes")}
    answer = form_of(client, path, **{**empty, **date_parts("valid_from", MONDAY), **typed})
    assert words in refused(answer)
    assert db.session.query(SiteHours).count() == 5


def test_a_place_whose_hours_are_over_is_not_shown_as_in_use(app: Flask) -> None:
    site = make_site(make_staff(Role.ADMINISTRATOR).organisation)
    assert site_rows([site])[0].state == "In use"
    site_id, yesterday = site.id, clock.today() - timedelta(days=1)
    with writing():
        for row in db.session.query(SiteHours).filter_by(site_id=site_id):
            row.valid_to = yesterday
    assert site_rows([site])[0].state == "No hours now"


def test_another_trusts_places_and_clinicians_are_not_there(app: Flask) -> None:
    trust, other = make_organisation(), make_organisation()
    site = make_site(other)
    room, staff = make_room(site), make_clinician(other, site)
    hours = db.session.scalars(select(WeeklyHours.ref)).first()
    client = as_(app, make_staff(Role.ADMINISTRATOR, organisation=trust))
    for tail in ("", "/change", "/hours", "/rooms/new", f"/rooms/{room.ref}", "/closures/new"):
        not_there(client, f"/places/{site.ref}{tail}")
    for tail in ("", "/profile", "/hours/new", f"/hours/{hours}", "/one-off/new"):
        not_there(client, f"/clinicians/{staff.ref}{tail}")
    assert "Elm Road" not in client.page("/places")
    assert staff.name not in client.page("/clinicians")


def test_who_treats_nobody_has_no_places(app: Flask) -> None:
    client = as_(app, make_staff(Role.ADMINISTRATOR, organisation=make_organisation()))
    assert client.get("/places").status_code == 200
    for role in (Role.ASSESSOR, Role.PROBATION, Role.LINK_WORKER, Role.SERVICE_MANAGER):
        assert as_(app, make_staff(role)).get("/places").status_code == 403


def weekly(**more: Any) -> dict[str, Any]:
    return {
        "use": "sessions",
        "weekday": "1",
        "starts": "09:00",
        "ends": "12:00",
        "every": "1",
        **date_parts("valid_from", MONDAY),
        **more,
    }


def test_a_clinician_from_nothing_to_a_week(app: Flask) -> None:
    trust = make_organisation()
    site = make_site(trust)
    staff = make_staff(Role.ASSESSOR, organisation=trust, name="Ada Winter")
    path, lead = f"/clinicians/{staff.ref}", make_staff(Role.CLINICAL_LEAD, organisation=trust)
    client = as_(app, lead)
    assert "Cannot be booked yet" in client.page("/clinicians")
    assert "Nobody can be booked here yet" in client.page(path)
    shown = saved(
        client,
        f"{path}/profile",
        gender="female",
        daily_most="4",
        buffer_minutes="10",
        delivers=["cbt"],
        groups=["skills"],
    )
    assert "Cognitive behavioural therapy (CBT), Emotional skills" in shown
    shown = saved(client, f"{path}/hours/new", **weekly(site=str(site.ref)))
    assert "Tuesday" in shown
    answer = form_of(client, f"{path}/hours/new", **weekly(starts="11:00", ends="13:00"))
    assert "He works at that time already" in refused(answer)
    assert "09:00 to 12:00, Elm Road Clinic" in client.page("/clinicians?week=2026-11-24")
    hours = db.session.scalars(select(WeeklyHours)).one()
    change = {"happens": "change", "starts": "13:00", "ends": "15:00", "site": ""}
    shown = saved(client, f"{path}/hours/{hours.ref}", **change, **date_parts("since", MONDAY))
    assert "13:00 to 15:00" in shown
    hours = db.session.scalars(select(WeeklyHours)).one()
    ended = {"happens": "end", **date_parts("since", MONDAY)}
    assert "No weekly hours are recorded." in saved(client, f"{path}/hours/{hours.ref}", **ended)
    for week in ("x", "0001-01-01"):
        not_there(client, f"/clinicians?week={week}")


def test_his_own_page_and_one_off_changes(app: Flask) -> None:
    trust = make_organisation()
    site = make_site(trust)
    staff, colleague = make_clinician(trust, site), make_clinician(trust, site)
    client = as_(app, staff)
    path = f"/clinicians/{staff.ref}"
    assert "My hours" in client.page("/my-hours")
    with writing():
        db.session.add(Leave(staff_id=staff.id, first_day=MONDAY, last_day=MONDAY))
    assert "Mon 23 Nov 2026 to Mon 23 Nov 2026" in client.page(path)
    not_there(client, f"/clinicians/{colleague.ref}")
    not_there(client, f"/clinicians/{colleague.ref}/one-off/new")
    for tail in ("/profile", "/hours/new"):
        assert client.get(path + tail).status_code == 403
    away = {"use": "away", "starts": "09:00", "ends": "11:00", **date_parts("day", MONDAY)}
    assert "Away" in saved(client, f"{path}/one-off/new", **away)
    one = db.session.scalars(select(DatedHours)).one()
    back = f"{path}/one-off/{one.ref}/take-back"
    assert "09:00 to 11:00: Away" in client.page(back)
    assert "None in the last four weeks" in saved(client, back)


def test_a_stale_edit_shows_both_versions(app: Flask) -> None:
    trust = make_organisation()
    site = make_site(trust)
    client = as_(app, make_staff(Role.ADMINISTRATOR, organisation=trust))
    path = f"/places/{site.ref}/change"
    page = client.page(path)
    with writing():
        row = db.session.get_one(Site, site.id)
        row.directions, row.version = "Through the yard", 2
    typed = {"name": "Elm Road Clinic", "kind": "clinic", "address": "1 Elm Road", "closed_on": ""}
    answer = send(client, path, page, **typed, directions="By the gate")
    shown = refused(answer)
    assert "Somebody changed this meanwhile" in shown
    assert "Through the yard" in shown
    assert "By the gate" in shown
    again = send(client, path, shown, **typed, directions="By the gate")
    assert again.status_code == 303
    assert db.session.get_one(Site, site.id).directions == "By the gate"


def closing(one: Clinic) -> tuple[str, dict[str, Any]]:
    typed = {"name": "Room 1", "capacity": "3", **date_parts("closed_on", MONDAY)}
    return f"/places/{one.site.ref}/rooms/{one.room.ref}", typed


def test_what_breaks_is_shown_and_accepted_knowingly(app: Flask) -> None:
    one = clinic()
    booked(one)
    client = as_(app, one.people.office)
    path, typed = closing(one)
    answer = form_of(client, path, **typed)
    shown = refused(answer)
    assert "1 booked session no longer fits" in shown
    assert "23 November 2026 at 10:00" in shown
    assert one.case.person.name in shown
    assert "The room cannot be used then" in shown
    assert db.session.get_one(Room, one.room.id).closed_on is None
    again = send(client, path, shown, **typed)
    assert "Booked sessions that would no longer fit" in refused(again)
    accepted = send(client, path, again.text, **typed, accept="yes")
    assert accepted.status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Room, one.room.id).closed_on == MONDAY


def test_what_breaks_names_nobody_to_who_may_not_see_his_case(app: Flask) -> None:
    one = clinic()
    booked(one)
    name = one.case.person.name
    lead = make_staff(Role.CLINICAL_LEAD, organisation=one.ada.organisation)
    with writing():
        db.session.add(
            Exclusion(
                case_id=one.case.id,
                principal_id=lead.principal_id,
                because="Family",
                starts_at=clock.now(),
            )
        )
    path, typed = closing(one)
    shown = refused(form_of(as_(app, lead), path, **typed))
    assert "A session" in shown
    assert name not in shown


def limits(one: Clinic, tail: str = "") -> str:
    return f"/cases/{one.case.ref}/when-he-can-come{tail}"


def test_times_he_cannot_come(app: Flask) -> None:
    one = clinic()
    booked(one)
    client = as_(app, one.people.office)
    assert "Ask him before his sessions are booked" in client.page(limits(one))
    curfew = {
        "reason": "curfew",
        "how_often": "dated",
        **date_parts("first", MONDAY),
        "starts": "19:00",
        "ends": "07:00",
    }
    shown = saved(client, limits(one, "/times"), **curfew)
    assert "19:00 to 23:59" in shown
    assert "00:00 to 07:00" in shown
    work = {**curfew, "reason": "work", "how_often": "weekly", "weekday": "0", "starts": "09:00"}
    answer = form_of(client, limits(one, "/times"), **{**work, "ends": "11:00"})
    assert "It is a time at which somebody cannot come" in refused(answer)
    row = db.session.scalars(select(TimeHeCannot).where(TimeHeCannot.first_day == MONDAY)).one()
    end = limits(one, f"/times/{row.ref}/end")
    assert send(client, end, client.page(limits(one))).status_code == 303
    assert "Earlier times, and those taken back" in client.page(limits(one))
    other = limits(one, f"/times/{one.site.ref}/end")
    assert send(client, other, client.page(limits(one))).status_code == 404


def test_why_a_place_is_barred_is_for_clinicians(app: Flask) -> None:
    one = clinic()
    case_id, site_id, by = one.case.id, one.site.id, one.people.assessor.id
    with writing():
        man_service.bar_place(case_id=case_id, site_id=site_id, reason=WHY, by=by)
    clinician, office = as_(app, one.people.assessor), as_(app, one.people.office)
    assert WHY in clinician.page(limits(one))
    shown = office.page(limits(one))
    assert one.site.name in shown
    assert "Why is for clinicians" in shown
    assert WHY not in shown
    assert WHY not in office.page(limits(one, "/places"))
    bar = db.session.scalars(select(PlaceBarred)).one()
    lift = limits(one, f"/places/{bar.ref}/lift")
    assert send(office, lift, shown).status_code == 403
    assert send(clinician, lift, clinician.page(limits(one))).status_code == 303
    shown = office.page(limits(one))
    assert "Places he may go to again" in shown
    assert WHY not in shown
    for probation in (one.people.officer, one.people.senior):
        assert as_(app, probation).get(limits(one)).status_code == 403


def test_an_administrator_bars_a_place_and_is_not_asked_why(app: Flask) -> None:
    one = clinic()
    office = as_(app, one.people.office)
    page = office.page(limits(one, "/places"))
    assert "Why may he not go there?" not in page
    answer = send(office, limits(one, "/places"), page, site=str(one.site.ref), reason=WHY)
    assert answer.status_code == 303
    assert db.session.scalars(select(PlaceBarred)).one().reason is None
    clinician = as_(app, one.people.assessor)
    assert "Why may he not go there?" in clinician.page(limits(one, "/places"))


def test_how_he_can_come(app: Flask) -> None:
    one = clinic()
    client = as_(app, one.people.assessor)
    assert "nobody has asked yet" in client.page(limits(one))
    said = {"therapist_gender": "female", "step_free": "yes", "travel": "Two buses"}
    answer = form_of(client, limits(one, "/how"), **said, modes=[])
    assert "Select at least one way to see him" in refused(answer)
    shown = saved(client, limits(one, "/how"), **said, modes=["in_person", "video"])
    assert "In person, by video" in shown
    assert "Two buses" in shown
    row = db.session.scalars(select(HowHeCanCome)).one()
    assert (row.video, row.telephone) == (True, False)
    assert SessionMode.VIDEO.value == "video"


def test_nothing_of_another_mans(app: Flask) -> None:
    one = clinic()
    stranger = as_(app, make_staff(Role.ASSESSOR))
    for tail in ("", "/times", "/places", "/how"):
        not_there(stranger, limits(one, tail))
    assert db.session.query(Clinician).count() == 2
    assert date(2026, 11, 23) == MONDAY
