"""The steps of measures at a contact, each prepared so that it can be stopped at any statement."""

from collections.abc import Callable
from datetime import timedelta

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.jobs.table import JOBS, run
from outcome_measures.models import MeasureOccasion
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


STEPS = (
    asked_at_contact,
    total_with_risk_unknown,
    answer_corrected,
    contact_closed,
    form_expired,
)
