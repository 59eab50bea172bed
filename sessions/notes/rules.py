"""Where a session note stands, and who may do what with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class NoteState(StrEnum):
    """Where a note stands."""

    DRAFT = "draft"
    FINISHED = "finished"
    """Its author may still change it; earlier versions are kept."""
    LOCKED = "locked"
    """Only addenda."""


STATE_WORDS: Mapping[NoteState, str] = {
    NoteState.DRAFT: "Draft",
    NoteState.FINISHED: "Finished, can still be changed",
    NoteState.LOCKED: "Locked",
}
NOT_YOURS = "Only its author changes a note. Add an addendum once it is locked."
IS_LOCKED = "This note is locked. Add an addendum."
NOT_LOCKED = "This note can still be changed: change it in place of an addendum."
NO_NEED = "This note needs no signature."
SIGNED = "This note is signed already."
OWN = "Nobody signs his own note."
NOT_FINISHED = "This note is not finished."
LEADS_SIGN = "A clinical lead with a registration signs notes."
NOTHING = "Write what is to be added."
WHAT = "Say what is asked for."


@dataclass(frozen=True)
class Standing:
    """What the rules read of a note."""

    author_id: int
    finished_at: datetime | None = None
    needs_sign_off: bool = False
    signed: bool = False


def state_of(note: Standing, now: datetime, period: timedelta) -> NoteState:
    """Where it stands; what is signed is locked at once."""
    if note.finished_at is None:
        return NoteState.DRAFT
    locked = note.signed or now >= note.finished_at + period
    return NoteState.LOCKED if locked else NoteState.FINISHED


def cannot_write(
    note: Standing, by: int, now: datetime, period: timedelta, *, author_left: bool = False
) -> str:
    """Why somebody may not change it now; empty where he may.

    Args:
        author_left: its author cannot go on with it. Then another clinician takes over a draft.
    """
    state = state_of(note, now, period)
    if state is NoteState.LOCKED:
        return IS_LOCKED
    taken_over = author_left and state is NoteState.DRAFT
    return "" if by == note.author_id or taken_over else NOT_YOURS


def cannot_add(note: Standing, now: datetime, period: timedelta) -> str:
    """Why no addendum may be added now; empty where one may."""
    return "" if state_of(note, now, period) is NoteState.LOCKED else NOT_LOCKED


def cannot_sign(note: Standing, by: int, *, lead: bool, registered: bool) -> str:
    """Why somebody may neither sign nor return it; empty where he may."""
    if note.finished_at is None:
        return NOT_FINISHED
    if not note.needs_sign_off:
        return NO_NEED
    if note.signed:
        return SIGNED
    if by == note.author_id:
        return OWN
    return "" if lead and registered else LEADS_SIGN
