"""Makers of measures on record, for tests of what pages show of them."""

from collections.abc import Mapping
from datetime import date

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.definitions import AnswerState
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import (
    AnswerCorrection,
    MeasureAnswer,
    MeasureContact,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.time_points import Origin, TimePoint


def spread(instrument: str, total: int) -> dict[int, int]:
    """Answers that make a total; PHQ-9's ninth is the last to rise above zero."""
    items = [item.number for item in INSTRUMENTS[instrument].scored_items]
    answers = dict.fromkeys(items, 0)
    assert total <= 3 * len(items), f"no answers up to 3 make {total}"
    while total:
        for number in items:
            given = min(3 - answers[number], total)
            answers[number] += given
            total -= given
    return answers


def asked(
    case: Case,
    by: Staff,
    instrument: str,
    on: date,
    total: int | None,
    *,
    session: int | None = None,
    point: TimePoint | None = None,
    typed: bool = False,
    state: OccasionState = OccasionState.SUBMITTED,
    answers: Mapping[int, int] | None = None,
    historic: bool = False,
) -> MeasureOccasion:
    """A measure of a case. Without a total its first question is declined."""
    where = point or (TimePoint.SESSION if session else TimePoint.BETWEEN)
    given = {} if typed else dict(answers or spread(instrument, total or 0))
    rows = [
        MeasureAnswer(item=n, state=AnswerState.ANSWERED, value=value) for n, value in given.items()
    ]
    if rows and total is None and answers is None:
        rows[0].state, rows[0].value = AnswerState.DECLINED, None
    case_id, staff_id = case.id, by.id
    with writing():
        made = MeasureOccasion(
            case_id=case_id,
            context=f"test:{case_id}:{on}:{where}",
            point=where,
            session_number=session,
            instrument=instrument,
            instrument_version="1",
            asked_on=on,
            mode=MeasureMode.IN_PERSON,
            state=state,
            entered_by=staff_id,
            submitted_at=clock.now() if state is OccasionState.SUBMITTED else None,
            origin=Origin.TOTAL if typed else Origin.ITEMS,
            typed_total=total if typed else None,
            historic=historic,
            answers=[] if typed else rows,
        )
        db.session.add(made)
    return made


def held(case: Case, by: Staff, on: date, session: int) -> None:
    """A treatment session that took place."""
    case_id, staff_id = case.id, by.id
    with writing():
        db.session.add(
            MeasureContact(
                case_id=case_id,
                context=f"test:{case_id}:{on}",
                held_on=on,
                point=TimePoint.SESSION,
                session_number=session,
                mode=MeasureMode.IN_PERSON,
                by_id=staff_id,
            )
        )


def corrected(occasion: MeasureOccasion, by: Staff, item: int, *, before: int, now: int) -> None:
    """An answer put right."""
    occasion_id, staff_id = occasion.id, by.id
    with writing():
        row = db.session.get_one(MeasureOccasion, occasion_id)
        next(answer for answer in row.answers if answer.item == item).value = now
        db.session.add(
            AnswerCorrection(
                occasion_id=occasion_id,
                item=item,
                before_state=AnswerState.ANSWERED,
                before_value=before,
                by_id=staff_id,
                reason="Misheard",
            )
        )
