"""Session notes as pages show them, read through a case that the viewer may see as a clinician."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.notes import policy
from sessions.notes.models import NoteAddendum, NoteEarlier, SessionNote
from sessions.notes.rules import STATE_WORDS, NoteState, state_of
from sessions.notes.service import standing
from sessions.notes.structures import STRUCTURES


@dataclass(frozen=True)
class Line:
    """One session of a man in the list of his notes."""

    place: SessionPlace
    session: TreatmentSession
    note: SessionNote | None
    author: str
    state: str
    colour: str


def lines_of(case_id: int) -> list[Line]:
    """Every session that has begun, and whatever has a note, the newest first."""
    rows = db.session.execute(
        select(SessionPlace, TreatmentSession, SessionNote, Staff.name)
        .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
        .outerjoin(SessionNote, SessionNote.place_id == SessionPlace.id)
        .outerjoin(Staff, Staff.id == SessionNote.author_id)
        .where(SessionPlace.case_id == case_id, TreatmentSession.starts_at <= clock.now())
        .order_by(TreatmentSession.starts_at.desc(), SessionPlace.id.desc())
    )
    found = [
        Line(place, session, note, author or "", *_state(note))
        for place, session, note, author in rows
    ]
    return [one for one in found if one.note or one.place.state is BookingState.BOOKED]


def _state(note: SessionNote | None) -> tuple[str, str]:
    if note is None:
        return "No note", "grey"
    if note.returned_words is not None:
        return "Returned to its author", "orange"
    found = state_of(standing(note), clock.now(), policy.editable())
    if found is NoteState.DRAFT:
        return STATE_WORDS[found], "blue"
    if note.needs_sign_off and note.signed_off_at is None:
        return "Waits for a signature", "yellow"
    return STATE_WORDS[found], "green" if found is NoteState.LOCKED else "aqua-green"


def note_state(note: SessionNote) -> NoteState:
    """Where it stands now."""
    return state_of(standing(note), clock.now(), policy.editable())


def locks_at(note: SessionNote) -> datetime | None:
    """Until when its author may change it; None for a draft."""
    return note.finished_at + policy.editable() if note.finished_at else None


@dataclass(frozen=True)
class Said:
    """Words of a note or beside it, with who wrote them and when."""

    at: datetime
    by: str
    parts: tuple[tuple[str, str], ...]


def parts_of(note: SessionNote, parts: dict[str, str] | None = None) -> tuple[tuple[str, str], ...]:
    """What is written, by the headings of its structure; empty parts left out."""
    written = note.parts if parts is None else parts
    return tuple(
        (one.label, written[one.key]) for one in STRUCTURES[note.therapy] if written.get(one.key)
    )


def earlier(note: SessionNote) -> list[Said]:
    """What a finished note said before it was changed, the newest first."""
    rows = db.session.execute(
        select(NoteEarlier, Staff.name)
        .join(Staff, Staff.id == NoteEarlier.by_id)
        .where(NoteEarlier.note_id == note.id)
        .order_by(NoteEarlier.id.desc())
    )
    return [Said(row.created_at, by, parts_of(note, row.parts)) for row, by in rows]


def addenda(note: SessionNote) -> list[Said]:
    """What was added since it was locked, in order."""
    rows = db.session.execute(
        select(NoteAddendum, Staff.name)
        .join(Staff, Staff.id == NoteAddendum.by_id)
        .where(NoteAddendum.note_id == note.id)
        .order_by(NoteAddendum.id)
    )
    return [Said(row.created_at, by, (("Addendum", row.text),)) for row, by in rows]
