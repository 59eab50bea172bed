"""A man as his year is written: his course, and what is on record of him so far."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mhtr.cases.models import Case
from mhtr.demo.year.rows import Row
from sessions.booking.shapes import Place


@dataclass
class Held:
    """A booking: its rows, and what was recorded and written of it."""

    key: int
    """Counted from one for each man."""
    part: Row
    """What of his course it is for."""
    where: Place
    session: Row
    place: Row
    taken: list[Row]
    """The times it takes, for as long as it is booked."""
    records: list[Row] = field(default_factory=list)
    attempts: list[Row] = field(default_factory=list)
    note: Row | None = None


@dataclass
class Person:
    """One man in treatment."""

    case_id: int
    case_ref: uuid.UUID
    person_id: int
    like: Case
    """The case of the man whose copy he is: the same trust and the same readers."""
    course_id: int
    organisation_id: int
    by: int
    """His therapist, who does all that is done."""
    parts: list[Row]
    """The sessions of his course in their order: those that are there, then new ones."""
    principal: int
    """His therapist's."""
    lead: tuple[int, int]
    """Who signs his therapist's notes: staff id and principal."""
    registered: bool
    """Whether his therapist is."""
    officer: tuple[int, int] | None
    """His probation practitioner, where he signs in here: staff id and principal."""
    buffer: int
    """Minutes that his therapist keeps free after a session."""
    within: tuple[date, date]
    """The first and the last day of the requirement."""
    author: tuple[int, int] | None = None
    """Whom his order names and who signs in here: staff id and principal."""
    registration: str = ""
    """His, or hers."""
    inductions: tuple[int, ...] = ()
    """Tasks for his induction that are open until treatment begins."""
    scores: dict[str, list[int]] = field(default_factory=dict)
    """Totals by measure, in order."""
    tasks: dict[str, Row] = field(default_factory=dict)
    """Of his missed sessions and notes, by key."""
    series: Any = None
    version: int = 1
    """Of his course."""
    facts: int = 0
    """How many were added to his case."""
    begun: bool = False
    booked: int = 0
    done: dict[int, date] = field(default_factory=dict)
    """Sessions of his course that were held, or caught up on by one that was, with the day."""
    finished: Row | None = None
    """That his planned sessions are finished."""
    told: list[Row] = field(default_factory=list)
    """What his officer was told and has not read yet."""

    def number(self, part: Row) -> int:
        """Which session of his course it is, counted from one."""
        return next(n for n, one in enumerate(self.parts, 1) if one["id"] == part["id"])


def ends(held: Held) -> datetime:
    """When a session is over."""
    return held.where.span.ends_at


def starts(held: Held) -> datetime:
    """When a session begins."""
    return held.where.span.starts_at
