"""The only writer of measures: opening, saving, submitting and correcting them.

A sign of risk becomes a task with a named owner in the transaction that saves the answer.
Nothing here ever closes such a task.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from outcome_measures.definitions import NOT_REACHED, Answer, AnswerState, Instrument, Responses
from outcome_measures.flags import service as flag_service
from outcome_measures.goals.service import keep_goals, refuse_not_set
from outcome_measures.instruments.registry import find_instrument, recorded
from outcome_measures.models import (
    MeasureAnswer,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.recording.answers import (
    asked_only,
    follow_total,
    give_up_total,
    keep_before,
    passed_over,
    refuse_not_asked,
    write_answer,
)
from outcome_measures.risk.service import keep_risk_answers, raise_risk, responses_of
from outcome_measures.scores import scoring
from outcome_measures.scores.total_checks import check_total, left_open
from outcome_measures.signing.service import in_force
from outcome_measures.time_points import TimePoint

_SILENT: dict[str, object] = {"state": AnswerState.NOT_REACHED, "value": None}


def open_occasion(
    *,
    case_id: int,
    context: str,
    instrument: str,
    mode: MeasureMode,
    asked_on: date,
    by: int,
    point: TimePoint = TimePoint.PRE_SENTENCE,
    session_number: int | None = None,
    contact_id: int | None = None,
    language: str | None = None,
) -> MeasureOccasion:
    """Open a measure once for a context; a repeat returns the one that is open already.

    Args:
        context: opaque to this package; names what the measure was asked for.
        language: in which the answers are taken, where it is not the instrument's own.
    """
    must_be_writing()
    cases.lock(case_id)
    earlier = _asked_before(context, instrument)
    if earlier is not None:
        return earlier
    made = MeasureOccasion(
        case_id=case_id,
        context=context,
        point=point,
        session_number=session_number,
        contact_id=contact_id,
        asked_on=asked_on,
        mode=mode,
        entered_by=by,
        **_as_asked(find_instrument(instrument), language),
    )
    keep_goals(made)
    db.session.add(made)
    db.session.flush()
    audit.record("measures.opened", by=by, case_id=case_id, occasion=made.id)
    return made


def _as_asked(definition: Instrument, language: str | None) -> dict[str, Any]:
    """What is kept of the instrument, whatever becomes of its file, and no answer yet."""
    return {
        "answers": [],
        "instrument": definition.id,
        "instrument_version": definition.version,
        "language": language or definition.language,
    }


def _asked_before(context: str, instrument: str) -> MeasureOccasion | None:
    return db.session.scalars(
        select(MeasureOccasion).where(
            MeasureOccasion.context == context, MeasureOccasion.instrument == instrument
        )
    ).one_or_none()


def save_answers(
    occasion: MeasureOccasion, answers: Mapping[int, Answer], *, version: int, by: int
) -> None:
    """Keep what has been answered so far; blanks stay "not reached".

    Raises:
        InvalidResponses: an answer is none of the item's options; nothing is saved.
        Refused: the measure was submitted.
        Stale: somebody saved it meanwhile.
    """
    case = begin(occasion, version)
    _, changed = _keep(occasion, answers, by=by)
    audit.record("measures.saved", by=by, case_id=case.id, occasion=occasion.id)
    raise_risk(occasion, case, changed, submitted=False, by=by)


def submit(
    occasion: MeasureOccasion, answers: Mapping[int, Answer], *, version: int, by: int
) -> scoring.Score:
    """Save the answers, end the form, score it and open a risk review where one is needed.

    Raises:
        InvalidResponses, Refused, Stale: as `save_answers`.
    """
    case = begin(occasion, version)
    asked = passed_over(asked_only(recorded(occasion.instrument), answers))
    score, changed = _keep(occasion, asked, by=by)
    occasion.state, occasion.submitted_at = OccasionState.SUBMITTED, clock.now()
    audit.record(
        "measures.submitted",
        by=by,
        case_id=case.id,
        occasion=occasion.id,
        complete=score.complete,
    )
    raise_risk(occasion, case, changed, submitted=True, by=by)
    flag_service.look_again(case_id=case.id, by=by)
    return score


def correct(
    occasion: MeasureOccasion, item: int, answer: Answer, *, reason: str, version: int, by: int
) -> None:
    """Put one answer of a submitted measure right; the old one is kept, with who and why.

    A risk review that is open stays open. An answer that now is a sign of risk, or a higher one,
    opens a review of its own where none is open. Where he would not answer a question that counts,
    a total that was typed in is given up.

    Raises:
        InvalidResponses: the answer is none of the item's options.
        InvalidTotal: the total that was typed in cannot stand beside it.
        Refused: no reason, nothing changed, or the measure is not submitted.
        Stale: somebody changed it meanwhile.
    """
    case = locked(occasion, version)
    if occasion.state is OccasionState.WITHDRAWN:
        raise Refused("This measure was taken back. It is kept as it was.")
    if occasion.state is not OccasionState.SUBMITTED:
        raise Refused("Only a submitted measure is corrected. Fill it in instead.")
    if not reason.strip():
        raise Refused("Say why the answer is corrected.")
    before = responses_of(occasion).get(item, NOT_REACHED)
    if before == answer:
        raise Refused("This is the answer on record.")
    after = {**responses_of(occasion), item: answer}
    instrument = in_force(occasion.instrument)
    scoring.score(instrument, after)
    refuse_not_set(occasion, {item: answer})
    refuse_not_asked(instrument, occasion.typed_total, item, after)
    keep_before(occasion, item, before, reason=reason, by=by)
    write_answer(occasion, item, answer)
    _total_beside(instrument, occasion, after, reason=reason, by=by)
    follow_total(instrument, occasion, after, by=by)
    occasion.version += 1
    db.session.flush()
    told = [f"item {item}"]
    audit.record("measures.corrected", by=by, case_id=case.id, occasion=occasion.id, fields=told)
    raise_risk(occasion, case, frozenset({item}), submitted=True, by=by)
    flag_service.look_again(case_id=case.id, by=by)


def _total_beside(
    instrument: Instrument, occasion: MeasureOccasion, after: Responses, *, reason: str, by: int
) -> None:
    """A total that was typed in goes with the corrected answer, or there is none any more."""
    if occasion.typed_total is None:
        return
    if left_open(instrument, after):
        give_up_total(instrument, occasion, reason=reason, by=by)
    else:
        check_total(instrument, occasion.typed_total, occasion.typed_parts, after)


def look_at_unfinished(*, case_id: int, by: int | None) -> None:
    """Open a risk review for every form of a case left unfinished without its risk questions.

    Called when nobody will go on with the forms for now. They stay open, so that they can be
    finished after all; a repeat opens no second review.
    """
    case = cases.lock(case_id)
    for occasion in db.session.scalars(
        select(MeasureOccasion)
        .where(MeasureOccasion.case_id == case_id, MeasureOccasion.state == OccasionState.OPEN)
        .order_by(MeasureOccasion.id)
    ):
        entered_by = occasion.entered_by
        note_silence(occasion)
        raise_risk(occasion, case, frozenset(), submitted=True, by=by, assessor_id=entered_by)


def note_silence(occasion: MeasureOccasion) -> None:
    """Put on record that what has no answer was not reached: a form may never have been saved."""
    there = {row.item for row in occasion.answers}
    silent = [
        {"occasion_id": occasion.id, "item": item.number, **_SILENT}
        for item in recorded(occasion.instrument).items
        if item.number not in there
    ]
    if silent:
        db.session.execute(insert(MeasureAnswer), silent)
        db.session.expire(occasion, ["answers"])


def begin(occasion: MeasureOccasion, version: int) -> Case:
    """The locked case of a form that is open.

    Raises:
        Refused: it was submitted, closed or taken back.
        Stale: somebody saved it meanwhile.
    """
    case = locked(occasion, version)
    if occasion.state is not OccasionState.OPEN:
        if occasion.state is OccasionState.CLOSED:
            raise Refused("This measure was closed unfinished. Go on with it first.")
        if occasion.state is OccasionState.WITHDRAWN:
            raise Refused("This measure was taken back. It is kept as it was.")
        raise Refused("This measure was submitted. Correct an answer instead.")
    return case


def locked(occasion: MeasureOccasion, version: int) -> Case:
    """The locked case of a form, whatever became of it. Raises `Stale`."""
    must_be_writing()
    case = cases.lock(occasion.case_id)
    db.session.refresh(occasion)
    if occasion.version != version:
        raise Stale(occasion)
    return case


def _keep(
    occasion: MeasureOccasion, answers: Mapping[int, Answer], *, by: int
) -> tuple[scoring.Score, frozenset[int]]:
    """Write the answers; returns their score and the items whose answer is another now."""
    instrument = in_force(occasion.instrument)
    refuse_not_set(occasion, answers)
    score = scoring.score(instrument, answers)
    before = responses_of(occasion)
    after = {item.number: answers.get(item.number, NOT_REACHED) for item in instrument.items}
    keep_risk_answers(occasion, before, after, by=by)
    for number in before:
        write_answer(occasion, number, after[number])
    new = [
        {"occasion_id": occasion.id, "item": n, "state": answer.state, "value": answer.value}
        for n, answer in after.items()
        if n not in before
    ]
    occasion.version += 1
    occasion.entered_by, occasion.kept_at = by, clock.now()
    db.session.flush()
    if new:
        # One statement for all the answers of a form, where objects would take one each.
        db.session.execute(insert(MeasureAnswer), new)
        db.session.expire(occasion, ["answers"])
    return score, frozenset(n for n, answer in after.items() if before.get(n) != answer)
