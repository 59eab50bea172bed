"""Answers to a questionnaire that were typed and could not be saved: their risk is looked at.

On a session that is over the form is kept and nothing of it saved; one whose page is out of date,
or whose record he may not open any more, is refused. Either way a sign of risk among the answers
becomes a review with a named owner.
"""

import uuid
from datetime import datetime

from flask import request
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.past_access import had_access
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.suitability.assessment_queries import latest_assessment
from mhtr.suitability.models import Assessment
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.recording import service as measures
from outcome_measures.recording.measure_forms import typed, typed_correction
from outcome_measures.risk import service as risk
from outcome_measures.risk.service import NotSaved


def context_of(assessment: Assessment) -> str:
    """The opaque context under which an assessment's measures are kept."""
    return f"assessment:{assessment.ref}"


def look_at_answers(viewer: Viewer, since: datetime, *, refused: bool) -> None:
    """The questionnaire of this request is not saved."""
    _look(viewer, since, refused=refused, correction=False)


def look_at_correction(viewer: Viewer, since: datetime, *, refused: bool) -> None:
    """The correction of this request is not saved."""
    _look(viewer, since, refused=refused, correction=True)


def look_at_finish(viewer: Viewer, since: datetime, *, refused: bool) -> None:
    """He was about to finish, and could not: unfinished questionnaires count."""
    found = _assessment(viewer, since)
    if found is not None:
        measures.look_at_unfinished(case_id=found.case_id, by=viewer.staff_id)


def look_at_refused(
    assessment: Assessment,
    instrument: str,
    *,
    by: int,
    why: NotSaved = NotSaved.REFUSED,
    correction: bool = False,
) -> None:
    """What this request typed was refused. Runs in a write transaction of its own."""
    _open_reviews(assessment, instrument, by, why, correction=correction)


def _look(viewer: Viewer, since: datetime, *, refused: bool, correction: bool) -> None:
    instrument = str((request.view_args or {}).get("instrument"))
    assessment = _assessment(viewer, since)
    if assessment is not None and instrument in INSTRUMENTS:
        why = NotSaved.REFUSED if refused else NotSaved.SIGNED_OUT
        _open_reviews(assessment, instrument, viewer.staff_id, why, correction=correction)


def _assessment(viewer: Viewer, since: datetime) -> Assessment | None:
    """The assessment the request is about, if he had access to its case."""
    ref: uuid.UUID | None = (request.view_args or {}).get("case_ref")
    case_id = db.session.scalars(select(Case.id).where(Case.ref == ref)).one_or_none()
    if case_id is None or not had_access(viewer, case_id, Purpose.CLINICAL, since=since):
        return None
    return latest_assessment(case_id)


def _open_reviews(
    assessment: Assessment, instrument: str, by: int, why: NotSaved, *, correction: bool
) -> None:
    definition = INSTRUMENTS[instrument]
    answers = (
        typed_correction(definition, request.form)
        if correction
        else typed(definition, request.form)
    )
    risk.look_at_unsaved(
        case_id=assessment.case_id,
        context=context_of(assessment),
        instrument=instrument,
        answers=answers,
        submitted=not correction and request.form.get("action") == "submit",
        why=why,
        by=by,
    )
