"""Answers on their way into the record: which questions his other answers rule out, and history."""

from collections.abc import Mapping

from sqlalchemy import select

from mhtr.core.database import db
from mhtr.core.errors import Refused
from outcome_measures.definitions import (
    NOT_REACHED,
    Answer,
    AnswerState,
    Instrument,
    Item,
    Responses,
)
from outcome_measures.models import AnswerCorrection, MeasureAnswer, MeasureOccasion
from outcome_measures.scores import scoring
from outcome_measures.scores.total_checks import part_names, place_of
from outcome_measures.time_points import Origin

THE_TOTAL = 0
"""The place of the total among corrected answers; subscales and ticks come before it."""
_NOT_ASKED = Answer(AnswerState.NOT_APPLICABLE)
_PASSED_OVER = Answer(AnswerState.SKIPPED)
RULED_OUT = "Another answer was corrected: at this total the question is not asked."
ASKED_AGAIN = "Another answer was corrected: at this total the question is asked."


def begun(occasion: MeasureOccasion) -> bool:
    """Whether a question was answered, declined or passed over."""
    return any(row.state is not AnswerState.NOT_REACHED for row in occasion.answers)


def asked_only(instrument: Instrument, answers: Mapping[int, Answer]) -> dict[int, Answer]:
    """The answers, with questions that his other answers rule out marked as not applicable."""
    scored = {item.number for item in instrument.scored_items}
    first = {number: answer for number, answer in answers.items() if number in scored}
    asked = {item.number for item in scoring.items_to_ask(instrument, first)}
    return {
        **answers,
        **{item.number: _NOT_ASKED for item in instrument.items if item.number not in asked},
    }


def not_kept(instrument: Instrument, answers: Mapping[int, Answer]) -> str:
    """Which given answers `asked_only` leaves out, as a sentence; empty where it keeps all."""
    kept = asked_only(instrument, answers)
    said = ""
    for item in instrument.items:
        given = answers.get(item.number, _NOT_ASKED)
        if given != kept.get(item.number, given) and item.asked_only_if is not None:
            said += (
                f" Question {item.number} is asked only where the total is above "
                f"{item.asked_only_if.points}: its answer is not kept."
            )
    return said


def passed_over(answers: Mapping[int, Answer]) -> dict[int, Answer]:
    """The answers of a form that ends here, with blanks before the last one marked as skipped.

    Nobody came to what lies after it: that stays "not reached".
    """
    met = [n for n, a in answers.items() if a.state in (AnswerState.ANSWERED, AnswerState.DECLINED)]
    between = range(1, max(met, default=0))
    return {**dict.fromkeys((n for n in between if n not in answers), _PASSED_OVER), **answers}


def refuse_not_asked(
    instrument: Instrument, typed_total: int | None, number: int, after: Responses
) -> None:
    """Refuse an answer to a question that is not asked at this total.

    Raises:
        Refused: with the total above which it is asked.
    """
    item = instrument.item(number)
    above = item.asked_only_if
    if above is None or after[number].state is AnswerState.NOT_APPLICABLE:
        return
    if not _asked(instrument, item, typed_total, after):
        raise Refused(
            f"Question {number} is asked only where the total is above {above.points}. "
            "Correct the answers that make the total first."
        )


def follow_total(
    instrument: Instrument, occasion: MeasureOccasion, after: Responses, *, by: int
) -> None:
    """Mark what a corrected total rules out as not applicable, and give back what it did before.

    Both are kept with who and why, as any correction is.
    """
    for item in instrument.items:
        if item.asked_only_if is None:
            continue
        now = after.get(item.number, NOT_REACHED)
        if not _asked(instrument, item, occasion.typed_total, after):
            if now != _NOT_ASKED:
                _put(occasion, item.number, now, _NOT_ASKED, RULED_OUT, by=by)
        elif now == _NOT_ASKED and (before := _ruled_out(occasion, item.number)):
            _put(occasion, item.number, now, before, ASKED_AGAIN, by=by)


def _asked(instrument: Instrument, item: Item, typed_total: int | None, given: Responses) -> bool:
    if typed_total is not None:
        return item.asked_only_if is None or typed_total > item.asked_only_if.points
    scored = {one.number for one in instrument.scored_items}
    first = {number: answer for number, answer in given.items() if number in scored}
    if item in scoring.items_to_ask(instrument, first):
        return True
    # While an answer is missing nobody knows the total: only a total that is known rules it out.
    return not scoring.score(instrument, first).complete


def _ruled_out(occasion: MeasureOccasion, number: int) -> Answer | None:
    """What was answered before a corrected total ruled the question out; None if none did."""
    last = db.session.scalars(
        select(AnswerCorrection)
        .where(AnswerCorrection.occasion_id == occasion.id, AnswerCorrection.item == number)
        .order_by(AnswerCorrection.id.desc())
    ).first()
    if last is None or last.reason != RULED_OUT:
        return None
    return Answer(last.before_state, last.before_value)


def _put(
    occasion: MeasureOccasion, number: int, was: Answer, now: Answer, why: str, *, by: int
) -> None:
    keep_before(occasion, number, was, reason=why, by=by)
    write_answer(occasion, number, now)


def keep_before(
    occasion: MeasureOccasion, item: int, before: Answer, *, reason: str, by: int
) -> None:
    """Keep what an answer (0 or below: a total typed in, or a part of it) was."""
    db.session.add(
        AnswerCorrection(
            occasion_id=occasion.id,
            item=item,
            before_state=before.state,
            before_value=before.value,
            by_id=by,
            reason=reason.strip(),
        )
    )


def give_up_total(
    instrument: Instrument, occasion: MeasureOccasion, *, reason: str, by: int
) -> None:
    """Let a form stand by its answers alone: a question that counts has none, so it has no total.

    What was typed in is kept as any correction is, and the other questions can be answered.
    """
    typed = occasion.typed_parts or {}
    kept = {
        place_of(instrument, name): typed[name] for name in part_names(instrument) if name in typed
    }
    if occasion.typed_total is not None:
        kept[THE_TOTAL] = occasion.typed_total
    for place, points in sorted(kept.items()):
        keep_before(occasion, place, Answer(AnswerState.ANSWERED, points), reason=reason, by=by)
    occasion.origin, occasion.typed_total, occasion.typed_parts = Origin.ITEMS, None, None


def write_answer(occasion: MeasureOccasion, item: int, answer: Answer) -> None:
    """Put an answer in the place of the one there was."""
    row = next((row for row in occasion.answers if row.item == item), None)
    if row is None:
        occasion.answers.append(MeasureAnswer(item=item, state=answer.state, value=answer.value))
    else:
        row.state, row.value = answer.state, answer.value
