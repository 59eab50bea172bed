"""Reviews of one risk item: their keys, and which answer each of them knows."""

from datetime import datetime

from sqlalchemy import exists, or_, select

from mhtr.core.database import db
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.definitions import NOT_REACHED, Answer, Responses
from outcome_measures.models import AnswerCorrection, MeasureOccasion

KNOWS = "knows"
"""What a review keeps about itself: the answer on record while it was open. Once it is closed, its
outcome speaks of that one."""


def responses_of(occasion: MeasureOccasion) -> dict[int, Answer]:
    """The present answers, as scoring reads them."""
    return {row.item: Answer(row.state, row.value) for row in occasion.answers}


def risk_key(occasion_id: int, item: int) -> str:
    """The key of the first review of one risk item; those of later answers begin with it."""
    return f"risk:occasion:{occasion_id}:item:{item}"


def unsaved_key(context: str, instrument: str, item: int) -> str:
    """How the keys of reviews of an answer that is not saved begin."""
    return f"risk:unsaved:{context}:{instrument}:item:{item}"


def reviews(key: str) -> list[Task]:
    """Every risk review of one item, open or closed, oldest first."""
    of_item = or_(Task.key == key, Task.key.startswith(f"{key}:", autoescape=True))
    return list(db.session.scalars(select(Task).where(of_item).order_by(Task.id)))


def closed_since(occasion_id: int, item: int, since: datetime) -> bool:
    """Whether a review of one item was closed at this moment or after it."""
    found = reviews(risk_key(occasion_id, item))
    return any(task.finished_at is not None and task.finished_at >= since for task in found)


def as_kept(answer: Answer) -> dict[str, object]:
    """An answer as a review keeps it."""
    return {"state": answer.state.value, "value": answer.value}


def known(task: Task) -> str:
    """The answer that a review knows, as a mark to compare: another answer, another mark."""
    about = task.about or {}
    kept = about.get(KNOWS) or about
    return f"{kept.get('state', '')}:{kept.get('value', '')}"


def let_know(occasion: MeasureOccasion, responses: Responses) -> None:
    """Keep with every open review the answer now on record: whoever closes it is shown that."""
    of_form = Task.key.startswith(f"risk:occasion:{occasion.id}:item:", autoescape=True)
    for task in db.session.scalars(select(Task).where(of_form, Task.state == TaskState.OPEN)):
        item = int(task.key.split(":")[4])
        known = {KNOWS: as_kept(responses.get(item, NOT_REACHED))}
        task.about = {**(task.about or {}), **known}


def key_to_open(occasion: MeasureOccasion, item: int, answer: Answer, changed: bool) -> str | None:
    """The key of the review that this answer calls for; None if one knows of it already."""
    key = risk_key(occasion.id, item)
    earlier = reviews(key)
    if not earlier:
        return key
    if somebody_knows(earlier, occasion, item, answer, changed):
        return None
    # A closed review knew another answer: this one is looked at afresh.
    return later_key(occasion, item)


def later_key(occasion: MeasureOccasion, item: int) -> str:
    """The key of a review of an item beside those it has had."""
    return f"{risk_key(occasion.id, item)}:version:{occasion.version}"


def others_of_this_answer(task: Task) -> list[Task]:
    """The open reviews, beside this one, of the same question of the same form.

    They speak of the same answer: `let_know` tells each of them the one on record. What a
    clinician did about it is said of all of them at once.
    """
    parts = task.key.split(":")
    if parts[:2] != ["risk", "occasion"] or len(parts) < 5 or task.state is not TaskState.OPEN:
        return []
    same = risk_key(int(parts[2]), int(parts[4]))
    found = select(Task).where(
        Task.case_id == task.case_id,
        Task.kind == TaskKind.RISK_REVIEW,
        Task.state == TaskState.OPEN,
        Task.id != task.id,
    )
    return [
        one
        for one in db.session.scalars(found.order_by(Task.id))
        if one.key == same or one.key.startswith(f"{same}:")
    ]


def somebody_knows(
    found: list[Task], occasion: MeasureOccasion, item: int, answer: Answer, changed: bool
) -> bool:
    """Whether a review of an item is open, or the last one was closed on this very answer."""
    if any(task.state is TaskState.OPEN for task in found):
        return True
    if changed or not found:
        return False
    last = max(found, key=lambda task: (task.finished_at or task.created_at, task.id))
    kept = (last.about or {}).get(KNOWS)
    if kept is not None:
        return bool(kept == as_kept(answer))
    # Closed before reviews kept what they knew: it knows an answer that nobody changed since.
    since = exists().where(
        AnswerCorrection.occasion_id == occasion.id,
        AnswerCorrection.item == item,
        AnswerCorrection.created_at >= last.finished_at,
    )
    return not db.session.scalar(select(since))
