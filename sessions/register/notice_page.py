"""What the page of how he was told shows of each session, and which are offered to record."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mhtr.compliance.models import SessionNotice
from mhtr.compliance.notice_queries import HowTold, how_told, in_words, notices_of
from mhtr.compliance.standing.facts import Notice
from mhtr.core import clock, formats
from sessions.register.queries import Line, lines_of, numbers_of

LATELY = timedelta(days=60)
"""How long after a session it is still offered to record how he was told of it."""


@dataclass(frozen=True)
class Said:
    """One time he was told, with its reference, to take it back."""

    ref: uuid.UUID
    words: str
    late: bool
    """Recorded once the session had begun."""
    taken_back: bool


@dataclass(frozen=True)
class Row:
    """One session with how he was told of it."""

    ref: uuid.UUID
    at: datetime
    what: str
    over: bool
    told: HowTold
    said: tuple[Said, ...]

    @property
    def proven(self) -> bool:
        """Whether it is on record that he was told of it, in a form he can use."""
        return self.told.notice is Notice.PROVEN

    @property
    def label(self) -> str:
        """The session in a line."""
        return f"{self.what}, {formats.moment(self.at)}"


def rows_of(case_id: int) -> list[Row]:
    """His sessions, booked or held, with how he was told of each; the latest first."""
    lines = [one for one in lines_of(case_id) if one.is_booked or one.attendance is not None]
    notices, now = notices_of(case_id), clock.now()
    known = how_told(notices, starts(lines))
    numbers = numbers_of([one.placed.place for one in lines])
    return [
        Row(
            ref=(place := one.placed.place).ref,
            at=one.placed.session.starts_at,
            what=f"Session {numbers[place.id]}" if place.id in numbers else "Meeting",
            over=one.is_over(now),
            told=known[place.ref],
            said=tuple(_said(row) for row in notices if row.subject == place.ref),
        )
        for one in reversed(lines)
    ]


def starts(lines: Sequence[Line]) -> Mapping[uuid.UUID, datetime]:
    """By session, when it begins."""
    return {one.placed.place.ref: one.placed.session.starts_at for one in lines}


def offered(rows: Sequence[Row]) -> list[Row]:
    """Sessions to come and those lately, of which nothing proves that he was told."""
    since = clock.now() - LATELY
    return [row for row in reversed(rows) if row.at > since and not row.proven]


def to_come(rows: Sequence[Row]) -> list[str]:
    """Of these the sessions to come."""
    return [str(row.ref) for row in rows if not row.over]


def _said(row: SessionNotice) -> Said:
    late = row.created_at >= row.starts_at
    return Said(row.ref, in_words(row), late, row.taken_back_at is not None)
