"""Routing on: followed step by step to the first appointment."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from mhtr.cases.facts import FactKind
from mhtr.cases.models import CaseFact
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_rules import (
    LONGEST_WAIT,
    NEXT,
    NO_TIME,
    NOT_YET,
    ONWARD_WORDS,
    TOO_EARLY,
    TOO_FAR,
    Appointment,
    ended,
    why_not,
)
from mhtr.people import consent as people_consent
from mhtr.people.models import ConsentDecision, ConsentItem
from tests.intake.onward_scene import KEY, S, Scene, given_to, open_follow_ups
from tests.intake.onward_scene import scene as scene
from tests.makers import make_staff
from tests.pages import PageClient

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
PAST = Appointment(NOW - timedelta(hours=1), NOW - timedelta(days=3), NOW)


def at(moment: datetime | None) -> Appointment:
    return Appointment(moment, NOW - timedelta(days=3), NOW)


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (S.TO_SEND, S.SENT, True),
        (S.TO_SEND, S.ATTENDED, False),
        (S.SENT, S.ACCEPTED, True),
        (S.FIRST_APPOINTMENT_BOOKED, S.ATTENDED, True),
        (S.FIRST_APPOINTMENT_BOOKED, S.FIRST_APPOINTMENT_BOOKED, True),
        (S.NOT_ATTENDED, S.FIRST_APPOINTMENT_BOOKED, True),
        (S.ATTENDED, S.SENT, False),
        (S.REFUSED, S.SENT, False),
        (S.HE_DECLINED, S.SENT, False),
    ],
)
def test_what_may_follow_what(before: S, after: S, allowed: bool) -> None:
    assert (why_not(before, after, PAST) == "") is allowed


def test_every_state_has_words_and_every_way_ends() -> None:
    assert set(ONWARD_WORDS) == set(S) == set(NEXT)
    assert {state for state in S if ended(state)} == {
        S.ATTENDED, S.REFUSED, S.HE_DECLINED, S.HE_DIED,
    }  # fmt: skip


def test_a_booking_needs_its_time() -> None:
    assert why_not(S.SENT, S.FIRST_APPOINTMENT_BOOKED, at(None)) == NO_TIME


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW - timedelta(days=4), ""),
        (NOW - timedelta(days=4, seconds=1), TOO_EARLY),
        (NOW + LONGEST_WAIT, ""),
        (NOW + LONGEST_WAIT + timedelta(seconds=1), TOO_FAR),
    ],
)
def test_a_booking_is_neither_before_he_was_referred_nor_years_ahead(
    moment: datetime, said: str
) -> None:
    assert why_not(S.SENT, S.FIRST_APPOINTMENT_BOOKED, at(moment)) == said


@pytest.mark.parametrize("after", [S.ATTENDED, S.NOT_ATTENDED])
def test_no_outcome_before_the_appointment(after: S) -> None:
    booked = S.FIRST_APPOINTMENT_BOOKED
    assert why_not(booked, after, at(NOW + timedelta(seconds=1))) == NOT_YET
    assert why_not(booked, after, at(NOW)) == ""


def test_routing_on_is_a_fact_with_an_owner_and_a_follow_up(scene: Scene) -> None:
    scene.route_on()
    kinds = set(db.session.scalars(select(CaseFact.kind)))
    assert FactKind.ROUTED_ON in kinds
    (task,) = open_follow_ups()
    assert task.owner_staff_id == scene.worker.id
    assert "Okafor" not in task.title


def test_there_is_one_follow_up_until_the_end_and_none_after(scene: Scene) -> None:
    row = scene.route_on()
    for state in (S.SENT, S.FIRST_APPOINTMENT_BOOKED):
        scene.step(row, state, ahead=0)
        assert len(open_follow_ups()) == 1
    (task,) = open_follow_ups()
    assert task.due_at == row.appointment_at
    scene.step(row, S.ATTENDED)
    assert open_follow_ups() == []
    assert row.closed_at is not None
    assert row.outcome == "First appointment attended"


def test_a_missed_appointment_is_followed_by_another(scene: Scene) -> None:
    row = scene.route_on()
    for state in (S.SENT, S.FIRST_APPOINTMENT_BOOKED, S.NOT_ATTENDED, S.FIRST_APPOINTMENT_BOOKED):
        scene.step(row, state, ahead=0)
    assert row.closed_at is None


def test_two_steps_from_one_page_leave_one(scene: Scene) -> None:
    row = scene.route_on()
    version = row.version
    scene.step(row, S.SENT, version)
    with pytest.raises(Stale):
        scene.step(row, S.HE_DECLINED, version)
    assert row.state is S.SENT


def test_without_his_agreement_he_is_not_referred(scene: Scene) -> None:
    with pytest.raises(Refused):
        scene.route_on(agreed=False)
    assert db.session.scalars(select(OnwardReferral.id)).all() == []


def test_an_unknown_service_and_a_nameless_other_are_refused(scene: Scene) -> None:
    for service in ("nowhere", "other"):
        with pytest.raises(Refused):
            scene.route_on(service=service)


def test_no_link_worker_where_he_wants_none(scene: Scene) -> None:
    person_id, by = scene.case.person_id, scene.clinician.id
    with writing():
        people_consent.record_consent(
            person_id=person_id,
            item=ConsentItem.LINK_WORKER,
            decision=ConsentDecision.REFUSED,
            how="face_to_face",
            at=clock.now(),
            by=by,
        )
    with pytest.raises(Refused, match="link worker"):
        scene.route_on()
    scene.route_on(scene.clinician.principal_id)


def said_of_link_worker(scene: Scene) -> list[tuple[ConsentDecision, str, str, int]]:
    db.session.rollback()
    return [
        (event.decision, event.wording_version, event.how, event.recorded_by)
        for event in people_consent.events(scene.case.person_id)
        if event.item is ConsentItem.LINK_WORKER
    ]


def test_agreeing_to_a_link_worker_is_recorded_as_consent_once(scene: Scene) -> None:
    scene.route_on()
    given = (ConsentDecision.GIVEN, "link-worker-1", "telephone", scene.clinician.id)
    assert said_of_link_worker(scene) == [given]
    scene.route_on(service="debt", how="")
    assert said_of_link_worker(scene) == [given]


def test_how_he_agreed_to_a_link_worker_is_asked_and_nothing_is_half_saved(scene: Scene) -> None:
    with pytest.raises(Refused, match="how he agreed"):
        scene.route_on(how="")
    assert db.session.scalars(select(OnwardReferral.id)).all() == []
    with pytest.raises(Refused):
        scene.route_on(service="nowhere")
    assert said_of_link_worker(scene) == []


def test_what_a_clinician_follows_up_says_nothing_about_a_link_worker(scene: Scene) -> None:
    row = scene.route_on(scene.clinician.principal_id, how="")
    assert said_of_link_worker(scene) == []
    with pytest.raises(Refused, match="not recorded that he agrees"):
        scene.hand_over(row, scene.worker)
    assert not scene.sees()
    scene.say(ConsentDecision.GIVEN)
    scene.hand_over(row, scene.worker)
    assert scene.sees()


def test_a_link_worker_records_steps_on_the_page(client: PageClient) -> None:
    row = given_to(make_staff(Role.LINK_WORKER), client)
    path = f"/onward/{row.ref}"
    client.page(path)
    body = {"submission_key": KEY, "version": "1", "state": "sent", "note": "By telephone"}
    assert client.post(path, data=body).status_code == 303
    assert "By telephone" in client.page(path)
    late = {**body, "submission_key": str(uuid.uuid4()), "state": "he_declined"}
    stale = client.post(path, data=late)
    assert stale.status_code == 422
    assert "Somebody recorded a step" in stale.get_data(as_text=True)
    missing = client.post(
        path,
        data={
            "submission_key": str(uuid.uuid4()),
            "version": "2",
            "state": "first_appointment_booked",
        },
    )
    assert missing.status_code == 422
    assert "Enter the date of the first appointment" in missing.get_data(as_text=True)


def test_a_clinician_routes_on_from_the_case(client: PageClient) -> None:
    scene = Scene()
    client.sign_in(scene.clinician)
    path = f"/cases/{scene.case.ref}/onward"
    client.page(path)
    body = {
        "submission_key": KEY,
        "service": "talking-therapies",
        "owner": str(scene.worker.principal_id),
        "agreed": "yes",
        "how": "face_to_face",
    }
    assert client.post(path, data=body).status_code == 303
    assert "NHS Talking Therapies" in client.page(path)
    refused = client.post(path, data={**body, "submission_key": str(uuid.uuid4()), "agreed": "no"})
    assert refused.status_code == 422
    assert client.post(path, data={"submission_key": str(uuid.uuid4())}).status_code == 422
