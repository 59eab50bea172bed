"""Imported answers to risk questions: a clinician looks at them and says so; nothing escalates.

They are not news of today: whoever asked them then looked then, or should have. One open task a
case lists every past answer to be looked at. An answer of the last days is news, whoever typed it
into whatever file: `is_recent` tells it, and `risk` opens its review as for one recorded here.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import clock, policy
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind
from outcome_measures.answers import NOT_KNOWN
from outcome_measures.definitions import Answer, RiskTo
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureOccasion
from outcome_measures.policy import PAST_ANSWERS_WITHIN, RECENT_ANSWERS
from outcome_measures.scores import scoring
from outcome_measures.scores.risk_signals import NOBODY_KNOWS
from outcome_measures.time_points import Origin

TITLE = "Imported answers to risk questions: look at them"
ENDPOINT = "measures.past_answers_of_case"
OCCASIONS = "occasions"


def past_signals(occasion: MeasureOccasion) -> tuple[str, ...]:
    """What is to be looked at in an imported measure, in words: answers of one or more, or none."""
    instrument = recorded(occasion.instrument)
    if not instrument.installed:
        return (NOBODY_KNOWS,)
    if occasion.origin is Origin.TOTAL:
        return tuple(
            f"{_about(item.risk_to)}: question {item.number} is {NOT_KNOWN}."
            for item in instrument.risk_items
        )
    answers = {row.item: Answer(row.state, row.value) for row in occasion.answers}
    signals = scoring.risk_signals(instrument, answers, submitted=True)
    return tuple(f"{_about(signal.to)}: {_small(signal.reason)}" for signal in signals)


def _about(to: RiskTo | None) -> str:
    return to.words.capitalize() if to else "Not known"


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def is_recent(on: date) -> bool:
    """Whether an imported answer of a day is too new to wait on a list."""
    days = int(policy.values(RECENT_ANSWERS)["recent_answers_days"])
    return clock.today() - on <= timedelta(days=days)


def look_at_past(
    occasion: MeasureOccasion, case: Case, changed: frozenset[int], *, by: int
) -> None:
    """Put an imported measure on the case's list, if a risk question was answered or not answered.

    Args:
        changed: items whose answer is another now; 0 stands for a typed total.
    """
    must_be_writing()
    instrument = recorded(occasion.instrument)
    asked = {0, *(item.number for item in instrument.risk_items)}
    if instrument.installed and not changed & asked:
        return
    if not past_signals(occasion):
        return
    task = open_past_task(case.id) or _open(case, by=by)
    waiting = occasions_of(task)
    if occasion.id not in waiting:
        task.about = {OCCASIONS: [*waiting, occasion.id]}


def open_past_task(case_id: int) -> Task | None:
    """The open task of a case's past answers."""
    found = tasks.open_tasks(case_id, TaskKind.PAST_ANSWER)
    return found[0] if found else None


def occasions_of(task: Task) -> list[int]:
    """The occasions a task lists."""
    return list((task.about or {}).get(OCCASIONS, ()))


def looked_at_since(occasion: MeasureOccasion, since: datetime) -> bool:
    """Whether a list with this measure was looked at, at this moment or after it."""
    done = db.session.scalars(
        select(Task).where(
            Task.case_id == occasion.case_id,
            Task.kind == TaskKind.PAST_ANSWER,
            Task.finished_at >= since,
        )
    )
    return any(occasion.id in occasions_of(task) for task in done)


def record_look(*, case_id: int, seen: int, outcome: str, by: int) -> None:
    """A clinician has looked at all past answers on the list of a case and says what he did.

    Args:
        seen: how many measures the page listed.

    Raises:
        Refused: nothing is said, nothing is to be looked at, or more came in meanwhile.
    """
    must_be_writing()
    cases.lock(case_id)
    task = open_past_task(case_id)
    if task is None:
        raise Refused("Somebody has looked at these answers meanwhile.")
    if len(occasions_of(task)) != seen:
        raise Refused("More past answers were imported meanwhile: look at them as well.")
    if not outcome.strip():
        raise Refused("Say what you found and what you did.")
    tasks.finish(task, by=by, outcome=outcome)


def _open(case: Case, *, by: int) -> Task:
    """For whoever imports them, who is there; every clinician of the case sees the list."""
    earlier = db.session.scalar(
        select(func.count(Task.id)).where(
            Task.case_id == case.id, Task.kind == TaskKind.PAST_ANSWER
        )
    )
    days = int(policy.values(PAST_ANSWERS_WITHIN)["past_answers_within_days"])
    owner = db.session.get_one(Staff, by)
    return tasks.open_task(
        TaskKind.PAST_ANSWER,
        key=f"past:case:{case.id}:{(earlier or 0) + 1}",
        title=TITLE,
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.id,
        due_at=clock.now() + timedelta(days=days),
        by=by,
        case_id=case.id,
        endpoint=ENDPOINT,
        subject_ref=case.ref,
    )
