"""Routing on: followed step by step to the first appointment, by whoever it was given to."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case, CaseFact
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.intake import onward_service
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_rules import NEXT, ONWARD_WORDS, OnwardState, ended, why_not
from mhtr.people import consent as people_consent
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient

S = OnwardState
KEY = "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11"


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
    assert (why_not(before, after, appointment_given=True) == "") is allowed


def test_every_state_has_words_and_every_way_ends() -> None:
    assert set(ONWARD_WORDS) == set(S) == set(NEXT)
    assert {state for state in S if ended(state)} == {S.ATTENDED, S.REFUSED, S.HE_DECLINED}


def test_a_booking_needs_its_time() -> None:
    assert why_not(S.SENT, S.FIRST_APPOINTMENT_BOOKED, appointment_given=False)


class Scene:
    """A case, the clinician who routes on, and a charity with a link worker."""

    def __init__(self) -> None:
        self.clinician = make_staff(Role.ASSESSOR)
        self.charity: Organisation = make_organisation(OrganisationKind.LINK_WORKERS)
        self.worker = make_staff(Role.LINK_WORKER, organisation=self.charity)
        self.case: Case = make_case()
        with writing():
            access.grant(
                self.case.id,
                Purpose.CLINICAL,
                self.clinician.principal_id,
                because="test",
                by=None,
            )

    def route_on(
        self, owner: int | None = None, *, agreed: bool = True, service: str = "housing"
    ) -> OnwardReferral:
        case_id, by = self.case.id, self.clinician.id
        principal = owner or self.worker.principal_id
        with writing():
            return onward_service.route_on(
                case_id=case_id,
                service_code=service,
                service_name="",
                owner_principal_id=principal,
                agreed=agreed,
                note="Sofa surfing",
                by=by,
            )

    def step(self, row: OnwardReferral, state: S, version: int | None = None) -> None:
        onward_id, by = row.id, self.worker.id
        known = row.version if version is None else version
        with writing():
            onward_service.record_step(
                onward_id=onward_id,
                state=state,
                version=known,
                note="",
                appointment_at=clock.now() + timedelta(days=3),
                by=by,
            )


@pytest.fixture
def scene(either_app: Flask) -> Scene:
    return Scene()


def open_follow_ups() -> list[Task]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Task).where(Task.kind == TaskKind.ONWARD_REFERRAL, Task.state == TaskState.OPEN)
        )
    )


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
        scene.step(row, state)
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
        scene.step(row, state)
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


def test_the_case_opens_to_the_link_worker_only_by_being_given_to_him(client: PageClient) -> None:
    scene = Scene()
    client.sign_in(scene.worker)
    path = f"/cases/{scene.case.ref}/onward"
    assert client.get(path).status_code == 404
    row = scene.route_on()
    page = client.page(path)
    assert "Housing" in page
    assert 'name="service"' not in page  # he follows up, he does not refer
    listed = client.page("/onward")
    assert "Tunde Okafor" in listed
    assert f"/onward/{row.ref}" in listed
    other = make_staff(Role.LINK_WORKER)
    client.sign_in(other)
    assert client.get(f"/onward/{row.ref}").status_code == 404
    assert "Okafor" not in client.page("/onward")


def given_to(staff: Staff, client: PageClient) -> OnwardReferral:
    scene = Scene()
    row = scene.route_on(staff.principal_id)
    client.sign_in(staff)
    return row


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
    }
    assert client.post(path, data=body).status_code == 303
    assert "NHS Talking Therapies" in client.page(path)
    refused = client.post(path, data={**body, "submission_key": str(uuid.uuid4()), "agreed": "no"})
    assert refused.status_code == 422
    assert client.post(path, data={"submission_key": str(uuid.uuid4())}).status_code == 422
