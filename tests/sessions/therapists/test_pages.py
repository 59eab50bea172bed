"""The pages of a change of therapist, for each of those who have to do with it."""

import re
from typing import Any

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.transaction import writing
from mhtr.orders.contact_service import Named, name_contact
from sessions.availability.models import WeeklyHours
from sessions.therapists import queries
from sessions.therapists.kinds import Booked, Party, State
from sessions.therapists.models import TherapistChange
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient
from tests.sessions.booking.makers import MONDAY
from tests.sessions.seen import tell
from tests.sessions.therapists.makers import WEEK, Begun, answers, begun, gone, proposed
from tests.suitability import browsing
from tests.suitability.browsing import as_

SECRET = "No time suits both of them"


@pytest.fixture
def scene(app: Flask, set_clock: SetClock) -> Begun:
    return begun(set_clock)


def course(scene: Begun, tail: str = "") -> str:
    return f"/cases/{scene.clinic.case.ref}/course{tail}"


def on(change: TherapistChange, tail: str = "") -> str:
    return f"/therapist-changes/{change.ref}{tail}"


def send(client: PageClient, path: str, **data: Any) -> str:
    answer = browsing.send(client, path, client.page(path), **data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def refused(client: PageClient, path: str, **data: Any) -> str:
    return browsing.refused(client, path, client.page(path), **data)


def day(moment: Any = None) -> dict[str, str]:
    at = moment or clock.today()
    return {"day": str(at.day), "month": str(at.month), "year": str(at.year)}


def date_of(name: str) -> dict[str, str]:
    return {f"{name}-{part}": text for part, text in day().items()}


def wish(scene: Begun, **more: str) -> dict[str, str]:
    return {
        "therapist": str(scene.clinic.ben.ref),
        "why": "times",
        "words": SECRET,
        **date_of("starts_on"),
        "booked": "move",
        **more,
    }


def test_from_the_proposal_to_the_new_therapist(app: Flask, scene: Begun) -> None:
    lead = as_(app, scene.lead)
    shown = lead.page(course(scene, "/therapist"))
    assert "His first session was held, so his therapist is fixed" in shown
    assert 'name="reason"' not in shown
    shown = lead.page(course(scene, "/therapist/propose"))
    assert "His therapist is <strong>Ada Mensah</strong>" in shown
    assert "Ben Ferreira" in shown and "Booked with Ada Mensah now: 3" in shown
    assert "Dr Amara Lindqvist cannot be booked" in shown
    where = send(lead, course(scene, "/therapist/propose"), **wish(scene))
    shown = lead.page(where)
    assert "It waits for his therapist, a clinical lead and him." in shown
    assert "Proposed</strong>" in shown and SECRET in shown
    assert "waits for his therapist, a clinical lead and him" in lead.page(course(scene))
    send(lead, f"{where}/answers/lead", agrees="yes", words="")
    ada = as_(app, scene.clinic.ada)
    assert "waits for his therapist and him" in ada.page(course(scene))
    said = {"how": "in_person", "agrees": "yes", "words": "Fine", **date_of("asked_on")}
    send(ada, f"{where}/answers/him", **said)
    send(ada, f"{where}/answers/therapist", agrees="yes", words="")
    shown = ada.page(where)
    assert "Done</strong>" in shown and "Fine" in shown
    assert "Asked in person on 24 November 2026" in shown
    assert scene.therapist == scene.clinic.ben.id
    shown = ada.page(course(scene))
    assert "Changes of his therapist that were proposed" in shown
    assert "From Ada Mensah to Ben Ferreira" in shown
    assert "waits for" not in shown


def test_while_one_is_open_proposing_leads_to_it(app: Flask, scene: Begun) -> None:
    change = proposed(scene)
    lead = as_(app, scene.lead)
    answer = lead.get(course(scene, "/therapist/propose"))
    assert (answer.status_code, answer.headers["Location"]) == (303, on(change))
    assert "A change is proposed already" in lead.page(course(scene, "/therapist"))


def test_two_propose_at_once(app: Flask, scene: Begun) -> None:
    lead = as_(app, scene.lead)
    path = course(scene, "/therapist/propose")
    read = lead.page(path)
    proposed(scene, by=scene.other_lead)
    shown = browsing.refused(lead, path, read, **wish(scene))
    assert "A change of his therapist is proposed already." in shown
    assert SECRET in shown, "what was typed stays"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"therapist": ""}, "Select who would see him"),
        ({"therapist": "nobody"}, "Select who would see him"),
        ({"why": ""}, "Select why"),
        ({"words": " "}, "Say why"),
        ({"starts_on-day": ""}, "must include a day"),
        ({"starts_on-day": "1"}, "from today on"),
        ({"starts_on-year": "2027"}, "half a year ahead at most"),
        ({"booked": ""}, "Select what becomes of the booked sessions"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_said(
    app: Flask, scene: Begun, more: dict[str, str], words: str
) -> None:
    shown = refused(
        as_(app, scene.lead), course(scene, "/therapist/propose"), **wish(scene, **more)
    )
    assert words in shown or "must be one of the answers shown" in shown
    if "words" not in more:
        assert SECRET in shown


def test_before_the_first_session_the_page_says_so(app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock, Happened.DID_NOT_COME)
    lead = as_(app, scene.lead)
    assert 'name="reason"' in lead.page(course(scene, "/therapist"))
    assert "was not held yet" in lead.page(course(scene, "/therapist/propose"))


def test_who_cannot_propose_reads_why(app: Flask, scene: Begun) -> None:
    shown = as_(app, scene.clinic.ben).page(course(scene, "/therapist/propose"))
    assert "Only his therapist, a clinical lead or an administrator" in shown
    assert 'name="words"' not in shown


def test_an_administrator_proposes_and_reads_no_reason(app: Flask, scene: Begun) -> None:
    office = as_(app, scene.clinic.people.office)
    where = send(office, course(scene, "/therapist/propose"), **wish(scene))
    change = queries.changes_of(scene.course.id)[0]
    answers(change, Party.HIM, scene.clinic.ada, words="He said something private")
    for path in (where, course(scene), course(scene, "/therapist/propose")):
        shown = office.get(path, follow_redirects=True).get_data(as_text=True)
        assert SECRET not in shown and "He said something private" not in shown
        assert "No time suits them both" not in shown
    shown = office.page(where)
    assert "Ada Mensah" in shown and "Ben Ferreira" in shown
    assert "is for clinicians" in shown and "/answers/" not in shown
    assert office.get(on(change, "/answers/him")).status_code == 403
    send(office, on(change, "/withdraw"), reason="Found a time")
    assert "Found a time" not in office.page(where)
    assert "Found a time" in as_(app, scene.lead).page(where)


@pytest.mark.parametrize("role", [Role.PROBATION, Role.SENIOR_PROBATION, Role.COURT_PROBATION])
@pytest.mark.parametrize(
    "path", ["", "/answers/him", "/answers/lead", "/withdraw", "/not-there", "propose"]
)
def test_probation_never_sees_any_of_it(app: Flask, scene: Begun, role: Role, path: str) -> None:
    change = proposed(scene)
    people = scene.clinic.people
    who = {Role.PROBATION: people.officer, Role.SENIOR_PROBATION: people.senior}
    client = as_(app, who.get(role) or make_staff(role))
    address = course(scene, "/therapist/propose") if path == "propose" else on(change, path)
    answer = client.post(address) if path == "/not-there" else client.get(address)
    assert answer.status_code in (403, 404)
    assert b"Ben Ferreira" not in answer.data


def test_probation_finds_none_whatever_the_page(app: Flask, scene: Begun) -> None:
    """Who supervises him has a grant for his case, and it opens no proposal."""
    change = proposed(scene)
    people, ref = scene.clinic.people, change.ref
    case_id, officer, by = people.case.id, people.officer, people.office.id
    said = Named(unit_id=officer.organisation_id, staff_id=officer.id)
    with writing():
        name_contact(case_id=case_id, said=said, seen=0, by=by)
    assert as_(app, officer).get(f"/cases/{people.case.ref}").status_code == 200
    with app.test_request_context(), pytest.raises(NotFound):
        queries.find_change(viewer_of(officer), ref)


@pytest.mark.parametrize("path", ["", "/answers/him", "/answers/lead", "/withdraw"])
def test_another_trust_finds_nothing(app: Flask, scene: Begun, path: str) -> None:
    change = proposed(scene)
    other = make_staff(Role.CLINICAL_LEAD, organisation=make_organisation(), hcpc="PYL000999")
    assert as_(app, other).get(on(change, path)).status_code == 404


def test_nonsense_for_whose_answer_is_not_found(app: Flask, scene: Begun) -> None:
    change = proposed(scene)
    assert as_(app, scene.lead).get(on(change, "/answers/nobody")).status_code == 404


def test_each_sees_only_the_answer_that_is_his_to_give(app: Flask, scene: Begun) -> None:
    change = proposed(scene)
    offered = {
        staff.name: set(re.findall(r"/answers/(\w+)", as_(app, staff).page(on(change))))
        for staff in (scene.clinic.ada, scene.clinic.ben, scene.lead)
    }
    assert offered == {
        "Ada Mensah": {"therapist", "him"},
        "Ben Ferreira": {"him"},
        "Dr Amara Lindqvist": {"lead", "him"},
    }


@pytest.mark.parametrize(
    ("tail", "staff", "data", "words"),
    [
        ("/answers/therapist", "ben", {"agrees": "yes"}, "Only his therapist answers"),
        ("/answers/therapist", "ada", {"agrees": "no", "words": ""}, "Say why you do not agree"),
        ("/answers/lead", "ada", {"agrees": "yes"}, "Only a clinical lead"),
        ("/answers/him", "ada", {"agrees": "yes", "words": "Fine"}, "Select how he was asked"),
        ("/withdraw", "ada", {"reason": "x"}, "Only who proposed it"),
        ("/withdraw", "lead", {"reason": ""}, "Say why"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(
    app: Flask, scene: Begun, tail: str, staff: str, data: dict[str, str], words: str
) -> None:
    change = proposed(scene)
    by: dict[str, Staff] = {"ada": scene.clinic.ada, "ben": scene.clinic.ben, "lead": scene.lead}
    assert words in refused(as_(app, by[staff]), on(change, tail), **data)
    db.session.expire_all()
    assert queries.changes_of(scene.course.id)[0].state is State.OPEN


def test_an_answer_to_what_is_over_says_so(app: Flask, scene: Begun) -> None:
    change = proposed(scene)
    ada = as_(app, scene.clinic.ada)
    path = on(change, "/answers/therapist")
    read = ada.page(path)
    answers(change, Party.HIM, scene.clinic.ben, agrees=False, words="I want to stay with her")
    shown = browsing.refused(ada, path, read, agrees="yes", words="Agreed")
    assert "not open any more" in shown and "Agreed" in shown


def test_that_the_therapist_is_not_there_is_recorded_by_a_button(app: Flask, scene: Begun) -> None:
    change = proposed(scene)
    gone(scene.clinic.ada)
    office = as_(app, scene.clinic.people.office)
    shown = office.page(on(change))
    assert "On record, his therapist has left" in shown
    answer = browsing.send(office, on(change, "/not-there"), shown)
    assert answer.status_code == 303
    shown = office.page(on(change))
    assert "Ada Mensah has left. Recorded" in shown
    assert "It waits for a clinical lead and him." in shown


def test_what_stays_booked_is_listed_under_to_book(app: Flask, scene: Begun) -> None:
    change = proposed(scene, booked=Booked.LIST)
    for party, by in (
        (Party.THERAPIST, scene.clinic.ada),
        (Party.LEAD, scene.lead),
        (Party.HIM, scene.clinic.ada),
    ):
        answers(change, party, by)
    office = as_(app, scene.clinic.people.office)
    shown = office.page("/sessions/not-booked")
    assert "Booked with the therapist he had before" in shown
    assert shown.count("Monday 30 November 2026 at 10:00") == 1
    (first, *_) = re.findall(r'href="([^"]*find\?move=[^"]*)"', shown)
    found = office.page(first.replace("&amp;", "&"))
    assert "His therapist is Ben Ferreira" in found
    assert "Ada Mensah" not in _best(found)


def _best(page: str) -> str:
    return page[page.index('id="best"') : page.index("He asks for another time")]


def test_finding_and_planning_say_who_sees_him(app: Flask, scene: Begun) -> None:
    office = as_(app, scene.clinic.people.office)
    found = office.page(f"/cases/{scene.clinic.case.ref}/sessions/find")
    assert "His therapist is Ada Mensah: after his first session nobody else sees him" in found
    assert "Propose another therapist" in found
    assert "Ben Ferreira" not in _best(found)
    _without_hours(scene.clinic.ada)
    found = office.page(f"/cases/{scene.clinic.case.ref}/sessions/find")
    assert "Nothing is free with Ada Mensah in the weeks looked at" in found
    planned = office.page(f"/cases/{scene.clinic.case.ref}/sessions/plan")
    assert "No whole course is possible as things are" in planned
    assert "his therapist and the clinical lead agreed to another therapist" in planned
    assert "propose another therapist" in planned


def _without_hours(staff: Staff) -> None:
    staff_id = staff.id
    with writing():
        for row in db.session.query(WeeklyHours).filter_by(staff_id=staff_id):
            row.valid_to = (MONDAY + WEEK).replace(day=25)


def test_a_session_that_is_over_says_what_happened(app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock, None)
    lead = as_(app, scene.lead)
    shown = lead.page(course(scene))
    assert "23 November 2026 at 10:00: outcome not recorded" in shown
    assert shown.count("Booked for") == 3
    tell(scene.places[0], scene.clinic.ada, Happened.DID_NOT_COME)
    shown = lead.page(course(scene))
    assert "23 November 2026 at 10:00: did not come" in shown
    missed = lead.page(f"{course(scene)}/sessions/{scene.clinic.parts[0].ref}")
    assert "Its time has come, so it stays as it is." in missed and "took place" not in missed
