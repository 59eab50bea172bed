"""What the planner can be asked about the caseload, and why a man is left out. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sessions.courses.kinds import Priority
from sessions.planning.kinds import ProposalKind

TIGHT_WEEKS = 4
"""An order with less than this to spare goes before others of the same priority."""
LONGEST_AWAY = timedelta(weeks=16)
WEIGHTS: Mapping[Priority, int] = {Priority.ROUTINE: 1, Priority.SOON: 3, Priority.URGENT: 6}
"""What a week of delay costs by the priority a clinician gave; a tight order adds one, which never
reaches the next priority."""


class Left(StrEnum):
    """Why a man is not planned here."""

    NOT_UNDER_ORDER = "not_under_order"
    AWAY = "away"
    GROUP = "group"
    BETWEEN = "between"
    OUTSIDE = "outside"
    SEVERAL = "several"
    GAPS = "gaps"
    MEETING = "meeting"
    GROUP_NEXT = "group_next"
    THERAPIST = "therapist"
    NOBODY = "nobody"
    NO_COURSE = "no_course"
    NO_TIME = "no_time"


LEFT_WORDS: Mapping[Left, str] = {
    Left.NOT_UNDER_ORDER: "He is not under an order with the requirement now, or his case rests.",
    Left.AWAY: "He is in hospital or custody. Plan when it is recorded that he can attend.",
    Left.GROUP: "His next session is held in a group: give him a place in one first.",
    Left.GROUP_NEXT: (
        "What follows is held in a group: give him a place in one, then plan what comes after it."
    ),
    Left.MEETING: (
        "A meeting of his group cannot be held as it is: move the meeting, for everybody in it."
    ),
    Left.BETWEEN: "What is not booked lies between sessions that are. Find a time for each.",
    Left.OUTSIDE: "What is booked is a meeting outside his course. Move it by itself.",
    Left.SEVERAL: (
        "What cannot be held is booked with more than one clinician. Move each by itself."
    ),
    Left.GAPS: "No number of whole weeks fits the days between two of his sessions.",
    Left.THERAPIST: "His therapist cannot see him for what he needs: he needs another therapist.",
    Left.NOBODY: "Nobody who can be booked delivers all that his course needs.",
    Left.NO_COURSE: "No whole course at one weekly time is free inside his requirement.",
    Left.NO_TIME: (
        "His therapist has no time for all of it inside his requirement: he needs another "
        "therapist, or hours have to be added."
    ),
}
NEEDS_THERAPIST = frozenset({Left.THERAPIST, Left.NO_TIME})
"""A change of therapist is proposed by itself: it needs the clinical lead and him."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks of the planner."""

    kind: ProposalKind
    staff_id: int | None = None
    """Who is away, or joins."""
    site_id: int | None = None
    room_id: int | None = None
    """None with a site: all of its rooms."""
    first: date | None = None
    last: date | None = None

    def stored(self) -> dict[str, Any]:
        """As it is kept: ids and days."""
        return {
            "staff": self.staff_id,
            "site": self.site_id,
            "room": self.room_id,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }

    @property
    def moves(self) -> bool:
        """Whether it mends what is booked; otherwise it books what is not."""
        return self.kind in (ProposalKind.AWAY, ProposalKind.ROOM)


def ask_from(kind: ProposalKind, stored: Mapping[str, Any]) -> Ask:
    """What was asked, as it was kept."""

    def day(name: str) -> date | None:
        return date.fromisoformat(stored[name]) if stored.get(name) else None

    return Ask(
        kind,
        stored.get("staff"),
        stored.get("site"),
        stored.get("room"),
        day("first"),
        day("last"),
    )


def objections(ask: Ask, today: date) -> tuple[str, ...]:
    """Why this cannot be asked, in words; empty where it can."""
    said = []
    if ask.kind in (ProposalKind.AWAY, ProposalKind.JOINS) and ask.staff_id is None:
        said.append("Say which clinician.")
    if ask.kind is ProposalKind.ROOM and ask.site_id is None:
        said.append("Say which room.")
    if ask.moves:
        if ask.first is None or ask.last is None:
            said.append("Say from which day to which.")
        elif ask.last < ask.first:
            said.append("The last day lies before the first.")
        elif ask.last < today:
            said.append("These days are over.")
        elif ask.last - ask.first > LONGEST_AWAY:
            said.append("At most 16 weeks can be planned around in one step.")
    return tuple(said)


def weight_of(priority: Priority, slack_weeks: int | None) -> int:
    """What a week of delay costs: the clinician's priority, then the order's time to spare."""
    tight = slack_weeks is not None and slack_weeks < TIGHT_WEEKS
    return WEIGHTS[priority] + tight
