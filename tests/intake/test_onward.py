"""Routing on: followed step by step to the first appointment, by whoever it was given to."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.cases import access_service, consent_service, identity
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
from mhtr.people import service as people
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.intake.house import House
from tests.makers import make_case, make_organisation, make_person, make_staff
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
        self,
        owner: int | None = None,
        *,
        agreed: bool = True,
        service: str = "housing",
        how: str = "telephone",
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
                how=how,
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

    def hand_over(self, row: OnwardReferral, to: Staff) -> None:
        onward_id, version, by = row.id, row.version, self.clinician.id
        with writing():
            onward_service.hand_over(
                onward_id=onward_id, owner_principal_id=to.principal_id, version=version, by=by
            )

    def say(self, decision: ConsentDecision, item: ConsentItem = ConsentItem.LINK_WORKER) -> None:
        case_id, by = self.case.id, self.clinician.id
        with writing():
            consent_service.record_consent(
                case_id=case_id,
                item=item,
                decision=decision,
                how="face_to_face",
                at=clock.now(),
                by=by,
            )

    def sees(self, *principals: int) -> bool:
        """Whether any of these principals sees the case for link work."""
        db.session.rollback()
        live = select(access.Grant.id).where(
            access.Grant.case_id == self.case.id,
            access.Grant.purpose == Purpose.LINK_WORK,
            access.Grant.principal_id.in_(principals or (self.worker.principal_id,)),
            access.Grant.ends_at.is_(None),
        )
        return db.session.scalars(live).first() is not None


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


def test_withdrawing_consent_ends_the_link_workers_access_and_rehomes_what_he_followed(
    scene: Scene,
) -> None:
    scene.say(ConsentDecision.GIVEN)
    row = scene.route_on()
    assert scene.sees()
    scene.say(ConsentDecision.WITHDRAWN)
    assert not scene.sees()
    (task,) = open_follow_ups()
    assert task.owner_staff_id == scene.clinician.id
    assert (row.owner_principal_id, row.closed_at) == (scene.clinician.principal_id, None)
    (told,) = db.session.scalars(
        select(Notice).where(Notice.principal_id == scene.worker.principal_id)
    )
    assert (told.case_id, told.endpoint) == (None, "")


def test_a_whole_charity_loses_it_too_and_the_trust_has_it_where_who_referred_is_gone(
    app: Flask,
) -> None:
    scene, house = Scene(), House()
    scene.case = house.refer()
    row = scene.route_on(scene.charity.principal_id)
    assert scene.sees(scene.charity.principal_id)
    scene.say(ConsentDecision.WITHDRAWN)
    assert not scene.sees(scene.charity.principal_id)
    assert row.owner_principal_id == house.trust.principal_id
    scene.say(ConsentDecision.GIVEN)
    scene.say(ConsentDecision.WITHDRAWN)  # the trust itself is no link worker
    assert row.owner_principal_id == house.trust.principal_id


def test_a_merge_carries_his_refusal_to_the_other_record(app: Flask) -> None:
    scene, other = Scene(), make_case(make_person("Tundi"))
    scene.route_on()
    said_on, scene.case = scene.case, other
    scene.say(ConsentDecision.REFUSED)
    scene.case = said_on
    assert scene.sees()
    kept, absorbed, by = said_on.person_id, other.person_id, scene.clinician.id
    with writing():
        question = people.raise_identity_question(
            person_id=kept,
            other_id=absorbed,
            verdict="possible",
            reasons=[],
            by=by,
            owner_principal_id=scene.clinician.principal_id,
        )
        assert question
        identity.answer_same(
            question_id=question.id, kept_id=kept, right={}, reason="One man", by=by
        )
    assert not scene.sees()


@pytest.mark.parametrize("item", [i for i in ConsentItem if i is not ConsentItem.LINK_WORKER])
def test_other_items_leave_the_link_worker_alone(app: Flask, item: ConsentItem) -> None:
    scene = Scene()
    scene.route_on()
    scene.say(ConsentDecision.REFUSED, item)
    assert scene.sees()


def test_his_access_ends_with_his_last_onward_referral(scene: Scene) -> None:
    first, second = scene.route_on(), scene.route_on(service="debt")
    scene.step(first, S.HE_DECLINED)
    assert scene.sees()
    scene.step(second, S.SENT)
    scene.step(second, S.REFUSED)
    assert not scene.sees()


def test_handing_over_ends_the_former_ones_access_and_moves_the_task(scene: Scene) -> None:
    row, other = scene.route_on(), make_staff(Role.LINK_WORKER)
    scene.hand_over(row, other)
    assert (scene.sees(), scene.sees(other.principal_id)) == (False, True)
    (task,) = open_follow_ups()
    assert task.owner_staff_id == other.id
    with pytest.raises(Refused, match="already"):
        scene.hand_over(row, other)
    with pytest.raises(Stale), writing():
        onward_service.hand_over(
            onward_id=row.id,
            owner_principal_id=scene.worker.principal_id,
            version=1,
            by=scene.clinician.id,
        )


def test_on_a_restricted_case_a_named_colleague_goes_with_the_charitys_work(app: Flask) -> None:
    scene = Scene()
    row = scene.route_on(scene.charity.principal_id)
    with writing():
        access.grant(
            scene.case.id,
            Purpose.LINK_WORK,
            scene.worker.principal_id,
            because=access_service.BECAUSE,
            by=None,
        )
    other = scene.route_on(scene.worker.principal_id, service="debt")
    scene.step(other, S.HE_DECLINED)
    assert scene.sees()
    scene.step(row, S.HE_DECLINED)
    assert not scene.sees()


def test_a_clinician_gives_it_to_somebody_else_and_a_link_worker_leaves_when_it_ends(
    client: PageClient,
) -> None:
    scene = Scene()
    row = scene.route_on()
    client.sign_in(scene.worker)
    path = f"/onward/{row.ref}"
    assert "Give it to somebody else" not in client.page(path)
    assert client.get(f"{path}/hand-over").status_code == 403
    client.sign_in(scene.clinician)
    assert "Give it to somebody else" in client.page(path)
    client.page(f"{path}/hand-over")
    body = {"submission_key": KEY, "version": "1", "owner": ""}
    assert client.post(f"{path}/hand-over", data=body).status_code == 422
    body["owner"] = str(scene.clinician.principal_id)
    assert client.post(f"{path}/hand-over", data=body | {"version": "9"}).status_code == 422
    assert client.post(f"{path}/hand-over", data=body).status_code == 303
    client.sign_in(scene.worker)
    assert client.get(path).status_code == 404
    again = scene.route_on(service="debt")
    ends = {"submission_key": KEY, "version": "1", "state": "he_declined"}
    answer = client.post(f"/onward/{again.ref}", data=ends)
    assert (answer.status_code, answer.location) == (303, "/onward")
    assert client.get(f"/onward/{again.ref}").status_code == 404


def test_a_link_worker_opens_only_what_he_follows_up(client: PageClient) -> None:
    scene = Scene()
    mine, charitys = scene.route_on(), scene.route_on(scene.charity.principal_id, service="debt")
    theirs = scene.route_on(scene.clinician.principal_id, service="secondary-mhtr")
    client.sign_in(scene.worker)
    for row in (mine, charitys):
        assert "Sofa surfing" in client.page(f"/onward/{row.ref}")
    path = f"/onward/{theirs.ref}"
    assert client.get(path).status_code == 404
    step = {"submission_key": KEY, "version": "1", "state": "sent"}
    assert client.post(path, data=step).status_code == 404
    for page in ("/onward", f"/cases/{scene.case.ref}/onward"):
        said = client.page(page)
        assert f"/onward/{mine.ref}" in said and f"/onward/{charitys.ref}" in said
        assert path not in said
    client.sign_in(scene.clinician)
    assert "Sofa surfing" in client.page(path)


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
        "how": "face_to_face",
    }
    assert client.post(path, data=body).status_code == 303
    assert "NHS Talking Therapies" in client.page(path)
    refused = client.post(path, data={**body, "submission_key": str(uuid.uuid4()), "agreed": "no"})
    assert refused.status_code == 422
    assert client.post(path, data={"submission_key": str(uuid.uuid4())}).status_code == 422
