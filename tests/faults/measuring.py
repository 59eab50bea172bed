"""The steps of measures at a contact, each prepared so that it can be stopped at any statement."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.jobs.table import JOBS, run
from mhtr.tasks import service as tasks
from outcome_measures.contact_rules import Planned
from outcome_measures.models import MeasureContact, MeasureMode, MeasureOccasion
from outcome_measures.recording import taking_back
from outcome_measures.recording.putting_right import correct_contact
from outcome_measures.time_points import TimePoint
from tests.outcome_measures import treatment
from tests.outcome_measures.treatment import NOT_REACHED, phq, said
from tests.suitability.journey import People

Step = Callable[[], object]


def _begun() -> tuple[People, MeasureOccasion]:
    people = treatment.sentenced()
    return people, treatment.forms(treatment.contact(people, instruments=("phq9",)))["phq9"]


def asked_at_contact() -> Step:
    people, form = _begun()
    return lambda: treatment.submit(people, form, phq(said(1)))


def total_with_risk_unknown() -> Step:
    people, form = _begun()
    return lambda: treatment.type_total(people, form, 14, {9: NOT_REACHED})


def answer_corrected() -> Step:
    people, form = _begun()
    treatment.submit(people, form, phq(said(0)))
    return lambda: treatment.correct(people, form, 9, said(2))


def contact_closed() -> Step:
    people = treatment.sentenced()
    made = treatment.contact(people)
    return lambda: treatment.close(people, made, unfinished=True)


def form_expired() -> Step:
    _, form = _begun()
    with writing():
        db.session.get_one(MeasureOccasion, form.id).kept_at = clock.now() - timedelta(days=30)
    job = next(one for one in JOBS if one.name == "expire_measures")
    return lambda: run(job)


def _recorded_by_a_slip() -> tuple[People, MeasureContact]:
    people, form = _begun()
    treatment.submit(people, form, phq(said(1)))
    return people, db.session.scalars(select(MeasureContact)).one()


def contact_corrected() -> Step:
    people, made = _recorded_by_a_slip()
    key, version, by = made.id, made.version, people.assessor.id

    def step() -> None:
        with writing():
            correct_contact(
                contact_id=key,
                planned=Planned(treatment.SENTENCED_ON, TimePoint.BETWEEN),
                mode=MeasureMode.VIDEO,
                language="pl",
                reason="Slip",
                version=version,
                by=by,
            )

    return step


def contact_taken_back() -> Step:
    people, made = _recorded_by_a_slip()
    key, version, viewer = made.id, made.version, viewer_of(people.assessor)

    def step() -> None:
        with writing():
            taking_back.take_contact_back(
                contact_id=key, reason="Slip", version=version, viewer=viewer
            )

    return step


def contact_put_back() -> Step:
    people, made = _recorded_by_a_slip()
    key, version, viewer = made.id, made.version, viewer_of(people.assessor)
    with writing():
        taking_back.take_contact_back(contact_id=key, reason="Slip", version=version, viewer=viewer)
        # Closed meanwhile: it opens anew with what is put back.
        tasks.finish(
            treatment.risk_tasks()[0], by=people.assessor.id, outcome="Not his", plan="None"
        )

    def step() -> None:
        with writing():
            taking_back.put_contact_back(
                contact_id=key, reason="His", version=version + 1, viewer=viewer
            )

    return step


def form_taken_back() -> Step:
    people, form = _begun()
    treatment.save(people, form, {1: said(1)})
    key, viewer = form.id, viewer_of(people.assessor)

    def step() -> None:
        with writing():
            taking_back.take_back(occasion_id=key, reason="Slip", viewer=viewer)

    return step


STEPS = (
    asked_at_contact,
    total_with_risk_unknown,
    answer_corrected,
    contact_closed,
    form_expired,
    contact_corrected,
    contact_taken_back,
    contact_put_back,
    form_taken_back,
)
