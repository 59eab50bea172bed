"""A place and its note, for a clinician of the case."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.web.reads import shows
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.notes.models import SessionNote
from sessions.notes.service import note_of


@dataclass(frozen=True)
class Found:
    """One man's place in a session, and its note where one is begun."""

    case: Case
    place: SessionPlace
    session: TreatmentSession
    note: SessionNote | None


def find_note(viewer: Viewer, place_ref: uuid.UUID) -> Found:
    """The place of an address with its note. Its reading is audited.

    Raises:
        NotFound: no such place, it was moved, or the viewer is no clinician of the case.
    """
    row = db.session.execute(
        select(SessionPlace, TreatmentSession, Case.ref)
        .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
        .join(Case, Case.id == SessionPlace.case_id)
        .where(SessionPlace.ref == place_ref)
    ).one_or_none()
    if row is None:
        raise NotFound
    place, session, case_ref = row
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    note = note_of(place.id)
    if place.state is BookingState.MOVED and note is None:
        raise NotFound
    if note is not None:
        shows("session_note", note.id, case_id=case.id)
    return Found(case, place, session, note)
