"""Onward referrals made at the end: followed by a link worker to the first appointment."""

from datetime import datetime

from flask import Flask

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, FactKind
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.discharge import follow
from mhtr.intake import onward_service
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_rules import OnwardState as S
from tests.discharge.makers import begun, built, now, waiting, written
from tests.ending.makers import Finishing, finished
from tests.intake.house import notices
from tests.makers import make_organisation, make_staff
from tests.suitability.browsing import as_


def milestone(of: Finishing, kind: FactKind, **detail: object) -> None:
    case_id, by = of.case.id, of.man.therapist.id
    with writing():
        cases.add_fact(cases.lock(case_id), kind, by=by, detail=detail)


def referred_on(of: Finishing, worker: Staff) -> OnwardReferral:
    case_id, by, owner = of.case.id, of.man.therapist.id, worker.principal_id
    with writing():
        return onward_service.route_on(
            case_id=case_id,
            service_code="talking-therapies",
            service_name="Fictional Talking Therapies",
            owner_principal_id=owner,
            agreed=True,
            how="telephone",
            note="",
            by=by,
        )


def step(row: OnwardReferral, worker: Staff, state: S, at: datetime | None = None) -> None:
    onward_id, by = row.id, worker.id
    version = db.session.get_one(OnwardReferral, onward_id, populate_existing=True).version
    db.session.rollback()
    with writing():
        onward_service.record_step(
            onward_id=onward_id, state=state, version=version, note="", appointment_at=at, by=by
        )


def test_a_link_worker_follows_it_after_he_is_discharged(app: Flask) -> None:
    of = finished()
    worker = make_staff(
        Role.LINK_WORKER, organisation=make_organisation(OrganisationKind.LINK_WORKERS)
    )
    assert list(waiting(of)) == [follow.WRITE]
    milestone(of, FactKind.TREATMENT_ENDED, planned=True)
    milestone(of, FactKind.DISCHARGED)
    assert of.case.state is CaseState.DISCHARGED and waiting(of) == {}
    row = referred_on(of, worker)
    client, therapist = as_(app, worker), of.man.therapist
    assert "Fictional Talking Therapies" in client.page("/onward")
    assert "Fictional Talking Therapies" in client.page("/today")
    assert client.get(f"/cases/{of.case.ref}/letters").status_code in (403, 404)
    step(row, worker, S.SENT)
    step(row, worker, S.FIRST_APPOINTMENT_BOOKED, clock.now())
    said = "An onward referral that you made has ended: First appointment attended."
    assert said not in notices(therapist)
    step(row, worker, S.ATTENDED)
    assert said in notices(therapist)
    assert "Fictional Talking Therapies" not in client.page("/onward")
    page = as_(app, therapist).page(f"/cases/{of.case.ref}/letters")
    assert "First appointment attended" in page and "no discharge summary is signed" in page


def test_a_summary_names_only_what_he_agreed_to_have_named(app: Flask) -> None:
    of = finished()
    worker = make_staff(
        Role.LINK_WORKER, organisation=make_organisation(OrganisationKind.LINK_WORKERS)
    )
    onward = str(referred_on(of, worker).ref)
    row = written(of, begun(of))
    looks = built(of, row, of.man.therapist).looks
    assert looks is not None and looks.services == ()
    written(of, row, named=(onward, "another man’s"))
    looks = built(of, row, of.man.therapist).looks
    assert looks is not None and looks.services == ("Fictional Talking Therapies",)
    assert now(row).named == [onward]
