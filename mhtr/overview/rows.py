"""One shape for every row of Today and of the worklists."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from mhtr.core import clock, formats
from mhtr.core.codes import lists
from mhtr.core.due import Left
from mhtr.tasks.models import TaskKind


@dataclass(frozen=True)
class Row:
    """Something that waits: whom it is about, what it is, and the one click to do it.

    `facts` are short texts beside it, such as what happened last and when; `said` is clinical and
    only set for clinical viewers.
    """

    ref: uuid.UUID
    what: str
    href: str
    action: str
    who: str = ""
    born: date | None = None
    """Beside the name: two men of one name stand apart in a list."""
    crn: str = ""
    """Beside the name for probation, in place of `born`."""
    left: Left | None = None
    due: date | datetime | None = None
    report: Left | None = None
    """The countdown to the report on him, in a row that is about something else."""
    owner: str = ""
    since: datetime | None = None
    age: str = ""
    court: str = ""
    state: str = ""
    state_colour: str = "grey"
    hearing_on: date | None = None
    urgent: bool = False
    not_yours: str = ""
    """Why he may only read it, and who can do it; empty where it is his to do."""
    facts: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    case_id: int | None = None
    person_id: int | None = None
    kind: TaskKind | None = None
    owner_principal: int | None = None
    """Of a task: whose it is."""


@dataclass(frozen=True)
class Block:
    """A part of Today: rows under a heading, and where the rest of them is."""

    key: str
    heading: str
    rows: tuple[Row, ...]
    more_href: str = ""
    urgent: bool = False
    today: bool = False
    """What is to be done at a time of today."""
    note: str = ""
    links: tuple[tuple[str, str], ...] = field(default=())

    @property
    def overdue(self) -> bool:
        """Whether a deadline here was breached."""
        return any(row.left is not None and row.left.overdue for row in self.rows)


def happened(what: str, at: datetime) -> str:
    """What happened and how long ago: `Released 3 days ago`."""
    age = formats.ago(at, clock.now())
    return f"{what} {age}" if age == "just now" else f"{what} {age} ago"


@cache
def court_name(code: str) -> str:
    """The name of a court; the code itself where the list does not know it."""
    if not code:
        return ""
    entry = lists.load("courts").get(code)
    return entry.label if entry else code
