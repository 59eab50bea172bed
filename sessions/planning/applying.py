"""Applying what is proposed for a man, and taking that back: all of his sessions or none."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.formats import day as day_words
from mhtr.core.transaction import must_be_writing
from sessions.availability.keeping import must_keep
from sessions.booking import cancel_service, move_service
from sessions.booking import service as booking
from sessions.booking.closing import Why
from sessions.booking.models import BookingState, TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.queries import place_of
from sessions.courses import therapist_service as courses
from sessions.courses.queries import open_course
from sessions.planning.ask_rules import Ask, ask_from
from sessions.planning.kinds import ProposalKind, ProposalState
from sessions.planning.models import Proposal, ProposalPart
from sessions.planning.proposal_service import locked
from sessions.planning.stored import Change, changes_kept
from sessions.therapies import Side

CHANGED = "His sessions were changed since this was worked out."
NOT_READY = "There is nothing to apply: it is not worked out, or was cancelled."
NOT_APPLIED = "This is not applied."
UNDO_CHANGED = (
    "Not all of what was booked then is still so: something was held, moved or cancelled since. "
    "Change his sessions one by one."
)
THERAPIST = "Chosen when everyone who waits was planned."
UNDONE = "What was planned is taken back."
_APPLIES = (ProposalState.READY, ProposalState.APPLIED, ProposalState.UNDONE)


def apply_part(*, part_id: int, by: int) -> bool:
    """Book what is proposed for one man, through the services of booking.

    Returns whether anything was done: one that is applied already is left alone.

    Raises:
        JustTaken: somebody took one of the times first.
        Refused: with the reasons: his sessions were changed since, or one is not possible now.
    """
    part, row = _locked(part_id, by)
    if row.state not in _APPLIES:
        raise Refused(NOT_READY)
    if part.applied_at is not None and part.undone_at is None:
        return False
    ask, changes = ask_from(row.kind, row.asked), changes_kept(part.before, part.after)
    cases.lock(part.case_id)
    try:
        made = _moved(ask, changes, by=by) if ask.moves else _booked(part, changes, by=by)
    except Stale as stale:
        raise Refused(CHANGED) from stale
    part.made, part.refused = made, None
    part.applied_at, part.applied_by = clock.now(), by
    part.undone_at = part.undone_by = None
    row.state = ProposalState.APPLIED
    row.version += 1
    audit.record("planning.applied", by=by, case_id=part.case_id, proposal=row.id, part=part.id)
    db.session.flush()
    return True


def undo_part(*, part_id: int, by: int) -> bool:
    """Take back what was applied for one man: what was booked before is booked again.

    Returns whether anything was done.

    Raises:
        JustTaken: what was his before has been taken.
        Refused: something of it was held or changed since, or is not possible now.
    """
    part, row = _locked(part_id, by)
    if part.applied_at is None or part.made is None:
        raise Refused(NOT_APPLIED)
    if part.undone_at is not None:
        return False
    cases.lock(part.case_id)
    rows = _still_booked(part.made["sessions"])
    why = Why(Side.SERVICE, UNDONE)
    if ask_from(row.kind, row.asked).moves:
        changes = [one for one in changes_kept(part.before, part.after) if one.moves]
        moves = [
            Move(session.id, session.version, one.before.place)
            for session, one in zip(rows, changes, strict=True)
            if one.before is not None
        ]
        move_service.move(moves=moves, why=why, by=by)
    else:
        cancel_service.cancel_these(session_ids=[one.id for one in rows], why=why, by=by)
        _give_back_therapist(part, by=by)
    part.undone_at, part.undone_by, part.refused = clock.now(), by, None
    db.session.flush()
    row.state = ProposalState.APPLIED if _any_applied(row.id) else ProposalState.UNDONE
    row.version += 1
    audit.record("planning.undone", by=by, case_id=part.case_id, proposal=row.id, part=part.id)
    return True


def note_refused(*, part_id: int, reasons: Sequence[str]) -> None:
    """Keep why a part could not be applied or taken back, for whoever looks at it next."""
    must_be_writing()
    part = db.session.get_one(ProposalPart, part_id, with_for_update=True)
    part.refused = " ".join(reasons)[:1000]


def _locked(part_id: int, by: int) -> tuple[ProposalPart, Proposal]:
    """The proposal's row before the part's, so that two who apply it wait for each other."""
    must_be_writing()
    part = db.session.get_one(ProposalPart, part_id)
    row = locked(part.proposal_id)
    db.session.refresh(part, with_for_update=True)
    must_keep(row.organisation_id, by)
    return part, row


def _moved(ask: Ask, changes: Sequence[Change], *, by: int) -> dict[str, Any]:
    befores = [one.before for one in changes if one.before is not None]
    rows = _rows([one.session_id for one in befores if one.session_id is not None])
    for one in befores:
        found = rows.get(one.session_id or 0)
        if found is None or found.version != one.version or place_of(found) != one.place:
            raise Refused(CHANGED)
    moves = [
        Move(one.before.session_id or 0, one.before.version, one.after.place)
        for one in changes
        if one.moves and one.before is not None
    ]
    made = move_service.move(moves=moves, why=Why(Side.SERVICE, _reason(ask)), by=by)
    after = {row.supersedes_id: row.id for row in made}
    return {"sessions": [after[one.session_id] for one in moves]}


def _rows(session_ids: Sequence[int]) -> dict[int, TreatmentSession]:
    query = select(TreatmentSession).where(
        TreatmentSession.id.in_(session_ids), TreatmentSession.state == BookingState.BOOKED
    )
    return {row.id: row for row in db.session.scalars(query)}


def _reason(ask: Ask) -> str:
    assert ask.first is not None and ask.last is not None  # noqa: S101  (`objections`)
    days = f"from {day_words(ask.first)} to {day_words(ask.last)}"
    if ask.kind is ProposalKind.AWAY:
        return f"His therapist is away {days}."
    return f"The room cannot be used {days}."


def _booked(part: ProposalPart, changes: Sequence[Change], *, by: int) -> dict[str, Any]:
    clinician_id = changes[0].after.place.clinician_id
    course = open_course(part.case_id)
    if course is None:
        raise Refused(CHANGED)
    was = course.therapist_id
    if was != clinician_id:
        courses.set_therapist(
            course_id=course.id,
            therapist_id=clinician_id,
            reason=THERAPIST,
            version=course.version,
            by=by,
        )
    asked = [booking.Asked(one.after.place, one.after.course_session_id) for one in changes]
    made = booking.book(case_id=part.case_id, asked=asked, by=by)
    return {"sessions": [one.session_id for one in made], "therapist": was, "given": clinician_id}


def _still_booked(session_ids: Sequence[int]) -> list[TreatmentSession]:
    """What applying made, in its order: all of it, still booked and not begun."""
    rows = _rows(session_ids)
    found = [rows[key] for key in session_ids if key in rows]
    if len(found) != len(session_ids) or any(r.starts_at <= clock.now() for r in found):
        raise Refused(UNDO_CHANGED)
    return found


def _give_back_therapist(part: ProposalPart, *, by: int) -> None:
    made: dict[str, Any] = part.made or {}
    course = open_course(part.case_id)
    if course is None or made["therapist"] == made["given"]:
        return
    if course.therapist_id == made["given"]:
        courses.set_therapist(
            course_id=course.id,
            therapist_id=made["therapist"],
            reason=UNDONE,
            version=course.version,
            by=by,
        )


def _any_applied(proposal_id: int) -> bool:
    query = select(ProposalPart.id).where(
        ProposalPart.proposal_id == proposal_id,
        ProposalPart.applied_at.is_not(None),
        ProposalPart.undone_at.is_(None),
    )
    return db.session.scalars(query.limit(1)).first() is not None
