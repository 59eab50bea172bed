"""Answers at a contact that were typed and could not be saved: their risk is looked at.

On a session that is over the form is kept and nothing of it saved; one whose page is out of date,
or whose record he may not open any more, is refused. Either way a sign of risk among the answers
becomes a review with a named owner.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from flask import request
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.past_access import had_access
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.web.submission import AlreadySaved
from outcome_measures.definitions import Answer, Instrument
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureContact, MeasureOccasion
from outcome_measures.recording.measure_forms import typed, typed_answer, typed_beside_total
from outcome_measures.recording.service import look_at_unfinished
from outcome_measures.risk import service as risk
from outcome_measures.risk.service import NotSaved

Read = Callable[[Instrument, Mapping[str, str]], dict[int, Answer]]


def read_correction(instrument: Instrument, body: Mapping[str, str]) -> dict[int, Answer]:
    """The answer in a correction; which question it is stands in the address."""
    number = (request.view_args or {}).get("item")
    known = {item.number for item in instrument.items}
    return typed_answer(instrument, number, body) if number in known else {}


def look_at_answers(viewer: Viewer, since: datetime, *, refused: bool) -> None:
    """The questionnaire of this request is not saved."""
    submits = request.form.get("action") == "submit"
    _look(viewer, since, typed, refused=refused, submitted=submits)


def look_at_correction(viewer: Viewer, since: datetime, *, refused: bool) -> None:
    """The correction of this request is not saved."""
    _look(viewer, since, read_correction, refused=refused, submitted=False)


def look_at_total(viewer: Viewer, since: datetime, *, refused: bool) -> None:
    """The total of this request is not saved."""
    _look(viewer, since, typed_beside_total, refused=refused, submitted=True)


def look_at_close(viewer: Viewer, since: datetime, *, refused: bool) -> None:
    """He was about to close a contact, and could not: unfinished forms count."""
    ref = (request.view_args or {}).get("contact_ref")
    query = select(MeasureContact.case_id).where(MeasureContact.ref == ref)
    case_id = db.session.scalars(query).one_or_none()
    if case_id is not None and _may(viewer, case_id, since):
        look_at_unfinished(case_id=case_id, by=viewer.staff_id)


def why_refused(refusal: Exception) -> NotSaved:
    """Why answers are not on record, by what refused them."""
    stale = isinstance(refusal, (Stale, AlreadySaved))
    return NotSaved.OUT_OF_DATE if stale else NotSaved.REFUSED


@contextmanager
def looking_at_refused(
    viewer: Viewer, occasion_id: int, read: Read, *, submitted: bool
) -> Iterator[None]:
    """Whatever refuses the form, a sign of risk in it is looked at."""
    try:
        yield
    except (Refused, Stale, AlreadySaved, ValueError) as refusal:
        if not (isinstance(refusal, AlreadySaved) and refusal.same):
            why = why_refused(refusal)
            not_saved(viewer, occasion_id, read, submitted=submitted, why=why)
        raise


def not_saved(
    viewer: Viewer,
    occasion_id: int,
    read: Read,
    *,
    submitted: bool,
    why: NotSaved = NotSaved.REFUSED,
) -> None:
    """What this request typed was refused: look at its risk, in a write transaction of its own."""
    with writing():
        occasion = db.session.get_one(MeasureOccasion, occasion_id)
        _open_reviews(occasion, read, by=viewer.staff_id, why=why, submitted=submitted)


def _look(viewer: Viewer, since: datetime, read: Read, *, refused: bool, submitted: bool) -> None:
    ref: uuid.UUID | None = (request.view_args or {}).get("occasion_ref")
    query = select(MeasureOccasion).where(MeasureOccasion.ref == ref)
    occasion = db.session.scalars(query).one_or_none()
    if occasion is not None and _may(viewer, occasion.case_id, since):
        why = NotSaved.REFUSED if refused else NotSaved.SIGNED_OUT
        _open_reviews(occasion, read, by=viewer.staff_id, why=why, submitted=submitted)


def _may(viewer: Viewer, case_id: int, since: datetime) -> bool:
    """Whether he had access to the case, and the address names it."""
    ref = db.session.scalars(select(Case.ref).where(Case.id == case_id)).one()
    named = (request.view_args or {}).get("case_ref") == ref
    return named and had_access(viewer, case_id, Purpose.CLINICAL, since=since)


def _open_reviews(
    occasion: MeasureOccasion, read: Read, *, by: int, why: NotSaved, submitted: bool
) -> None:
    risk.look_at_unsaved(
        case_id=occasion.case_id,
        context=occasion.context,
        instrument=occasion.instrument,
        answers=read(recorded(occasion.instrument), request.form),
        submitted=submitted,
        why=why,
        by=by,
    )
