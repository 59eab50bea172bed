"""Signs of risk in answers become reviews with a named owner; nothing here closes one.

Answers that were typed and could not be saved count as well: their review opens at once, says
that they are not saved, and becomes the review of the saved answer once the same one is saved.
"""

from collections.abc import Mapping

from sqlalchemy import exists, select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskState
from outcome_measures.definitions import NOT_REACHED, Answer, Instrument, Responses, RiskTo
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import AnswerCorrection, MeasureOccasion
from outcome_measures.risk.opening import RISK_ENDPOINT as RISK_ENDPOINT
from outcome_measures.risk.opening import open_review
from outcome_measures.risk.past_answers import is_recent, look_at_past
from outcome_measures.risk.reviews import (
    as_kept,
    key_to_open,
    later_key,
    let_know,
    reviews,
    somebody_knows,
    unsaved_key,
)
from outcome_measures.risk.reviews import responses_of as responses_of
from outcome_measures.risk.reviews import risk_key as risk_key
from outcome_measures.risk.titles import NotSaved as NotSaved
from outcome_measures.risk.titles import review_title
from outcome_measures.scores import scoring
from outcome_measures.scores.risk_signals import RiskSignal

TO = "to"
"""What a review keeps about itself: whom the question asks about."""
WHILE_FILLED_IN = "Changed before the form was submitted."


def raise_risk(
    occasion: MeasureOccasion,
    case: Case,
    changed: frozenset[int],
    *,
    submitted: bool,
    by: int | None,
    assessor_id: int | None = None,
) -> None:
    """Open the reviews that the saved answers of a measure call for.

    Args:
        changed: items whose answer is another than before this was saved.
        submitted: whether silence on a risk item counts.
        assessor_id: who is asked first, where it is not `by` (a job: whoever entered the form).

    A closed review is not repeated for the answer it was closed on. For any other it is, whenever
    that came on record: silence counts only once the form ends, perhaps long after it was saved.

    An imported answer goes to the list of past answers, a recent one to a review like any other.
    """
    if occasion.historic and not _is_live(occasion):
        look_at_past(occasion, case, changed, by=by or occasion.entered_by)
        return
    instrument = recorded(occasion.instrument)
    responses = responses_of(occasion)
    for number in sorted(changed & {item.number for item in instrument.risk_items}):
        _tell_owners(occasion, number, by=by)
    for signal in scoring.risk_signals(instrument, responses, submitted=submitted):
        number = signal.item_number
        answer = responses.get(number, NOT_REACHED)
        key = key_to_open(occasion, number, answer, number in changed)
        saved_as = key or later_key(occasion, number)
        saved = _now_saved(occasion, signal, responses, saved_as, by=by)
        if key is not None and not saved:
            _open(key, signal, case, first=assessor_id or by or occasion.entered_by, by=by)
    let_know(occasion, responses)


def _open(key: str, signal: RiskSignal, case: Case, *, first: int, by: int | None) -> None:
    """`first`: who is asked first."""
    open_review(
        case,
        first,
        key=key,
        title=review_title(signal.to),
        about=_whom(signal),
        by=by,
    )


def _whom(signal: RiskSignal) -> dict[str, str]:
    return {TO: signal.to.value} if signal.to else {}


def _is_live(occasion: MeasureOccasion) -> bool:
    """Whether an imported answer is recent, or was when it came: what was opened stays open."""
    begun = Task.key.startswith(f"risk:occasion:{occasion.id}:", autoescape=True)
    return is_recent(occasion.asked_on) or db.session.scalar(select(exists().where(begun))) is True


def whom_about(task: Task) -> RiskTo | None:
    """Whom the question behind a review asks about; None where the review does not say."""
    kept = (task.about or {}).get(TO)
    return RiskTo(kept) if kept else None


def keep_risk_answers(
    occasion: MeasureOccasion, before: Responses, after: Responses, *, by: int
) -> None:
    """Keep what was answered to a question about risk before it is answered differently.

    A form may still be filled in; whoever looks at a sign of risk sees the answer that opened it.
    """
    for item in recorded(occasion.instrument).risk_items:
        earlier = before.get(item.number, NOT_REACHED)
        if earlier != NOT_REACHED and earlier != after.get(item.number, NOT_REACHED):
            db.session.add(
                AnswerCorrection(
                    occasion_id=occasion.id,
                    item=item.number,
                    before_state=earlier.state,
                    before_value=earlier.value,
                    by_id=by,
                    reason=WHILE_FILLED_IN,
                )
            )


def _tell_owners(occasion: MeasureOccasion, item: int, *, by: int | None) -> None:
    """Whoever looks at it already is told that the answer is another now, a lower one too."""
    for task in reviews(risk_key(occasion.id, item)):
        if task.state is TaskState.OPEN and task.owner_staff_id != by:
            tasks.tell(
                task.owner_principal_id,
                key=f"answer:{task.id}:{occasion.version}",
                text="An answer behind a sign of risk that you look after has changed.",
                case_id=task.case_id,
                endpoint="overview.risk_task",
                subject_ref=task.ref,
            )


def with_whom(occasion: MeasureOccasion) -> str:
    """Who looks at the signs of risk of a form, as a sentence; empty where none is open."""
    owners = db.session.scalars(
        select(Staff.name)
        .join(Task, Task.owner_staff_id == Staff.id)
        .where(
            Task.state == TaskState.OPEN,
            Task.key.startswith(f"risk:occasion:{occasion.id}:", autoescape=True),
        )
        .order_by(Task.id)
    ).all()
    if not owners:
        return ""
    return f" An answer needs a clinician to look: the risk review is with {owners[0]}."


def look_at_unsaved(
    *,
    case_id: int,
    context: str,
    instrument: str,
    answers: Mapping[int, Answer],
    submitted: bool,
    why: NotSaved,
    by: int,
) -> None:
    """Open a review for every sign of risk among answers that were typed and are not saved.

    One that a review knows already opens no second one. The answer is kept with the task,
    encrypted, for whoever looks at it.

    Args:
        context: as in `recording.service.open_occasion`.
        submitted: whether the form was to end with this, so that silence counts.
    """
    must_be_writing()
    case = cases.lock(case_id)
    definition = recorded(instrument)  # a pack that was deleted asks about no risk any more
    at = clock.now().isoformat()
    common = {"instrument": instrument, "why": why.value, "by": by, "at": at}
    for signal in scoring.risk_signals(definition, answers, submitted=submitted):
        number = signal.item_number
        answer = answers.get(number, NOT_REACHED)
        if _known(context, definition, number, answer):
            continue
        key = unsaved_key(context, instrument, number)
        open_review(
            case,
            by,
            key=f"{key}:{len(reviews(key)) + 1}",
            by=by,
            title=review_title(signal.to, why),
            about={**as_kept(answer), **common, "item": number, **_whom(signal)},
        )


def _known(context: str, instrument: Instrument, item: int, answer: Answer) -> bool:
    """Whether a review has been opened for this very answer, saved or not."""
    unsaved = reviews(unsaved_key(context, instrument.id, item))
    if any(task.state is TaskState.OPEN and _says(task, answer) for task in unsaved):
        return True
    occasion = db.session.scalars(
        select(MeasureOccasion).where(
            MeasureOccasion.context == context, MeasureOccasion.instrument == instrument.id
        )
    ).one_or_none()
    if occasion is None or responses_of(occasion).get(item, NOT_REACHED) != answer:
        return False
    found = reviews(risk_key(occasion.id, item))
    return somebody_knows(found, occasion, item, answer, changed=False)


def _says(task: Task, answer: Answer) -> bool:
    said = as_kept(answer)
    return task.about is not None and {name: task.about.get(name) for name in said} == said


def _now_saved(
    occasion: MeasureOccasion, signal: RiskSignal, given: Responses, key: str, *, by: int | None
) -> bool:
    """Make the open review of this answer, typed before and now saved, the saved answer's.

    It stays open with its owner and the time by which it is due.
    """
    item = signal.item_number
    answer = given.get(item, NOT_REACHED)
    for task in reviews(unsaved_key(occasion.context, occasion.instrument, item)):
        if task.state is TaskState.OPEN and _says(task, answer):
            task.key, task.title = key, review_title(signal.to)
            audit.record("tasks.answer_saved", by=by, case_id=task.case_id, task=task.id)
            return True
    return False
