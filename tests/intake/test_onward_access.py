"""Link workers and clinicians: who opens what of a man referred on, and until when."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import access_service, identity
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.intake import onward_service
from mhtr.people import service as people
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks.models import Notice
from tests.intake.house import House
from tests.intake.onward_scene import KEY, S, Scene, open_follow_ups
from tests.intake.onward_scene import scene as scene
from tests.makers import make_case, make_person, make_staff
from tests.pages import PageClient
from tests.people.merged import holding


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
    holding(by, said_on.person, other.person)
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
