"""Writing, finishing, signing and adding to session notes: their only writer."""

from collections.abc import Mapping

from sqlalchemy import select

from mhtr.accounts.leads import leads_of
from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import TaskKind
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.courses.models import CourseSession
from sessions.notes import finishing, policy, rules
from sessions.notes.models import NoteAddendum, NoteEarlier, SessionNote
from sessions.notes.rules import Standing
from sessions.notes.structures import LONGEST_PART, STRUCTURES, missing
from sessions.therapies import Therapy

PAGE = "notes.note"
SIGN = "Sign off a session note"
ADDED_TO = "Something was added to a session note of yours."
TOO_SOON = "The session has not begun. Write the note once it has."
UNFINISHED = "Write what is missing before you finish the note."


class Missing(Refused):
    """Parts that a finished note needs; `keys` names them."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(UNFINISHED)
        self.keys = keys


def note_of(place_id: int) -> SessionNote | None:
    """The note of one man's place; None while none is begun."""
    query = select(SessionNote).where(SessionNote.place_id == place_id)
    return db.session.scalars(query).one_or_none()


def write(
    *, place_id: int, parts: Mapping[str, str], finish: bool, version: int, by: int
) -> SessionNote:
    """Save a note as a draft, or finish it; one that is finished is changed, its words kept.

    Args:
        version: of the note as the writer read it; 0 where none was begun.

    Raises:
        Missing: it is to be finished, and a part that it needs is empty.
        Refused: the session has not begun, the note is somebody else's or is locked.
        Stale: it was changed meanwhile.
    """
    must_be_writing()
    place = db.session.get_one(SessionPlace, place_id)
    cases.lock(place.case_id)
    session = db.session.get_one(TreatmentSession, place.session_id)
    if session.starts_at > clock.now():
        raise Refused(TOO_SOON)
    note = note_of(place_id)
    if (note.version if note else 0) != version:
        raise Stale(note)
    if note is not None:
        _check_writer(note, by)
    therapy = note.therapy if note else therapy_of(place)
    said = _cleaned(therapy, parts)
    finished = finish or (note is not None and note.finished_at is not None)
    if finished and (left := missing(therapy, said)):
        raise Missing(tuple(part.key for part in left))
    note = _keep(note, place, therapy, said, by)
    if finish and note.finished_at is None:
        _finish(note, by)
    db.session.flush()
    return note


def _check_writer(note: SessionNote, by: int) -> None:
    if wrong := cannot_write(note, by):
        raise Refused(wrong)


def cannot_write(note: SessionNote, by: int) -> str:
    """Why a clinician of the case may not change it now; empty where he may."""
    left = by != note.author_id and finishing.author_left(note)
    return rules.cannot_write(standing(note), by, clock.now(), policy.editable(), author_left=left)


def _keep(
    note: SessionNote | None, place: SessionPlace, therapy: Therapy, said: dict[str, str], by: int
) -> SessionNote:
    if note is None:
        note = SessionNote(
            place_id=place.id,
            case_id=place.case_id,
            author_id=by,
            therapy=therapy,
            parts=said,
            saved_at=clock.now(),
        )
        db.session.add(note)
        db.session.flush()
        audit.record("notes.begun", by=by, case_id=place.case_id, note=note.id)
        return note
    if note.author_id != by:
        # What he wrote stays his; from here on whoever goes on answers for it.
        db.session.add(NoteEarlier(note_id=note.id, parts=note.parts, by_id=note.author_id))
        audit.record("notes.taken_over", by=by, case_id=place.case_id, note=note.id)
        note.author_id = by
    elif note.finished_at is not None and note.parts != said:
        db.session.add(NoteEarlier(note_id=note.id, parts=note.parts, by_id=by))
        audit.record("notes.changed", by=by, case_id=place.case_id, note=note.id)
    elif note.finished_at is None:
        audit.record("notes.saved", by=by, case_id=place.case_id, note=note.id)
    note.parts, note.saved_at = said, clock.now()
    note.version += 1
    return note


def _finish(note: SessionNote, by: int) -> None:
    author = db.session.get_one(Staff, by)
    note.finished_at = clock.now()
    note.needs_sign_off = author.registration is None
    note.returned_words = note.returned_by = None
    audit.record("notes.finished", by=by, case_id=note.case_id, note=note.id)
    finishing.settle(note, by=by)
    if note.needs_sign_off:
        _ask_lead(note, author)


def _ask_lead(note: SessionNote, author: Staff) -> None:
    """A clinical lead of the author's trust reads and signs it; the trust's list without one."""
    lead = next((one for one in leads_of(author.organisation_id) if one[0] != author.id), None)
    day = working_calendar().add(clock.today(), policy.signed_within())
    place = db.session.get_one(SessionPlace, note.place_id)
    tasks.open_task(
        TaskKind.SIGN_OFF_NOTE,
        key=f"{_key(note)}:{note.version}",
        title=SIGN,
        owner_principal_id=lead[1] if lead else author.organisation.principal_id,
        owner_staff_id=lead[0] if lead else None,
        due_at=end_of_day(day),
        by=author.id,
        case_id=note.case_id,
        endpoint=PAGE,
        subject_ref=place.ref,
    )


def sign(*, note_id: int, version: int, by: int) -> None:
    """Sign off a note of somebody who is not registered. It is locked from here on.

    Raises:
        Refused: it is one's own, needs no signature, or `by` is no registered clinical lead.
        Stale: it was changed since it was read.
    """
    note = _for_lead(note_id, version, by)
    note.signed_off_at, note.signed_off_by = clock.now(), by
    note.version += 1
    audit.record("notes.signed", by=by, case_id=note.case_id, note=note.id)
    _settle(note, by)


def give_back(*, note_id: int, words: str, version: int, by: int) -> None:
    """Return a note to its author with what is asked for: his task, or a lead's once he left.

    Raises:
        Refused: nothing is asked for, or `by` may not sign it.
        Stale: it was changed since it was read.
    """
    if not words.strip():
        raise Refused(rules.WHAT)
    note = _for_lead(note_id, version, by)
    db.session.add(NoteEarlier(note_id=note.id, parts=note.parts, by_id=note.author_id))
    note.finished_at, note.needs_sign_off = None, False
    note.returned_words, note.returned_by = words.strip(), by
    note.version += 1
    audit.record("notes.returned", by=by, case_id=note.case_id, note=note.id)
    _settle(note, by)
    finishing.ask(note, by=by)


def add(*, note_id: int, text: str, by: int) -> NoteAddendum:
    """Add something to a locked note; what stands in it is never changed.

    Raises:
        Refused: nothing is added, or the note can still be changed.
    """
    must_be_writing()
    note = db.session.get_one(SessionNote, note_id)
    cases.lock(note.case_id)
    if not text.strip():
        raise Refused(rules.NOTHING)
    if wrong := rules.cannot_add(standing(note), clock.now(), policy.editable()):
        raise Refused(wrong)
    made = NoteAddendum(note_id=note.id, text=text.strip(), by_id=by)
    db.session.add(made)
    db.session.flush()
    audit.record("notes.added_to", by=by, case_id=note.case_id, note=note.id, addendum=made.id)
    if by != note.author_id:
        _tell(note, ADDED_TO, f"note-added:{made.id}")
    return made


def standing(note: SessionNote) -> Standing:
    """A note as the rules read it."""
    signed = note.signed_off_at is not None
    return Standing(note.author_id, note.finished_at, note.needs_sign_off, signed)


def therapy_of(place: SessionPlace) -> Therapy:
    """Of what it is for; outside any therapy CBT's structure, the most general."""
    if place.course_session_id is not None:
        return db.session.get_one(CourseSession, place.course_session_id).therapy
    return db.session.get_one(TreatmentSession, place.session_id).therapy or Therapy.CBT


def _for_lead(note_id: int, version: int, by: int) -> SessionNote:
    must_be_writing()
    note = db.session.get_one(SessionNote, note_id)
    cases.lock(note.case_id)
    db.session.refresh(note)
    if note.version != version:
        raise Stale(note)
    staff = db.session.get_one(Staff, by)
    lead = Role.CLINICAL_LEAD in {row.role for row in staff.roles}
    registered = staff.registration is not None
    if wrong := rules.cannot_sign(standing(note), by, lead=lead, registered=registered):
        raise Refused(wrong)
    return note


def _settle(note: SessionNote, by: int) -> None:
    for task in tasks.open_tasks(note.case_id, TaskKind.SIGN_OFF_NOTE):
        if task.key.startswith(f"{_key(note)}:"):
            tasks.finish(task, by=by)


def _tell(note: SessionNote, text: str, key: str) -> None:
    place = db.session.get_one(SessionPlace, note.place_id)
    tasks.tell(
        db.session.get_one(Staff, note.author_id).principal_id,
        key=key,
        text=text,
        case_id=note.case_id,
        endpoint=PAGE,
        subject_ref=place.ref,
    )


def _cleaned(therapy: Therapy, parts: Mapping[str, str]) -> dict[str, str]:
    """What is written, by the parts of the structure and nothing else."""
    return {
        one.key: said[:LONGEST_PART]
        for one in STRUCTURES[therapy]
        if (said := parts.get(one.key, "").strip())
    }


def _key(note: SessionNote) -> str:
    return f"note:{note.id}"
