"""What the pages of past scores show: rows of a file in words, and past answers to look at."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.cases.report_due import Countdowns
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.due import Left
from mhtr.people.models import Person
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.instruments.registry import find_instrument, recorded
from outcome_measures.models import ImportedScore, MeasureOccasion, OccasionState
from outcome_measures.past_scores.whose import Matched
from outcome_measures.risk.past_answers import is_recent, occasions_of, past_signals
from outcome_measures.scores import scoring


@dataclass(frozen=True)
class PreviewLine:
    """A row of a file that would be taken, in words."""

    line: int
    name: str
    born: date | None
    measure: str
    on: date
    said: str
    point: str
    to_look_at: bool
    at_once: bool
    """What is to be looked at is recent: a risk review opens with the import."""


@dataclass(frozen=True)
class WaitingLine:
    """A man whose imported answers a clinician looks at, or has looked at."""

    task: Task
    case: Case
    owner: str
    measures: int
    looked_by: str
    report: Left | None
    """The countdown to the report on him."""


@dataclass(frozen=True)
class PastMeasure:
    """One imported measure with what is to be looked at."""

    occasion: MeasureOccasion
    name: str
    signals: tuple[str, ...]

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken back since; it is looked at all the same."""
        return self.occasion.state is OccasionState.WITHDRAWN


@dataclass(frozen=True)
class TakenLine:
    """A line of an imported file that was taken. `withdrawn`: it was taken back."""

    line: int | None
    occasion_id: int
    occasion_ref: uuid.UUID
    case_id: int
    case_ref: uuid.UUID
    who: str
    measure: str
    on: date
    withdrawn: bool


@dataclass(frozen=True)
class Looked:
    """What a clinician said when he had looked."""

    at: datetime | None
    by: str
    outcome: str


def previews(matched: Iterable[Matched]) -> list[PreviewLine]:
    """Rows that would be taken, in words."""
    return [_preview(each) for each in matched]


def _preview(matched: Matched) -> PreviewLine:
    row, man = matched.row, matched.man
    instrument = find_instrument(row.instrument)
    if row.typed_total is not None:
        beside = f" and {_number(len(row.parts))}" if row.parts else " only"
        said, to_look_at = f"{row.typed_total} (total{beside})", bool(instrument.risk_items)
    else:
        responses = row.responses()
        score = scoring.score(instrument, responses)
        said = (
            str(score.total)
            if score.complete
            else f"Incomplete: {score.answered} of {score.questions} answered"
        )
        to_look_at = bool(scoring.risk_signals(instrument, responses, submitted=True))
    place = row.point.words + (f" {row.session_number}" if row.session_number else "")
    return PreviewLine(
        row.line, man.name, man.born, instrument.name, row.on, said, place, to_look_at,
        to_look_at and is_recent(row.on),
    )  # fmt: skip


def _number(parts: int) -> str:
    return "1 part" if parts == 1 else f"{parts} parts"


def waiting(viewer: Viewer, *, done: bool, page: int, size: int) -> Sequence[WaitingLine]:
    """Men of the viewer's scope with past answers, those due first; one more than a page."""
    state = TaskState.DONE if done else TaskState.OPEN
    rows = db.session.execute(
        select(Task, Case, Staff.name)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(Staff, Staff.id == Task.owner_staff_id)
        .where(
            Task.kind == TaskKind.PAST_ANSWER,
            Task.state == state,
            in_scope(viewer, Purpose.CLINICAL),
        )
        .order_by(*((Task.finished_at.desc(), Task.id.desc()) if done else (Task.due_at, Task.id)))
        .limit(size + 1)
        .offset((page - 1) * size)
    ).all()
    names, countdowns = _names(task.finished_by for task, _, _ in rows), Countdowns()
    return [
        WaitingLine(
            task,
            case,
            owner or "",
            len(occasions_of(task)),
            names.get(task.finished_by or 0, ""),
            countdowns.of(case),
        )
        for task, case, owner in rows
    ]


def past_measures(task: Task) -> list[PastMeasure]:
    """The measures a task lists, oldest first, each with what is to be looked at."""
    found = db.session.scalars(
        select(MeasureOccasion)
        .where(MeasureOccasion.id.in_(occasions_of(task)))
        .order_by(MeasureOccasion.asked_on, MeasureOccasion.id)
    )
    return [PastMeasure(each, recorded(each.instrument).name, past_signals(each)) for each in found]


def looks_of(case_id: int) -> list[Looked]:
    """What was said of past answers of a case, latest first."""
    found = db.session.execute(
        select(Task, Staff.name)
        .join(Staff, Staff.id == Task.finished_by)
        .where(
            Task.case_id == case_id,
            Task.kind == TaskKind.PAST_ANSWER,
            Task.state == TaskState.DONE,
        )
        .order_by(Task.finished_at.desc(), Task.id.desc())
    )
    return [Looked(task.finished_at, name, task.outcome or "") for task, name in found]


def taken_from(viewer: Viewer, run_id: int) -> list[TakenLine]:
    """What was taken from a file, of men in the viewer's scope, in the file's order."""
    row, came = MeasureOccasion, ImportedScore
    found = db.session.execute(
        select(came, row, Case.ref, Person)
        .join(row, row.id == came.occasion_id)
        .join(Case, Case.id == row.case_id)
        .join(Person, Person.id == Case.person_id)
        .where(came.run_id == run_id, in_scope(viewer, Purpose.CLINICAL))
        .order_by(came.line, came.id)
    )
    return [
        TakenLine(
            imported.line, measure.id, measure.ref, measure.case_id, case_ref, person.name,
            recorded(measure.instrument).name, measure.asked_on,
            measure.state is OccasionState.WITHDRAWN,
        )
        for imported, measure, case_ref, person in found
    ]  # fmt: skip


def _names(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    found = db.session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted)))
    return {key: name for key, name in found}
