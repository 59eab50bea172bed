"""A man sentenced with the requirement, and contacts at which he is asked measures."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Task, TaskKind
from outcome_measures.contact_rules import Planned
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.models import MeasureContact, MeasureMode, MeasureOccasion
from outcome_measures.recording import contacts, service, totals
from outcome_measures.recording.contact_queries import forms_of
from outcome_measures.time_points import TimePoint
from tests.suitability.journey import People, allocated, taken_on
from tests.worlds import world

SENTENCED_ON = date(2026, 10, 12)
DECLINED, SKIPPED = Answer(AnswerState.DECLINED), Answer(AnswerState.SKIPPED)
NOT_REACHED = Answer(AnswerState.NOT_REACHED)


def said(value: int) -> Answer:
    return Answer(AnswerState.ANSWERED, value)


def phq(item_9: Answer | None, others: int = 1) -> dict[int, Answer]:
    answers = {number: said(others) for number in range(1, 9)}
    return answers | ({9: item_9} if item_9 is not None else {})


def fact(people: People, kind: FactKind, *, days_ago: int = 0, **detail: object) -> None:
    """Something happened to his case."""
    with writing():
        at = clock.now() - timedelta(days=days_ago)
        locked = cases.lock(people.case.id)
        cases.add_fact(locked, kind, by=people.assessor.id, at=at, detail=detail)


@world
def sentenced() -> People:
    """Sentenced with the requirement on `SENTENCED_ON`."""
    return sentence(allocated())


@world
def another(people: People) -> People:
    """Another man of the same assessor, sentenced too."""
    case = taken_on(people.assessor, "Leroy", "Addo")
    return sentence(replace(people, case=case))


@world
def sentence(people: People, *, on: date = SENTENCED_ON) -> People:
    """The court makes the requirement."""
    days = (clock.today() - on).days
    fact(people, FactKind.SENTENCED_WITH_MHTR, days_ago=days, result="co_mhtr")
    return people


@world
def contact(
    people: People,
    number: int | None = 1,
    *,
    on: date | None = None,
    instruments: Collection[str] = ("phq9", "gad7"),
    point: TimePoint | None = None,
) -> MeasureContact:
    """A contact; a treatment session where it has a number."""
    place = point or (TimePoint.SESSION if number else TimePoint.BETWEEN)
    with writing():
        return contacts.record_contact(
            case_id=people.case.id,
            planned=Planned(on or clock.today(), place, number),
            mode=MeasureMode.IN_PERSON,
            instruments=instruments,
            by=people.assessor.id,
        )


def forms(made: MeasureContact) -> dict[str, MeasureOccasion]:
    """The forms of a contact, by instrument."""
    return {form.instrument: form for form in forms_of(made.id)}


@world
def submit(people: People, form: MeasureOccasion, answers: Mapping[int, Answer]) -> None:
    with writing():
        db.session.refresh(form)
        service.submit(form, answers, version=form.version, by=people.assessor.id)


def save(people: People, form: MeasureOccasion, answers: Mapping[int, Answer]) -> None:
    with writing():
        db.session.refresh(form)
        service.save_answers(form, answers, version=form.version, by=people.assessor.id)


def correct(people: People, form: MeasureOccasion, item: int, answer: Answer) -> None:
    with writing():
        db.session.refresh(form)
        service.correct(
            form, item, answer, reason="Misheard", version=form.version, by=people.assessor.id
        )


@world
def type_total(
    people: People, form: MeasureOccasion, total: int, risk: Mapping[int, Answer] | None = None
) -> None:
    with writing():
        db.session.refresh(form)
        typed = totals.TypedTotal(total, risk=risk or {})
        totals.type_total(form, typed, version=form.version, by=people.assessor.id)


@world
def close(people: People, made: MeasureContact, *, unfinished: bool = False) -> contacts.Closing:
    with writing():
        db.session.refresh(made)
        return contacts.close(
            contact_id=made.id, unfinished=unfinished, version=made.version, by=people.assessor.id
        )


def risk_tasks() -> list[Task]:
    query = select(Task).where(Task.kind == TaskKind.RISK_REVIEW).order_by(Task.id)
    return list(db.session.scalars(query))
