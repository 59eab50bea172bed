"""What the pages of attendance show of each session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import (
    MISSED,
    NEVER_HIS,
    REASON_WORDS,
    TOOK_PLACE,
    in_words,
)
from mhtr.compliance.contact_rules import REACHED_WORDS, WAY_WORDS
from mhtr.compliance.crosswalk import Codes, codes_of
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanation_service import is_asked
from mhtr.compliance.explanations import NOTHING_SAID, reason_now
from mhtr.compliance.models import Attendance, ContactAttempt
from mhtr.compliance.notice_queries import HowTold
from mhtr.core import clock, formats
from mhtr.core.database import db
from sessions.booking.models import BookingState
from sessions.register.queries import Line
from sessions.therapies import MODE_WORDS


@dataclass(frozen=True)
class Shown:
    """One session as a list shows it."""

    at: datetime
    what: str
    state: str
    colour: str
    reason: str
    reason_given: bool
    described: str
    codes: Codes | None
    required: bool
    changed: bool
    tried: tuple[str, ...]
    told: HowTold | None = None
    record_href: str = ""
    contact_href: str = ""
    said_href: str = ""


def shown(
    line: Line,
    number: int | None,
    now: datetime,
    *,
    attempts: list[ContactAttempt],
    inside: bool,
    told: HowTold | None = None,
    said: Sequence[AbsenceExplanation] = (),
) -> Shown:
    """A session of one man.

    Args:
        inside: for the service, with links to its own pages.
        told: how he was told of it.
        said: what he said of missed sessions that counts, the first one first.
    """
    place, session = line.placed.place, line.placed.session
    row, ref = line.attendance, line.placed.place.ref
    state, colour = _state(line, now, inside=inside)
    missed = row is not None and row.happened in MISSED
    own = [one.reason for one in said if one.subject == ref]
    reason = reason_now(row.reason, own) if row is not None and missed else None
    return Shown(
        at=session.starts_at,
        what=_what(line, number),
        state=state,
        colour=colour,
        reason=REASON_WORDS[reason] if reason is not None else "",
        reason_given=reason is not None and reason not in NOTHING_SAID,
        described=(row.described or "") if row is not None else "",
        codes=codes_of(line.happened, day_of(line)) if line.happened else None,
        required=row.required if row is not None else place.required,
        changed=row is not None and row.number > 1,
        tried=tuple(_tried(one) for one in attempts if one.subject == ref),
        told=told,
        **(_links(line, now, missed=missed, explained=bool(own)) if inside else {}),
    )


def _links(line: Line, now: datetime, *, missed: bool, explained: bool) -> dict[str, str]:
    """The service's own pages of a session, by the name of what leads there."""
    place, row, found = line.placed.place, line.attendance, {}
    open_to = place.state is BookingState.BOOKED and line.is_over(now)
    if row is not None or open_to:
        found["record_href"] = url_for("register.attendance", place_ref=place.ref)
    if missed:
        found["contact_href"] = url_for("compliance.contact", place_ref=place.ref)
    if explained or (row is not None and is_asked(row)):
        found["said_href"] = url_for("compliance.explanation", place_ref=place.ref)
    return found


def day_of(line: Line) -> date:
    """The London day of a session."""
    return line.placed.session.starts_at.astimezone(clock.LONDON).date()


def _what(line: Line, number: int | None) -> str:
    session = line.placed.session
    named = f"Session {number}" if number else "Meeting outside the course"
    return f"{named}, {'in a group' if session.in_group else MODE_WORDS[session.mode].lower()}"


def _state(line: Line, now: datetime, *, inside: bool) -> tuple[str, str]:
    row = line.attendance
    if line.happened is not None:
        words = in_words(line.happened, row.minutes_late if row is not None else None)
        if line.happened in TOOK_PLACE:
            return words, "green"
        return words, "grey" if line.happened in NEVER_HIS else "yellow"
    if line.placed.place.state is BookingState.CANCELLED:
        return "Cancelled", "grey"
    if not line.is_over(now):
        return "To come", "blue"
    return ("To record", "orange") if inside else ("Not recorded yet", "grey")


def _tried(one: ContactAttempt) -> str:
    what = f"{WAY_WORDS[one.way]}: {REACHED_WORDS[one.reached].lower()}"
    return f"{what}, {formats.short_moment(one.at)}"


@dataclass(frozen=True)
class HistoryRow:
    """One record of a session, as it was made."""

    at: datetime
    words: str
    why: str
    by: str


def history(rows: list[Attendance]) -> list[HistoryRow]:
    """Every record of one session, the newest first."""
    return [
        HistoryRow(
            row.created_at,
            in_words(row.happened, row.minutes_late)
            + (f". {REASON_WORDS[row.reason]}" if row.happened in MISSED else ""),
            row.why_changed or "",
            staff_name(row.by_id),
        )
        for row in reversed(rows)
    ]


def staff_name(staff_id: int) -> str:
    """The name of a member of staff."""
    return db.session.get_one(Staff, staff_id).name
