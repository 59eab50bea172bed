"""Risk reviews of a case: who owns each, the answer behind it, and what a clinician did."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy import select

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock, formats
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.database import db
from mhtr.suitability.assessment_queries import staff_name
from mhtr.suitability.blueprint import bp
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.web.gate import only
from mhtr.web.reads import shows
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureOccasion
from outcome_measures.reading import queries
from outcome_measures.risk.service import whom_about
from outcome_measures.scores.risk_signals import WHOLE_FORM

_KEY = re.compile(r"risk:occasion:(\d+):item:(\d+)")


@dataclass(frozen=True)
class Review:
    """One risk review. `answer` is the answer on record now."""

    task: Task
    owner: str
    age: str
    overdue: bool
    question: str
    about: str
    """Whom the question asks about; empty where nobody knows."""
    answer: str
    earlier: tuple[str, ...]
    closed_by: str
    closed_at: datetime | None


def reviews_of(case: Case) -> tuple[Review, ...]:
    """Every risk review of a case, open ones first, then the latest."""
    rows = db.session.scalars(
        select(Task)
        .where(Task.case_id == case.id, Task.kind == TaskKind.RISK_REVIEW)
        .order_by(Task.state != TaskState.OPEN, Task.id.desc())
    )
    return tuple(_review(task) for task in rows)


def _review(task: Task) -> Review:
    question, answer, earlier = _answer(task)
    now = clock.now()
    return Review(
        task=task,
        owner=staff_name(task.owner_staff_id) if task.owner_staff_id else "",
        age=formats.ago(task.created_at, now),
        overdue=task.state is TaskState.OPEN and task.due_at < now,
        question=question,
        about=to.words if (to := whom_about(task)) else "",
        answer=answer,
        earlier=earlier,
        closed_by=staff_name(task.finished_by) if task.finished_by else "",
        closed_at=task.finished_at,
    )


def _answer(task: Task) -> tuple[str, str, tuple[str, ...]]:
    if task.key.startswith("risk:unsaved:") and task.about is not None:
        instrument, number = recorded(task.about["instrument"]), int(task.about["item"])
        answer = Answer(AnswerState(task.about["state"]), task.about["value"])
        words = queries.answer_words(instrument, number, answer)
        question = f"{instrument.name}, question {number}: {instrument.item(number).text}"
        return question, f"{words} (typed by {staff_name(task.about['by'])}, not saved)", ()
    match = _KEY.match(task.key)
    occasion = db.session.get(MeasureOccasion, int(match[1])) if match else None
    if match is None or occasion is None:
        return task.title, "", ()
    shows("measure", occasion.id)
    taken, number = queries.taken(occasion), int(match[2])
    if number == WHOLE_FORM:
        given = "; ".join(
            f"{one.text}: {one.words}" for one in taken.answers if one.value is not None
        )
        return task.title, given or "No answer was given", ()
    words = next((one.words for one in taken.answers if one.number == number), "")
    earlier = tuple(c.before for c in taken.corrections if c.item == number)
    asked = taken.instrument.item(number).text
    return f"{taken.instrument.name}, question {number}: {asked}", words, earlier


@bp.get("/cases/<uuid:case_ref>/risk")
@only(*CLINICAL_ROLES)
def risk_reviews(case_ref: uuid.UUID) -> str:
    """The risk reviews of a case."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return render_template(
        "suitability/risk_reviews.html",
        record=record(viewer, case),
        case=case,
        reviews=reviews_of(case),
    )
