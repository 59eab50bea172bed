"""Reading contacts with measures, of cases the caller has found in his viewer's scope."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, effective_facts
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.contact_rules import Course
from outcome_measures.counting import attended, course_parts
from outcome_measures.models import TAKES_ITS_DAY, MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.sessions_on_record import numbered_sessions


def course_of(case_id: int) -> Course:
    """How the case stands, as the rules of contacts read it."""
    facts, today = cases.facts_of(case_id), clock.today()
    sentenced = [
        fact.day
        for fact in effective_facts(facts, today)
        if fact.kind is FactKind.SENTENCED_WITH_MHTR
    ]
    sessions = numbered_sessions([case_id])[case_id]
    return Course(
        state=rules.fold(facts, today).state,
        sentenced_on=sentenced[-1] if sentenced else None,
        sessions=tuple((one.number, one.day) for one in sessions if not one.imported),
        imported=tuple((one.number, one.day) for one in sessions if one.imported),
        attended=tuple((number, day) for day, number in attended(case_id)),
        parts=course_parts([case_id]).get(case_id, ()),
    )


def find_contact(case: Case, ref: uuid.UUID) -> MeasureContact:
    """A contact of this case. Raises NotFound."""
    query = select(MeasureContact).where(
        MeasureContact.ref == ref, MeasureContact.case_id == case.id
    )
    contact = db.session.scalars(query).one_or_none()
    if contact is None:
        raise NotFound
    return contact


def find_form(case: Case, ref: uuid.UUID) -> MeasureOccasion:
    """A measure of this case. Raises NotFound."""
    query = select(MeasureOccasion).where(
        MeasureOccasion.ref == ref, MeasureOccasion.case_id == case.id
    )
    occasion = db.session.scalars(query).one_or_none()
    if occasion is None:
        raise NotFound
    return occasion


def instrument_of(occasion_ref: uuid.UUID) -> str:
    """Which instrument a measure is of; empty where there is none. Says nothing about anybody."""
    query = select(MeasureOccasion.instrument).where(MeasureOccasion.ref == occasion_ref)
    return db.session.scalars(query).one_or_none() or ""


def forms_of(contact_id: int) -> list[MeasureOccasion]:
    """The measures asked at a contact, in the order in which they were asked for."""
    query = select(MeasureOccasion).where(MeasureOccasion.contact_id == contact_id)
    return list(db.session.scalars(query.order_by(MeasureOccasion.id)))


def taken_back_at(contact_id: int) -> set[str]:
    """The measures of which a form was taken back at a contact."""
    forms = forms_of(contact_id)
    return {form.instrument for form in forms if form.state is OccasionState.WITHDRAWN}


def asked_on_day(
    person_id: int, day: date, instruments: Collection[str] | None = None
) -> dict[str, MeasureOccasion]:
    """The measures that this man was asked on a day, wherever that was, by instrument.

    A form that was closed unfinished is none of them: what he answers later that day has a place.
    """
    query = (
        select(MeasureOccasion)
        .join(Case, Case.id == MeasureOccasion.case_id)
        .where(
            Case.person_id == person_id,
            MeasureOccasion.asked_on == day,
            MeasureOccasion.state.in_(TAKES_ITS_DAY),
        )
        .order_by(MeasureOccasion.id.desc())
    )
    if instruments is not None:
        query = query.where(MeasureOccasion.instrument.in_(instruments))
    return {row.instrument: row for row in db.session.scalars(query)}


def has_place(contact: MeasureContact, case: Case) -> set[str]:
    """The measures that are not asked again at a contact.

    He was asked them that day, wherever it was, or a form stands at it, finished or not.
    """
    forms = (form for form in forms_of(contact.id) if form.state is not OccasionState.WITHDRAWN)
    return {*asked_on_day(case.person_id, contact.held_on), *(form.instrument for form in forms)}


def reviews_from(contact: MeasureContact, forms: Sequence[MeasureOccasion]) -> list[Task]:
    """Every risk review that answers at a contact opened, saved or not; the open ones first."""
    begins = (*(f"risk:occasion:{form.id}:" for form in forms), f"risk:unsaved:{contact.context}:")
    rows = db.session.scalars(
        select(Task)
        .where(Task.case_id == contact.case_id, Task.kind == TaskKind.RISK_REVIEW)
        .order_by(Task.state != TaskState.OPEN, Task.due_at, Task.id)
    )
    return [task for task in rows if task.key.startswith(begins)]
