"""What a case's page says of his course, and to whom."""

import pytest
from flask import Flask

from mhtr.compliance.attendance import Happened
from mhtr.core.clock import SetClock
from mhtr.core.transaction import writing
from mhtr.orders.contact_service import Named, name_contact
from sessions.therapists.kinds import Party
from tests.pages import PageClient
from tests.sessions.therapists.makers import Begun, answers, begun, proposed
from tests.suitability.browsing import as_


@pytest.fixture
def scene(app: Flask, set_clock: SetClock) -> Begun:
    return begun(set_clock)


def card(client: PageClient, scene: Begun) -> str:
    page = client.page(f"/cases/{scene.clinic.case.ref}")
    if 'id="card-course"' not in page:
        return ""
    start = page.index('id="card-course"')
    return page[start : page.index("</section>", start)]


@pytest.mark.parametrize("who", ["lead", "office"])
def test_the_next_session_what_was_held_and_who_sees_him(
    app: Flask, scene: Begun, who: str
) -> None:
    staff = scene.lead if who == "lead" else scene.clinic.people.office
    said = card(as_(app, staff), scene)
    assert "Mon 30 Nov 2026 at 10:00" in said
    assert "1 of 6" in said and "Ada Mensah" in said
    assert "without a record" not in said and "Another is proposed" not in said
    proposed(scene)
    said = card(as_(app, staff), scene)
    assert "Another is proposed: waits for his therapist, a clinical lead and him" in said


def test_what_nobody_recorded_is_said(app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock, None)
    said = card(as_(app, scene.lead), scene)
    assert "0 of 6" in said and "1 without a record of what happened" in said


def test_a_missed_session_is_not_held(app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock, Happened.DID_NOT_COME)
    assert "0 of 6" in card(as_(app, scene.lead), scene)


def test_probation_reads_who_treats_him_and_nothing_of_a_proposal(app: Flask, scene: Begun) -> None:
    people = scene.clinic.people
    case_id, by = people.case.id, people.office.id
    said = Named(unit_id=people.officer.organisation_id, staff_id=people.officer.id)
    with writing():
        name_contact(case_id=case_id, said=said, seen=0, by=by)
    change = proposed(scene)
    path = f"/cases/{people.case.ref}"
    shown = as_(app, people.officer).page(path)
    assert "Ada Mensah" in shown
    assert "Ben Ferreira" not in shown and "proposed" not in shown
    for party, one in (
        (Party.THERAPIST, scene.clinic.ada),
        (Party.LEAD, scene.lead),
        (Party.HIM, scene.clinic.ada),
    ):
        answers(change, party, one)
    shown = as_(app, people.officer).page(path)
    assert "Ben Ferreira" in shown and "card-course" not in shown
