"""An onward referral put right, ended by his death, and covered while a link worker is away."""

import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.intake import court_case, onward_cover, onward_service
from mhtr.intake.court_case import Ending
from mhtr.intake.models import OnwardEvent, OnwardReferral
from mhtr.people.models import ConsentDecision
from mhtr.tasks import leave_service
from mhtr.tasks.models import Leave
from tests.cases.test_death import record
from tests.intake.house import notices
from tests.intake.onward_scene import KEY, S, Scene, open_follow_ups
from tests.intake.onward_scene import scene as scene
from tests.intake.test_leaving import Charity
from tests.pages import PageClient


def put_right(
    scene: Scene,
    row: OnwardReferral,
    state: S,
    *,
    reason: str = "Wrong button",
    ahead: int | None = None,
    version: int | None = None,
) -> None:
    at = None if ahead is None else clock.now() + timedelta(days=ahead)
    known = row.version if version is None else version
    with writing():
        onward_service.correct(
            onward_id=row.id,
            state=state,
            appointment_at=at,
            reason=reason,
            version=known,
            by=scene.clinician.id,
        )


def attended(scene: Scene) -> OnwardReferral:
    row = scene.route_on()
    for state in (S.SENT, S.FIRST_APPOINTMENT_BOOKED, S.ATTENDED):
        scene.step(row, state, ahead=0)
    return row


def test_a_wrong_ending_is_put_right_with_its_reason_and_followed_up_again(scene: Scene) -> None:
    row = attended(scene)
    assert not scene.sees()
    put_right(scene, row, S.NOT_ATTENDED)
    assert (row.state, row.closed_at, row.outcome) == (S.NOT_ATTENDED, None, None)
    assert scene.sees(), "it is his to follow up again"
    (task,) = open_follow_ups()
    assert task.owner_staff_id == scene.worker.id
    last = db.session.scalars(select(OnwardEvent).order_by(OnwardEvent.id.desc())).first()
    assert last
    assert (last.state, last.was, last.note) == (S.NOT_ATTENDED, S.ATTENDED, "Wrong button")
    assert last.appointment_at == row.appointment_at
    assert onward_service.PUT_RIGHT in notices(scene.worker)


def test_from_one_ending_to_another_nobody_gets_it_back(scene: Scene) -> None:
    row = attended(scene)
    put_right(scene, row, S.REFUSED)
    assert (row.state, row.outcome) == (S.REFUSED, "Not taken by the service")
    assert row.closed_at is not None and not scene.sees() and open_follow_ups() == []


def test_one_who_wants_no_link_worker_gets_none_by_a_correction(scene: Scene) -> None:
    row = attended(scene)
    scene.say(ConsentDecision.WITHDRAWN)
    put_right(scene, row, S.NOT_ATTENDED)
    assert not scene.sees() and row.worker_id == scene.clinician.id


def test_what_cannot_be_put_right(scene: Scene) -> None:
    row = attended(scene)
    with pytest.raises(Refused, match="Say why"):
        put_right(scene, row, S.REFUSED, reason=" ")
    with pytest.raises(Refused, match="recorded already"):
        put_right(scene, row, S.ATTENDED)
    with pytest.raises(Refused, match="not been yet"):
        put_right(scene, row, S.NOT_ATTENDED, ahead=1)
    with pytest.raises(Refused):
        put_right(scene, row, S.HE_DIED)
    with pytest.raises(Stale):
        put_right(scene, row, S.REFUSED, version=1)
    assert row.state is S.ATTENDED


def test_the_page_puts_it_right_and_the_history_names_the_dates(client: PageClient) -> None:
    scene = Scene()
    row = scene.route_on()
    scene.step(row, S.SENT)
    scene.step(row, S.FIRST_APPOINTMENT_BOOKED, ahead=3)
    client.sign_in(scene.worker)
    path = f"/onward/{row.ref}"
    body = {"submission_key": KEY, "version": str(row.version), "state": "attended"}
    early = client.post(path, data=body)
    assert early.status_code == 422
    assert "has not been yet" in early.get_data(as_text=True)
    assert "First appointment booked: 21 November 2026" in client.page(path)
    page = client.page(f"{path}/put-right")
    assert 'value="21"' in page, "the date on record is filled in"
    right = {
        "submission_key": str(uuid.uuid4()),
        "version": str(row.version),
        "state": "first_appointment_booked",
        "appointment_on-day": "24",
        "appointment_on-month": "11",
        "appointment_on-year": "2026",
        "appointment_time": "10:00",
    }
    missing = client.post(f"{path}/put-right", data=right)
    assert missing.status_code == 422
    assert client.post(f"{path}/put-right", data=right | {"reason": "Misheard"}).status_code == 303
    page = client.page(path)
    assert "24 November 2026" in page and "21 November 2026" in page and "Misheard" in page
    assert "was recorded by mistake" in page
    stale = client.post(
        f"{path}/put-right",
        data=right | {"reason": "x", "submission_key": str(uuid.uuid4()), "state": "sent"},
    )
    assert stale.status_code == 422


def died(scene: Scene, on: date | None) -> None:
    record(db.session.get_one(Case, scene.case.id), scene.clinician.id, on)


def test_his_death_ends_it_and_its_owner_hears_at_once(scene: Scene) -> None:
    row = scene.route_on()
    scene.step(row, S.SENT)
    own = scene.route_on(scene.clinician.principal_id, service="debt")
    died(scene, clock.today())
    assert (row.state, own.state) == (S.HE_DIED, S.HE_DIED)
    assert row.closed_at is not None and open_follow_ups() == []
    assert not scene.sees()
    (said,) = [text for text in notices(scene.worker) if text.startswith("He has died")]
    assert row.reference in said and "Okafor" not in said
    with pytest.raises(Refused, match="died|death"):
        put_right(scene, row, S.SENT)
    with pytest.raises(Refused, match="death"):
        scene.route_on(service="employment")
    died(scene, None)
    db.session.refresh(row)
    assert (row.state.value, row.outcome) == ("sent", None)
    assert scene.sees() and len(open_follow_ups()) == 2


def test_custody_and_the_end_of_a_case_are_told_and_stand_on_the_lists(client: PageClient) -> None:
    here = Charity()
    row = here.route_on()
    for ending, words in ((Ending.REMANDED, "remanded in custody"), (Ending.ACQUITTED, "closed")):
        case = db.session.get_one(Case, here.case.id, populate_existing=True)
        with writing():
            court_case.end(case_id=case.id, version=case.version, ending=ending, by=here.lead.id)
        client.sign_in(here.worker)
        assert words in client.page("/onward")
        assert words in client.page(f"/onward/{row.ref}")
        db.session.rollback()
    texts = notices(here.worker)
    assert any("is paused" in text for text in texts)
    assert any("is closed" in text for text in texts)


def test_wanting_no_link_worker_names_which_one_and_not_whom(scene: Scene) -> None:
    scene.say(ConsentDecision.GIVEN)
    row = scene.route_on()
    scene.say(ConsentDecision.WITHDRAWN)
    (said,) = [text for text in notices(scene.worker) if "wants no link worker" in text]
    assert row.reference in said and "18 November 2026" in said and "Okafor" not in said


def away(here: Charity, *, days: int = 3, cover: Staff | None = None, begins: int = 0) -> Leave:
    first = clock.today() + timedelta(days=begins)
    with writing():
        return leave_service.plan_leave(
            staff_id=here.worker.id,
            first=first,
            last=first + timedelta(days=days),
            cover_staff_id=cover.id if cover else None,
            by=here.worker.id,
        )


def test_what_falls_due_while_he_is_away_is_his_covers(either_app: Flask) -> None:
    here = Charity()
    cover = here.colleague()
    due, later = here.route_on(), here.route_on()
    here_step(here, later)
    away(here, days=9, cover=cover)
    assert (due.worker_id, later.worker_id) == (cover.id, here.worker.id)
    client = either_app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(cover)
    client.page(f"/onward/{due.ref}")
    assert client.get(f"/onward/{later.ref}").status_code == 404


def here_step(here: Charity, row: OnwardReferral) -> None:
    """A first appointment that lies after his leave."""
    for state in (S.SENT, S.FIRST_APPOINTMENT_BOOKED):
        with writing():
            onward_service.record_step(
                onward_id=row.id,
                state=state,
                version=db.session.get_one(OnwardReferral, row.id).version,
                note="",
                appointment_at=clock.now() + timedelta(days=20),
                by=here.worker.id,
            )


def test_without_a_cover_it_is_his_teams_from_the_first_day(
    app: Flask, set_clock: SetClock
) -> None:
    here = Charity()
    here.colleague()
    row = here.route_on()
    away(here, days=9, begins=1)
    assert row.worker_id == here.worker.id
    set_clock.advance(days=1)
    with writing():
        assert onward_cover.cover_absences(clock.now()) == 1
    assert row.owner_principal_id == here.charity.principal_id
    with writing():
        assert onward_cover.cover_absences(clock.now()) == 0


def test_alone_in_his_team_he_gives_it_to_the_service(app: Flask) -> None:
    here = Charity()
    row = here.route_on()
    away(here, days=9)
    assert row.worker_id == here.assessor.id


def test_a_link_worker_enters_his_leave(client: PageClient) -> None:
    here = Charity()
    colleague = here.colleague()
    client.sign_in(here.worker)
    page = client.page("/rota/leave")
    assert colleague.name in page and here.lead.name not in page
    assert "My leave" in client.page("/today")
