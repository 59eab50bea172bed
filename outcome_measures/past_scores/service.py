"""Importing past scores: a file is kept for a look first, then taken row by row, once.

Every row is its own short transaction and known again by case, day and measure, so an import that
was cut short is simply run again: what was taken stays, nothing is taken twice.
"""

import uuid
from dataclasses import asdict

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.queries import stands
from mhtr.core import audit, clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.csv_files import RefusedCell
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from outcome_measures.definitions import NOT_REACHED, Answer, Instrument
from outcome_measures.flags import service as flag_service
from outcome_measures.goals.service import keep_goals
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.models import (
    TAKES_ITS_DAY,
    ImportedScore,
    MeasureAnswer,
    MeasureOccasion,
    OccasionState,
    PastScoreRun,
)
from outcome_measures.past_scores.fits import misfit
from outcome_measures.past_scores.rows import PastScore
from outcome_measures.past_scores.whose import Matched, compare, context_of, courses_of
from outcome_measures.risk.past_answers import is_recent
from outcome_measures.risk.service import raise_risk
from outcome_measures.time_points import Origin


def keep_file(*, file_name: str, text: str, by: int) -> PastScoreRun:
    """Keep an uploaded file until it is imported or thrown away."""
    must_be_writing()
    run = PastScoreRun(by_id=by, file_name=file_name[:120], content=text, result=None)
    db.session.add(run)
    db.session.flush()
    audit.record("measures.past_file_kept", by=by, run=run.id)
    return run


def find_run(ref: uuid.UUID, by: int) -> PastScoreRun:
    """A file this member of staff sent.

    Raises:
        NotFound: no such file, or somebody else's.
    """
    run = db.session.scalars(
        select(PastScoreRun).where(PastScoreRun.ref == ref, PastScoreRun.by_id == by)
    ).one_or_none()
    if run is None:
        raise NotFound
    return run


def take_row(*, matched: Matched, viewer: Viewer, run_id: int | None = None) -> bool:
    """Take one row as it was matched; returns whether it was new.

    Args:
        run_id: the file it is from.

    Raises:
        Refused: the case left the viewer's scope or got such a score since it was matched, or the
            row does not fit it any more.
    """
    must_be_writing()
    row, by = matched.row, viewer.staff_id
    case = cases.lock(matched.man.case_id)
    if not stands(viewer, case.id, Purpose.CLINICAL):
        raise Refused("This man is no longer one of those whose scores you may see.")
    there = db.session.scalars(
        select(MeasureOccasion).where(
            MeasureOccasion.case_id == case.id,
            MeasureOccasion.asked_on == row.on,
            MeasureOccasion.state.in_(TAKES_ITS_DAY),
        )
    ).all()
    reason, known = compare(row, there)
    if reason:
        raise Refused(reason)
    if known:
        return False
    course = courses_of({case.id: matched.man.opened_on})[case.id]
    if wrong := misfit(row, matched.man.born, course, clock.today()):
        raise Refused(wrong[1])
    made = _occasion(row, case.id, by)
    keep_goals(made)
    db.session.add(made)
    db.session.flush()
    db.session.add(ImportedScore(occasion_id=made.id, run_id=run_id, line=row.line))
    audit.record("measures.past_taken", by=by, case_id=case.id, occasion=made.id)
    raise_risk(made, case, frozenset({0, *row.responses()}), submitted=True, by=by)
    flag_service.look_again(case_id=case.id, by=by)
    return True


def finish(*, run_id: int, taken: int, known: int, refused: list[RefusedCell], by: int) -> None:
    """Record what became of the file, and forget its content.

    Raises:
        Refused: the file was imported or thrown away before.
    """
    must_be_writing()
    run = db.session.scalars(
        select(PastScoreRun).where(PastScoreRun.id == run_id).with_for_update()
    ).one()
    if run.imported_at is not None or run.content is None:
        raise Refused("This file was imported or thrown away already.")
    run.result = {
        "taken": taken,
        "known": known,
        "refused_rows": len({cell.line for cell in refused}),
        "refused": [asdict(cell) for cell in refused],
    }
    run.imported_at, run.content = clock.now(), None
    audit.record("measures.past_imported", by=by, run=run_id, taken=taken)


def throw_away(*, run_id: int, by: int) -> None:
    """Forget a kept file without importing it."""
    must_be_writing()
    run = db.session.get_one(PastScoreRun, run_id)
    if run.imported_at is None:
        run.content = None
        audit.record("measures.past_file_thrown_away", by=by, run=run_id)


def _occasion(row: PastScore, case_id: int, by: int) -> MeasureOccasion:
    instrument = find_instrument(row.instrument)
    return MeasureOccasion(
        case_id=case_id,
        context=context_of(row, case_id),
        point=row.point,
        session_number=row.session_number,
        origin=Origin.ITEMS if row.typed_total is None else Origin.TOTAL,
        typed_total=row.typed_total,
        typed_parts=dict(row.parts) or None,
        historic=True,
        instrument=instrument.id,
        instrument_version=instrument.version,
        language=instrument.language,
        asked_on=row.on,
        mode=row.mode,
        state=OccasionState.SUBMITTED,
        entered_by=by,
        submitted_at=clock.now(),
        answers=[
            MeasureAnswer(item=number, state=answer.state, value=answer.value)
            for number, answer in (row.responses() or _not_known(row, instrument)).items()
        ],
    )


def _not_known(row: PastScore, instrument: Instrument) -> dict[int, Answer]:
    """Beside a recent total the risk questions are kept as not known, for their review to show."""
    asked = instrument.risk_items if is_recent(row.on) else ()
    return {item.number: NOT_REACHED for item in asked}
